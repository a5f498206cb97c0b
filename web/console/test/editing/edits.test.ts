import { expect, it } from "vitest";
import { canReplan, countMoved, isOpen, movedTo, newId, newStop, reordered, tapUrl, type StopField } from "../../src/editing/edits";
import { servedStop, stop } from "../routes-made";

it("puts the open stops into another order and leaves the others where they are", () => {
  const stops = [servedStop(1, 0), stop(2), servedStop(3, 0), stop(4, { execution: "cancelled" }), stop(5), stop(6)];
  expect(reordered(stops, ["s6", "s2", "s5"])).toEqual(["s1", "s6", "s3", "s2", "s5"]);
  expect(reordered(stops, ["s2", "s5", "s6"])).toEqual(["s1", "s2", "s3", "s5", "s6"]);
});

it("moves within the ends", () => {
  expect(movedTo(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(movedTo(["a", "b", "c"], 2, -1)).toEqual(["c", "a", "b"]);
  expect(movedTo(["a", "b", "c"], 1, 9)).toEqual(["a", "c", "b"]);
  expect(countMoved(["a", "b", "c"], ["b", "a", "c"])).toBe(2);
});

it("knows what can still be moved, and what deserves a second attempt", () => {
  expect([stop(1), stop(1, { execution: "skipped" }), servedStop(1, 0), stop(1, { outcome: "failed" })].map(isOpen)).toEqual([true, true, false, false]);
  expect([stop(1), stop(1, { outcome: "failed" }), servedStop(1, 0)].map(canReplan)).toEqual([false, true, false]);
});

it("names each word once", () => {
  expect(newId()).toMatch(/^[0-9a-f]{32}$/);
  expect(newId()).not.toBe(newId());
  expect(tapUrl("north/R-1", "s1")).toBe("/api/v1/routes/R-1/stops/s1/taps?fleet=north");
});

it("says of a new stop what was filled in, in the gateway's units", () => {
  const fields = new Map<StopField, string>([
    ["order", " A-9 "], ["address", ""], ["lat", "60.17"], ["lon", "24.94"], ["email", "aino@example.org"], ["service_min", "2.5"], ["parcels", "3"],
    ["proof", "photo"], ["notify", "no"], ["language", "ES"],
  ]);
  expect(newStop(fields, "s4")).toEqual({
    order: "A-9", lat: 60.17, lon: 24.94, email: "aino@example.org", service_s: 150, parcels: 3, proof: "photo", notify: false, language: "es", after: "s4",
  });
  expect(newStop(new Map([["order", "A"], ["notify", ""], ["proof", ""]]), "")).toEqual({ order: "A" });
});
