import { h } from "../dom";
import { rowWindow, scrollToShow } from "./window";

/** Which way a key moves the active row, given how many rows a page holds. */
const STEPS: Readonly<Record<string, (page: number) => number>> = {
  ArrowDown: () => 1,
  ArrowUp: () => -1,
  j: () => 1,
  k: () => -1,
  PageDown: (page) => page,
  PageUp: (page) => -page,
  Home: () => -Infinity,
  End: () => Infinity,
};

/** Which rows are marked, by key. */
export interface Marked {
  readonly selected: string | null;
  readonly active: string | null;
}

/** One row, used again for whichever item stands there. */
export interface VirtualRow<Item, Context> {
  readonly element: HTMLElement;
  readonly key: string;
  show(item: Item, context: Context): void;
}

export interface VirtualOptions<Item, Context> {
  readonly label: string;
  /** Height of a row in CSS pixels; the style sheet says the same. */
  readonly rowHeight: number;
  /** Rows get this and a number as their id. */
  readonly idPrefix: string;
  keyOf(item: Item): string;
  make(): VirtualRow<Item, Context>;
  choose(key: string): void;
  /** Other rows are in sight: [first, end). */
  scrolled?(first: number, end: number): void;
}

/** A list box of which only the visible rows exist. */
export class VirtualRows<Item, Context> {
  readonly element: HTMLElement;
  readonly #sizer = h("div", { class: "rows-sizer", role: "presentation" });
  readonly #rows: VirtualRow<Item, Context>[] = [];
  readonly #options: VirtualOptions<Item, Context>;
  #items: readonly Item[] = [];
  #context: Context | null = null;
  #selected: string | null = null;
  #active: string | null = null;
  /** The selected row has not been brought into sight: it may not be there yet. */
  #hidden = false;

  constructor(options: VirtualOptions<Item, Context>) {
    this.#options = options;
    this.element = h(
      "div",
      {
        class: "rows",
        role: "listbox",
        tabindex: 0,
        "aria-label": options.label,
        scroll: () => { this.#draw(); },
        click: (event) => { this.#click(event); },
        keydown: (event) => { this.#key(event as KeyboardEvent); },
      },
      this.#sizer,
    );
    new ResizeObserver(() => { this.#draw(); }).observe(this.element);
  }

  show(items: readonly Item[], selected: string | null, context: Context): void {
    const chosen = selected !== this.#selected;
    this.#items = items;
    this.#context = context;
    this.#selected = selected;
    if (chosen) this.#active = selected;
    this.#hidden ||= chosen;
    this.#sizer.style.height = `${items.length * this.#options.rowHeight}px`;
    if (this.#hidden) this.#hidden = !this.reveal(this.#positionOf(selected), "nearest");
    this.#draw();
  }

  /** Takes the focus, with the first row active if none is. */
  focus(): void {
    this.element.focus();
    if (this.#positionOf(this.#active) < 0) this.#activate(0);
  }

  /** Draws the same items again, in another context. */
  redraw(context: Context): void {
    this.#context = context;
    this.#fill(this.#window());
  }

  /** Scrolls to the row at a position; returns whether there is such a row, and room to show it. */
  reveal(position: number, where: "nearest" | "at_top"): boolean {
    const { scrollTop, clientHeight } = this.element;
    const height = this.#options.rowHeight;
    if (position < 0 || clientHeight === 0) return false;
    const nearest = scrollToShow(position, scrollTop, clientHeight, height);
    this.element.scrollTop = where === "at_top" ? position * height : nearest;
    return true;
  }

  #window(): { first: number; end: number } {
    const { scrollTop, clientHeight } = this.element;
    return rowWindow(scrollTop, clientHeight, this.#options.rowHeight, this.#items.length);
  }

  #draw(): void {
    const inSight = this.#window();
    this.#keep(inSight.end - inSight.first);
    this.#fill(inSight);
    this.#tellActive();
    const { scrollTop, clientHeight } = this.element;
    const height = this.#options.rowHeight;
    this.#options.scrolled?.(Math.floor(scrollTop / height), Math.ceil((scrollTop + clientHeight) / height));
  }

  #fill({ first }: { first: number }): void {
    const context = this.#context;
    if (context === null) return;
    for (const [index, row] of this.#rows.entries()) {
      const item = this.#items[first + index];
      if (item === undefined) continue;
      row.show(item, context);
      this.#place(row, first + index);
    }
  }

  #place({ element, key }: VirtualRow<Item, Context>, position: number): void {
    element.style.transform = `translateY(${position * this.#options.rowHeight}px)`;
    element.setAttribute("aria-posinset", String(position + 1));
    element.setAttribute("aria-setsize", String(this.#items.length));
    element.setAttribute("aria-selected", String(key === this.#selected));
    element.setAttribute("data-key", key);
    element.classList.toggle("active", key === this.#active);
  }

  /** As many row elements as there are rows to draw. */
  #keep(count: number): void {
    while (this.#rows.length < count) {
      const row = this.#options.make();
      row.element.id = `${this.#options.idPrefix}-${this.#rows.length}`;
      row.element.setAttribute("role", "option");
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
    if (row?.dataset["key"] !== undefined) this.#options.choose(row.dataset["key"]);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#options.rowHeight) - 1);
    const step = STEPS[event.key]?.(page);
    if (step !== undefined) this.#move(step);
    else if ((event.key === "Enter" || event.key === " ") && this.#active !== null) this.#options.choose(this.#active);
    else return;
    event.preventDefault();
  }

  #move(step: number): void {
    const from = this.#positionOf(this.#active);
    this.#activate(Math.min(this.#items.length - 1, Math.max(0, from + step)));
  }

  #activate(position: number): void {
    const item = this.#items[position];
    if (item === undefined) return;
    this.#active = this.#options.keyOf(item);
    this.reveal(position, "nearest");
    this.#draw();
  }

  #positionOf(key: string | null): number {
    return key === null ? -1 : this.#items.findIndex((item) => this.#options.keyOf(item) === key);
  }
}
