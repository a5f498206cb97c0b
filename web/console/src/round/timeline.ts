import type { RouteStop } from "../api/route-model";
import { h, setAttribute, setText } from "../dom";
import { VirtualRows } from "../list/virtual";
import { labelMark } from "../routes/marks";
import type { LoadedRound, State } from "../store/state";
import type { Store } from "../store/store";
import { STOP_FILTERS, type StopFilter } from "../store/route-view";
import { text } from "../strings";
import { clockTime } from "../zoned";
import { axisOf, percentOf, ticksOf, type Axis } from "./axis";
import { lossesOf, type Loss } from "./losses";
import { countStops, passesFilter } from "./select";
import { STOP_ROW_HEIGHT, StopRow, type StopRowContext } from "./stop-row";

const words = text.routes.stops;
/** As many times as fit beside each other. */
const MOST_TICKS = 4;

/** All stops of a route against their plan. */
export class Timeline {
  readonly element: HTMLElement;
  readonly #filters: StopFilters;
  readonly #axis = h("div", { class: "axis", "aria-hidden": "true" });
  readonly #rows: VirtualRows<RouteStop, StopRowContext>;
  readonly #none: HTMLElement;
  #items: readonly RouteStop[] = [];
  #context: StopRowContext = { zone: "UTC", now: null, axis: null, people: new Map(), losses: new Map(), showLosses: false };
  #round: LoadedRound | null = null;
  #losses: ReadonlyMap<string, Loss> = new Map();
  #begun: string | null = null;
  #sight: readonly [number, number] = [0, 0];

  constructor(store: Store) {
    this.#filters = new StopFilters((stops) => { store.setView({ stops }); });
    this.#rows = new VirtualRows<RouteStop, StopRowContext>({
      label: words.label,
      rowHeight: STOP_ROW_HEIGHT,
      idPrefix: "stop",
      keyOf: ({ stop }) => stop,
      make: () => new StopRow(),
      choose: (stop) => { store.setView({ stop: store.state.view.stop === stop ? null : stop }); },
      scrolled: (first, end) => { this.#look(first, end); },
    });
    const reset = h("button", { type: "button", class: "button", click: () => { store.setView({ stops: null }); } }, words.reset);
    this.#none = h("div", { class: "list-notice", hidden: true }, h("p", {}, words.noneMatch), reset);
    this.element = h(
      "section",
      { class: "timeline", "aria-label": words.label },
      this.#filters.element,
      h("div", { class: "axis-line" }, legend(), this.#axis),
      h("div", { class: "list-body" }, this.#rows.element, this.#none),
    );
  }

  focus(): void {
    this.#rows.focus();
  }

  render(round: LoadedRound, { view }: State, now: number | null): void {
    const { route, stops } = round.detail;
    if (round !== this.#round) this.#losses = lossesOf(route, stops);
    this.#round = round;
    this.#filters.show(view.stops, countStops(stops, this.#losses));
    this.#items = stops.filter((stop) => passesFilter(stop, view.stops, this.#losses));
    this.#none.hidden = this.#items.length > 0;
    this.#context = {
      zone: route.zone, now, people: round.people, losses: this.#losses, showLosses: view.stops === "delay", axis: this.#axisInSight(),
    };
    this.#rows.show(this.#items, view.stop, this.#context);
    this.#beginAtNext(round.key, view.stop);
  }

  /** A route that was just opened begins where its vehicle is. */
  #beginAtNext(key: string, stop: string | null): void {
    if (key === this.#begun) return;
    const next = this.#items.findIndex(({ label }) => label === "on_track");
    if (stop !== null || this.#rows.reveal(Math.max(0, next - 2), "at_top")) this.#begun = key;
  }

  /** Another part of the list is in sight: the axis goes with it. */
  #look(first: number, end: number): void {
    this.#sight = [first, end];
    const axis = this.#axisInSight();
    if (sameAxis(axis, this.#context.axis)) return;
    this.#context = { ...this.#context, axis };
    this.#drawAxis();
    this.#rows.redraw(this.#context);
  }

  #axisInSight(): Axis | null {
    const [first, end] = this.#sight;
    const axis = axisOf(this.#items.slice(first, end));
    return sameAxis(axis, this.#context.axis) ? this.#context.axis : axis;
  }

  #drawAxis(): void {
    const { axis, zone } = this.#context;
    const ticks = axis === null ? [] : ticksOf(axis, MOST_TICKS).map((time) => tickAt(axis, time, zone));
    this.#axis.replaceChildren(...ticks);
  }
}

function sameAxis(a: Axis | null, b: Axis | null): boolean {
  return a?.from === b?.from && a?.to === b?.to;
}

function tickAt(axis: Axis, time: number, zone: string): HTMLElement {
  const tick = h("span", { class: "tick" }, clockTime(time, zone));
  tick.style.left = `${percentOf(axis, time).toFixed(2)}%`;
  return tick;
}

function legend(): HTMLElement {
  const entries = (["window", "planned", "eta", "actual"] as const).map((name) =>
    h("span", { class: "legend-entry" }, h("i", { class: `legend-mark lane-${name}` }), words.legend[name]),
  );
  return h("div", { class: "lane-legend" }, ...entries);
}

/** Which stops to list, each with how many there are. */
class StopFilters {
  readonly element = h("div", { class: "chips stop-filters", role: "group", "aria-label": words.filter });
  readonly #chips = new Map<StopFilter | null, { button: HTMLButtonElement; count: HTMLElement }>();

  constructor(choose: (filter: StopFilter | null) => void) {
    for (const filter of [null, ...STOP_FILTERS]) this.element.append(this.#chip(filter, choose));
  }

  show(chosen: StopFilter | null, counts: Readonly<Record<StopFilter, number>>): void {
    const all = counts.pending + counts.on_track + counts.completed + counts.incident;
    for (const [filter, { button, count }] of this.#chips) {
      const number = filter === null ? all : counts[filter];
      setText(count, String(number));
      setAttribute(button, "aria-pressed", String(filter === chosen));
      button.hidden = number === 0 && filter !== chosen && filter !== null;
    }
  }

  #chip(filter: StopFilter | null, choose: (filter: StopFilter | null) => void): HTMLButtonElement {
    const count = h("b");
    const name = filter === null ? words.all : words.filters[filter];
    const button = h("button", { type: "button", class: "chip", "data-kind": filter ?? "all", click: () => { choose(filter); } }, name, count);
    if (filter === "pending" || filter === "on_track" || filter === "completed" || filter === "incident") button.prepend(labelMark(filter));
    this.#chips.set(filter, { button, count });
    return button;
  }
}
