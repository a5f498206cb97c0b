import type { RouteStop, StopDetails } from "../api/route-model";
import { h, setAttribute, setText } from "../dom";
import { LabelMark } from "../routes/marks";
import { text } from "../strings";
import { isOnAxis, percentOf, type Axis } from "./axis";
import type { Loss } from "./losses";
import { isUnconfirmed, latenessOf, lossText, timeOf } from "./stop-words";

/** Height of a row in CSS pixels; the style sheet's `--stop-row` says the same. */
export const STOP_ROW_HEIGHT = 44;

export interface StopRowContext {
  readonly zone: string;
  readonly now: number | null;
  readonly axis: Axis | null;
  readonly people: ReadonlyMap<string, StopDetails>;
  readonly losses: ReadonlyMap<string, Loss>;
  /** The losses are what is looked at. */
  readonly showLosses: boolean;
}

const words = text.routes;

/** One stop, named for a screen reader by what it shows and the meaning of its mark: who, how it stands, and on the axis what was promised, planned and expected or done. */
export class StopRow {
  readonly element: HTMLElement;
  key = "";
  readonly #mark = new LabelMark();
  readonly #number = h("span", { class: "stop-number" });
  readonly #served = h("span", { class: "stop-served" });
  readonly #label = h("span", { class: "visually-hidden" });
  readonly #who = h("span", { class: "stop-who" });
  readonly #where = h("span", { class: "stop-where" });
  readonly #lane = new Lane();
  readonly #time = h("span", { class: "stop-time" });
  readonly #late = h("span", { class: "stop-late" });

  constructor() {
    this.element = h(
      "div",
      { class: "row stop-row" },
      this.#mark.element,
      h("span", { class: "visually-hidden" }, words.stops.stop),
      h("span", { class: "stop-numbers" }, this.#number, this.#served),
      h("span", { class: "stop-about" }, this.#who, this.#where),
      this.#label,
      this.#lane.element,
      h("span", { class: "stop-when" }, this.#time, this.#late),
    );
  }

  show(stop: RouteStop, context: StopRowContext): void {
    this.key = stop.stop;
    const person = context.people.get(stop.stop);
    const who = person?.recipient ?? stop.order;
    const [time, late] = [timeOf(stop, context.zone), latenessOf(stop) || (isUnconfirmed(stop) ? words.evidence.unconfirmedShort : "")];
    const lost = context.showLosses ? lossText(context.losses.get(stop.stop)) : "";
    setAttribute(this.element, "data-label", stop.label);
    setAttribute(this.element, "data-timeliness", stop.timeliness);
    setText(this.#label, words.labels[stop.label]);
    this.#mark.show(stop.label);
    setText(this.#number, String(stop.sequence));
    this.#showServed(stop);
    setText(this.#who, who);
    setText(this.#where, lost === "" ? (person?.address ?? stop.order) : lost);
    this.#lane.show(stop, context);
    setText(this.#time, time);
    setText(this.#late, late);
  }

  /** The real place in the order, where it is another than planned. */
  #showServed({ served, sequence }: RouteStop): void {
    const other = served !== undefined && served !== sequence;
    setText(this.#served, other ? words.stops.servedAs(served) : "");
    setAttribute(this.#served, "title", other ? words.stops.servedTitle(served) : "");
  }
}

/** The stop's times on the axis. */
class Lane {
  readonly element = h("span", { class: "lane", "aria-hidden": "true" });
  readonly #window = h("i", { class: "lane-window" });
  readonly #planned = h("i", { class: "lane-planned" });
  readonly #eta = h("i", { class: "lane-eta" });
  readonly #median = h("i", { class: "lane-median" });
  readonly #actual = h("i", { class: "lane-actual" });
  readonly #now = h("i", { class: "lane-now" });

  constructor() {
    this.element.append(this.#window, this.#now, this.#planned, this.#eta, this.#median, this.#actual);
  }

  show(stop: RouteStop, { axis, now }: StopRowContext): void {
    const eta = stop.arrived === undefined ? stop.eta : undefined;
    const stay = stop.arrived === undefined ? undefined : (stop.departed ?? now ?? stop.arrived);
    place(this.#window, axis, stop.window_start, stop.window_end);
    place(this.#planned, axis, stop.planned_arrival, stop.planned_arrival);
    place(this.#eta, axis, eta?.p10, eta?.p90);
    place(this.#median, axis, eta?.p50, eta?.p50);
    place(this.#actual, axis, stop.arrived, stay);
    place(this.#now, axis, now ?? undefined, now ?? undefined);
  }
}

/** Stretches the mark from `begin` to `end`, or hides it where nothing of it is on the axis. */
function place(mark: HTMLElement, axis: Axis | null, begin: number | undefined, end: number | undefined): void {
  const shown = axis !== null && begin !== undefined && end !== undefined && isOnAxis(axis, begin, end);
  mark.hidden = !shown;
  if (!shown) return;
  const [left, right] = [percentOf(axis, begin), percentOf(axis, end)];
  const [start, width] = [`${left.toFixed(2)}%`, begin === end ? "" : `${(right - left).toFixed(2)}%`];
  if (mark.style.left !== start) mark.style.left = start;
  if (mark.style.width !== width) mark.style.width = width;
}
