/**
 * Routes as the gateway shows them (its `execution/view.py`). Times are Unix ms, distances metres, durations ms; what
 * is unknown is absent.
 */
import type { VehicleKey } from "./model";

export const LABELS = ["pending", "on_track", "completed", "incident"] as const;
/** The manager's four states of a stop. */
export type Label = (typeof LABELS)[number];

export const TIMELINESS = ["on_time", "at_risk", "late", "early", "unknown"] as const;
export type Timeliness = (typeof TIMELINESS)[number];

export const PHASES = ["planned", "under_way", "finished", "withdrawn"] as const;
export type Phase = (typeof PHASES)[number];

export type Execution = "pending" | "en_route" | "arrived" | "departed" | "skipped" | "cancelled";
export type Outcome = "none" | "succeeded" | "failed";
export type LeftWith = "recipient" | "neighbour" | "safe_place" | "locker";
export type FailureReason =
  | "absent" | "refused" | "wrong_address" | "no_access" | "damaged" | "missing_item" | "closed" | "out_of_time"
  | "vehicle_problem" | "other";
export type DeviationKind =
  | "off_route" | "out_of_sequence" | "stop_skipped" | "unplanned_stop" | "late_start" | "window_at_risk"
  | "tracker_silent" | "done_far_away";
export type EtaReason = "planned" | "on_the_way" | "traffic" | "long_stop" | "new_order" | "new_plan" | "no_news";

/** An expected arrival: four of five arrive between `p10` and `p90`; `made` is the time of the data it rests on. */
export interface Eta {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly made: number;
  readonly reason: EtaReason;
}

/** How many stops carry each label, and how many are late or at risk. */
export interface Counts extends Readonly<Record<Label, number>> {
  readonly late: number;
  readonly at_risk: number;
}

/** A deviation that lasts; where it is about a stop, with its sequence and how late it is or will be. */
export interface OpenDeviation {
  readonly kind: DeviationKind;
  readonly since: number;
  readonly stop?: string;
  readonly greatest_m?: number;
  readonly sequence?: number;
  readonly lateness_ms?: number;
}

/** The stop that the vehicle serves or heads for. */
export interface NextStop {
  readonly stop: string;
  readonly order: string;
  readonly sequence: number;
  readonly execution: Execution;
  readonly planned_arrival: number;
  readonly window_start?: number;
  readonly window_end?: number;
  readonly eta?: Eta;
}

/** A route in a line. `severity` is 0 (all is well) to 100 (the worst); `worst` is why. */
export interface Route {
  readonly fleet: string;
  readonly route: string;
  readonly version: number;
  readonly date: string;
  /** An IANA time zone. */
  readonly zone: string;
  readonly vehicle: string;
  readonly phase: Phase;
  readonly start: number;
  readonly stops_total: number;
  readonly counts: Counts;
  readonly severity: number;
  readonly revision: number;
  readonly known: number;
  readonly driver?: string;
  readonly planned_end?: number;
  readonly started?: number;
  readonly finished?: number;
  readonly worst?: OpenDeviation;
  readonly deviations: readonly OpenDeviation[];
  readonly next?: NextStop;
  /** How far the next arrival is behind the plan; negative: ahead. */
  readonly delay_ms?: number;
  readonly end?: Eta;
  /** Time of the newest fix. */
  readonly heard?: number;
  readonly lat?: number;
  readonly lon?: number;
  readonly driven_m: number;
  readonly planned_m: number;
  /** Which of the vehicle's sources is followed now, such as `tracker` or `phone`. */
  readonly source?: string;
}

/** The word on a stop beside the vehicle's own place then. */
export interface TapShown {
  readonly time: number;
  readonly by: "driver" | "operator" | "integrator";
  readonly distance_m?: number;
}

