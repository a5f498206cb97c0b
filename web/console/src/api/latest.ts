import { isAbort } from "./client";

/**
 * How soon something is asked for: at once (what runs is given up), once nothing else was wanted for a moment
 * (what runs is given up then), or after what runs has been answered.
 */
export type Urgency = "at_once" | "settled" | "in_turn";

/** A hand on a slider moves on within this. */
const SETTLE_MS = 120;

/** Asks for the newest thing wanted, one request at a time; `ask` deals with its own failures but for being given up. */
export class Latest {
  readonly #ask: (wanted: string, signal: AbortSignal) => Promise<void>;
  #wanted = "";
  #asked = "";
  #running: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #endedAt = -Infinity;

  constructor(ask: (wanted: string, signal: AbortSignal) => Promise<void>) {
    this.#ask = ask;
  }

  get wanted(): string {
    return this.#wanted;
  }

  /** How long ago the last answer came (ms); 0 while one is awaited. */
  idleFor(): number {
    return this.#running === null && this.#timer === null ? performance.now() - this.#endedAt : 0;
  }

  /** Wants this from now on; an empty text wants nothing. */
  want(wanted: string, urgency: Urgency): void {
    this.#wanted = wanted;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (wanted === "") this.#giveUp();
    else if (urgency === "settled") this.#timer = setTimeout(() => { this.#start(); }, SETTLE_MS);
    else if (urgency === "at_once" || this.#running === null) this.#start();
  }

  /** Asks once more for what is wanted. */
  again(): void {
    if (this.#wanted !== "") this.#start();
  }

  #giveUp(): void {
    this.#running?.abort();
    this.#running = null;
  }

  #start(): void {
    this.#giveUp();
    this.#timer = null;
    this.#asked = this.#wanted;
    const running = new AbortController();
    this.#running = running;
    void this.#run(running);
  }

  async #run(running: AbortController): Promise<void> {
    try {
      await this.#ask(this.#asked, running.signal);
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
    if (this.#running !== running) return;
    this.#running = null;
    this.#endedAt = performance.now();
    if (this.#wanted !== this.#asked && this.#timer === null) this.#start();
  }
}
