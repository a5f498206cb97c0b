import { delayMs } from "./pace";
import { readState, type PageState } from "./state";

export interface PollListener {
  /** What is shown now is another thing than before. */
  changed(state: PageState): void;
  /** The gateway answered; what is shown is the present. */
  reached(): void;
  /** It did not, so often in a row. */
  missed(failures: number): void;
  /** The link leads nowhere any more. */
  ended(): void;
}

/** Asks for the state as long as somebody looks. */
export class Poll {
  readonly #url: string;
  readonly #listener: PollListener;
  #etag = "";
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #asking = false;

  constructor(url: string, listener: PollListener) {
    this.#url = url;
    this.#listener = listener;
  }

  /** Begins, or goes on when the page is looked at again. */
  start(): void {
    this.#wait(delayMs(this.#failures, Math.random()));
  }

  now(): void {
    void this.#ask();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(ms: number): void {
    this.stop();
    this.#timer = setTimeout(() => { void this.#ask(); }, ms);
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    this.stop();
    const over = await this.#answered();
    this.#asking = false;
    if (!over && document.visibilityState === "visible") this.start();
  }

  /** Takes one answer in; says whether there is nothing more to ask. */
  async #answered(): Promise<boolean> {
    try {
      const headers: HeadersInit = this.#etag === "" ? {} : { "If-None-Match": this.#etag };
      const response = await fetch(this.#url, { headers, cache: "no-store" });
      if (response.status === 404) {
        this.#listener.ended();
        return true;
      }
      if (!(await this.#took(response))) throw new Error(`answered ${response.status}`);
      this.#failures = 0;
      this.#listener.reached();
    } catch {
      this.#failures += 1;
      this.#listener.missed(this.#failures);
    }
    return false;
  }

  async #took(response: Response): Promise<boolean> {
    if (response.status === 304) return true;
    const state = response.ok ? readState(await response.json()) : null;
    if (state === null) return false;
    this.#etag = response.headers.get("ETag") ?? "";
    this.#listener.changed(state);
    return true;
  }
}
