import { expect, test } from "vitest";
import { backoff, batch, newBook, onAnswer, question, type Answer, type Book, type Envelope, type Row } from "../src/track/exchange";
import { clockOffset, fixOf, isInShift, isWorthKeeping } from "../src/track/policy";

const at = (time: number): { time: number; lat: number; lon: number } => ({ time, lat: 60, lon: 25 });
const rows = (...seqs: number[]): Row[] => seqs.map((seq) => ({ spool: "a", seq, fix: at(seq * 10) }));
const book = (changes: Partial<Book> = {}): Book => ({ ...newBook("a", "van"), last: 50, ...changes });
const mark = (seq: number, gap = false): Answer => ({ kind: "watermark", spool: "a", seq, gap, rejected: 0 });

function sent(held: Book, ...seqs: number[]): Envelope {
  const made = batch(held, rows(...seqs), 0);
  if (made === null) throw new Error("nothing to send");
  return made;
}

test("the first message is a question behind the watermark", () => {
  expect(question(book({ acknowledged: 7 }), 5)).toMatchObject({ after: 7, seq: 8, positions: [], source: "phone" });
});

test("a batch goes up to the first hole, and says what lies before it", () => {
  const made = sent(book({ acknowledged: 3, told: 3 }), 6, 7, 9);
  expect([made.after, made.seq, made.positions.length, made.oldest]).toEqual([3, 6, 2, undefined]);
});

test("what was acknowledged once and is gone is declared lost to a gateway that has forgotten it", () => {
  const restored = book({ acknowledged: 2, told: 9 });
  expect(sent(restored, 10, 11)).toMatchObject({ after: 2, seq: 10, oldest: true });
});

test("a watermark is believed: upwards from a batch, both ways from a question or a gap", () => {
  const held = book({ acknowledged: 10, told: 10 });
  expect(onAnswer(held, sent(held, 11, 12), mark(12))).toEqual({ kind: "settle", book: { ...held, acknowledged: 12, told: 12 }, lost: 0 });
  expect(onAnswer(held, sent(held, 11), mark(4))).toEqual({ kind: "later" });
  expect(onAnswer(held, sent(held, 11), mark(4, true))).toEqual({ kind: "settle", book: { ...held, acknowledged: 4 }, lost: 0 });
  expect(onAnswer(held, question(held, 0), mark(4))).toEqual({ kind: "settle", book: { ...held, acknowledged: 4 }, lost: 0 });
});

test("a watermark above all that was ever numbered means that others used these numbers", () => {
  expect(onAnswer(book(), question(book(), 0), mark(51))).toEqual({ kind: "new_spool" });
});

test("what the gateway could not read of a batch is lost, and counted", () => {
  const held = book();
  expect(onAnswer(held, sent(held, 1, 2, 3), { ...mark(3), rejected: 2 } as Answer)).toMatchObject({ kind: "settle", lost: 2 });
});

test("an answer for another spool settles nothing", () => {
  expect(onAnswer(book(), question(book(), 0), { ...mark(3), spool: "b" } as Answer)).toEqual({ kind: "later" });
});

test("what lies before the shift is dropped from the front, and what lies after goes with the next message", () => {
  const held = sent(book(), 1, 2, 3, 4);
  expect(onAnswer(book(), held, { kind: "off_shift", begin: 25, end: 99 })).toEqual({ kind: "drop", seqs: [1, 2], lost: 0 });
  expect(onAnswer(book(), held, { kind: "off_shift", begin: 5, end: 25 })).toEqual({ kind: "fewer", limit: 2 });
  expect(onAnswer(book(), held, { kind: "off_shift", begin: Infinity, end: -Infinity })).toEqual({ kind: "drop", seqs: [1, 2, 3, 4], lost: 4 });
});

test("a batch that is refused although all of it is in the shift is not sent for ever", () => {
  expect(onAnswer(book(), sent(book(), 1, 2), { kind: "off_shift", begin: 0, end: 99 })).toEqual({ kind: "drop", seqs: [1, 2], lost: 2 });
});

test("out of a shift a question has no answer, and the positions are tried without one", () => {
  expect(onAnswer(book(), question(book(), 0), { kind: "off_shift", begin: 0, end: 1 })).toEqual({ kind: "unasked" });
});

test("a batch that was quarantined whole is not sent again; no way there is tried later, no right is given up", () => {
  expect(onAnswer(book(), sent(book(), 1, 2), { kind: "quarantined" })).toEqual({ kind: "drop", seqs: [1, 2], lost: 2 });
  expect(onAnswer(book(), sent(book(), 1), { kind: "away" })).toEqual({ kind: "later" });
  expect(onAnswer(book(), sent(book(), 1), { kind: "refused" })).toEqual({ kind: "stop" });
});

test("waits grow, and end somewhere", () => {
  expect([backoff(0, 0), backoff(1, 0), backoff(20, 0), backoff(20, 1)]).toEqual([3_000, 6_000, 60_000, 75_000]);
});

test("a fix is kept each 5 s on the move, each 30 s at rest, and not if it is of no use", () => {
  const last = at(0);
  expect(isWorthKeeping(null, last)).toBe(true);
  expect(isWorthKeeping(last, { ...at(5_000), lat: 60.001 })).toBe(true);
  expect(isWorthKeeping(last, { ...at(4_000), lat: 60.001 })).toBe(false);
  expect(isWorthKeeping(last, at(29_000))).toBe(false);
  expect(isWorthKeeping(last, at(30_000))).toBe(true);
  expect(isWorthKeeping(null, { ...at(0), accuracy: 2_000 })).toBe(false);
});

test("a phone's fix is by the gateway's clock, rounded, and without what is unknown", () => {
  const coords = { latitude: 60.123456789, longitude: 25, accuracy: 8.04, altitude: null, speed: 3.456, heading: NaN };
  expect(fixOf(coords, 1_000.4, 60_000)).toEqual({ time: 61_000, lat: 60.1234568, lon: 25, accuracy: 8, speed: 3.46 });
});

test("a phone's clock that is off is corrected, one that is right to the way of the answer is left alone", () => {
  expect(clockOffset(7_200_000, 0, 200)).toBe(7_199_900);
  expect(clockOffset(600, 0, 200)).toBe(0);
});

test("nobody is followed outside of a shift", () => {
  const shift = { vehicle: "van", begin: 10, end: 20 };
  expect([isInShift(shift, 10), isInShift(shift, 20), isInShift(shift, 21), isInShift(undefined, 15)]).toEqual([true, true, false, false]);
});
