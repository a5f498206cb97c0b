import type { Lead } from "../api/route-model";
import { h, setText } from "../dom";
import { clockTime } from "../zoned";
import { doorstepText } from "./strings";

const words = doorstepText.sources;

/** Another name than the two that we know is told as it is. */
export function nameOfSource(source: string): string {
  return source === "tracker" || source === "phone" ? words.names[source] : source;
}

/** Whose positions a route follows, and that it was another's before. */
export class SourceNote {
  readonly element: HTMLElement;
  readonly #changes = h("summary", {});
  readonly #list = h("ol", {});
  readonly #details: HTMLDetailsElement;
  #leads: readonly Lead[] = [];

  constructor() {
    this.#details = h("details", {}, this.#changes, this.#list);
    this.element = h("div", { class: "source-note", hidden: true }, this.#details);
  }

  render(leads: readonly Lead[], zone: string): void {
    if (leads === this.#leads) return;
    this.#leads = leads;
    const count = countChanges(leads);
    this.element.hidden = count === 0;
    setText(this.#changes, words.changes(count));
    this.#list.replaceChildren(...leads.map(({ since, source }) => h("li", {}, words.change(clockTime(since, zone), nameOfSource(source)))));
  }
}

/** How often another source took the lead. */
export function countChanges(leads: readonly Lead[]): number {
  return leads.filter(({ source }, index) => index > 0 && leads[index - 1]?.source !== source).length;
}
