import type { ApiClient } from "../api/client";
import type { RouteStop, StopDetails } from "../api/route-model";
import { CustomerLink } from "../doorstep/customer-link";
import { ProofList } from "../doorstep/proof-list";
import { h, setAttribute, setText } from "../dom";
import { icon } from "../icons";
import { LabelMark } from "../routes/marks";
import type { LoadedRound } from "../store/state";
import { text } from "../strings";
import { evidenceOf, type EvidenceName } from "./evidence-facts";
import { isUnconfirmed, latenessOf } from "./stop-words";

const words = text.routes.evidence;

/** What happens from here. */
export interface EvidenceActions {
  close(): void;
  showOnMap(stop: RouteStop): void;
  /** What was shown of the route is old. */
  reload(): void;
}

/** All that is known of one stop; others may put buttons into `actions`. */
export class Evidence {
  readonly element: HTMLElement;
  readonly actions = h("div", { class: "slot" });
  readonly #mark = new LabelMark();
  readonly #title = h("h3", { class: "evidence-title" });
  readonly #late = h("span", { class: "stop-late" });
  readonly #facts = h("dl", { class: "evidence-facts" });
  readonly #lines = new Map<EvidenceName, { line: HTMLElement; value: HTMLElement }>();
  readonly #link: CustomerLink;
  readonly #proofs: ProofList;
  #stop: RouteStop | null = null;

  constructor(client: ApiClient, actions: EvidenceActions) {
    this.#link = new CustomerLink(client, () => { actions.reload(); });
    this.#proofs = new ProofList(client);
    for (const name of Object.keys(words.facts) as EvidenceName[]) this.#addLine(name);
    const show = h("button", { type: "button", class: "button", click: () => { if (this.#stop !== null) actions.showOnMap(this.#stop); } }, icon("pin"), words.show);
    const close = h("button", { type: "button", class: "icon-button", "aria-label": words.close, title: words.close, click: () => { actions.close(); } }, icon("close"));
    this.element = h(
      "section",
      { class: "evidence", hidden: true },
      h("header", { class: "evidence-head" }, this.#mark.element, this.#title, this.#late, close),
      h("div", { class: "evidence-actions" }, show, this.#link.element, this.actions),
      this.#proofs.element,
      this.#facts,
    );
  }

  render(round: LoadedRound, key: string | null, now: number | null): void {
    const stop = round.detail.stops.find((candidate) => candidate.stop === key) ?? null;
    this.element.hidden = stop === null;
    this.#stop = stop;
    if (stop === null) { this.#proofs.render(null); return; }
    const { fleet, zone } = round.detail.route;
    const person = round.people.get(stop.stop);
    this.#show(stop, person, zone, now);
    this.#link.show({ fleet, order: stop.order, url: person?.tracking_url ?? "" });
    this.#proofs.render({ route: round.key, stop, asked: person?.proof, zone });
  }

  hide(): void {
    this.element.hidden = true;
    this.#proofs.render(null);
  }

  #show(stop: RouteStop, person: StopDetails | undefined, zone: string, now: number | null): void {
    setAttribute(this.element, "aria-label", words.label(stop.sequence));
    setAttribute(this.element, "data-timeliness", stop.timeliness);
    this.#mark.show(stop.label);
    setText(this.#title, `${words.label(stop.sequence)} · ${titleOf(stop)}`);
    setText(this.#late, latenessOf(stop));
    const facts = evidenceOf(stop, person, zone, now);
    for (const [name, { line, value }] of this.#lines) {
      line.hidden = facts[name] === undefined;
      setText(value, facts[name] ?? "");
    }
  }

  #addLine(name: EvidenceName): void {
    const value = h("dd", {});
    const line = h("div", { class: "fact", "data-fact": name }, h("dt", {}, words.facts[name]), value);
    this.#lines.set(name, { line, value });
    this.#facts.append(line);
  }
}

function titleOf(stop: RouteStop): string {
  const label = text.routes.labels[stop.label];
  return isUnconfirmed(stop) ? `${label}, ${words.unconfirmedShort.toLowerCase()}` : label;
}
