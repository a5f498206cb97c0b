/** The queue on the disk. Each method is one transaction, so that two pages of one phone see one queue. */
import { resultOf, type Database } from "./database";
import type { Item, NewItem } from "../queue/items";
import { isHeld } from "../queue/queue";

export class Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(who: string): Promise<Item[]> {
    return (await this.#database.all("outbox")).filter((item) => item.who === who);
  }

  /** Adds the items together; none of them if `isDouble` finds that another page has said it already. */
  async add(items: readonly NewItem[], isDouble: (queued: readonly Item[]) => boolean): Promise<void> {
    await this.#database.change(["outbox"], async (store) => {
      const queued = await resultOf(store("outbox").getAll() as IDBRequest<Item[]>);
      if (!isDouble(queued)) for (const item of items) store("outbox").add(item);
    });
  }

  /** Takes back what has not been sent; a tap that is due may be on its way and stays. */
  async undo(id: string, now: number): Promise<void> {
    await this.#database.change(["outbox"], async (store) => {
      const queued = await resultOf(store("outbox").getAll() as IDBRequest<Item[]>);
      const tap = queued.find((item) => item.id === id && item.state === "waiting" && isHeld(item, now));
      if (tap !== undefined) store("outbox").delete(tap.n);
    });
  }

  async update(items: readonly Item[]): Promise<void> {
    if (items.length > 0) await this.#database.put("outbox", ...items);
  }

  async forget(items: readonly Item[]): Promise<void> {
    if (items.length > 0) await this.#database.delete("outbox", ...items.map(({ n }) => n));
  }
}
