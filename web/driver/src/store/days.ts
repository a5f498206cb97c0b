/** The days on the phone: names and addresses of customers, kept as long as their driver may see them and no longer. */
import { whoOf, type Day } from "../day/model";
import type { Item } from "../queue/items";
import { resultOf, type Database, type StoredBook, type StoredDay, type Table } from "./database";

/** A day that was not renewed for so long is over, also for a shift through the night and a phone that was away since. */
export const KEPT_MS = 48 * 3_600_000;

/** Whose link it is, and whom they call: what is left of a day that is deleted, so that what waits can still be sent. */
export interface Owner {
  readonly who: string;
  readonly phone?: string;
}

const nameOf = (token: string): string => `owner ${token}`;
const PREFIX = nameOf("");

/** Whether a day is too old to be kept. One from the future may be today's: a phone that starts in 1970 knows no better. */
export function isOver({ fetched }: Pick<StoredDay, "fetched">, now: number): boolean {
  return now - fetched > KEPT_MS;
}

/** Whether a day was kept by a clock that was far ahead, and would never be over: only who knows that `now` is right can say so. */
export function isAhead({ fetched }: Pick<StoredDay, "fetched">, now: number, gateways: number): boolean {
  return Math.abs(now - gateways) <= KEPT_MS && fetched - now > KEPT_MS;
}

export class Days {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(token: string): Promise<StoredDay | null> {
    return this.#database.get("days", token);
  }

  /** Keeps the day, and none of a link that the same driver had before. */
  async keep(stored: StoredDay): Promise<void> {
    await this.#database.change(["days", "settings"], async (store) => {
      const days = await resultOf(store("days").getAll() as IDBRequest<StoredDay[]>);
      for (const { token, day } of days) if (whoOf(day) === whoOf(stored.day)) store("days").delete(token);
      store("days").put(stored);
      store("settings").put({ name: nameOf(stored.token), value: ownerOf(stored.day) });
    });
  }

  /** Whose link it was, as long as it is known. */
  async owner(token: string): Promise<Owner | null> {
    return ((await this.#database.get("settings", nameOf(token)))?.value as Owner | undefined) ?? null;
  }

  /** The links that were opened on this phone, and whose they are. */
  async owners(): Promise<(Owner & { readonly token: string })[]> {
    const settings = await this.#database.all("settings", IDBKeyRange.bound(PREFIX, `${PREFIX}\uffff`));
    return settings.map(({ name, value }) => ({ ...(value as Owner), token: name.slice(PREFIX.length) }));
  }

  /** Deletes the day of a link that is no longer good, and what its driver had seen. What waits to be sent stays. */
  async forget(token: string): Promise<void> {
    await this.#delete((day) => day.token === token);
  }

  /** Deletes all days of this phone that are over. */
  async forgetOver(now: number): Promise<void> {
    await this.#delete((day) => isOver(day, now));
  }

  /** Deletes all days that were kept by a clock that was far ahead, if this one agrees with the gateway's. */
  async forgetAhead(now: number, gateways: number): Promise<void> {
    await this.#delete((day) => isAhead(day, now, gateways));
  }

  /** Deletes days, what was seen of drivers without any, and whose a link without a day was once nothing of theirs waits. */
  async #delete(isGone: (day: StoredDay) => boolean): Promise<void> {
    await this.#database.change(["days", "seen", "settings", "outbox", "books", "positions"], async (store) => {
      const days = await resultOf(store("days").getAll() as IDBRequest<StoredDay[]>);
      for (const { token } of days.filter(isGone)) store("days").delete(token);
      const left = new Set(days.filter((day) => !isGone(day)).map(({ day }) => whoOf(day)));
      const seen = await resultOf(store("seen").getAllKeys() as IDBRequest<string[]>);
      for (const who of seen) if (!left.has(who)) store("seen").delete(who);
      const open = new Set(days.filter((day) => !isGone(day)).map(({ token }) => nameOf(token)));
      const waits = await whoWaits(store);
      const owners = await resultOf(store("settings").getAll(IDBKeyRange.bound(PREFIX, `${PREFIX}\uffff`)) as IDBRequest<{ name: string; value: Owner }[]>);
      for (const { name, value } of owners) if (!open.has(name) && !waits.has(value.who)) store("settings").delete(name);
    });
  }
}

/** The drivers of whom a word, a proof or a position is still to be sent, or to be read about. */
async function whoWaits(store: (table: Table) => IDBObjectStore): Promise<ReadonlySet<string>> {
  const items = await resultOf(store("outbox").getAll() as IDBRequest<Item[]>);
  const books = await resultOf(store("books").getAll() as IDBRequest<StoredBook[]>);
  const waits = new Set(items.filter(({ state }) => state !== "taken").map(({ who }) => who));
  for (const { who, book } of books) {
    const held = IDBKeyRange.bound([book.spool, book.acknowledged + 1], [book.spool, Infinity]);
    if ((await resultOf(store("positions").count(held))) > 0) waits.add(who);
  }
  return waits;
}

export function ownerOf(day: Day): Owner {
  const { phone } = day.company;
  return phone === undefined ? { who: whoOf(day) } : { who: whoOf(day), phone };
}
