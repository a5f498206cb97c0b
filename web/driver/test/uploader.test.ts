import { expect, test } from "vitest";
import type { Api } from "../src/api";
import type { Spool } from "../src/store/spool";
import { newBook, type Answer, type Book, type Envelope, type Row } from "../src/track/exchange";
import { Uploader } from "../src/track/uploader";

/** A gateway that keeps a watermark as the real one does, and answers what it is told to first. */
class Gateway {
  readonly asked: Envelope[] = [];
  readonly kept = new Set<number>();
  mark = 0;

  constructor(readonly first: Answer[] = []) {}

  positions(envelope: Envelope): Promise<Answer> {
    this.asked.push(envelope);
    return Promise.resolve(this.first.shift() ?? this.#take(envelope));
  }

  #take({ spool, after, seq, positions, oldest }: Envelope): Answer {
    if (positions.length > 0 && after > this.mark && oldest !== true) return { kind: "watermark", spool, seq: this.mark, gap: true, rejected: 0 };
    positions.forEach((_, index) => this.kept.add(seq + index));
    if (positions.length > 0) this.mark = Math.max(this.mark, seq + positions.length - 1);
    return { kind: "watermark", spool, seq: this.mark, gap: false, rejected: 0 };
  }
}

/** A spool in memory with the rows 1 to `last`. */
class Rows {
  held: Row[];
  kept: Book;

  constructor(last: number) {
    this.kept = { ...newBook("a", "van"), last };
    this.held = Array.from({ length: last }, (_, index) => ({ spool: "a", seq: index + 1, fix: { time: index + 1, lat: 60, lon: 25 } }));
  }

  books(): Promise<Book[]> { return Promise.resolve([this.kept]); }
  book(): Promise<Book> { return Promise.resolve(this.kept); }
  rows(book: Book, limit: number): Promise<Row[]> { return Promise.resolve(this.held.filter(({ seq }) => seq > book.acknowledged).slice(0, limit)); }
  settle(book: Book): Promise<void> { this.kept = book; this.held = this.held.filter(({ seq }) => seq > book.acknowledged); return Promise.resolve(); }
  drop(_: Book, seqs: readonly number[]): Promise<void> { this.held = this.held.filter(({ seq }) => !seqs.includes(seq)); return Promise.resolve(); }
  renumber(_: Book, spool: string): Promise<void> {
    this.held = this.held.map(({ fix }, index) => ({ spool, seq: index + 1, fix }));
    this.kept = { ...newBook(spool, "van"), last: this.held.length };
    return Promise.resolve();
  }
}

function uploaderOf(gateway: Gateway, rows: Rows): Uploader {
  return new Uploader(gateway as unknown as Api, rows as unknown as Spool, () => "b");
}

test("a day without a network goes out in large batches after one question", async () => {
  const [gateway, rows] = [new Gateway(), new Rows(600)];
  expect(await uploaderOf(gateway, rows).upload()).toBe("empty");
  expect(gateway.asked.map(({ positions }) => positions.length)).toEqual([0, 250, 250, 100]);
  expect([gateway.kept.size, rows.held.length]).toEqual([600, 0]);
});

test("a gateway that was restored from a backup is told what is lost, and goes on", async () => {
  const [gateway, rows] = [new Gateway(), new Rows(10)];
  const uploader = uploaderOf(gateway, rows);
  await uploader.upload();
  gateway.mark = 4;
  rows.held = [{ spool: "a", seq: 11, fix: { time: 11, lat: 60, lon: 25 } }];
  rows.kept = { ...rows.kept, last: 11 };
  expect(await uploader.upload()).toBe("empty");
  expect(gateway.asked.slice(-2).map(({ after, oldest }) => [after, oldest])).toEqual([[10, undefined], [4, true]]);
  expect(gateway.mark).toBe(11);
});

test("a message over two shifts is sent in two, and what is in none is dropped", async () => {
  const shifts = [{ begin: 3, end: 4 }, { begin: 6, end: 7 }];
  const [gateway, rows] = [new Gateway(), new Rows(8)];
  const take = gateway.positions.bind(gateway);
  gateway.positions = (envelope: Envelope): Promise<Answer> => {
    const times = envelope.positions.map(({ time }) => time);
    const first = shifts.find(({ end }) => (times[0] ?? 0) < end) ?? { begin: 6, end: 7 };
    const within = shifts.some(({ begin, end }) => times.every((time) => time >= begin && time <= end));
    return within ? take(envelope) : Promise.resolve({ kind: "off_shift", ...first });
  };
  expect(await uploaderOf(gateway, rows).upload()).toBe("empty");
  expect([...gateway.kept]).toEqual([3, 4, 6, 7]);
});

