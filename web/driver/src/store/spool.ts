/** The phone's positions on the disk, numbered; a number is given out once, in the transaction that keeps its position. */
import { newBook, type Book, type Fix, type Row } from "../track/exchange";
import { resultOf, type Database, type StoredBook } from "./database";

/** Positions that a phone keeps: a shift of ten hours that moves all the time, without a network, is 7,200. */
export const MOST = 20_000;
/** Dropped at once, the oldest first, when the spool is full; counted, and settled by the next message's `after`. */
const MAKE_ROOM = 1_000;

const rowsOf = (spool: string, from: number, to: number): IDBKeyRange => IDBKeyRange.bound([spool, from], [spool, to]);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** How many positions wait to be sent, and how many were lost. */
export interface Tally {
  readonly waiting: number;
  readonly dropped: number;
}

export class Spool {
  readonly #database: Database;
  readonly #who: string;

  constructor(database: Database, who: string) {
    this.#database = database;
    this.#who = who;
  }

  /** The numberings of all vehicles that were driven. */
  async books(): Promise<Book[]> {
    return (await this.#database.all("books")).filter(({ who }) => who === this.#who).map(({ book }) => book);
  }

  /** The numbering for a vehicle; each has its own. */
  async book(vehicle: string, newId: () => string): Promise<Book> {
    const stored = await this.#database.get("books", this.#keyOf(vehicle));
    if (stored !== null) return stored.book;
    const book = newBook(newId(), vehicle);
    await this.#database.put("books", this.#stored(book));
    return book;
  }

  /** What waits, and what was lost, of all vehicles that were driven. */
  async tally(): Promise<Tally> {
    const books = await this.books();
    const waiting = await Promise.all(books.map(({ spool, acknowledged }) => this.#database.count("positions", rowsOf(spool, acknowledged + 1, Infinity))));
    return { waiting: sum(waiting), dropped: sum(books.map(({ dropped }) => dropped)) };
  }

  /** The driver knows what was lost until now. */
  async readDropped(): Promise<void> {
    for (const { vehicle } of await this.books()) await this.#change(vehicle, (book) => ({ ...book, dropped: 0 }));
  }

  /** Gives the fix the vehicle's next number. */
  async append(vehicle: string, fix: Fix): Promise<void> {
    await this.#change(vehicle, async (book, positions) => {
      const held = await resultOf(positions.count(rowsOf(book.spool, 0, Infinity)));
      const isFull = held >= MOST;
      if (isFull) positions.delete(rowsOf(book.spool, 0, book.last - held + MAKE_ROOM));
      const seq = book.last + 1;
      positions.add({ spool: book.spool, seq, fix });
      return { ...book, last: seq, dropped: book.dropped + (isFull ? MAKE_ROOM : 0) };
    });
  }

  /** The oldest rows above the watermark. */
  async rows(book: Book, limit: number): Promise<Row[]> {
    return this.#database.all("positions", rowsOf(book.spool, book.acknowledged + 1, Infinity), limit);
  }

  /** Believes the watermark and deletes what is settled; numbers given out meanwhile stay given out. */
  async settle(believed: Book, lost: number): Promise<void> {
    await this.#change(believed.vehicle, ({ last, dropped }, positions) => {
      positions.delete(rowsOf(believed.spool, 0, believed.acknowledged));
      return { ...believed, last, dropped: dropped + lost };
    });
  }

  async drop({ vehicle }: Book, seqs: readonly number[], lost: number): Promise<void> {
    await this.#change(vehicle, (book, positions) => {
      for (const seq of seqs) positions.delete([book.spool, seq]);
      return { ...book, dropped: book.dropped + lost };
    });
  }

  /** Moves what is held to a new spool, numbered from 1. */
  async renumber({ vehicle }: Book, spool: string): Promise<void> {
    await this.#change(vehicle, async (old, positions) => {
      const rows = await resultOf(positions.getAll(rowsOf(old.spool, 0, Infinity)) as IDBRequest<Row[]>);
      positions.delete(rowsOf(old.spool, 0, Infinity));
      for (const [index, { fix }] of rows.entries()) positions.add({ spool, seq: index + 1, fix });
      return { ...newBook(spool, vehicle), last: rows.length, dropped: old.dropped };
    });
  }

  /** Changes a vehicle's numbering and its rows in one transaction. */
  async #change(vehicle: string, work: (book: Book, positions: IDBObjectStore) => Book | Promise<Book>): Promise<void> {
    await this.#database.change(["books", "positions"], async (store) => {
      const { book } = await resultOf(store("books").get(this.#keyOf(vehicle)) as IDBRequest<StoredBook>);
      store("books").put(this.#stored(await work(book, store("positions"))));
    });
  }

  #keyOf(vehicle: string): string {
    return `${this.#who}/${vehicle}`;
  }

  #stored(book: Book): StoredBook {
    return { key: this.#keyOf(book.vehicle), who: this.#who, book };
  }
}
