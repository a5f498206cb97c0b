/** What of the routes the manager chose to see, and how it is written in the address. Pure. */
import { LABELS, PHASES, type Label, type Phase, type RouteKey } from "../api/route-model";

export const ROUTE_SORT_KEYS = ["worst", "name", "progress", "delay"] as const;
export type RouteSortKey = (typeof ROUTE_SORT_KEYS)[number];

export const LATENESSES = ["late", "at_risk"] as const;
export type Lateness = (typeof LATENESSES)[number];

/** Which stops of the selected route are listed: those with a label, those that are late, or those that made the delay. */
export const STOP_FILTERS = [...LABELS, ...LATENESSES, "delay"] as const;
export type StopFilter = (typeof STOP_FILTERS)[number];

export interface RouteView {
  /** Which list; null: routes if there are any. */
  readonly tab: "routes" | "vehicles" | null;
  /** Only routes with stops of this label; null for all. */
  readonly label: Label | null;
  readonly lateness: Lateness | null;
  readonly phase: Phase | null;
  readonly routeSort: RouteSortKey;
  readonly routeOrder: "ascending" | "descending";
  readonly route: RouteKey | null;
  readonly stops: StopFilter | null;
  /** The stop whose evidence is open. */
  readonly stop: string | null;
  /** A look back at what was known then (Unix ms); null: live. */
  readonly at: number | null;
}

export const DEFAULT_ROUTE_VIEW: RouteView = {
  tab: null,
  label: null,
  lateness: null,
  phase: null,
  routeSort: "worst",
  routeOrder: "descending",
  route: null,
  stops: null,
  stop: null,
  at: null,
};

const KEY = /^[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,64}$/;
/** A stop's name is given by who plans; what is longer than this is none. */
const MAX_STOP_CHARS = 128;
/** Times before are no look back at a fleet (1 January 2000). */
const EARLIEST = 946_684_800_000;

export function oneOf<T extends string>(choices: readonly T[], value: string | null): T | null {
  return choices.find((choice) => choice === value) ?? null;
}

/** A name with its fleet, or null. */
export function keyFrom(value: string | null): string | null {
  return value !== null && KEY.test(value) ? value : null;
}

function timeFrom(value: string | null): number | null {
  const time = value === null ? Number.NaN : Date.parse(value);
  return Number.isFinite(time) && time > EARLIEST ? time : null;
}

export function routeViewFrom(params: URLSearchParams): RouteView {
  const sort = params.get("by") ?? "";
  const key = oneOf(ROUTE_SORT_KEYS, sort.replace(/^-/, ""));
  const stop = params.get("stop");
  const route = keyFrom(params.get("route"));
  return {
    tab: oneOf(["routes", "vehicles"], params.get("tab")),
    label: oneOf(LABELS, params.get("label")),
    lateness: oneOf(LATENESSES, params.get("lateness")),
    phase: oneOf(PHASES, params.get("phase")),
    routeSort: key ?? DEFAULT_ROUTE_VIEW.routeSort,
    routeOrder: key === null || sort.startsWith("-") ? "descending" : "ascending",
    route,
    stops: route === null ? null : oneOf(STOP_FILTERS, params.get("stops")),
    stop: route !== null && stop !== null && stop.length <= MAX_STOP_CHARS ? stop : null,
    at: timeFrom(params.get("at")),
  };
}

/** Adds what is not the default. */
export function writeRouteView(view: RouteView, params: URLSearchParams): void {
  const set = (name: string, value: string | null): void => {
    if (value !== null) params.set(name, value);
  };
  const sort = (view.routeOrder === "descending" ? "-" : "") + view.routeSort;
  set("tab", view.tab);
  set("label", view.label);
  set("lateness", view.lateness);
  set("phase", view.phase);
  set("by", sort === "-worst" ? null : sort);
  set("route", view.route);
  set("stops", view.stops);
  set("stop", view.stop);
  set("at", view.at === null ? null : new Date(view.at).toISOString().slice(0, 19) + "Z");
}

/** The view after a press on a column: the other way round, or that column in its natural order. */
export function routesSortedBy<V extends RouteView>(view: V, routeSort: RouteSortKey): V {
  if (view.routeSort === routeSort) {
    return { ...view, routeOrder: view.routeOrder === "ascending" ? "descending" : "ascending" };
  }
  return { ...view, routeSort, routeOrder: routeSort === "name" || routeSort === "progress" ? "ascending" : "descending" };
}
