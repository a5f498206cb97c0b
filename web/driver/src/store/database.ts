/** The phone's store: all that has to outlive a closed page, a dead battery and a day without a network. */
import type { Day } from "../day/model";
import type { Seen } from "../day/changes";
import type { Item } from "../queue/items";
import type { Book, Row } from "../track/exchange";

const NAME = "milepost-driver";
const VERSION = 1;

export interface StoredDay {
  readonly token: string;
  readonly day: Day;
  readonly etag: string | null;
  /** How far the gateway's clock was ahead of the phone's. */
  readonly offset: number;
  readonly fetched: number;
}

/** A numbering; `key` names who drove which vehicle. */
export interface StoredBook {
  readonly key: string;
  readonly who: string;
  readonly book: Book;
}

interface Tables {
  readonly days: StoredDay;
  readonly outbox: Item;
  readonly seen: { readonly who: string; readonly seen: Seen };
  readonly books: StoredBook;
  readonly positions: Row;
  readonly settings: { readonly name: string; readonly value: unknown };
}

export type Table = keyof Tables;

function create(database: IDBDatabase): void {
  database.createObjectStore("days", { keyPath: "token" });
  database.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
  database.createObjectStore("seen", { keyPath: "who" });
  database.createObjectStore("books", { keyPath: "key" });
  database.createObjectStore("positions", { keyPath: ["spool", "seq"] });
  database.createObjectStore("settings", { keyPath: "name" });
}

/** A request's result as a promise. */
export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = (): void => { resolve(request.result); };
    request.onerror = (): void => { reject(request.error ?? new Error("the phone's store failed")); };
  });
}

/** Nothing of a change that failed half-way stays. */
function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // it has ended already
  }
}

export class Database {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static async open(): Promise<Database> {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = (): void => { create(request.result); };
    const database = await resultOf(request);
    database.onversionchange = (): void => { database.close(); };
    return new Database(database);
  }

  async get<T extends Table>(table: T, key: IDBValidKey): Promise<Tables[T] | null> {
    const found = await resultOf(this.#database.transaction(table).objectStore(table).get(key) as IDBRequest<Tables[T] | undefined>);
    return found ?? null;
  }

  async all<T extends Table>(table: T, range?: IDBKeyRange, limit?: number): Promise<Tables[T][]> {
    return resultOf(this.#database.transaction(table).objectStore(table).getAll(range, limit) as IDBRequest<Tables[T][]>);
  }

  async count(table: Table, range: IDBKeyRange): Promise<number> {
    return resultOf(this.#database.transaction(table).objectStore(table).count(range));
  }

  async put<T extends Table>(table: T, ...values: readonly Tables[T][]): Promise<void> {
    await this.change([table], (store) => { for (const value of values) store(table).put(value); });
  }

  async delete(table: Table, ...keys: readonly (IDBValidKey | IDBKeyRange)[]): Promise<void> {
    await this.change([table], (store) => { for (const key of keys) store(table).delete(key); });
  }

  /** One transaction, on the disk before this returns; what `work` returns must rest on requests of its stores alone. */
  async change<T>(tables: readonly Table[], work: (store: (table: Table) => IDBObjectStore) => T | Promise<T>): Promise<T> {
    const transaction = this.#database.transaction(tables, "readwrite", { durability: "strict" });
    const finished = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = (): void => { resolve(); };
      transaction.onabort = (): void => { reject(transaction.error ?? new Error("the phone's store is full or failed")); };
    });
    try {
      const [result] = await Promise.all([work((table) => transaction.objectStore(table)), finished]);
      return result;
    } catch (error) {
      abort(transaction);
      throw error;
    }
  }
}
