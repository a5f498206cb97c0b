import { describe, expect, it } from "vitest";
import { drawnPart, meets, type Box } from "../src/drawn-part";

const HELSINKI: Box = [24.93, 60.16, 24.96, 60.18];

describe("the drawn part", () => {
  it("is what the style says", () => {
    expect(drawnPart({ "milepost:bounds": HELSINKI })).toEqual(HELSINKI);
  });

  it.each([undefined, null, 1, {}, { "milepost:bounds": [1, 2, 3] }, { "milepost:bounds": [1, 2, 3, "4"] }])("is not known from %j", (metadata) => {
    expect(drawnPart(metadata)).toBeNull();
  });

  it("meets what overlaps it or touches it", () => {
    expect(meets(HELSINKI, [24.9, 60.1, 24.94, 60.17])).toBe(true);
    expect(meets(HELSINKI, [24.96, 60.18, 25, 61])).toBe(true);
    expect(meets(HELSINKI, [24.9, 60, 25, 61])).toBe(true);
  });

  it.each([
    [24.97, 60.16, 25, 60.18],
    [24.9, 60.16, 24.92, 60.18],
    [24.93, 60.19, 24.96, 60.2],
    [24.93, 60.1, 24.96, 60.15],
  ] as Box[])("does not meet %d %d %d %d", (...away) => {
    expect(meets(HELSINKI, away)).toBe(false);
  });
});
