import { tellFailure, type ApiClient } from "../api/client";
import { Dialog } from "../dialog";
import { h, setAttribute, setText } from "../dom";
import { icon } from "../icons";
import { CopyField, copyText } from "./copy-field";
import { decodeRenewed, isWebAddress } from "./model";
import { doorstepText } from "./strings";

const words = doorstepText.customer;
const RENEW_URL = "/api/v1/links/renew";
const TOLD_MS = 2_000;

/** Whose page it is, and where. */
export interface CustomerPage {
  readonly fleet: string;
  readonly order: string;
  /** Empty: there is none. */
  readonly url: string;
}

/** What can be done with a customer's link: copy it, open the page, and have another one made. */
export class CustomerLink {
  readonly element: HTMLElement;
  readonly #client: ApiClient;
  readonly #renewed: () => void;
  readonly #copyWord = h("span", { role: "status" }, words.copy);
  readonly #open: HTMLAnchorElement;
  readonly #dialog = new Dialog("link-dialog", { title: "", close: words.close });
  readonly #does = h("p", { class: "edit-does", role: "status" });
  readonly #problem = h("p", { class: "problem", role: "alert" });
  readonly #link = new CopyField(words.label);
  readonly #no: HTMLButtonElement;
  readonly #yes: HTMLButtonElement;
  #page: CustomerPage = { fleet: "", order: "", url: "" };

  /** `renewed` is called when the addresses that are shown elsewhere are old. */
  constructor(client: ApiClient, renewed: () => void) {
    this.#client = client;
    this.#renewed = renewed;
    const copy = h("button", { type: "button", class: "button", click: () => { void this.#copy(); } }, icon("link"), this.#copyWord);
    this.#open = h("a", { class: "button", target: "_blank", rel: "noopener noreferrer" }, icon("open"), words.open);
    const renew = h("button", { type: "button", class: "button", "aria-haspopup": "dialog", click: () => { this.#ask(); } }, words.renew);
    this.#no = h("button", { type: "button", class: "button", click: () => { this.#dialog.close(); } }, words.no);
    this.#yes = h("button", { type: "button", class: "button grave", click: () => { void this.#send(); } }, words.yes);
    this.#dialog.body.append(this.#problem, this.#does, this.#link.element);
    this.#dialog.footer.append(this.#no, this.#yes);
    this.element = h("div", { class: "slot", role: "group", "aria-label": words.label }, copy, this.#open, renew);
  }

  show(page: CustomerPage): void {
    this.#page = page;
    this.element.hidden = !isWebAddress(page.url);
    if (!this.element.hidden) setAttribute(this.#open, "href", page.url);
  }

  #address(): string {
    return new URL(this.#page.url, location.href).href;
  }

  async #copy(): Promise<void> {
    const copied = await copyText(this.#address());
    setText(this.#copyWord, copied === "copied" ? doorstepText.copied : doorstepText.copyFailed);
    if (copied === "refused") this.#reveal();
    setTimeout(() => { setText(this.#copyWord, words.copy); }, TOLD_MS);
  }

  /** The page may not write to the clipboard: the link is shown, to be copied by hand. */
  #reveal(): void {
    this.#begin(this.#page.order, "", this.#address());
  }

  #ask(): void {
    this.#begin(words.title(this.#page.order), words.does(this.#page.order), null);
    this.#no.focus();
  }

  #begin(title: string, does: string, link: string | null): void {
    this.#dialog.name(title);
    setText(this.#does, does);
    this.#does.hidden = does === "";
    setText(this.#problem, "");
    this.#link.element.hidden = link === null;
    if (link !== null) this.#link.show(link);
    this.#yes.hidden = link !== null;
    this.#yes.disabled = false;
    setText(this.#no, link === null ? words.no : words.done);
    this.#dialog.open();
  }

  async #send(): Promise<void> {
    const { fleet, order } = this.#page;
    this.#yes.disabled = true;
    try {
      const url = decodeRenewed(await this.#client.post(RENEW_URL, { fleet, order }));
      if (url === null) throw new Error("the answer holds no address");
      this.#begin(words.title(order), words.renewed, new URL(url, location.href).href);
      this.#no.focus();
      this.#renewed();
    } catch (error) {
      this.#yes.disabled = false;
      setText(this.#problem, `${words.failed} ${tellFailure(error)}`);
    }
  }
}
