import { ApiFailure, isAbort, type ApiClient } from "../api/client";
import { retryDelay } from "./backoff";
import { decodeMessage, type LiveMessage } from "./messages";
import { SseParser } from "./sse";
import { Watchdog } from "./watchdog";

/** Why the stream is not there. */
export type LossReason = "ended" | "quiet" | "unreachable" | "refused" | "garbled";

/** Who wants to know what happens on the stream. */
export interface LiveListener {
  heard(message: LiveMessage): void;
  lost(reason: LossReason, retryInMs: number): void;
  unauthorized(): void;
}

/** The gateway sends a heartbeat every 5 s; three missed ones mean that nobody is there. */
export const QUIET_MS = 15_000;

/** Follows the live stream until stopped, and comes back by itself. */
export class LiveStream {
  readonly #client: ApiClient;
  readonly #listener: LiveListener;
  readonly #stop = new AbortController();
  #attempt = 0;
  #wake: () => void = () => undefined;

  constructor(client: ApiClient, listener: LiveListener) {
    this.#client = client;
    this.#listener = listener;
  }

  /** Reads until `stop`, or until the token is refused. */
  async run(): Promise<void> {
    while (!this.#stopped()) {
      const reason = await this.#readOnce();
      if (this.#stopped()) return;
      if (reason === "unauthorized") {
        this.#listener.unauthorized();
        return;
      }
      await this.#pause(reason);
    }
  }

  /** Ends the wait for the next try. */
  retryNow(): void {
    this.#wake();
  }

  stop(): void {
    this.#stop.abort();
    this.#wake();
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #readOnce(): Promise<LossReason | "unauthorized"> {
    const watchdog = new Watchdog(QUIET_MS);
    const signal = AbortSignal.any([this.#stop.signal, watchdog.signal]);
    try {
      const body = await this.#client.events("/api/v1/live", signal);
      await this.#readBody(body, watchdog);
      return "ended";
    } catch (error) {
      return reasonOf(error);
    } finally {
      watchdog.end();
    }
  }

  async #readBody(body: ReadableStream<Uint8Array>, watchdog: Watchdog): Promise<void> {
    const parser = new SseParser();
    const reader = body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      watchdog.feed();
      for (const event of parser.feed(part.value)) this.#hear(decodeMessage(event));
    }
  }

  #hear(message: LiveMessage | null): void {
    if (message === null) return;
    if (message.kind === "snapshot") this.#attempt = 0;
    this.#listener.heard(message);
  }

  async #pause(reason: LossReason): Promise<void> {
    const delay = retryDelay(this.#attempt, Math.random());
    this.#attempt += 1;
    this.#listener.lost(reason, delay);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delay);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function reasonOf(error: unknown): LossReason | "unauthorized" {
  if (error instanceof ApiFailure) return error.reason;
  if (isAbort(error)) return "quiet";
  return error instanceof TypeError ? "ended" : "garbled"; // a cut body rejects with a TypeError
}
