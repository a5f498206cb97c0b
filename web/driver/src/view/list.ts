import type { Change } from "../day/changes";
import type { Stop } from "../day/model";
import { keyOf, type Placed } from "../day/order";
import { text } from "../strings";
import { h } from "./dom";
import { addressLines, clock, expected, isLate, windowOf } from "./format";
import { changeMarks } from "./stop-card";

/** What became of a stop, in words. */
export function outcomeOf(stop: Stop): string {
  if (stop.outcome === "succeeded") return text.leftWith[stop.left_with ?? "recipient"];
  if (stop.outcome === "failed") return `${text.saidFailed}: ${text.reasons[stop.failure ?? "other"]}`;
  return text.cancelled;
}

/** One row's parts; a row is built anew only if one of them has changed. */
interface RowModel {
  readonly key: string;
  readonly placed: Placed;
  readonly changes: readonly Change[];
  readonly kind: "ahead" | "over";
}

function signature({ placed: { route, stop }, changes, kind }: RowModel): string {
  return JSON.stringify([kind, changes, route.zone, { ...stop, eta: stop.eta === undefined ? null : Math.round(stop.eta.p50 / 60_000) }]);
}

function lineOf({ placed, kind }: RowModel): string {
  const { stop } = placed;
  if (kind === "over") return outcomeOf(stop);
  return [stop.recipient, windowOf(placed)].filter((part) => part !== null && part !== undefined).join(" · ");
}

function timeOf({ placed, kind }: RowModel): string {
  if (kind === "ahead") return expected(placed).shown;
  return placed.stop.said === undefined ? "" : clock(placed.stop.said, placed.route.zone);
}

function rowOf(model: RowModel, press: (key: string) => void): HTMLElement {
  const { stop } = model.placed;
  const late = model.kind === "ahead" && isLate(model.placed);
  const state = model.kind === "over" ? stop.outcome : stop.execution;
  const content = [
    h("span", { class: "row-number" }, String(stop.sequence)),
    h("span", { class: "row-text" }, h("span", { class: "row-street" }, addressLines(stop.address)[0]), h("span", { class: "row-line" }, lineOf(model)), changeMarks(model.changes)),
    h("span", { class: late ? "row-time late" : "row-time" }, timeOf(model)),
  ];
  return h("li", { class: `row ${model.kind} ${state}`, "data-key": model.key }, h("button", { type: "button", class: "row-in", click: () => { press(model.key); } }, ...content));
}

/** A list of stops that keeps the rows which have not changed: 150 stops cost nothing at each news. */
export class StopList {
  readonly element = h("ol", { class: "list" });
  readonly #rows = new Map<string, { readonly sign: string; readonly row: HTMLElement }>();
  readonly #press: (key: string) => void;
  readonly #kind: RowModel["kind"];

  constructor(kind: RowModel["kind"], press: (key: string) => void) {
    this.#kind = kind;
    this.#press = press;
  }

  show(stops: readonly Placed[], changesOf: (key: string) => readonly Change[]): void {
    const rows = stops.map((placed) => {
      const key = keyOf(placed);
      return this.#row({ key, placed, changes: changesOf(key), kind: this.#kind });
    });
    const names = new Set(stops.map(keyOf));
    for (const key of this.#rows.keys()) if (!names.has(key)) this.#rows.delete(key);
    if (rows.length !== this.element.children.length || rows.some((row, index) => this.element.children[index] !== row)) this.element.replaceChildren(...rows);
  }

  #row(model: RowModel): HTMLElement {
    const sign = signature(model);
    const known = this.#rows.get(model.key);
    if (known?.sign === sign) return known.row;
    const row = rowOf(model, this.#press);
    this.#rows.set(model.key, { sign, row });
    return row;
  }
}
