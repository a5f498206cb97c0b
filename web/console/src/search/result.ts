import { h, setAttribute, setText } from "../dom";
import { icon } from "../icons";
import { LabelMark } from "../routes/marks";
import { keyOfFound, tellFound, type Found } from "./found";
import { searchText as words } from "./strings";

/** How long a button says that it has copied. */
const TOLD_MS = 2_000;

/** One stop that was found: a press shows it in its route. */
export class Result {
  readonly element: HTMLElement;
  readonly key: string;
  readonly #go: HTMLButtonElement;
  readonly #mark = new LabelMark();
  readonly #state = h("b", { class: "found-state" });
  readonly #late = h("span", { class: "found-late" });
  readonly #expected = h("span", { class: "found-expected" });
  readonly #age = h("span", { class: "found-age" });
  readonly #before = h("span", { class: "found-before" });
  readonly #link = h("input", { class: "found-link", readonly: true, hidden: true, "aria-label": "Tracking link" });
  readonly #copyWord = h("span", { role: "status" }, words.copy);

  constructor(found: Found, choose: () => void) {
    this.key = keyOfFound(found);
    const who = [found.recipient ?? words.noRecipient, found.address ?? "", found.phone ?? ""].filter((part) => part !== "");
    this.#go = h(
      "button",
      { type: "button", class: "found-go", "aria-description": words.show(found.order), click: choose },
      this.#mark.element,
      h("span", { class: "found-who" }, h("b", {}, found.order), h("span", {}, who.join(" · "))),
      h("span", { class: "found-now" }, this.#state, this.#late),
      h("span", { class: "found-when" }, this.#expected, this.#before, this.#age),
      h("span", { class: "found-route" }, words.by(found.vehicle, found.route), " · ", found.date),
    );
    const copy = h(
      "button",
      { type: "button", class: "button found-copy", title: words.copyOf(found.order), click: () => { void this.#copy(); } },
      icon("link"),
      this.#copyWord,
    );
    this.#link.value = new URL(found.tracking_url, location.href).href;
    this.element = h("li", { class: "found", "data-key": this.key }, this.#go, copy, this.#link);
  }

  focus(): void {
    this.#go.focus();
  }

  show(found: Found, zone: string, now: number | null): void {
    const told = tellFound(found, zone, now);
    setAttribute(this.element, "data-label", found.label);
    setAttribute(this.#late, "data-timeliness", found.timeliness);
    this.#mark.show(found.label);
    setText(this.#state, told.state);
    setText(this.#late, told.late);
    setText(this.#expected, told.expected);
    setText(this.#age, told.age);
    setText(this.#before, told.before);
  }

  /** Where the page may not write to the clipboard (no HTTPS), the link is shown, selected. */
  async #copy(): Promise<void> {
    const clipboard = navigator.clipboard as Clipboard | undefined;
    const copied = clipboard !== undefined && (await clipboard.writeText(this.#link.value).then(() => true, () => false));
    setText(this.#copyWord, copied ? words.copied : words.copyFailed);
    this.#link.hidden = copied;
    if (!copied) this.#link.select();
    else setTimeout(() => { setText(this.#copyWord, words.copy); }, TOLD_MS);
  }
}
