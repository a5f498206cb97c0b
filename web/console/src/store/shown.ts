/** What is shown of the routes: as they are, or as they were known then. Pure. */
import type { VehicleKey } from "../api/model";
import { routeKeyOf, vehicleKeyOf, type Route, type RouteKey } from "../api/route-model";
import { serverNow } from "./clock";
import type { LoadedRound, State } from "./state";

/** The time that the page shows, Unix ms: the server's, or the one that is looked back at. */
export function shownNow(state: State, wall: number): number | null {
  return state.view.at ?? serverNow(state.clock, wall);
}

/** The routes to show; null while they are not known. */
export function shownRoutes(state: State): ReadonlyMap<RouteKey, Route> | null {
  return state.view.at === null ? state.routes : (state.past?.routes ?? null);
}

/** Which list is on the screen. */
export function shownTab({ view, routes }: State): "routes" | "vehicles" {
  if (view.tab !== null) return view.tab;
  if (view.route !== null) return "routes";
  return view.selected === null && routes !== null && routes.size > 0 ? "routes" : "vehicles";
}

/** The selected route's line, if it is known. */
export function selectedRoute(state: State): Route | null {
  const key = state.view.route;
  return key === null ? null : (shownRoutes(state)?.get(key) ?? null);
}

/** The selected route's stops, once they are there. */
export function selectedRound({ view, round }: State): LoadedRound | null {
  return round.phase === "loaded" && round.key === view.route ? round : null;
}

const OPEN = { under_way: 3, planned: 2, finished: 1, withdrawn: 0 } as const;

/** Each vehicle's route: the one under way before the next, the next before one that is over; of equals the worst. */
export function routesByVehicle(routes: Iterable<Route>): Map<VehicleKey, Route> {
  const found = new Map<VehicleKey, Route>();
  for (const route of routes) {
    const key = vehicleKeyOf(route);
    const other = found.get(key);
    if (other === undefined || outranks(route, other)) found.set(key, route);
  }
  return found;
}

function outranks(a: Route, b: Route): boolean {
  const phase = OPEN[a.phase] - OPEN[b.phase];
  return phase > 0 || (phase === 0 && a.severity > b.severity);
}

/** The route to show for a vehicle that was picked; null if it drives none. */
export function routeOfVehicle(state: State, vehicle: VehicleKey): RouteKey | null {
  const route = routesByVehicle(shownRoutes(state)?.values() ?? []).get(vehicle);
  return route === undefined ? null : routeKeyOf(route);
}
