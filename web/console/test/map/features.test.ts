import { describe, expect, it } from "vitest";
import { keyOf, STATES, type Vehicle } from "../../src/api/model";
import { vehicleFeatures } from "../../src/map/features";
import { iconVariants } from "../../src/map/icon-name";
import { vehicle } from "../fleet";

const LIVE = { now: 4_000, selected: null, stale: false, grades: new Map(), quiet: "none" } as const;
const keyed = (...vehicles: Vehicle[]): Map<string, Vehicle> => new Map(vehicles.map((each) => [keyOf(each), each]));

describe("a vehicle on the map", () => {
  it("says its name, speed and age, and turns to its heading", () => {
    const [feature] = vehicleFeatures(keyed(vehicle("van-1", { speed: 10, course: 90 })), LIVE).features;
    expect(feature?.geometry.coordinates).toEqual([24.94, 60.17]);
    expect(feature?.properties).toMatchObject({
      key: "main/van-1", name: "van-1", detail: "36 km/h · 3 s", icon: "vehicle-moving-heading", course: 90, roomy: true,
    });
  });

  it("lies above the others when it is selected, and they step back", () => {
    const fleet = keyed(...STATES.map((state) => vehicle(state, { state })));
    const { features } = vehicleFeatures(fleet, { ...LIVE, selected: "main/silent" });
    const drawn = features.map(({ properties }) => [properties.name, properties.rank, properties.opacity]);
    expect(drawn).toEqual([["moving", 2, 0.5], ["stopped", 1, 0.5], ["silent", 9, 1]]);
  });

  it("is grey while the stream is down", () => {
    const [feature] = vehicleFeatures(keyed(vehicle("van-1")), { ...LIVE, stale: true }).features;
    expect(feature?.properties.icon).toBe("vehicle-moving-stale");
  });

  it("always has an image", () => {
    const images = iconVariants().map(({ name }) => name);
    expect(new Set(images).size).toBe(42);
    const fleet = keyed(...STATES.flatMap((state) => [vehicle(state, { state }), vehicle(`${state}-h`, { state, course: 1 })]));
    for (const stale of [false, true]) {
      for (const { properties } of vehicleFeatures(fleet, { ...LIVE, stale }).features) expect(images).toContain(properties.icon);
    }
  });
});
