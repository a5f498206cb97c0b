import type { Eta, Route, RouteDetail, RouteStop } from "../src/api/route-model";

export const MINUTE = 60_000;
/** Ten o'clock in Helsinki on a winter's day. */
export const TEN = Date.UTC(2026, 10, 24, 8, 0);

const COUNTS = { pending: 0, on_track: 0, completed: 0, incident: 0, late: 0, at_risk: 0 };

/** A route under way for a test, but for what it says. */
export function route(name: string, change: Omit<Partial<Route>, "counts"> & { counts?: Partial<Route["counts"]> } = {}): Route {
  const { counts, ...rest } = change;
  return {
    fleet: "main", route: name, version: 1, date: "2026-11-24", zone: "Europe/Helsinki", vehicle: `van-${name}`, phase: "under_way",
    start: TEN, started: TEN, stops_total: 48, severity: 0, revision: 1, known: TEN, deviations: [], driven_m: 0, planned_m: 0,
    counts: { ...COUNTS, ...counts }, ...rest,
  };
}

/** Stop number `sequence`, ten minutes after the one before, one minute of service. */
export function stop(sequence: number, change: Partial<RouteStop> = {}): RouteStop {
  return {
    stop: `s${sequence}`, order: `A-${sequence}`, sequence, lat: 60.17 + sequence / 1_000, lon: 24.94,
    planned_arrival: TEN + sequence * 10 * MINUTE, service_ms: MINUTE, execution: "pending", outcome: "none", label: "pending",
    timeliness: "on_time", ...change,
  };
}

/** A stop that was served, some minutes later than planned. */
export function servedStop(sequence: number, late: number, stay = 1): RouteStop {
  const arrived = TEN + (sequence * 10 + late) * MINUTE;
  return stop(sequence, { label: "completed", execution: "departed", arrived, departed: arrived + stay * MINUTE });
}

export function detail(stops: RouteStop[], change: Partial<RouteDetail> = {}): RouteDetail {
  return { route: route("R-1"), stops, leg_source: "router", episodes: [], gaps: [], halts: [], leads: [], ...change };
}

export function eta(minutes: number, spread = 5): Eta {
  const p50 = TEN + minutes * MINUTE;
  return { p10: p50 - spread * MINUTE, p50, p90: p50 + spread * MINUTE, made: TEN, reason: "on_the_way" };
}
