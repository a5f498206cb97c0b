import { describe, expect, it } from "vitest";
import { axisOf, isOnAxis, percentOf, ticksOf } from "../../src/round/axis";
import { eta, MINUTE, stop, TEN } from "../routes-made";

const QUARTER = 15 * MINUTE;

describe("the axis of the stops in sight", () => {
  it("spans all that happened or is expected, in whole quarters of an hour", () => {
    const axis = axisOf([stop(1), stop(30, { eta: eta(340, 10) })]);
    expect(axis).not.toBeNull();
    expect(axis?.from).toBeLessThanOrEqual(TEN + 5 * MINUTE);
    expect(axis?.to).toBeGreaterThanOrEqual(TEN + 355 * MINUTE);
    expect([axis?.from, axis?.to].map((time) => (time ?? 1) % QUARTER)).toEqual([0, 0]);
  });

  it("never blows a few minutes up", () => {
    const axis = axisOf([stop(1)]);
    expect((axis?.to ?? 0) - (axis?.from ?? 0)).toBe(90 * MINUTE);
  });

  it("reaches to the promise that is broken, not to one that is kept", () => {
    const window = { window_start: TEN - 300 * MINUTE, window_end: TEN - 200 * MINUTE };
    expect(axisOf([stop(1, { ...window, lateness_ms: MINUTE })])?.from).toBeLessThanOrEqual(TEN - 205 * MINUTE);
    expect(axisOf([stop(1, { ...window, lateness_ms: -MINUTE })])?.from).toBeGreaterThan(TEN - 200 * MINUTE);
  });

  it("is none without stops", () => {
    expect(axisOf([])).toBeNull();
  });

  it("has a few ticks at whole steps", () => {
    expect(ticksOf({ from: TEN, to: TEN + 90 * MINUTE }, 4)).toEqual([0, 30, 60, 90].map((minutes) => TEN + minutes * MINUTE));
    expect(ticksOf({ from: TEN, to: TEN + 480 * MINUTE }, 4)).toHaveLength(5);
  });

  it("keeps what lies beyond at its ends", () => {
    const axis = { from: TEN, to: TEN + 100 * MINUTE };
    expect([-10, 0, 25, 100, 140].map((minutes) => percentOf(axis, TEN + minutes * MINUTE))).toEqual([0, 0, 25, 100, 100]);
    expect(isOnAxis(axis, TEN - 2 * MINUTE, TEN - MINUTE)).toBe(false);
    expect(isOnAxis(axis, TEN - 2 * MINUTE, TEN)).toBe(true);
  });
});
