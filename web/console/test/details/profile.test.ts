import { describe, expect, it } from "vitest";
import { nearest, speedProfile } from "../../src/details/profile";
import { GAP_MS } from "../../src/map/segments";
import { point } from "../fleet";

const HOUR = 3_600_000;

describe("the speed's chart", () => {
  it("reaches from the first hour to now, and up to the highest speed", () => {
    const { runs, topSpeed } = speedProfile([point(0, 0, 10), point(60, 100, 20)], 0, 120_000);
    expect(topSpeed).toBe(20);
    expect(runs[0]?.map(({ x, y }) => [x, y])).toEqual([[0, 0.5], [0.5, 1]]);
  });

  it("does not make a race of a crawl", () => {
    const { runs } = speedProfile([point(0, 0, 1)], 0, HOUR);
    expect(runs[0]?.[0]?.y).toBeCloseTo(0.18, 2);
  });

  it("breaks where nothing is known", () => {
    const later = GAP_MS / 1_000 + 1;
    expect(speedProfile([point(0, 0, 5), point(later, 10, 5)], 0, HOUR).runs).toHaveLength(2);
  });

  it("keeps the peak of a long track, in few points", () => {
    const points = Array.from({ length: 20_000 }, (_, second) => point(second, 0, second === 11_111 ? 40 : 5));
    const { runs } = speedProfile(points, 0, 20_000_000);
    const drawn = runs.flat();
    expect(drawn.length).toBeLessThanOrEqual(301);
    expect(drawn.filter(({ y }) => y === 1).map(({ point: peak }) => peak.time)).toEqual([11_111_000]);
  });

  it("has no top where no speed is known", () => {
    expect(speedProfile([point(0, 0)], 0, HOUR)).toEqual({ runs: [], topSpeed: undefined });
  });

  it("finds the point under the pointer", () => {
    const profile = speedProfile([point(0, 0, 10), point(60, 100, 20)], 0, 120_000);
    expect(nearest(profile, 0.4)?.point.time).toBe(60_000);
    expect(nearest({ runs: [], topSpeed: undefined }, 0.4)).toBeNull();
  });
});
