import { expect, it } from "vitest";
import { boundsOf, distance } from "../src/geo";

it("measures along the sphere", () => {
  expect(distance({ lat: 0, lon: 0 }, { lat: 0, lon: 1 })).toBeCloseTo(111_195, -1);
  expect(distance({ lat: 60, lon: 24 }, { lat: 60, lon: 25 })).toBeCloseTo(55_597, -2);
  expect(distance({ lat: 0, lon: 0 }, { lat: 0, lon: 180 })).toBeCloseTo(20_015_115, -2);
});

it("finds the box around places", () => {
  expect(boundsOf([])).toBeNull();
  expect(boundsOf([{ lat: 60, lon: 24 }])).toEqual([24, 60, 24, 60]);
  expect(boundsOf([{ lat: 60, lon: 24 }, { lat: -3, lon: 30 }, { lat: 5, lon: -7 }])).toEqual([-7, -3, 30, 60]);
});
