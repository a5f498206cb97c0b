import { describe, expect, it } from "vitest";
import { decodeOutbox, decodeReplay, isStuck, worstOf } from "../../src/outbox/model";

const LETTER = { id: "1", endpoint: "webhook/erp", lane: "main/R-1", seq: 1, kind: "stop.arrived", state: "dead", time: 5, made: 5, attempts: 9, detail: "500" };
const WELL = { name: "webhook/erp", health: "well", waiting: 0 };

const answer = (letters: unknown[], endpoints: unknown[] = [WELL], dead = 0): unknown => ({ counts: { dead, delivered: 99 }, endpoints, letters });

describe("an outbox", () => {
  it("in which all goes well is empty, also while letters are being sent", () => {
    const underWay = { ...LETTER, state: "open", attempts: 0, detail: "" };
    const outbox = decodeOutbox(answer([]), answer([underWay]));
    expect(outbox).toEqual({ receivers: [], letters: [], dead: 0 });
    expect(worstOf(outbox)).toEqual({ kind: "none" });
  });

  it("tells of given-up letters, also of those that are not listed", () => {
    const outbox = decodeOutbox(answer([LETTER], [WELL], 700), answer([]));
    expect(outbox.receivers).toEqual([{ ...WELL, detail: "" }]);
    expect(worstOf(outbox)).toEqual({ kind: "dead", count: 700 });
  });

  it("is loudest about receivers that are switched off, and names them first", () => {
    const off = { name: "webhook/old", health: "disabled", waiting: 0, disabled: 7, detail: "410" };
    const failing = { name: "webhook/a", health: "failing", waiting: 3, failing_since: 6 };
    const outbox = decodeOutbox(answer([LETTER], [WELL, failing, off], 1), answer([], [WELL, failing, off]));
    expect(outbox.receivers.map(({ name }) => name)).toEqual(["webhook/old", "webhook/a", "webhook/erp"]);
    expect(worstOf(outbox)).toEqual({ kind: "off", count: 1 });
  });

  it("counts what waits, tried in vain or held back", () => {
    const held = { ...LETTER, id: "2", endpoint: "customers", state: "open", attempts: 0, detail: "quiet hours" };
    const retried = { ...LETTER, id: "3", state: "open", attempts: 2, detail: "" };
    const outbox = decodeOutbox(answer([]), answer([held, retried], []));
    expect(outbox.receivers.map(({ name }) => name)).toEqual(["customers", "webhook/erp"]);
    expect(worstOf(outbox)).toEqual({ kind: "waiting", count: 2 });
    expect([held, retried].every((letter) => isStuck({ ...letter, state: "open" }))).toBe(true);
  });

  it("leaves out what has arrived or makes no sense", () => {
    const odd = [{ ...LETTER, state: "delivered" }, { ...LETTER, time: "noon" }, null];
    expect(decodeOutbox(answer(odd), null)).toEqual({ receivers: [], letters: [], dead: 0 });
  });
});

it("tells of a replay how many are not sent again, by reason", () => {
  expect(decodeReplay({ replayed: 3, refused: { a: "full", b: "full", c: "unknown" } })).toEqual({ replayed: 3, refused: { full: 2, unknown: 1 } });
  expect(decodeReplay(null)).toEqual({ replayed: 0, refused: {} });
});
