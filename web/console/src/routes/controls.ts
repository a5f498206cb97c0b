import { LABELS, PHASES, type Counts, type Label, type Phase } from "../api/route-model";
import { h, setAttribute, setText } from "../dom";
import { LATENESSES, oneOf, ROUTE_SORT_KEYS, routesSortedBy, type Lateness, type RouteSortKey, type RouteView } from "../store/route-view";
import type { View } from "../store/view";
import { text } from "../strings";
import { labelMark } from "./marks";

const words = text.routes.list;

/** A button a label, with how many stops carry it; and two for lateness. A second press lets all through again. */
export class CountFilter {
  readonly element: HTMLElement;
  readonly #counts = new Map<Label | Lateness, HTMLElement>();
  readonly #buttons = new Map<Label | Lateness, HTMLButtonElement>();

  constructor(change: (view: Partial<RouteView>) => void) {
    const labels = LABELS.map((label) => this.#button(label, text.routes.labels[label], (label_) => { change({ label: label_ }); }));
    const lateness = LATENESSES.map((kind) =>
      this.#button(kind, text.routes.lateness[kind], (chosen) => { change({ lateness: chosen }); }),
    );
    for (const [index, label] of LABELS.entries()) {
      labels[index]?.querySelector(".state-label")?.prepend(labelMark(label));
    }
    this.element = h(
      "div",
      { class: "count-filter" },
      h("div", { class: "states", role: "group", "aria-label": words.byLabel }, ...labels),
      h("div", { class: "chips", role: "group", "aria-label": words.byLateness }, ...lateness),
    );
  }

  show({ label, lateness }: RouteView, counts: Counts): void {
    for (const [kind, node] of this.#counts) setText(node, counts[kind].toLocaleString(text.locale));
    for (const [kind, button] of this.#buttons) setAttribute(button, "aria-pressed", String(kind === label || kind === lateness));
  }

  #button<Kind extends Label | Lateness>(kind: Kind, name: string, choose: (kind: Kind | null) => void): HTMLButtonElement {
    const count = h("span", { class: "state-count" });
    const pressed = (): boolean => button.getAttribute("aria-pressed") === "true";
    const button = h(
      "button",
      {
        type: "button",
        class: "state",
        "data-kind": kind,
        "aria-pressed": "false",
        click: () => { choose(pressed() ? null : kind); },
      },
      count,
      h("span", { class: "state-label" }, name),
    );
    this.#counts.set(kind, count);
    this.#buttons.set(kind, button);
    return button;
  }
}

/** Which phase to list. */
export class PhaseFilter {
  readonly element: HTMLSelectElement;

  constructor(choose: (phase: Phase | null) => void) {
    const options = PHASES.map((phase) => h("option", { value: phase }, text.routes.phases[phase]));
    this.element = h(
      "select",
      { class: "select", "aria-label": words.phase, change: () => { choose(oneOf(PHASES, this.element.value)); } },
      h("option", { value: "" }, words.allPhases),
      ...options,
    );
  }

  show(phase: Phase | null): void {
    const value = phase ?? "";
    if (this.element.value !== value) this.element.value = value;
  }
}

/** The heads of the columns: a press sorts. */
export class RouteSortHeads {
  readonly element: HTMLElement;
  readonly #heads = new Map<RouteSortKey, HTMLButtonElement>();

  constructor(change: (view: (view: View) => View) => void) {
    for (const key of ROUTE_SORT_KEYS) this.#heads.set(key, this.#head(key, change));
    this.element = h("div", { class: "heads route-heads" }, ...this.#heads.values());
  }

  show(view: RouteView): void {
    for (const [key, head] of this.#heads) {
      const direction = view.routeSort === key ? view.routeOrder : "none";
      setAttribute(head, "data-order", direction);
      setAttribute(head, "aria-pressed", String(direction !== "none"));
      setAttribute(head, "aria-label", `${words.sort[key]}: ${words.sortBy[key]}${text.list.order[direction]}`);
    }
  }

  #head(key: RouteSortKey, change: (view: (view: View) => View) => void): HTMLButtonElement {
    const press = (): void => { change((view) => routesSortedBy(view, key)); };
    return h("button", { type: "button", class: "head", title: words.sortBy[key], click: press }, words.sort[key]);
  }
}
