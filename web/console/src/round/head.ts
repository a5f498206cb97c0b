import type { Lead, Route, RouteDetail } from "../api/route-model";
import { nameOfSource, SourceNote } from "../doorstep/source-note";
import { doorstepText } from "../doorstep/strings";
import { h, setAttribute, setText } from "../dom";
import { formatAge, formatDistance } from "../format";
import { icon } from "../icons";
import { GradeMark } from "../routes/marks";
import { formatDelay, gradeOf, NOTED_DELAY_MS, reasonOf } from "../routes/words";
import { text } from "../strings";
import { browserZone, clockTime, clockWindow, zoneDiffers } from "../zoned";

const words = text.routes.panel;
type FactName = keyof typeof words.facts;

const NO_LEADS: readonly Lead[] = [];

/** Where each number leads. */
export interface HeadActions {
  close(): void;
  showVehicle(): void;
  showDelay(): void;
  showNext(): void;
  showEnd(): void;
  showTrack(): void;
}

/** What is told of a route as a whole; each number is a button that leads to what it is made of. */
export class RouteHead {
  readonly element: HTMLElement;
  readonly #mark = new GradeMark();
  readonly #name = h("h2", { class: "details-name" });
  readonly #vehicle: HTMLButtonElement;
  readonly #driver = h("span");
  readonly #phase = h("span", { class: "phase" });
  readonly #reason = h("p", { class: "round-reason" });
  readonly #facts = new Map<FactName, { button: HTMLButtonElement; value: HTMLElement; note: HTMLElement }>();
  readonly #source = h("span", { class: "source", title: doorstepText.sources.title });
  readonly #leads = new SourceNote();
  readonly #meta = h("p", { class: "round-meta" });
  readonly #zone = h("p", { class: "round-zone", hidden: true });

  constructor(actions: HeadActions, menu: HTMLElement, slot: HTMLElement) {
    this.#vehicle = h("button", { type: "button", class: "text-button", title: words.vehicle, click: () => { actions.showVehicle(); } });
    const who = h("div", { class: "details-who" }, this.#name, h("div", { class: "details-line" }, this.#vehicle, this.#driver, this.#phase, this.#source));
    const close = h(
      "button",
      { type: "button", class: "icon-button", "aria-label": words.close, title: words.close, click: () => { actions.close(); } },
      icon("close"),
    );
    this.element = h(
      "div",
      { class: "round-head" },
      h("header", { class: "details-head" }, this.#mark.element, who, menu, close),
      this.#reason,
      this.#factButtons(actions),
      slot,
      this.#meta,
      this.#leads.element,
      this.#zone,
    );
  }

  /** @param detail what is known of it beside its line, once that is loaded */
  render(route: Route, detail: RouteDetail | null, now: number | null): void {
    const grade = gradeOf(route);
    this.#mark.show(grade);
    setAttribute(this.element, "data-grade", grade);
    setText(this.#name, route.route);
    setText(this.#vehicle, route.vehicle);
    setText(this.#driver, route.driver ?? words.noDriver);
    setText(this.#phase, text.routes.phases[route.phase]);
    setText(this.#source, route.source === undefined ? "" : doorstepText.sources.follows(nameOfSource(route.source)));
    this.#source.hidden = route.source === undefined;
    this.#leads.render(detail?.leads ?? NO_LEADS, route.zone);
    setText(this.#reason, reasonOf(route, now));
    this.#showFacts(route, now);
    setText(this.#meta, metaText(route, detail?.leg_source === "crow_flies", now));
    const here = browserZone();
    this.#zone.hidden = !zoneDiffers(route.zone, here, now ?? route.start);
    setText(this.#zone, words.zone(route.zone, here));
  }

  #showFacts(route: Route, now: number | null): void {
    const { zone, next, end, driven_m: driven, planned_m: planned } = route;
    const delay = route.phase === "under_way" ? formatDelay(route.delay_ms) : "";
    const finished = route.finished === undefined ? undefined : clockTime(route.finished, zone);
    const ending = end === undefined ? route.planned_end : end.p50;
    this.#fact("delay", delay, "");
    this.#fact("next", next === undefined ? "" : `#${next.sequence}`, next?.eta === undefined ? "" : clockWindow(next.eta.p10, next.eta.p90, zone));
    this.#fact("end", finished ?? (ending === undefined ? "" : clockTime(ending, zone)), finished === undefined && end !== undefined ? clockWindow(end.p10, end.p90, zone) : "");
    this.#fact("distance", formatDistance(driven), planned === 0 ? "" : words.ofPlanned(formatDistance(planned)));
    this.#fact("heard", route.heard === undefined ? "" : text.details.ago(formatAge(now, route.heard)), "");
    setAttribute(this.element, "data-late", String((route.delay_ms ?? 0) >= NOTED_DELAY_MS));
  }

  #fact(name: FactName, value: string, note: string): void {
    const fact = this.#facts.get(name);
    if (fact === undefined) return;
    setText(fact.value, value === "" ? text.unknown : value);
    setText(fact.note, note);
    fact.button.disabled = value === "";
  }

  #factButtons(actions: HeadActions): HTMLElement {
    const presses: [FactName, string, () => void][] = [
      ["delay", words.showDelay, () => { actions.showDelay(); }],
      ["next", words.showNext, () => { actions.showNext(); }],
      ["end", words.showEnd, () => { actions.showEnd(); }],
      ["distance", words.showTrack, () => { actions.showTrack(); }],
      ["heard", words.vehicle, () => { actions.showVehicle(); }],
    ];
    const buttons = presses.map(([name, title, click]) => {
      const value = h("b", {});
      const note = h("small", {});
      const button = h("button", { type: "button", class: "round-fact", "data-fact": name, title, click }, h("span", {}, words.facts[name]), value, note);
      this.#facts.set(name, { button, value, note });
      return button;
    });
    return h("div", { class: "round-facts" }, ...buttons);
  }
}

function metaText(route: Route, crowFlies: boolean, now: number | null): string {
  const changed = formatAge(now, route.known);
  const parts = [words.version(route.version), changed === "" ? "" : words.changed(changed), crowFlies ? words.crowFlies : ""];
  return parts.filter((part) => part !== "").join(" · ");
}
