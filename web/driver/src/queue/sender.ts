/** Sends what waits. One page or worker of a phone at a time: whoever holds the lock sends, the others need not. */
import { ApiTrouble, type Api } from "../api";
import type { Outbox } from "../store/outbox";
import type { Item, QueuedTap } from "./items";
import { proofToSend, settled, tapsToSend } from "./queue";

const LOCK = "milepost-outbox";
/** Proofs have their own: a word of the next stop does not wait for a photo on a weak link. */
const PROOFS_LOCK = "milepost-proofs";

/** How a round of sending ended: all that was due is sent, it is tried again later (no network, or the phone's store failed), or the link is no longer good. */
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
      if (!(error instanceof ApiTrouble)) console.error(error); // what was sent counts once, however often it is sent
      return error instanceof ApiTrouble && error.trouble === "link" ? "link" : "away";
    }
  }

  /** Whether there was something to send; it is settled then, or something of it. */
  async #sendTaps(): Promise<boolean> {
    const taps = tapsToSend(await this.#outbox.of(this.#who), Date.now());
    if (taps.length > 0) await this.#settle(taps, await this.#tell(taps));
    return taps.length > 0;
  }

  async #sendProof(): Promise<boolean> {
    const proof = proofToSend(await this.#outbox.of(this.#who), Date.now());
    if (proof === null) return false;
    await this.#settle([proof], new Map([[proof.id, await outcomeOf(() => this.#api.proof(proof))]]));
    return true;
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

  /** An answer that names nothing of what was sent is none: it would be sent again at once. */
  async #settle(items: readonly Item[], outcomes: ReadonlyMap<string, string>): Promise<void> {
    const changed = settled(items, outcomes, Date.now());
    if (changed.length === 0) throw new ApiTrouble("away", "unanswered");
    await this.#outbox.update(changed);
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
