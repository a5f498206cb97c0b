import { describe, expect, test } from "vitest";
import { circle } from "../src/circle";
import { readState } from "../src/state";

const VAN = { lat: 60.17, lon: 24.94, precision: "area", home_lat: 60.18, home_lon: 24.95 };
const STATE = { stage: "on_the_way", tone: "calm", step: 2, title: "10:00", texts: { headline: "10:00" } };

describe("an answer of the gateway", () => {
  test("is read, with what it leaves out", () => {
    const state = readState(STATE);
    expect(state).toMatchObject({ tone: "calm", step: 2, writable: false, calls: false, van: null });
  });

  test("has the van if there is one", () => {
    expect(readState({ ...STATE, van: VAN, writable: true })).toMatchObject({ van: VAN, writable: true });
  });

  test.each([
    ["nothing", null],
    ["text", "no"],
    ["a page", { error: { code: "busy" } }],
    ["texts that are none", { ...STATE, texts: { headline: 7 } }],
    ["no step", { ...STATE, step: "2" }],
  ])("that is %s is none", (_, answer) => {
    expect(readState(answer)).toBeNull();
  });

  test.each([
    ["no place", { ...VAN, lat: null }],
    ["another precision", { ...VAN, precision: "exact" }],
    ["text", "here"],
  ])("with a van that is %s shows none", (_, van) => {
    expect(readState({ ...STATE, van })?.van).toBeNull();
  });
});

test("the field around the van is a closed ring as wide as it is high", () => {
  const [ring = []] = circle(60, 24, 354).geometry.coordinates;
  expect(ring[0]).toEqual(ring.at(-1));
  const lats = ring.map(([, lat = 0]) => lat);
  expect((Math.max(...lats) - Math.min(...lats)) * 111_195).toBeCloseTo(708, 0);
  const lons = ring.map(([lon = 0]) => lon);
  expect((Math.max(...lons) - Math.min(...lons)) * 111_195 * Math.cos(Math.PI / 3)).toBeCloseTo(708, 0);
});
