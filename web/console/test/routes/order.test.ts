import { describe, expect, it } from "vitest";
import { arrangeRoutes, matchesRoute, sumCounts } from "../../src/routes/order";
import { DEFAULT_VIEW, type View } from "../../src/store/view";
import { routesSortedBy } from "../../src/store/route-view";
import { MINUTE, route } from "../routes-made";

const ROUTES = [
  route("R-10", { severity: 0, delay_ms: 4 * MINUTE, counts: { completed: 30, incident: 1 } }),
  route("R-2", { severity: 0, phase: "finished", counts: { completed: 48 } }),
  route("R-3", { severity: 90, driver: "Aino Salo", counts: { completed: 3, late: 2 } }),
  route("R-1", { severity: 40, delay_ms: -MINUTE, counts: { at_risk: 1 } }),
  route("R-9", { severity: 0 }),
];

const names = (change: Partial<View>): string[] => arrangeRoutes(ROUTES, { ...DEFAULT_VIEW, ...change }).map((each) => each.route);

describe("routes in a list", () => {
  it("come worst first, then those under way, then by name as people count", () => {
    expect(names({})).toEqual(["R-3", "R-1", "R-9", "R-10", "R-2"]);
  });

  it("can be had by name, progress and delay, unknown delays last", () => {
    expect(names({ routeSort: "name", routeOrder: "ascending" })).toEqual(["R-1", "R-2", "R-3", "R-9", "R-10"]);
    expect(names({ routeSort: "progress", routeOrder: "descending" }).slice(0, 2)).toEqual(["R-2", "R-10"]);
    expect(names({ routeSort: "delay" })).toEqual(["R-10", "R-1", "R-2", "R-3", "R-9"]);
  });

  it("are filtered by label, lateness, phase and words together", () => {
    expect(names({ label: "incident" })).toEqual(["R-10"]);
    expect(names({ lateness: "late" })).toEqual(["R-3"]);
    expect(names({ lateness: "at_risk" })).toEqual(["R-1"]);
    expect(names({ phase: "finished", label: "completed" })).toEqual(["R-2"]);
    expect(names({ phase: "finished", lateness: "late" })).toEqual([]);
  });

  it("are found by route, vehicle and driver", () => {
    expect(ROUTES.filter((each) => matchesRoute(each, "salo r-3"))).toHaveLength(1);
    expect(ROUTES.filter((each) => matchesRoute(each, "van-r-1"))).toHaveLength(2);
  });

  it("are counted together", () => {
    expect(sumCounts(ROUTES)).toEqual({ pending: 0, on_track: 0, completed: 81, incident: 1, late: 2, at_risk: 1 });
  });

  it("turn round at a second press, and begin with the worst and the latest", () => {
    expect(routesSortedBy(DEFAULT_VIEW, "worst").routeOrder).toBe("ascending");
    expect(routesSortedBy(DEFAULT_VIEW, "delay").routeOrder).toBe("descending");
    expect(routesSortedBy(DEFAULT_VIEW, "name").routeOrder).toBe("ascending");
  });
});
