import { h } from "../dom";

/** What a list says instead of rows, made anew only when it says something else. */
export class Notice<Kind extends string> {
  readonly element = h("div", { class: "list-notice" });
  readonly #contents: Readonly<Record<Kind | "none", (reset: () => void) => Node[]>>;
  readonly #reset: () => void;
  #kind = "";

  constructor(contents: Readonly<Record<Kind | "none", (reset: () => void) => Node[]>>, reset: () => void) {
    this.#contents = contents;
    this.#reset = reset;
  }

  show(kind: Kind | "none"): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.element.replaceChildren(...this.#contents[kind](this.#reset));
    this.element.hidden = kind === "none";
  }
}

/** Grey bars in the place of so many rows, and the word for who does not see them. */
export function skeleton(told: string, rows: number): Node[] {
  return [
    h("p", { class: "visually-hidden" }, told),
    h("div", { class: "skeleton", "aria-hidden": "true" }, ...Array.from({ length: rows }, () => h("i"))),
  ];
}

/** That nothing matches, and the way back to everything. */
export function unmatched(title: string, button: string, reset: () => void): Node[] {
  return [h("h2", {}, title), h("button", { type: "button", class: "button", click: reset }, button)];
}

/** Whether a list shows more than one fleet. */
export function manyFleets(listed: readonly { readonly fleet: string }[]): boolean {
  const [first] = listed;
  return listed.some(({ fleet }) => fleet !== first?.fleet);
}
