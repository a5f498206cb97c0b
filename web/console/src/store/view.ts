/** What the manager chose to see; kept in the address, so that a link shows the same. Pure. */
import { STATES, type VehicleKey, type VehicleState } from "../api/model";
import { DEFAULT_ROUTE_VIEW, keyFrom, oneOf, routeViewFrom, writeRouteView, type RouteView } from "./route-view";

export const SORT_KEYS = ["name", "state", "speed", "age"] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export const TRACK_HOURS = [1, 3, 12, 24] as const;
export type TrackHours = (typeof TRACK_HOURS)[number];

export interface View extends RouteView {
  readonly query: string;
  /** Only vehicles in this state; null for all. */
  readonly state: VehicleState | null;
  readonly sort: SortKey;
  readonly order: "ascending" | "descending";
  readonly selected: VehicleKey | null;
  readonly hours: TrackHours;
  readonly follow: boolean;
}

export const DEFAULT_VIEW: View = {
  ...DEFAULT_ROUTE_VIEW,
  query: "",
  state: null,
  sort: "name",
  order: "ascending",
  selected: null,
  hours: 3,
  follow: false,
};

/** Names are short; what is longer is no filter but an accident of pasting. */
export const MAX_QUERY_CHARS = 100;

/** The view that a query string asks for; what cannot be read is the default. */
export function viewFromQuery(search: string): View {
  const params = new URLSearchParams(search);
  const sort = params.get("sort") ?? "";
  const hours = Number(params.get("hours"));
  return {
    ...routeViewFrom(params),
    query: (params.get("q") ?? "").slice(0, MAX_QUERY_CHARS),
    state: oneOf(STATES, params.get("state")),
    sort: oneOf(SORT_KEYS, sort.replace(/^-/, "")) ?? DEFAULT_VIEW.sort,
    order: sort.startsWith("-") ? "descending" : "ascending",
    selected: keyFrom(params.get("vehicle")),
    hours: TRACK_HOURS.find((choice) => choice === hours) ?? DEFAULT_VIEW.hours,
    follow: params.get("follow") === "1",
  };
}

/** The query string of a view, without what is the default; empty or starting with `?`. */
export function queryFromView(view: View): string {
  const params = new URLSearchParams();
  if (view.query !== "") params.set("q", view.query);
  if (view.state !== null) params.set("state", view.state);
  const sort = (view.order === "descending" ? "-" : "") + view.sort;
  if (sort !== DEFAULT_VIEW.sort) params.set("sort", sort);
  if (view.selected !== null) params.set("vehicle", view.selected);
  if (view.hours !== DEFAULT_VIEW.hours) params.set("hours", String(view.hours));
  if (view.follow) params.set("follow", "1");
  writeRouteView(view, params);
  const text = params.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text === "" ? "" : `?${text}`;
}

/** The view after a press on a column: the other way round, or that column in its natural order. */
export function sortedBy(view: View, sort: SortKey): View {
  if (view.sort === sort) return { ...view, order: view.order === "ascending" ? "descending" : "ascending" };
  return { ...view, sort, order: sort === "speed" ? "descending" : "ascending" };
}
