import { describe, expect, it } from "vitest";
import { initialState, keyedRoutes, reduce, type Action, type State } from "../../src/store/state";
import { routeOfVehicle, routesByVehicle, selectedRound, shownNow, shownRoutes, shownTab } from "../../src/store/shown";
import { DEFAULT_VIEW, type View } from "../../src/store/view";
import { vehicle } from "../fleet";
import { detail, route } from "../routes-made";

const heard = (now: number, routes: ReturnType<typeof route>[] | null): Action => ({
  kind: "heard", message: { kind: "snapshot", now, vehicles: [vehicle("van-1")], routes }, wall: 0,
});
const after = (view: Partial<View>, ...actions: Action[]): State => actions.reduce(reduce, initialState({ ...DEFAULT_VIEW, ...view }));

describe("routes", () => {
  it("come with a snapshot and change one by one", () => {
    const changed: Action = { kind: "heard", message: { kind: "routes", now: 2, routes: [route("b", { revision: 2 }), route("c")], gone: [] }, wall: 1 };
    const state = after({}, heard(1, [route("a"), route("b")]), changed);
    expect([...(state.routes ?? [])].map(([key, { revision }]) => [key, revision])).toEqual([["main/a", 1], ["main/b", 2], ["main/c", 1]]);
  });

  it("go when they are followed no more", () => {
    const changed: Action = { kind: "heard", message: { kind: "routes", now: 2, routes: [route("c")], gone: ["main/a", "main/x"] }, wall: 1 };
    expect([...(after({}, heard(1, [route("a"), route("b")]), changed).routes ?? []).keys()]).toEqual(["main/b", "main/c"]);
  });

  it("are unknown where the gateway does not speak of them", () => {
    expect(after({}, heard(1, null)).routes).toBeNull();
  });

  it("are listed first where there are any, unless somebody chose", () => {
    expect(shownTab(after({}))).toBe("vehicles");
    expect(shownTab(after({}, heard(1, [])))).toBe("vehicles");
    expect(shownTab(after({}, heard(1, [route("a")])))).toBe("routes");
    expect(shownTab(after({ tab: "vehicles" }, heard(1, [route("a")])))).toBe("vehicles");
    expect(shownTab(after({ selected: "main/van-1" }, heard(1, [route("a")])))).toBe("vehicles");
    expect(shownTab(after({ route: "main/a" }))).toBe("routes");
  });

  it("of a look back are those known then, and unknown until they are there", () => {
    const looking = after({ at: 500 }, heard(1_000, [route("a")]));
    expect(shownRoutes(looking)).toBeNull();
    const past = reduce(looking, { kind: "past", past: { at: 500, routes: keyedRoutes([route("old")]), problem: null } });
    expect([...(shownRoutes(past)?.keys() ?? [])]).toEqual(["main/old"]);
    expect(shownNow(past, 10)).toBe(500);
    expect(shownNow(reduce(past, { kind: "view", change: { at: null } }), 10)).toBe(1_010);
  });

  it("belong to a vehicle: the one under way, else the next, of equals the worst", () => {
    const routes = [
      route("done", { vehicle: "v", phase: "finished", severity: 90 }), route("now", { vehicle: "v" }), route("worse", { vehicle: "v", severity: 5 }),
      route("next", { vehicle: "v", phase: "planned", severity: 50 }),
    ];
    expect(routesByVehicle(routes).get("main/v")?.route).toBe("worse");
    expect(routeOfVehicle(after({}, heard(1, routes)), "main/v")).toBe("main/worse");
    expect(routeOfVehicle(after({}, heard(1, routes)), "main/other")).toBeNull();
  });
});

it("shows no other route's stops than those of the selected one", () => {
  const round: Action = { kind: "round", round: { phase: "loaded", key: "main/a", at: null, detail: detail([]), people: new Map() } };
  expect(selectedRound(after({ route: "main/a" }, round))).not.toBeNull();
  expect(selectedRound(after({ route: "main/b" }, round))).toBeNull();
});

it("leads the drive on with its vehicle, but not over a leap", () => {
  const drive: Action = { kind: "drive", drive: { key: "main/a", vehicle: "main/van-1", points: [{ time: 1, lat: 60.17, lon: 24.94 }] } };
  const told = (lat: number): Action => ({ kind: "heard", message: { kind: "vehicles", now: 9, vehicles: [vehicle("van-1", { time: 5, lat })] }, wall: 1 });
  expect(after({}, drive, told(60.1701)).drive?.points).toHaveLength(2);
  expect(after({}, drive, told(60.3)).drive?.points).toHaveLength(1);
});
