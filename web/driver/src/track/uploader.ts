/** Sends the spool, batch by batch, until it is empty or the gateway is away. */
import type { Api } from "../api";
import type { Spool } from "../store/spool";
import { BATCH, batch, isProgress, onAnswer, question, type Book, type Envelope, type Step } from "./exchange";

/** Messages of one round: more than a full spool has; what would go on for ever is looked at again later. */
const MOST_MESSAGES = 200;
/** Messages in a row that settle nothing: a question, a new spool, its question, a gap, and two that cut a batch to a shift. */
const MOST_IN_VAIN = 6;

export type Uploaded = "empty" | "away" | "stopped";

export class Uploader {
  readonly #api: Api;
  readonly #spool: Spool;
  readonly #newId: () => string;
  readonly #asked = new Set<string>();
  #limit = BATCH;

  constructor(api: Api, spool: Spool, newId: () => string) {
    this.#api = api;
    this.#spool = spool;
    this.#newId = newId;
  }

  /**
   * Sends what is held of every vehicle that was driven: a shift's last positions may find their way after it. The one
   * of which the newest wait comes first, and one that has to wait holds up no other; a link that is refused is so for all.
   */
  async upload(): Promise<Uploaded> {
    let worst: Uploaded = "empty";
    for (const { vehicle } of await this.#newestFirst()) {
      const done = await this.#uploadOf(vehicle);
      if (done === "stopped") return done;
      if (done === "away") worst = done;
    }
    return worst;
  }

  async #newestFirst(): Promise<Book[]> {
    const books = await this.#spool.books();
    const waits = await Promise.all(books.map(async (book) => ({ book, since: (await this.#spool.rows(book, 1))[0]?.fix.time ?? 0 })));
    return waits.sort((one, other) => other.since - one.since).map(({ book }) => book);
  }

  async #uploadOf(vehicle: string): Promise<Uploaded> {
    for (let message = 0, inVain = 0; message < MOST_MESSAGES && inVain < MOST_IN_VAIN; message += 1) {
      const book = await this.#spool.book(vehicle, this.#newId);
      const envelope = await this.#next(book);
      if (envelope === null) return "empty";
      const step = onAnswer(book, envelope, await this.#api.positions(envelope));
      if (step.kind === "later") return "away";
      if (step.kind === "stop") return "stopped";
      inVain = isProgress(envelope, step) ? 0 : inVain + 1;
      await this.#do(book, step);
    }
    return "away";
  }

  async #next(book: Book): Promise<Envelope | null> {
    const rows = await this.#spool.rows(book, this.#limit);
    if (rows.length === 0) return null;
    return this.#asked.has(book.spool) ? batch(book, rows, Date.now()) : question(book, Date.now());
  }

  async #do(book: Book, step: Exclude<Step, { kind: "later" | "stop" }>): Promise<void> {
    this.#limit = step.kind === "fewer" ? step.limit : BATCH;
    if (step.kind === "drop") await this.#spool.drop(book, step.seqs, step.lost);
    else if (step.kind === "new_spool") await this.#spool.renumber(book, this.#newId());
    else if (step.kind === "settle") await this.#spool.settle(step.book, step.lost);
    if (step.kind === "settle" || step.kind === "unasked") this.#asked.add(book.spool);
  }
}
