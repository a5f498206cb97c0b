import { describe, expect, it } from "vitest";
import { decodeRoute, decodeRouteAnswer, decodeRoutes } from "../../src/api/decode-routes";
import { detailUrl, recordUrl, routesUrl } from "../../src/api/route-model";
import { eta, route, stop, TEN } from "../routes-made";

const SENT = { ...route("R-1", { counts: { pending: 3 } }), counts: { pending: 3 }, driver: null };

describe("a route", () => {
  it("is read with counts of nought that are not sent, and without what is null", () => {
    const read = decodeRoute(SENT);
    expect(read?.counts).toEqual({ pending: 3, on_track: 0, completed: 0, incident: 0, late: 0, at_risk: 0 });
    expect(read).not.toHaveProperty("driver");
    expect(read).not.toHaveProperty("worst");
  });

  it("may come without what is nothing", () => {
    expect(decodeRoute({ ...SENT, deviations: undefined, driven_m: null, planned_m: null })).toMatchObject({ deviations: [], driven_m: 0, planned_m: 0 });
  });

  it.each(["fleet", "route", "zone", "vehicle", "phase", "start", "severity", "revision"])("is none without %s", (name) => {
    expect(decodeRoute({ ...SENT, [name]: undefined })).toBeUndefined();
  });

  it("loses an ETA that is not whole rather than guess", () => {
    const next = { stop: "s1", order: "A", sequence: 1, execution: "en_route", planned_arrival: TEN, eta: { ...eta(5), p90: null } };
    expect(decodeRoute({ ...SENT, next })?.next).toEqual({ stop: "s1", order: "A", sequence: 1, execution: "en_route", planned_arrival: TEN });
  });
});

it("tells a gateway without routes from one that follows none", () => {
  expect(decodeRoutes({ now: 1, vehicles: [] })).toBeNull();
  expect(decodeRoutes({ now: 1, routes: [] })).toEqual([]);
  expect(decodeRoutes({ routes: [SENT, { route: "half" }] })).toHaveLength(1);
});

describe("a route with its stops", () => {
  const detail = { route: SENT, stops: [stop(2), stop(1), { stop: "no place" }], leg_source: "router" };

  it("has them in their planned sequence, and who they are for by name", () => {
    const answer = decodeRouteAnswer({ now: 1, detail, stops: [{ stop: "s1", order: "A-1", recipient: "Aino", phone: null }] });
    expect(answer?.detail.stops.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(answer?.people.get("s1")).toEqual({ stop: "s1", order: "A-1", recipient: "Aino" });
    expect(answer?.detail).toMatchObject({ episodes: [], gaps: [], halts: [] });
  });

  it("takes no way along roads for granted", () => {
    expect(decodeRouteAnswer({ detail: { ...detail, leg_source: "by boat" } })?.detail.leg_source).toBe("crow_flies");
  });

  it("is null when there is no route in it", () => {
    expect(decodeRouteAnswer({ error: {} })).toBeNull();
  });
});

it("asks for what was known then in whole milliseconds", () => {
  expect(routesUrl(null)).toBe("/api/v1/routes");
  expect(routesUrl(12.7)).toBe("/api/v1/routes?at=12");
  expect(detailUrl("main/R-1", null)).toBe("/api/v1/routes/R-1?fleet=main");
  expect(detailUrl("main/R-1", 5)).toBe("/api/v1/routes/R-1?fleet=main&at=5");
  expect(recordUrl("main/R-1", "gpx")).toBe("/api/v1/routes/R-1/record?fleet=main&format=gpx");
});

it("reads which source is followed, and does without where nobody says", () => {
  const plain = { detail: { route: SENT, stops: [], leg_source: "given" }, stops: [] };
  expect(decodeRouteAnswer(plain)?.detail.leads).toEqual([]);
  const leads = [{ since: 5, source: "tracker" }, { since: "noon", source: "phone" }, { since: 9, source: "phone" }];
  const answer = decodeRouteAnswer({ ...plain, detail: { ...plain.detail, route: { ...SENT, source: "phone" }, leads } });
  expect(answer?.detail.leads).toEqual([leads[0], leads[2]]);
  expect(answer?.detail.route.source).toBe("phone");
});

it("takes a kind of proof that it does not know for none", () => {
  const person = { stop: "s1", order: "A-1", instructions: "Ring" };
  const answer = decodeRouteAnswer({ detail: { route: SENT, stops: [] }, stops: [{ ...person, proof: "photo" }, { ...person, stop: "s2", proof: "song" }] });
  expect(answer?.people.get("s1")?.proof).toBe("photo");
  expect(answer?.people.get("s2")).toEqual({ ...person, stop: "s2" });
});