export interface RouteStop {
  readonly stop: string;
  readonly order: string;
  readonly sequence: number;
  readonly lat: number;
  readonly lon: number;
  readonly planned_arrival: number;
  readonly service_ms: number;
  readonly execution: Execution;
  readonly outcome: Outcome;
  readonly label: Label;
  readonly timeliness: Timeliness;
  readonly window_start?: number;
  readonly window_end?: number;
  readonly since?: number;
  readonly arrived?: number;
  readonly departed?: number;
  readonly nearest_m?: number;
  readonly left_with?: LeftWith;
  readonly failure?: FailureReason;
  readonly tap?: TapShown;
  readonly eta?: Eta;
  /** How late against its window (else its planned arrival), real or expected; negative is early. */
  readonly lateness_ms?: number;
  readonly stops_remaining?: number;
  /** Which one it was in the order really served, from 1. */
  readonly served?: number;
}

/** A deviation, with its end once it has one. */
export interface Episode {
  readonly kind: DeviationKind;
  readonly begin: number;
  readonly end?: number;
  readonly stop?: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly greatest_m?: number;
  readonly extra_m?: number;
}

/** Nothing was heard: unknown. */
export interface Gap {
  readonly begin: number;
  readonly end: number;
  readonly m: number;
}

/** The vehicle stood here. */
export interface Halt {
  readonly begin: number;
  readonly lat: number;
  readonly lon: number;
  readonly end?: number;
  readonly stops: readonly string[];
}

/** Since when a source of the vehicle was followed, until the next one took over. */
export interface Lead {
  readonly since: number;
  readonly source: string;
}

export interface RouteDetail {
  readonly route: Route;
  readonly stops: readonly RouteStop[];
  readonly leg_source: "given" | "router" | "crow_flies";
  readonly episodes: readonly Episode[];
  readonly gaps: readonly Gap[];
  readonly halts: readonly Halt[];
  /** Oldest first; empty where nobody says. */
  readonly leads: readonly Lead[];
  /** An encoded polyline, precision 1e-6. */
  readonly geometry?: string;
  readonly depot_lat?: number;
  readonly depot_lon?: number;
}

/** What is known of a stop beside the plan: it names people. */
export interface StopDetails {
  readonly stop: string;
  readonly order: string;
  readonly address?: string;
  readonly recipient?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly parcels?: number;
  readonly notes?: string;
  /** In the customer's own words. */
  readonly instructions?: string;
  /** What the driver has to bring. */
  readonly proof?: "photo" | "signature";
  /** Whether the recipient wants messages; absent: not known. */
  readonly notify?: boolean;
  /** ISO 639-1. */
  readonly language?: string;
  readonly tracking_url?: string;
}

/** A route is known by its fleet and its name in it, `fleet/route`. */
export type RouteKey = string;

export function routeKeyOf(route: Pick<Route, "fleet" | "route">): RouteKey {
  return `${route.fleet}/${route.route}`;
}

export function vehicleKeyOf(route: Pick<Route, "fleet" | "vehicle">): VehicleKey {
  return `${route.fleet}/${route.vehicle}`;
}

/** All followed routes; with `at` (Unix ms) as they were known then. */
export function routesUrl(at: number | null): string {
  return at === null ? "/api/v1/routes" : `/api/v1/routes?at=${Math.floor(at)}`;
}

/** The address of what belongs to a route, such as `/edits`; its query says the fleet. */
export function routeUrl(key: RouteKey, below = "", query: Readonly<Record<string, string>> = {}): string {
  const [fleet = "", route = ""] = key.split("/");
  const params = new URLSearchParams({ fleet, ...query });
  return `/api/v1/routes/${encodeURIComponent(route)}${below}?${params.toString()}`;
}

/** A route with all its stops; with `at` (Unix ms) as it was known then. */
export function detailUrl(key: RouteKey, at: number | null): string {
  return routeUrl(key, "", at === null ? {} : { at: String(Math.floor(at)) });
}

export const RECORD_FORMATS = ["json", "csv", "gpx", "geojson", "html"] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];

/** The record of the day. */
export function recordUrl(key: RouteKey, format: RecordFormat): string {
  return routeUrl(key, "/record", { format });
}
