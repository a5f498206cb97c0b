import { tellFailure, type ApiClient } from "../api/client";
import { Latest } from "../api/latest";
import { Dialog } from "../dialog";
import { h, setText } from "../dom";
import { icon } from "../icons";
import { serverNow } from "../store/clock";
import type { State } from "../store/state";
import type { Store } from "../store/store";
import { browserZone } from "../zoned";
import { decodeFound, keyOfFound, MOST_FOUND, searchUrl, type Found } from "./found";
import { Result } from "./result";
import { searchText as words } from "./strings";

/** One letter finds half the day. */
const LEAST_CHARS = 2;
/** The gateway takes this many. */
const MOST_CHARS = 200;
/** Somebody listens on the phone meanwhile: what is shown is asked for again. */
const RENEW_MS = 10_000;

type Answer =
  | { readonly phase: "none" }
  | { readonly phase: "found"; readonly query: string; readonly found: readonly Found[] }
  | { readonly phase: "failed"; readonly detail: string };

/** "Where is my order?": a field in the header that opens a dialog which finds as somebody types. */
export class OrderSearch {
  /** What opens it, for the header. */
  readonly button: HTMLButtonElement;
  readonly #store: Store;
  readonly #client: ApiClient;
  readonly #dialog: Dialog;
  readonly #input: HTMLInputElement;
  readonly #list = h("ol", { class: "found-list" });
  readonly #status = h("p", { class: "found-status", role: "status" });
  readonly #retry: HTMLButtonElement;
  readonly #asking = new Latest((wanted, signal) => this.#ask(wanted, signal));
  #results: Result[] = [];
  #answer: Answer = { phase: "none" };

  constructor(store: Store, client: ApiClient) {
    this.#store = store;
    this.#client = client;
    this.button = h(
      "button",
      { type: "button", class: "order-search", "aria-keyshortcuts": words.key, "aria-haspopup": "dialog", click: () => { this.open(); } },
      icon("search"),
      h("span", {}, words.title),
      h("kbd", { class: "search-key", "aria-hidden": "true" }, words.key),
    );
    this.#input = h("input", {
      type: "search", class: "search-input", placeholder: words.hint, "aria-label": words.title, "aria-description": words.describe,
      maxlength: MOST_CHARS, autocomplete: "off", spellcheck: "false", input: () => { this.#want("settled"); },
    });
    this.#retry = h("button", { type: "button", class: "button", hidden: true, click: () => { this.#want("at_once"); } }, words.retry);
    this.#dialog = new Dialog("order-dialog", words, () => { this.#asking.want("", "at_once"); });
    this.#dialog.body.append(
      h("div", { class: "search" }, icon("search"), this.#input),
      h("div", { class: "found-line" }, this.#status, this.#retry),
      this.#list,
    );
    this.#dialog.footer.append(h("p", { class: "dialog-hint" }, words.keys));
    this.#dialog.element.addEventListener("keydown", (event) => { this.#key(event); });
  }

  open(): void {
    this.#dialog.open();
    this.#input.focus();
    this.#input.select();
    this.#want("at_once");
  }

  render(state: State, wall: number): void {
    if (!this.#dialog.isOpen) return;
    this.#show(state, wall);
    if (this.#answer.phase === "found" && this.#asking.wanted !== "" && this.#asking.idleFor() > RENEW_MS) this.#asking.again();
  }

  #want(urgency: "settled" | "at_once"): void {
    const query = this.#input.value.trim();
    const enough = query.length >= LEAST_CHARS;
    if (!enough) this.#take({ phase: "none" });
    this.#asking.want(enough ? query : "", urgency);
    this.#tell();
  }

  async #ask(query: string, signal: AbortSignal): Promise<void> {
    try {
      const found = decodeFound(await this.#client.json(searchUrl(query), signal));
      this.#take({ phase: "found", query, found });
    } catch (error) {
      if (!signal.aborted) this.#take({ phase: "failed", detail: tellFailure(error) });
    }
  }

  #take(answer: Answer): void {
    this.#answer = answer;
    const found = answer.phase === "found" ? answer.found : [];
    if (found.map(keyOfFound).join(" ") !== this.#results.map(({ key }) => key).join(" ")) {
      this.#results = found.map((each) => new Result(each, () => { this.#go(each); }));
      this.#list.replaceChildren(...this.#results.map(({ element }) => element));
    }
    this.#tell();
    this.#show(this.#store.state, performance.now());
  }

  #show(state: State, wall: number): void {
    if (this.#answer.phase !== "found") return;
    const now = serverNow(state.clock, wall);
    this.#answer.found.forEach((found, index) => {
      const zone = state.routes?.get(`${found.fleet}/${found.route}`)?.zone ?? browserZone();
      this.#results[index]?.show(found, zone, now);
    });
  }

  #tell(): void {
    this.#retry.hidden = this.#answer.phase !== "failed";
    this.#dialog.element.classList.toggle("is-failed", this.#answer.phase === "failed");
    setText(this.#status, told(this.#answer, this.#asking.wanted));
  }

  /** The stop in its route, live. */
  #go({ fleet, route, stop }: Found): void {
    this.#dialog.close();
    this.#store.setView({ tab: "routes", route: `${fleet}/${route}`, stop, stops: null, selected: null, follow: false, at: null });
  }

  #key(event: KeyboardEvent): void {
    const at = this.#results.findIndex(({ element }) => element.contains(document.activeElement));
    if (event.key === "ArrowDown") this.#results[Math.min(at + 1, this.#results.length - 1)]?.focus();
    else if (event.key === "ArrowUp" && at === 0) this.#input.focus();
    else if (event.key === "ArrowUp" && at > 0) this.#results[at - 1]?.focus();
    else if (event.key === "Enter" && document.activeElement === this.#input) this.#enter();
    else return;
    event.preventDefault();
  }

  /** What was typed is found first; then the only one is meant. */
  #enter(): void {
    const answer = this.#answer;
    const ready = answer.phase === "found" && answer.query === this.#input.value.trim();
    if (!ready) this.#want("at_once");
    else if (answer.found.length === 1 && answer.found[0] !== undefined) this.#go(answer.found[0]);
    else this.#results[0]?.focus();
  }
}

function told(answer: Answer, wanted: string): string {
  if (answer.phase === "failed") return `${words.failed} ${answer.detail}`;
  if (wanted === "") return words.start;
  if (answer.phase === "none") return words.searching;
  if (answer.found.length === 0) return words.none(answer.query);
  return answer.found.length >= MOST_FOUND ? words.most(MOST_FOUND) : words.found(answer.found.length);
}
