/** Which stop is next, which come after it, and which are over. */
import type { Day, Route, Stop } from "./model";

export interface Placed {
  readonly route: Route;
  readonly stop: Stop;
}

export interface Ordered {
  /** Left without a word: the vehicle was there, the driver has not said what became of it. */
  readonly unsaid: readonly Placed[];
  /** Still to be served, the next one first. */
  readonly ahead: readonly Placed[];
  /** Served, failed or cancelled, the newest first. */
  readonly over: readonly Placed[];
}

/** A name for a stop among all routes. */
export function keyOf({ route, stop }: Placed): string {
  return `${route.route}/${stop.stop}`;
}

function isOver({ execution, outcome }: Stop): boolean {
  return outcome !== "none" || execution === "cancelled";
}

/** The stops of a route that are not over, as the gateway expects them; what it does not name follows as planned. */
function inTurn(route: Route): Stop[] {
  const turn = new Map(route.left.map((name, index) => [name, index]));
  const place = (stop: Stop): number => turn.get(stop.stop) ?? route.left.length + stop.sequence;
  return route.stops.filter((stop) => !isOver(stop)).sort((a, b) => place(a) - place(b));
}

const PHASES = ["under_way", "planned", "finished"];

function routesInTurn(day: Day): Route[] {
  const rank = (route: Route): number => PHASES.indexOf(route.phase);
  return day.routes.filter(({ phase }) => phase !== "withdrawn").sort((a, b) => rank(a) - rank(b) || a.start - b.start);
}

export function ordered(day: Day): Ordered {
  const routes = routesInTurn(day);
  const open = routes.flatMap((route) => inTurn(route).map((stop) => ({ route, stop })));
  const isUnsaid = ({ stop }: Placed): boolean => stop.execution === "departed";
  const over = routes.flatMap((route) => route.stops.filter(isOver).map((stop) => ({ route, stop })));
  return {
    unsaid: open.filter(isUnsaid),
    ahead: open.filter((placed) => !isUnsaid(placed)),
    over: over.sort((a, b) => (b.stop.said ?? 0) - (a.stop.said ?? 0) || b.stop.sequence - a.stop.sequence),
  };
}

/** How many stops are over, of how many; cancelled ones count for nothing. */
export function progress(day: Day): { readonly done: number; readonly all: number } {
  const stops = routesInTurn(day).flatMap((route) => route.stops).filter(({ execution }) => execution !== "cancelled");
  return { done: stops.filter(isOver).length, all: stops.length };
}
