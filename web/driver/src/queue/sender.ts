/** Sends what waits. One page or worker of a phone at a time: whoever holds the lock sends, the others need not. */
import { ApiTrouble, type Api } from "../api";
import type { Outbox } from "../store/outbox";
import type { Item, QueuedTap } from "./items";
import { proofToSend, settled, tapsToSend } from "./queue";

const LOCK = "milepost-outbox";
/** Proofs have their own: a word of the next stop does not wait for a photo on a weak link. */
const PROOFS_LOCK = "milepost-proofs";

/** How a round of sending ended: all that was due is sent, the network is away, or the link is no longer good. */
export type Sent = "sent" | "away" | "link";

/** Runs `work` alone among the pages of this phone; `otherwise` if another one is at it. */
export async function alone<T>(name: string, work: () => Promise<T>, otherwise: T): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks; // there is none without https
  if (locks === undefined) return work();
  return locks.request(name, { ifAvailable: true }, (lock) => (lock === null ? Promise.resolve(otherwise) : work()));
}

export class Sender {
  readonly #api: Api;
  readonly #outbox: Outbox;
  readonly #who: string;

  /** Sends what `who` has queued, with the link that they have now. */
  constructor(api: Api, outbox: Outbox, who: string) {
    this.#api = api;
    this.#outbox = outbox;
    this.#who = who;
  }

  /** Sends the taps that are due. */
  async send(): Promise<Sent> {
    return alone(LOCK, () => this.#all(() => this.#sendTaps()), "sent");
  }

  /** Sends the proofs, which may take minutes. */
  async sendProofs(): Promise<Sent> {
    return alone(PROOFS_LOCK, () => this.#all(() => this.#sendProof()), "sent");
  }

  async #all(sendSome: () => Promise<boolean>): Promise<Sent> {
    try {
      while (await sendSome()) { /* until nothing is due */ }
      return "sent";
    } catch (error) {
      if (error instanceof ApiTrouble) return error.trouble === "link" ? "link" : "away";
      throw error;
    }
  }

  /** Whether there was something to send, and it is settled. */
  async #sendTaps(): Promise<boolean> {
    const taps = tapsToSend(await this.#outbox.of(this.#who), Date.now());
    return taps.length > 0 && this.#settle(taps, await this.#tell(taps));
  }

  async #sendProof(): Promise<boolean> {
    const proof = proofToSend(await this.#outbox.of(this.#who), Date.now());
    if (proof === null) return false;
    return this.#settle([proof], new Map([[proof.id, await outcomeOf(() => this.#api.proof(proof))]]));
  }

  /** A batch that is refused whole is sent tap by tap, so that a bad one costs one. */
  async #tell(taps: readonly QueuedTap[]): Promise<ReadonlyMap<string, string>> {
    const [first] = taps;
    try {
      return await this.#api.taps(taps);
    } catch (error) {
      if (first === undefined || !(error instanceof ApiTrouble) || error.trouble !== "refused") throw error;
      return taps.length === 1 ? new Map([[first.id, error.code]]) : this.#tell([first]);
    }
  }

  async #settle(items: readonly Item[], outcomes: ReadonlyMap<string, string>): Promise<boolean> {
    const changed = settled(items, outcomes, Date.now());
    await this.#outbox.update(changed);
    return changed.length > 0;
  }
}

/** The name of what the gateway said to it; what is passing is thrown. */
async function outcomeOf(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return "taken";
  } catch (error) {
    if (error instanceof ApiTrouble && error.trouble === "refused") return error.code;
    throw error;
  }
}
