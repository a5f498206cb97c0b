/** Aborts its signal when it was not fed for `quietMs`, and when it is ended. */
export class Watchdog {
  readonly #quietMs: number;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout>;

  constructor(quietMs: number) {
    this.#quietMs = quietMs;
    this.#timer = this.#arm();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  feed(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#arm();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  #arm(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#controller.abort();
    }, this.#quietMs);
  }
}
