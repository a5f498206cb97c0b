/** Which routes the list shows, and in which order. Pure. */
import { LABELS, type Counts, type Route } from "../api/route-model";
import type { RouteSortKey, RouteView } from "../store/route-view";
import type { View } from "../store/view";

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

type Compare = (a: Route, b: Route) => number;

const byName: Compare = (a, b) => collator.compare(a.route, b.route) || collator.compare(a.fleet, b.fleet);

/** Routes that are over come last among equally severe ones, those under way first. */
const PHASE_RANK = { under_way: 3, planned: 2, finished: 1, withdrawn: 0 } as const;

/** How many of the stops are behind the vehicle: completed or with an incident. */
export function doneOf({ counts }: Route): number {
  return counts.completed + counts.incident;
}

const share = (route: Route): number => doneOf(route) / Math.max(1, route.stops_total);

/** Ascending order of each column; an unknown delay is below all. */
const COMPARE: Readonly<Record<RouteSortKey, Compare>> = {
  worst: (a, b) => a.severity - b.severity || PHASE_RANK[a.phase] - PHASE_RANK[b.phase],
  name: byName,
  progress: (a, b) => share(a) - share(b),
  delay: (a, b) => (a.delay_ms ?? -Infinity) - (b.delay_ms ?? -Infinity) || 0,
};

/** Whether each word of the query is in the route's name, fleet, vehicle or driver. */
export function matchesRoute(route: Route, query: string): boolean {
  const text = `${route.fleet} ${route.route} ${route.vehicle} ${route.driver ?? ""}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function passes(route: Route, { label, lateness, phase }: RouteView): boolean {
  if (phase !== null && route.phase !== phase) return false;
  if (label !== null && route.counts[label] === 0) return false;
  return lateness === null || route.counts[lateness] > 0;
}

/** The routes to show, in order; equals are ordered by name, so that rows do not dance. */
export function arrangeRoutes(routes: Iterable<Route>, view: View): Route[] {
  const shown = [...routes].filter((route) => passes(route, view) && matchesRoute(route, view.query));
  const sign = view.routeOrder === "ascending" ? 1 : -1;
  const compare = COMPARE[view.routeSort];
  return shown.sort((a, b) => sign * compare(a, b) || byName(a, b));
}

/** The counts of all routes together. */
export function sumCounts(routes: Iterable<Route>): Counts {
  const sum = { pending: 0, on_track: 0, completed: 0, incident: 0, late: 0, at_risk: 0 };
  for (const { counts } of routes) {
    for (const label of LABELS) sum[label] += counts[label];
    sum.late += counts.late;
    sum.at_risk += counts.at_risk;
  }
  return sum;
}
