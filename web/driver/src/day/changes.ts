/** What has changed since the driver last said "seen". */
import type { Day, Route, Stop } from "./model";

export type Change = "new" | "moved" | "cancelled" | "address" | "window" | "parcels" | "contact" | "notes" | "instructions" | "proof";

/** A stop as the driver knows it: the text of each field that matters. */
type Known = Readonly<Record<string, string>>;

/** The routes that the driver knows: for each its stops in order, by name. */
export type Seen = Readonly<Record<string, readonly (readonly [stop: string, known: Known])[]>>;

export interface ChangedStop {
  readonly route: string;
  readonly stop: string;
  readonly changes: readonly Change[];
}

const FIELDS: Readonly<Record<Exclude<Change, "new" | "moved" | "cancelled">, readonly (keyof Stop)[]>> = {
  address: ["address", "lat", "lon"],
  window: ["window_start", "window_end"],
  parcels: ["parcels"],
  contact: ["recipient", "phone"],
  notes: ["notes"],
  instructions: ["instructions"],
  proof: ["proof"],
};

function knownOf(stop: Stop): Known {
  const fields = Object.entries(FIELDS).map(([name, parts]) => [name, JSON.stringify(parts.map((part) => stop[part] ?? null))]);
  return { ...Object.fromEntries(fields), cancelled: String(stop.execution === "cancelled") } as Known;
}

function inSequence(route: Route): Stop[] {
  return [...route.stops].sort((a, b) => a.sequence - b.sequence);
}

/** All that there is, as seen. */
export function allSeen(day: Day): Seen {
  return Object.fromEntries(day.routes.map((route) => [route.route, inSequence(route).map((stop) => [stop.stop, knownOf(stop)])]));
}

/** The names outside a longest run that kept its order: the fewest that can have moved. */
export function moved(before: readonly string[], after: readonly string[]): Set<string> {
  const place = new Map(before.map((name, index) => [name, index]));
  const common = after.filter((name) => place.has(name));
  const places = common.map((name) => place.get(name) ?? 0);
  const longest: number[][] = []; // the longest run that ends at each, as indexes
  for (const [index, here] of places.entries()) {
    const runs = longest.filter((_, at) => (places[at] ?? 0) < here);
    longest.push([...longer(runs), index]);
  }
  const kept = new Set(longer(longest));
  return new Set(common.filter((_, index) => !kept.has(index)));
}

function longer(runs: readonly number[][]): number[] {
  return runs.reduce((best, run) => (run.length > best.length ? run : best), []);
}

function changesOf(stop: Stop, before: Known | undefined, hasMoved: boolean): Change[] {
  if (before === undefined) return stop.execution === "cancelled" ? [] : ["new"];
  const now = knownOf(stop);
  if (now["cancelled"] === "true") return before["cancelled"] === "true" ? [] : ["cancelled"];
  const fields = (Object.keys(FIELDS) as Change[]).filter((name) => now[name] !== before[name]);
  return hasMoved ? ["moved", ...fields] : fields;
}

function ofRoute(route: Route, seen: Seen[string]): ChangedStop[] {
  const before = new Map(seen);
  const stops = inSequence(route);
  const movers = moved(seen.map(([name]) => name), stops.map(({ stop }) => stop));
  return stops
    .filter(({ outcome }) => outcome === "none")
    .map((stop) => ({ route: route.route, stop: stop.stop, changes: changesOf(stop, before.get(stop.stop), movers.has(stop.stop)) }))
    .filter(({ changes }) => changes.length > 0);
}

/** The stops that have changed. A route that is met for the first time is no change. */
export function changesSince(day: Day, seen: Seen): ChangedStop[] {
  return day.routes.flatMap((route) => {
    const before = seen[route.route];
    return before === undefined ? [] : ofRoute(route, before);
  });
}

/** What was seen, and the routes that are met for the first time. */
export function withNewRoutes(day: Day, seen: Seen): Seen {
  return { ...allSeen(day), ...Object.fromEntries(Object.entries(seen).filter(([route]) => day.routes.some((one) => one.route === route))) };
}
