import type { RouteStop, StopDetails } from "../api/route-model";
import { h, setAttribute, setText } from "../dom";
import { icon } from "../icons";
import { LabelMark } from "../routes/marks";
import type { LoadedRound } from "../store/state";
import { text } from "../strings";
import { evidenceOf, type EvidenceName } from "./evidence-facts";
import { latenessOf } from "./stop-words";

const words = text.routes.evidence;
/** How long a button says that it has copied. */
const TOLD_MS = 2_000;

/** What happens from here. */
export interface EvidenceActions {
  close(): void;
  showOnMap(stop: RouteStop): void;
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
  readonly #copy: HTMLButtonElement;
  readonly #copyWord = h("span", { role: "status" }, words.copy);
  #stop: RouteStop | null = null;
  #link = "";

  constructor(actions: EvidenceActions) {
    for (const name of Object.keys(words.facts) as EvidenceName[]) this.#addLine(name);
    this.#copy = h("button", { type: "button", class: "button", click: () => { void this.#copyLink(); } }, icon("link"), words.tracking, " · ", this.#copyWord);
    const show = h("button", { type: "button", class: "button", click: () => { if (this.#stop !== null) actions.showOnMap(this.#stop); } }, icon("pin"), words.show);
    const close = h("button", { type: "button", class: "icon-button", "aria-label": words.close, title: words.close, click: () => { actions.close(); } }, icon("close"));
    this.element = h(
      "section",
      { class: "evidence", hidden: true },
      h("header", { class: "evidence-head" }, this.#mark.element, this.#title, this.#late, close),
      h("div", { class: "evidence-actions" }, show, this.#copy, this.actions),
      this.#facts,
    );
  }

  render(round: LoadedRound, key: string | null, now: number | null): void {
    const stop = round.detail.stops.find((candidate) => candidate.stop === key) ?? null;
    this.element.hidden = stop === null;
    this.#stop = stop;
    if (stop !== null) this.#show(stop, round.people.get(stop.stop), round.detail.route.zone, now);
  }

  #show(stop: RouteStop, person: StopDetails | undefined, zone: string, now: number | null): void {
    setAttribute(this.element, "aria-label", words.label(stop.sequence));
    setAttribute(this.element, "data-timeliness", stop.timeliness);
    this.#mark.show(stop.label);
    setText(this.#title, `${words.label(stop.sequence)} · ${text.routes.labels[stop.label]}`);
    setText(this.#late, latenessOf(stop));
    const facts = evidenceOf(stop, person, zone, now);
    for (const [name, { line, value }] of this.#lines) {
      line.hidden = facts[name] === undefined;
      setText(value, facts[name] ?? "");
    }
    this.#link = person?.tracking_url ?? "";
    this.#copy.hidden = this.#link === "";
  }

  #addLine(name: EvidenceName): void {
    const value = h("dd", {});
    const line = h("div", { class: "fact", "data-fact": name }, h("dt", {}, words.facts[name]), value);
    this.#lines.set(name, { line, value });
    this.#facts.append(line);
  }

  async #copyLink(): Promise<void> {
    const said = await navigator.clipboard.writeText(new URL(this.#link, location.href).href).then(
      () => words.copied,
      () => words.copyFailed,
    );
    setText(this.#copyWord, said);
    setTimeout(() => { setText(this.#copyWord, words.copy); }, TOLD_MS);
  }
}
