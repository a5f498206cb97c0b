import { expect, it } from "vitest";
import { factsOf } from "../../src/details/facts";
import { vehicle } from "../fleet";

it("says only what is known", () => {
  expect(factsOf(vehicle("van-1", { time: 1_000 }), 4_000)).toEqual({
    place: "60.17000, 24.94000",
    time: expect.stringMatching(/, 3 s ago$/) as string,
  });
});

it("does not take 0, or offline, for unknown", () => {
  const facts = factsOf(vehicle("van-1", { speed: 0, course: 0, odometer_m: 0, online: false, spool_depth: 0, sats: 0 }), 4_000);
  expect(facts).toMatchObject({
    speed: "0 km/h", heading: "0° N", odometer: "0.0 m", link: "Offline", spool: "0 positions", satellites: "0",
  });
});

it("says since when", () => {
  expect(factsOf(vehicle("van-1", { since: 0 }), 125_000).since).toMatch(/^2 min, since /);
});
