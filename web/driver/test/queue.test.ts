import { expect, test } from "vitest";
import { forgettable, MAX_BATCH, nextDue, proofToSend, settled, tapsToSend, undoable, UNDO_MS } from "../src/queue/queue";
import { day, proof, route, stop, tap } from "./made";

test("taps are sent in the order in which they were said, whatever order the store gives", () => {
  expect(tapsToSend([tap(3), tap(1), tap(2)], 10).map(({ id }) => id)).toEqual(["t1", "t2", "t3"]);
});

test("a tap waits until it cannot be undone, and none behind it overtakes it", () => {
  const items = [tap(1), tap(2, { due: 500 }), tap(3, { due: 100 })];
  expect(tapsToSend(items, 200).map(({ id }) => id)).toEqual(["t1"]);
  expect(tapsToSend(items, 500).map(({ id }) => id)).toEqual(["t1", "t2", "t3"]);
});

test("a clock that was put back holds nothing up: what is due later than an undo takes is sent", () => {
  const hours = 3 * 3_600_000;
  const items = [tap(1, { due: hours + UNDO_MS }), tap(2, { due: UNDO_MS }), proof(3, { due: hours })];
  expect(tapsToSend(items, 0).map(({ id }) => id)).toEqual(["t1"]);
  expect([nextDue(items, 0), undoable(items, 0)?.id, proofToSend(items, 0)?.id]).toEqual([0, "t2", "p3"]);
});

test("a batch is what the gateway takes", () => {
  const items = Array.from({ length: MAX_BATCH + 50 }, (_, n) => tap(n));
  expect(tapsToSend(items, 1_000)).toHaveLength(MAX_BATCH);
});

test("a photo holds up no tap, and goes by itself", () => {
  const items = [proof(1), tap(2)];
  expect(tapsToSend(items, 10).map(({ id }) => id)).toEqual(["t2"]);
  expect(proofToSend(items, 10)?.id).toBe("p1");
});

test("the newest tap that is not due yet can be undone", () => {
  const items = [tap(1, { due: UNDO_MS }), tap(2, { due: UNDO_MS + 5 })];
  expect(undoable(items, UNDO_MS)?.id).toBe("t2");
  expect(undoable(items, UNDO_MS + 5)).toBeNull();
});

test("what waits says when it is due; what is settled does not", () => {
  expect(nextDue([tap(1, { state: "taken" }), tap(2, { due: 70 }), tap(3, { due: 90 })], 50)).toBe(70);
  expect(nextDue([tap(1, { state: "refused" })], 50)).toBeNull();
});

test("an answer settles what it names: taken, or refused with its name; the rest waits on", () => {
  const answered = settled([tap(1), tap(2), tap(3)], new Map([["t1", "taken"], ["t2", "not_yours"]]), 99);
  expect(answered.map(({ id, state, refusal }) => [id, state, refusal])).toEqual([["t1", "taken", undefined], ["t2", "refused", "not_yours"]]);
});

test("a taken proof gives its bytes back, a refused one keeps them", () => {
  const content = new Blob(["x"]);
  const [taken, refused] = settled([proof(1, { content }), proof(2, { content })], new Map([["p1", "taken"], ["p2", "too_many"]]), 9);
  expect([taken, refused].map((item) => (item?.kind === "proof" ? item.content : undefined))).toEqual([null, content]);
});

test("a taken tap is shown until the day says the same", () => {
  const items = [tap(1, { state: "taken", settled: 100 }), tap(2)];
  expect(forgettable(items, day([route([stop(1), stop(2)])]), 200)).toEqual([]);
  expect(forgettable(items, day([route([stop(1, { outcome: "succeeded" }), stop(2)])]), 200).map(({ id }) => id)).toEqual(["t1"]);
});

test("a tap that the day never says is not shown for ever, one that waits is kept for ever", () => {
  const items = [tap(1, { state: "taken", settled: 100 }), tap(2)];
  expect(forgettable(items, day([route([stop(1), stop(2)])]), 100_000).map(({ id }) => id)).toEqual(["t1"]);
});

test("a word that was taken back is not shown again while the day has said neither", () => {
  const items = [tap(1, { state: "taken", settled: 100 }), tap(2, { stop: "s1", said: "undone", state: "taken", settled: 110 })];
  expect(forgettable(items, day([route([stop(1)])]), 200).map(({ id }) => id)).toEqual(["t1", "t2"]);
  expect(forgettable(items, day([route([stop(1, { outcome: "succeeded" })])]), 200).map(({ id }) => id)).toEqual(["t1"]);
});
