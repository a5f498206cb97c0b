/** The phone's positions on the disk, numbered; a number is given out once, in the transaction that keeps its position. */
import { newBook, type Book, type Fix, type Row } from "../track/exchange";
import { resultOf, type Database } from "./database";

/** Positions that a phone keeps: a shift of ten hours that moves all the time, without a network, is 7,200. */
export const MOST = 20_000;
/** Dropped at once, the oldest first, when the spool is full; counted, and settled by the next message's `after`. */
const MAKE_ROOM = 1_000;

const rowsOf = (spool: string, from: number, to: number): IDBKeyRange => IDBKeyRange.bound([spool, from], [spool, to]);

export class Spool {
  readonly #database: Database;
  readonly #who: string;

  constructor(database: Database, who: string) {
    this.#database = database;
    this.#who = who;
  }

  /** The numbering for the vehicle; another vehicle's rows are of a shift that is over, and are dropped. */
  async book(vehicle: string, newId: () => string): Promise<Book> {
    const stored = (await this.#database.get("books", this.#who))?.book;
    if (stored?.vehicle === vehicle) return stored;
    const book = newBook(newId(), vehicle);
    await this.#database.change(["books", "positions"], (store) => {
      if (stored !== undefined) store("positions").delete(rowsOf(stored.spool, 0, Infinity));
      store("books").put({ who: this.#who, book });
    });
    return book;
  }

  /** Gives the fix the next number. */
  async append(fix: Fix): Promise<void> {
    await this.#database.change(["books", "positions"], async (store) => {
      const book = await this.#stored(store);
      const held = await resultOf(store("positions").count(rowsOf(book.spool, 0, Infinity)));
      if (held >= MOST) store("positions").delete(rowsOf(book.spool, 0, book.last - held + MAKE_ROOM));
      const seq = book.last + 1;
      store("positions").add({ spool: book.spool, seq, fix });
      store("books").put({ who: this.#who, book: { ...book, last: seq, dropped: book.dropped + (held >= MOST ? MAKE_ROOM : 0) } });
    });
  }

  /** The oldest rows above the watermark. */
  async rows(book: Book, limit: number): Promise<Row[]> {
    return this.#database.all("positions", rowsOf(book.spool, book.acknowledged + 1, Infinity), limit);
  }

  /** Believes the watermark and deletes what is settled; numbers given out meanwhile stay given out. */
  async settle(believed: Book): Promise<Book> {
    return this.#database.change(["books", "positions"], async (store) => {
      const book = { ...believed, last: (await this.#stored(store)).last };
      store("positions").delete(rowsOf(book.spool, 0, book.acknowledged));
      store("books").put({ who: this.#who, book });
      return book;
    });
  }

  async drop(seqs: readonly number[]): Promise<void> {
    await this.#database.change(["books", "positions"], async (store) => {
      const book = await this.#stored(store);
      for (const seq of seqs) store("positions").delete([book.spool, seq]);
      store("books").put({ who: this.#who, book: { ...book, dropped: book.dropped + seqs.length } });
    });
  }

  /** Moves what is held to a new spool, numbered from 1. */
  async renumber(spool: string): Promise<Book> {
    return this.#database.change(["books", "positions"], async (store) => {
      const old = await this.#stored(store);
      const rows = await resultOf(store("positions").getAll(rowsOf(old.spool, 0, Infinity)) as IDBRequest<Row[]>);
      store("positions").delete(rowsOf(old.spool, 0, Infinity));
      for (const [index, { fix }] of rows.entries()) store("positions").add({ spool, seq: index + 1, fix });
      const book = { ...newBook(spool, old.vehicle), last: rows.length };
      store("books").put({ who: this.#who, book });
      return book;
    });
  }

  async #stored(store: (table: "books") => IDBObjectStore): Promise<Book> {
    const { book } = (await resultOf(store("books").get(this.#who))) as { book: Book };
    return book;
  }
}
