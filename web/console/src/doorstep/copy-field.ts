import { h, setText } from "../dom";
import { icon } from "../icons";
import { doorstepText as words } from "./strings";

/** How long a button says that it has copied. */
const TOLD_MS = 2_000;

export type Copied = "copied" | "refused";

/** Browsers write to the clipboard only on pages with HTTPS, and only if they like. */
export async function copyText(text: string): Promise<Copied> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return "refused";
  return clipboard.writeText(text).then(() => "copied" as const, () => "refused" as const);
}

/** A link to read, with a button that copies it; where that is not allowed it is selected, ready to be copied by hand. */
export class CopyField {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #word = h("span", { role: "status" }, words.copy);

  constructor(label: string) {
    this.#input = h("input", { class: "copy-link", readonly: true, "aria-label": label, spellcheck: "false", focus: () => { this.#input.select(); } });
    const button = h("button", { type: "button", class: "button", click: () => { void this.#copy(); } }, icon("link"), this.#word);
    this.element = h("div", { class: "copy-field" }, this.#input, button);
  }

  show(link: string): void {
    if (this.#input.value !== link) this.#input.value = link;
  }

  async #copy(): Promise<void> {
    const copied = await copyText(this.#input.value);
    setText(this.#word, copied === "copied" ? words.copied : words.copyFailed);
    if (copied === "refused") this.#input.focus();
    else setTimeout(() => { setText(this.#word, words.copy); }, TOLD_MS);
  }
}
