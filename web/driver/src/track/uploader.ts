/** Sends the spool, batch by batch, until it is empty or the gateway is away. */
import type { Api } from "../api";
import type { Spool } from "../store/spool";
import { BATCH, batch, onAnswer, question, type Book, type Envelope, type Step } from "./exchange";

/** Messages of one round: more than a full spool has; what would go on for ever is looked at again later. */
const MOST_MESSAGES = 200;

export type Uploaded = "empty" | "away" | "stopped";

export class Uploader {
  readonly #api: Api;
  readonly #spool: Spool;
  readonly #newId: () => string;
  #hasAsked = false;

  constructor(api: Api, spool: Spool, newId: () => string) {
    this.#api = api;
    this.#spool = spool;
    this.#newId = newId;
  }

  async upload(vehicle: string): Promise<Uploaded> {
    for (let message = 0; message < MOST_MESSAGES; message += 1) {
      const book = await this.#spool.book(vehicle, this.#newId);
      const envelope = await this.#next(book);
      if (envelope === null) return "empty";
      const step = onAnswer(book, envelope, await this.#api.positions(envelope));
      if (step.kind === "later") return "away";
      if (step.kind === "stop") return "stopped";
      await this.#do(step);
    }
    return "away";
  }

  async #next(book: Book): Promise<Envelope | null> {
    const rows = await this.#spool.rows(book, BATCH);
    if (rows.length === 0) return null;
    return this.#hasAsked ? batch(book, rows, Date.now()) : question(book, Date.now());
  }

  async #do(step: Exclude<Step, { kind: "later" | "stop" }>): Promise<void> {
    if (step.kind === "drop") await this.#spool.drop(step.seqs);
    else if (step.kind === "settle") await this.#spool.settle(step.book);
    else await this.#spool.renumber(this.#newId());
    this.#hasAsked ||= step.kind === "settle";
  }
}
