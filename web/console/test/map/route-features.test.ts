import { describe, expect, it } from "vitest";
import { encodeLine } from "../../../dev/route-plan";
import { drivenUntil, markFeatures, pastVehicles, planFeatures, stopFeatures } from "../../src/map/route-features";
import { stopVariants } from "../../src/map/stop-icon-name";
import { point } from "../fleet";
import { detail, route, servedStop, stop, TEN } from "../routes-made";

describe("stops on the map", () => {
  it("give their numbers to what matters first", () => {
    const stops = [servedStop(1, 0), stop(2, { label: "on_track" }), stop(3, { timeliness: "late" }), stop(4), stop(7, { label: "incident" })];
    const ranked = stopFeatures(stops, "s4").features.map(({ properties }) => properties).sort((a, b) => a.rank - b.rank);
    expect(ranked.map(({ numbers }) => numbers)).toEqual(["4", "2", "7", "3", "1"]);
  });

  it("at one address are one mark, with the worst of their labels", () => {
    const there = { lat: 60.1, lon: 24.9 };
    const { features } = stopFeatures([servedStop(1, 0), stop(8, there), stop(9, { ...there, label: "incident" })], "s9");
    expect(features.map(({ properties }) => properties.numbers)).toEqual(["1", "8+"]);
    expect(features[1]?.properties).toMatchObject({ label: "incident", stops: "s8\ns9", selected: true });
  });

  it("mark lateness only where it can still be changed", () => {
    const { features } = stopFeatures([{ ...servedStop(1, 9), timeliness: "late" }, stop(2, { timeliness: "at_risk" })], null);
    expect(features.map(({ properties }) => properties.badge)).toEqual(["stop-badge-completed", "stop-badge-pending-at_risk"]);
  });

  it("always have an image", () => {
    const names = new Set(stopVariants().map(({ name }) => name));
    expect(names.size).toBe(24);
    const { features } = stopFeatures([stop(1, { label: "on_track", timeliness: "late" })], null);
    for (const { properties } of features) expect([names.has(properties.dot), names.has(properties.badge)]).toEqual([true, true]);
  });
});

describe("the planned line", () => {
  const geometry = encodeLine([[24.9, 60.1], [24.91, 60.11]]);
  const straight = (change: Parameters<typeof detail>[1]): unknown =>
    planFeatures(detail([stop(1), stop(2)], change)).features.map(({ properties, geometry: { coordinates } }) => [properties.straight, coordinates.length]);

  it("runs along roads where it is known to", () => {
    expect(straight({ geometry })).toEqual([[false, 2]]);
  });

  it("is straight, and drawn as such, where nobody knows the way", () => {
    expect(straight({ geometry, leg_source: "crow_flies", depot_lat: 60.1, depot_lon: 24.9 })).toEqual([[true, 3]]);
    expect(straight({ geometry: "\u0001" })).toEqual([[true, 2]]);
  });
});

it("draws no more of the way than was known then", () => {
  const points = [point(0, 0), point(60, 300), point(120, 600)];
  expect(drivenUntil(points, 60_000)).toHaveLength(2);
  expect(drivenUntil(points, null)).toHaveLength(3);
});

it("marks deviations that have a place, and the depot", () => {
  const episodes = [{ kind: "off_route", begin: 1, lat: 60, lon: 24 }, { kind: "late_start", begin: 1 }, { kind: "unplanned_stop", begin: 1, end: 2, lat: 60, lon: 24 }] as const;
  const kinds = markFeatures(detail([], { episodes, depot_lat: 60, depot_lon: 24 })).features.map(({ properties }) => [properties.kind, properties.episode]);
  expect(kinds).toEqual([["depot", -1], ["open", 0], ["past", 2]]);
});

it("puts vehicles of a look back where their routes knew them to be", () => {
  const known = { lat: 60, lon: 24, heard: TEN };
  const vehicles = pastVehicles([
    route("a", { ...known, vehicle: "van" }), route("b", { ...known, lat: 61, vehicle: "van", phase: "finished" }), route("c", { vehicle: "lorry" }),
    route("d", { ...known, vehicle: "silent", deviations: [{ kind: "tracker_silent", since: 1 }] }),
  ]);
  expect([...vehicles].map(([key, { lat, state }]) => [key, lat, state])).toEqual([["main/van", 60, "moving"], ["main/silent", 60, "silent"]]);
});
