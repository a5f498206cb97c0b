import { LABELS, type Counts, type Label } from "../api/route-model";
import { h, setAttribute } from "../dom";
import { text } from "../strings";

/** From left to right as a day fills up. */
const ORDER: readonly Label[] = ["completed", "incident", "on_track", "pending"];

/** `12 completed, 1 on track, 35 pending`; labels without a stop are left out. */
export function tellCounts(counts: Counts): string {
  const told = LABELS.filter((label) => counts[label] > 0).map((label) =>
    text.routes.list.count(counts[label], text.routes.labels[label]),
  );
  return told.join(", ");
}

/** How many stops carry each label, as a small stacked bar. */
export class CountsBar {
  readonly element = h("span", { class: "counts-bar", role: "img" });
  readonly #parts = new Map<Label, HTMLElement>();

  constructor() {
    for (const label of ORDER) {
      const part = h("i", { "data-label": label });
      this.#parts.set(label, part);
      this.element.append(part);
    }
  }

  show(counts: Counts): void {
    for (const [label, part] of this.#parts) {
      const grow = String(counts[label]);
      if (part.style.flexGrow !== grow) part.style.flexGrow = grow;
      part.hidden = counts[label] === 0;
    }
    const told = text.routes.list.bar(tellCounts(counts));
    setAttribute(this.element, "aria-label", told);
    setAttribute(this.element, "title", told);
  }
}
