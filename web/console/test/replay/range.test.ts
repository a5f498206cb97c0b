import { describe, expect, it } from "vitest";
import { clamp, rangeOf } from "../../src/replay/range";
import { MINUTE, route, TEN } from "../routes-made";

const NOW = TEN + 300 * MINUTE + 20_000;

describe("the times to look back at", () => {
  it("are the selected route's, up to now", () => {
    const late = route("R-1", { started: TEN + 10 * MINUTE });
    expect(rangeOf(late, [], NOW)).toEqual({ from: TEN - 15 * MINUTE, to: TEN + 300 * MINUTE });
  });

  it("end soon after the route did", () => {
    expect(rangeOf(route("R-1", { finished: TEN + 60 * MINUTE }), [], NOW).to).toBe(TEN + 75 * MINUTE);
  });

  it("are the day's without one, from the earliest start", () => {
    const day = [route("R-1"), route("R-2", { start: TEN - 60 * MINUTE, started: TEN })];
    expect(rangeOf(null, day, NOW).from).toBe(TEN - 75 * MINUTE);
  });

  it("are never none, for a route that starts later", () => {
    const { from, to } = rangeOf(route("R-1", { start: NOW + 60 * MINUTE }), [], NOW);
    expect(to - from).toBeGreaterThanOrEqual(MINUTE);
  });

  it("hold what is asked for", () => {
    expect([0, 5, 20].map((time) => clamp(time, { from: 2, to: 9 }))).toEqual([2, 5, 9]);
  });
});
