import { describe, expect, it } from "vitest";
import { GAP_M, GAP_MS, trackSegments, trackStart } from "../../src/map/segments";
import { speedStep } from "../../src/map/speeds";
import { point } from "../fleet";

describe("a track's lines", () => {
  const shape = (points: Parameters<typeof trackSegments>[0]): [number, boolean, number][] =>
    trackSegments(points).features.map(({ properties, geometry }) => [
      properties.step, properties.gap, geometry.coordinates.length,
    ]);

  it("join neighbours of one colour and meet where the colour changes", () => {
    const points = [point(0, 0, 1), point(10, 20, 1), point(20, 40, 2), point(30, 140, 10), point(40, 240, 10)];
    expect(shape(points)).toEqual([[0, false, 3], [2, false, 3]]);
    const [slow, fast] = trackSegments(points).features;
    expect(slow?.geometry.coordinates.at(-1)).toEqual(fast?.geometry.coordinates[0]);
  });

  it("leave open what is not known: too long, or too far", () => {
    expect(shape([point(0, 0, 5), point(GAP_MS / 1_000 + 1, 50, 5)])).toEqual([[1, true, 2]]);
    expect(shape([point(0, 0, 5), point(60, GAP_M + 10, 5)])).toEqual([[1, true, 2]]);
    expect(shape([point(0, 0, 5), point(GAP_MS / 1_000 - 1, GAP_M - 10, 5)])).toEqual([[1, false, 2]]);
  });

  it("need two points", () => {
    expect(shape([])).toEqual([]);
    expect(shape([point(0, 0, 5)])).toEqual([]);
  });

  it("start with a marker", () => {
    expect(trackStart([], "Start").features).toEqual([]);
    expect(trackStart([point(0, 0), point(1, 9)], "Start").features[0]?.geometry.coordinates).toEqual([24.94, 60]);
  });
});

it.each([[undefined, -1], [0, 0], [2.7, 0], [2.8, 1], [8.4, 2], [14, 3], [22.3, 4], [60, 4]])(
  "%s m/s is in step %i",
  (speed, step) => {
    expect(speedStep(speed)).toBe(step);
  },
);
