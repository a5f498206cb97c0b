import { keyOf, type Vehicle, type VehicleKey } from "../api/model";
import { h } from "../dom";
import { text } from "../strings";
import { positionOf } from "./order";
import { Row, ROW_HEIGHT, type RowContext } from "./row";
import { rowWindow, scrollToShow } from "./window";

/** Which way a key moves the active row, given how many rows a page holds. */
const STEPS: Readonly<Record<string, (page: number) => number>> = {
  ArrowDown: () => 1,
  ArrowUp: () => -1,
  PageDown: (page) => page,
  PageUp: (page) => -page,
  Home: () => -Infinity,
  End: () => Infinity,
};

/** A list box of which only the visible rows exist. */
export class Rows {
  readonly element: HTMLElement;
  readonly #sizer = h("div", { class: "rows-sizer", role: "presentation" });
  readonly #rows: Row[] = [];
  readonly #choose: (key: VehicleKey) => void;
  #shown: readonly Vehicle[] = [];
  #context: RowContext = { now: null, selected: null, active: null, withFleet: false };
  #active: VehicleKey | null = null;

  constructor(choose: (key: VehicleKey) => void) {
    this.#choose = choose;
    this.element = h(
      "div",
      {
        class: "rows",
        role: "listbox",
        tabindex: 0,
        "aria-label": text.list.label,
        scroll: () => { this.#draw(); },
        click: (event) => { this.#click(event); },
        keydown: (event) => { this.#key(event as KeyboardEvent); },
      },
      this.#sizer,
    );
    new ResizeObserver(() => { this.#draw(); }).observe(this.element);
  }

  show(shown: readonly Vehicle[], context: Omit<RowContext, "active">): void {
    const chosen = context.selected !== this.#context.selected;
    this.#shown = shown;
    if (chosen) this.#active = context.selected;
    this.#context = { ...context, active: this.#active };
    this.#sizer.style.height = `${shown.length * ROW_HEIGHT}px`;
    if (chosen) this.#reveal(positionOf(shown, context.selected));
    this.#draw();
  }

  /** Takes the focus, with the first row active if none is. */
  focus(): void {
    this.element.focus();
    if (positionOf(this.#shown, this.#active) < 0) this.#activate(0);
  }

  #draw(): void {
    const { first, end } = rowWindow(this.element.scrollTop, this.element.clientHeight, ROW_HEIGHT, this.#shown.length);
    this.#keep(end - first);
    for (const [index, row] of this.#rows.entries()) {
      const vehicle = this.#shown[first + index];
      if (vehicle !== undefined) row.show(vehicle, first + index, this.#shown.length, this.#context);
    }
    this.#tellActive();
  }

  /** As many row elements as there are rows to draw. */
  #keep(count: number): void {
    while (this.#rows.length < count) {
      const row = new Row(`row-${this.#rows.length}`);
      this.#rows.push(row);
      this.#sizer.append(row.element);
    }
    while (this.#rows.length > count) this.#rows.pop()?.element.remove();
  }

  #tellActive(): void {
    const row = this.#rows.find((candidate) => candidate.key === this.#active);
    if (row === undefined) this.element.removeAttribute("aria-activedescendant");
    else this.element.setAttribute("aria-activedescendant", row.element.id);
  }

  #click(event: Event): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-key]") : null;
    if (row?.dataset["key"] !== undefined) this.#choose(row.dataset["key"]);
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 1);
    const step = STEPS[event.key]?.(page);
    if (step !== undefined) this.#move(step);
    else if ((event.key === "Enter" || event.key === " ") && this.#active !== null) this.#choose(this.#active);
    else return;
    event.preventDefault();
  }

  #move(step: number): void {
    const from = positionOf(this.#shown, this.#active);
    this.#activate(Math.min(this.#shown.length - 1, Math.max(0, from + step)));
  }

  #activate(position: number): void {
    const vehicle = this.#shown[position];
    if (vehicle === undefined) return;
    this.#active = keyOf(vehicle);
    this.#context = { ...this.#context, active: this.#active };
    this.#reveal(position);
    this.#draw();
  }

  #reveal(position: number): void {
    if (position < 0) return;
    const { scrollTop, clientHeight } = this.element;
    this.element.scrollTop = scrollToShow(position, scrollTop, clientHeight, ROW_HEIGHT);
  }
}