test("numbers that others used are not used again: what is held gets a new spool", async () => {
  const gateway = new Gateway();
  gateway.mark = 99;
  const rows = new Rows(3);
  const uploading = uploaderOf(gateway, rows);
  const answer = gateway.positions.bind(gateway);
  gateway.positions = (envelope: Envelope): Promise<Answer> => { if (envelope.spool === "b" && gateway.mark === 99) gateway.mark = 0; return answer(envelope); };
  expect(await uploading.upload()).toBe("empty");
  expect([rows.kept.spool, [...gateway.kept]]).toEqual(["b", [1, 2, 3]]);
});

test("a vehicle whose positions have to wait holds up no other, and the newest are sent first", async () => {
  const books = ["old", "today", "none"].map((vehicle) => ({ ...newBook(vehicle, vehicle), last: vehicle === "none" ? 0 : 1 }));
  const times: Record<string, number> = { old: 1, today: 9 };
  const asked: string[] = [];
  const spool = {
    books: () => Promise.resolve(books),
    book: (name: string) => Promise.resolve(books.find(({ vehicle }) => vehicle === name)),
    rows: ({ spool: name, acknowledged }: Book) => Promise.resolve(name === "none" || acknowledged > 0 ? [] : [{ spool: name, seq: 1, fix: { time: times[name], lat: 60, lon: 25 } }]),
    settle: (book: Book) => { books.splice(books.findIndex(({ vehicle }) => vehicle === book.vehicle), 1, book); return Promise.resolve(); },
  };
  const answer = ({ spool: name, positions }: Envelope): Answer => name === "old" ? { kind: "away" } : { kind: "watermark", spool: name, seq: positions.length, gap: false, rejected: 0 };
  const api = { positions: (envelope: Envelope) => { asked.push(envelope.spool); return Promise.resolve(answer(envelope)); } };
  const uploader = new Uploader(api as unknown as Api, spool as unknown as Spool, () => "b");
  expect(await uploader.upload()).toBe("away");
  expect(asked).toEqual(["today", "today", "old"]);
  api.positions = (envelope) => { asked.push(envelope.spool); return Promise.resolve({ kind: "refused" }); };
  books.splice(0, books.length, { ...newBook("old", "old"), last: 1 }, { ...newBook("today", "today"), last: 1 });
  expect(await uploader.upload()).toBe("stopped");
  expect(asked.slice(3)).toEqual(["today"]);
});

test("without a network all is kept; without the right to send, too", async () => {
  const rows = new Rows(3);
  expect(await uploaderOf(new Gateway([{ kind: "away" }]), rows).upload()).toBe("away");
  expect(await uploaderOf(new Gateway([{ kind: "refused" }]), rows).upload()).toBe("stopped");
  expect(rows.held).toHaveLength(3);
});

test("a question that the gateway cannot read is asked again later, and costs no position", async () => {
  const [gateway, rows] = [new Gateway([{ kind: "quarantined" }]), new Rows(3)];
  const uploader = uploaderOf(gateway, rows);
  expect(await uploader.upload()).toBe("away");
  expect([gateway.asked.length, rows.held.length]).toEqual([1, 3]);
  expect(await uploader.upload()).toBe("empty");
});

test.each<[string, (sent: Envelope) => Answer]>([
  ["says that there is a gap whatever it is sent", ({ spool }) => ({ kind: "watermark", spool, seq: 0, gap: true, rejected: 0 })],
  ["claims to have what was never sent", ({ spool }) => ({ kind: "watermark", spool, seq: 99, gap: false, rejected: 0 })],
])("a gateway that %s is not asked without end", async (_, answer) => {
  const [gateway, rows] = [new Gateway(), new Rows(3)];
  gateway.positions = (envelope: Envelope): Promise<Answer> => { gateway.asked.push(envelope); return Promise.resolve(answer(envelope)); };
  expect(await uploaderOf(gateway, rows).upload()).toBe("away");
  expect(gateway.asked.length).toBeLessThan(10);
  expect(rows.held).toHaveLength(3);
});
