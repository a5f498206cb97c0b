import { isAbort, tellFailure, type ApiClient } from "../api/client";
import type { Route } from "../api/route-model";
import { Dialog } from "../dialog";
import { h, setAttribute, setText } from "../dom";
import { selectedRound } from "../store/shown";
import type { State } from "../store/state";
import type { Store } from "../store/store";
import { CopyField } from "./copy-field";
import { decodeDriverLink, driverLinkUrl, imageOf, type DriverLink } from "./model";
import { doorstepText } from "./strings";

const words = doorstepText.phone;
const RENEW_URL = "/api/v1/drivers/link/renew";

/** Whose link it is: a route without a driver is reached by its vehicle's name. */
export function driverOf({ driver, vehicle }: Pick<Route, "driver" | "vehicle">): string {
  return driver ?? vehicle;
}

/** "Driver's phone": the link of the selected route's driver as a QR code, and a new one in its place. */
export class DriverPhone {
  readonly #store: Store;
  readonly #client: ApiClient;
  readonly #button: HTMLButtonElement;
  readonly #dialog = new Dialog("phone-dialog", { title: "", close: words.close }, () => { this.#running?.abort(); });
  readonly #status = h("p", { class: "phone-status", role: "status" });
  readonly #code = h("img", { class: "phone-code", width: 232, height: 232 });
  readonly #link = new CopyField(words.link);
  readonly #noDriver = h("p", { class: "phone-note" });
  readonly #shown: HTMLElement;
  readonly #sure: HTMLElement;
  readonly #sureText = h("p", {});
  readonly #renew: HTMLButtonElement;
  readonly #retry: HTMLButtonElement;
  #who: { readonly fleet: string; readonly driver: string } = { fleet: "", driver: "" };
  #running: AbortController | null = null;

  constructor(store: Store, client: ApiClient, slot: HTMLElement) {
    this.#store = store;
    this.#client = client;
    this.#button = button(words.open, () => { this.#open(); });
    this.#button.setAttribute("aria-haspopup", "dialog");
    this.#renew = button(words.renew, () => { this.#ask(true); });
    this.#retry = button(words.retry, () => { void this.#load(); });
    const yes = button(words.sureYes, () => { void this.#send(); });
    yes.classList.add("grave");
    const no = button(words.sureNo, () => { this.#ask(false); this.#renew.focus(); });
    this.#sure = h("div", { class: "phone-sure", role: "alert", hidden: true }, this.#sureText, h("div", { class: "slot" }, no, yes));
    this.#shown = h(
      "div",
      { class: "phone-shown" },
      this.#code,
      h("div", { class: "phone-words" }, h("p", {}, words.help), this.#noDriver, this.#link.element, h("p", { class: "dialog-hint" }, words.secret)),
    );
    this.#dialog.body.append(this.#status, this.#shown, this.#sure);
    this.#dialog.footer.append(this.#retry, this.#renew);
    slot.prepend(this.#button);
  }

  /** A look back is no time to pair a phone. */
  render(state: State): void {
    const round = selectedRound(state);
    this.#button.hidden = round === null || state.view.at !== null || round.detail.route.phase === "withdrawn";
  }

  #open(): void {
    const route = selectedRound(this.#store.state)?.detail.route;
    if (route === undefined) return;
    const driver = driverOf(route);
    this.#who = { fleet: route.fleet, driver };
    this.#dialog.name(words.title(driver));
    setText(this.#sureText, words.sure(driver));
    setAttribute(this.#code, "alt", words.code(driver));
    setText(this.#noDriver, route.driver === undefined ? words.noDriver(route.vehicle) : "");
    this.#noDriver.hidden = route.driver !== undefined;
    this.#dialog.open();
    void this.#load();
  }

  #ask(wanted: boolean): void {
    this.#sure.hidden = !wanted;
    this.#renew.hidden = wanted;
    if (wanted) this.#sure.querySelector("button")?.focus();
  }

  async #load(): Promise<void> {
    const { fleet, driver } = this.#who;
    await this.#take((signal) => this.#client.json(driverLinkUrl(fleet, driver), signal), "");
  }

  async #send(): Promise<void> {
    await this.#take((signal) => this.#client.post(RENEW_URL, this.#who, signal), words.renewed);
  }

  /** Nothing of another driver's link stays on the screen while this one's is awaited. */
  async #take(ask: (signal: AbortSignal) => Promise<unknown>, told: string): Promise<void> {
    this.#running?.abort();
    const { signal } = (this.#running = new AbortController());
    this.#ask(false);
    this.#dialog.focus();
    this.#show(null);
    this.#say(words.loading, false);
    try {
      const link = decodeDriverLink(await ask(signal));
      if (link === null) throw new Error("the answer holds no link");
      this.#show(link);
      this.#say(told, false);
    } catch (error) {
      if (!isAbort(error)) this.#say(`${words.failed} ${tellFailure(error)}`, true);
    }
  }

  #show(link: DriverLink | null): void {
    this.#shown.hidden = link === null;
    this.#renew.hidden = link === null;
    if (link === null) return;
    setAttribute(this.#code, "src", imageOf(link.svg));
    this.#link.show(new URL(link.url, location.href).href);
  }

  #say(told: string, failed: boolean): void {
    setText(this.#status, told);
    this.#status.hidden = told === "";
    this.#status.classList.toggle("problem", failed);
    this.#retry.hidden = !failed;
  }
}

function button(name: string, click: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "button", click: () => { click(); } }, name);
}
