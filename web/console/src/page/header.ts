import { h, setAttribute, setText, svg } from "../dom";
import type { State } from "../store/state";
import { text } from "../strings";

/** The product's name, and whether what you see is live. */
export class Header {
  readonly element: HTMLElement;
  readonly #link = h("span", { class: "link" });
  readonly #word = h("span", {});

  /** `actions` are what can be done from everywhere. */
  constructor(...actions: HTMLElement[]) {
    this.#link.append(h("i", { "aria-hidden": "true" }), this.#word);
    this.element = h("header", { class: "brand" }, logo(), h("h1", {}, text.product), this.#link, ...actions);
  }

  render({ link }: State): void {
    setAttribute(this.#link, "data-phase", link.phase);
    setText(this.#word, text.link[link.phase]);
    const title = link.phase === "lost" ? `${text.link.lost} · ${text.product}` : text.product;
    if (document.title !== title) document.title = title;
  }
}

function logo(): SVGSVGElement {
  return svg(
    "svg",
    { class: "logo", viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("rect", { width: 32, height: 32, rx: 8 }),
    svg("path", { d: "M16 6l8 19-8-4-8 4z" }),
  );
}
