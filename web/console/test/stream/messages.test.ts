import { expect, it } from "vitest";
import { decodeMessage } from "../../src/stream/messages";

const known = { fleet: "main", vehicle: "van-1", time: 5, lat: 60, lon: 24, state: "moving" };
const van = { ...known, speed: null };

it("reads a snapshot, leaving out what is no vehicle and what is null", () => {
  const data = JSON.stringify({ now: 9, vehicles: [van, { fleet: "main" }, { ...van, lat: 99 }, { ...van, state: "parked" }, 3] });
  expect(decodeMessage({ name: "snapshot", data })).toEqual({ kind: "snapshot", now: 9, routes: null, vehicles: [known] });
});

it("reads heartbeats and resyncs", () => {
  expect(decodeMessage({ name: "heartbeat", data: '{"now":3}' })).toEqual({ kind: "heartbeat", now: 3 });
  expect(decodeMessage({ name: "resync", data: "" })).toEqual({ kind: "resync" });
});

it("reads which routes are followed no more, where it is said", () => {
  const data = JSON.stringify({ now: 3, routes: [], gone: [{ fleet: "main", route: "a" }, { fleet: "main" }, 3] });
  expect(decodeMessage({ name: "routes", data })).toEqual({ kind: "routes", now: 3, routes: [], gone: ["main/a"] });
  expect(decodeMessage({ name: "routes", data: '{"now":3,"routes":[]}' })).toEqual({ kind: "routes", now: 3, routes: [], gone: [] });
});

it("passes over what a later gateway may say", () => {
  expect(decodeMessage({ name: "alerts", data: "whatever" })).toBeNull();
  expect(decodeMessage({ name: "vehicles", data: '{"vehicles":[]}' })).toBeNull();
});

it("says when it is no JSON", () => {
  expect(() => decodeMessage({ name: "vehicles", data: "<html>" })).toThrow(SyntaxError);
});
