import { describe, expect, it } from "vitest";
import { isNoted, lossesOf } from "../../src/round/losses";
import { countStops, passesFilter } from "../../src/round/select";
import { MINUTE, route, servedStop, stop, TEN } from "../routes-made";

const minutes = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / MINUTE);

describe("where a delay was made", () => {
  const stops = [servedStop(1, 0), servedStop(2, 6), servedStop(3, 6, 5), stop(4)];
  const losses = lossesOf(route("R-1"), stops);

  it("is on the way, or at the stop", () => {
    expect([1, 2, 3].map((number) => minutes(losses.get(`s${number}`)?.way_ms))).toEqual([0, 6, 0]);
    expect([1, 2, 3].map((number) => minutes(losses.get(`s${number}`)?.stay_ms))).toEqual([0, 0, 4]);
    expect(losses.has("s4")).toBe(false);
  });

  it("lists the stops that made it", () => {
    expect(stops.filter((each) => passesFilter(each, "delay", losses)).map(({ sequence }) => sequence)).toEqual([2, 3]);
    expect(countStops(stops, losses)).toMatchObject({ completed: 3, pending: 1, delay: 2 });
  });

  it("begins with a late start", () => {
    const late = lossesOf(route("R-1", { started: TEN + 20 * MINUTE }), [servedStop(1, 20)]);
    expect(minutes(late.get("s1")?.way_ms)).toBe(0);
  });

  it("is not told for a way that the plan does not know", () => {
    const swapped = lossesOf(route("R-1"), [servedStop(1, 15), servedStop(2, 0)]);
    expect(swapped.get("s2")?.way_ms).toBeUndefined();
    expect(swapped.get("s1")?.way_ms).toBeUndefined();
  });

  it("is not made by less than a minute", () => {
    expect(isNoted({ way_ms: 59_000, stay_ms: 59_000 })).toBe(false);
    expect(isNoted({ way_ms: undefined, stay_ms: MINUTE })).toBe(true);
    expect(isNoted(undefined)).toBe(false);
  });
});
