import { h, setText } from "./dom";
import { icon } from "./icons";

/** What a dialog says of itself. */
export interface DialogWords {
  readonly title: string;
  readonly close: string;
}

/**
 * A modal dialog: the browser keeps the focus in it, gives it back at the end, and closes it on Esc. Keys pressed in it
 * reach nothing behind it.
 */
export class Dialog {
  readonly element: HTMLDialogElement;
  readonly body = h("div", { class: "dialog-body" });
  readonly footer = h("div", { class: "dialog-footer" });
  readonly #title = h("h2", { class: "dialog-title", tabindex: -1 });

  /** `closed` is called whichever way it was closed. */
  constructor(name: string, words: DialogWords, closed: () => void = () => undefined) {
    const close = h(
      "button",
      { type: "button", class: "icon-button", "aria-label": words.close, title: words.close, click: () => { this.close(); } },
      icon("close"),
    );
    this.#title.id = `${name}-title`;
    setText(this.#title, words.title);
    this.element = h(
      "dialog",
      {
        class: `dialog ${name}`,
        "aria-labelledby": this.#title.id,
        keydown: (event) => { event.stopPropagation(); },
        close: closed,
      },
      h("header", { class: "dialog-head" }, this.#title, close),
      this.body,
      this.footer,
    );
  }

  get isOpen(): boolean {
    return this.element.open;
  }

  name(title: string): void {
    setText(this.#title, title);
  }

  open(): void {
    if (!this.element.isConnected) document.body.append(this.element);
    if (!this.element.open) this.element.showModal();
  }

  /** Keeps the focus in the dialog when what had it goes away. */
  focus(): void {
    this.#title.focus();
  }

  close(): void {
    this.element.close();
  }
}
