import { ApiFailure, type ApiClient } from "../api/client";
import { RECORD_FORMATS, recordUrl, type RecordFormat, type RouteKey } from "../api/route-model";
import { h, setText } from "../dom";
import { icon } from "../icons";
import { fillTab, save } from "../page/files";
import { text } from "../strings";

const words = text.routes.record;
/** The printable page first: it is what most look for. */
const ORDER: readonly RecordFormat[] = ["html", ...RECORD_FORMATS.filter((format) => format !== "html")];

/** The record of the day, as files or as a page to print. */
export class RecordMenu {
  readonly element: HTMLElement;
  readonly #client: ApiClient;
  readonly #route: () => RouteKey | null;
  readonly #open: HTMLButtonElement;
  readonly #menu: HTMLElement;
  #isOpen = false;
  readonly #said = h("p", { class: "menu-said", role: "alert", hidden: true });

  constructor(client: ApiClient, route: () => RouteKey | null) {
    this.#client = client;
    this.#route = route;
    this.#menu = h("div", { class: "menu", role: "menu", "aria-label": words.label, hidden: true }, ...ORDER.map((format) => this.#item(format)));
    this.#open = h(
      "button",
      { type: "button", class: "button", "aria-haspopup": "menu", "aria-expanded": "false", click: () => { this.#toggle(!this.#isOpen); } },
      icon("record"),
      words.open,
    );
    this.element = h(
      "div",
      {
        class: "menu-box",
        keydown: (event) => { this.#key(event as KeyboardEvent); },
        focusout: (event) => { if (!this.#holds((event as FocusEvent).relatedTarget)) this.#toggle(false); },
      },
      this.#open,
      this.#menu,
      this.#said,
    );
  }

  #holds(target: EventTarget | null): boolean {
    return target instanceof Node && this.element.contains(target);
  }

  #item(format: RecordFormat): HTMLButtonElement {
    const press = (): void => { void this.#get(format); };
    const attributes = { type: "button", role: "menuitem", class: "menu-item", tabindex: -1, "data-format": format, click: press };
    return h("button", attributes, icon(format === "html" ? "record" : "download"), words.formats[format]);
  }

  #toggle(shown: boolean): void {
    this.#isOpen = shown;
    this.#menu.hidden = !shown;
    this.#open.setAttribute("aria-expanded", String(shown));
    if (shown) this.#focusItem(0);
  }

  #focusItem(index: number): void {
    const items = [...this.#menu.querySelectorAll("button")];
    items[(index + items.length) % items.length]?.focus();
  }

  #key(event: KeyboardEvent): void {
    if (!this.#isOpen) return;
    const at = [...this.#menu.children].findIndex((item) => item === document.activeElement);
    if (event.key === "ArrowDown") this.#focusItem(at + 1);
    else if (event.key === "ArrowUp") this.#focusItem(at - 1);
    else if (event.key === "Escape") {
      this.#toggle(false);
      this.#open.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async #get(format: RecordFormat): Promise<void> {
    const key = this.#route();
    if (key === null) return;
    this.#open.focus();
    this.#toggle(false);
    const tab = format === "html" ? open("about:blank", "_blank") : null;
    if (format === "html" && tab === null) { this.#say(words.blocked); return; }
    this.#say(words.waiting);
    try {
      const blob = await this.#client.blob(recordUrl(key, format));
      if (tab === null) save(blob, `${key.replace("/", "-")}.${format}`);
      else fillTab(tab, await blob.text());
      this.#say("");
    } catch (error) {
      tab?.close();
      this.#say(`${words.failed} ${error instanceof ApiFailure ? error.detail : String(error)}`);
    }
  }

  #say(told: string): void {
    setText(this.#said, told);
    this.#said.hidden = told === "";
  }
}
