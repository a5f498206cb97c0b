/** Everything the console knows, and how it changes. Pure: the time is in the action. */
import { keyOf, type TrackPoint, type Vehicle, type VehicleKey } from "../api/model";
import type { Route, RouteDetail, RouteKey, StopDetails } from "../api/route-model";
import { routeKeyOf } from "../api/route-model";
import { distance } from "../geo";
import type { LossReason } from "../stream/live";
import type { LiveMessage } from "../stream/messages";
import { observe, UNSET_CLOCK, type ServerClock } from "./clock";
import type { TrackHours, View } from "./view";

/** How the live stream stands. `retryAt` is on the page's steady clock (ms). */
export type Link =
  | { readonly phase: "connecting" }
  | { readonly phase: "live" }
  | { readonly phase: "lost"; readonly reason: LossReason; readonly retryAt: number };

/** The track of the selected vehicle. */
export type Track =
  | { readonly phase: "none" }
  | { readonly phase: "loading"; readonly key: VehicleKey; readonly hours: TrackHours }
  | { readonly phase: "failed"; readonly key: VehicleKey; readonly hours: TrackHours; readonly detail: string }
  | LoadedTrack;

export interface LoadedTrack {
  readonly phase: "loaded";
  readonly key: VehicleKey;
  readonly hours: TrackHours;
  /** Oldest first, times rising. */
  readonly points: readonly TrackPoint[];
  /** `leapt`: the vehicle has sent more than the stream told (a backlog), the way there has to be loaded. */
  readonly tail: "joined" | "leapt";
}

/** The selected route with its stops. */
export type Round =
  | { readonly phase: "none" }
  | { readonly phase: "loading"; readonly key: RouteKey }
  | { readonly phase: "failed"; readonly key: RouteKey; readonly detail: string }
  | LoadedRound;

export interface LoadedRound {
  readonly phase: "loaded";
  readonly key: RouteKey;
  /** As it was known then; null: as it is. */
  readonly at: number | null;
  readonly detail: RouteDetail;
  readonly people: ReadonlyMap<string, StopDetails>;
}

/** Where the selected route's vehicle drove; whole as far as it is known, oldest first. */
export interface Drive {
  readonly key: RouteKey;
  readonly vehicle: VehicleKey;
  readonly points: readonly TrackPoint[];
}

/** All routes as they were known at `at`; with `problem` where that could not be had. */
export interface Past {
  readonly at: number;
  readonly routes: ReadonlyMap<RouteKey, Route>;
  readonly problem: string | null;
}

export interface State {
  readonly link: Link;
  readonly clock: ServerClock;
  /** Null until the first snapshot. */
  readonly vehicles: ReadonlyMap<VehicleKey, Vehicle> | null;
  readonly view: View;
  readonly track: Track;
  /** As they are now; null until a snapshot speaks of routes. */
  readonly routes: ReadonlyMap<RouteKey, Route> | null;
  readonly round: Round;
  readonly drive: Drive | null;
  readonly past: Past | null;
  /** How many times as fast as life a look back runs on; 0: it stands. */
  readonly pace: number;
}

export type Action =
  | { readonly kind: "heard"; readonly message: LiveMessage; readonly wall: number }
  | { readonly kind: "lost"; readonly reason: LossReason; readonly retryAt: number }
  | { readonly kind: "view"; readonly change: Partial<View> }
  | { readonly kind: "track"; readonly track: Track }
  | { readonly kind: "round"; readonly round: Round }
  | { readonly kind: "drive"; readonly drive: Drive | null }
  | { readonly kind: "past"; readonly past: Past | null }
  | { readonly kind: "pace"; readonly pace: number };

export function initialState(view: View): State {
  return {
    link: { phase: "connecting" }, clock: UNSET_CLOCK, vehicles: null, view, track: { phase: "none" },
    routes: null, round: { phase: "none" }, drive: null, past: null, pace: 0,
  };
}

export function reduce(state: State, action: Action): State {
  switch (action.kind) {
    case "heard":
      return heard(state, action.message, action.wall);
    case "lost":
      return { ...state, link: { phase: "lost", reason: action.reason, retryAt: action.retryAt } };
    case "view":
      return { ...state, view: { ...state.view, ...action.change } };
    case "track":
      return { ...state, track: action.track };
    case "round":
      return { ...state, round: action.round };
    case "drive":
      return { ...state, drive: action.drive };
    case "past":
      return { ...state, past: action.past };
    case "pace":
      return { ...state, pace: action.pace };
  }
}

/** Only a snapshot makes the picture whole again: until then the link stays as it was. */
function heard(state: State, message: LiveMessage, wall: number): State {
  if (message.kind === "resync") return state;
  const clock = observe(state.clock, message.now, wall);
  if (message.kind === "heartbeat") return { ...state, clock };
  if (message.kind === "snapshot") {
    const routes = message.routes === null ? null : keyedRoutes(message.routes);
    return { ...state, clock, link: { phase: "live" }, vehicles: keyed(message.vehicles), routes };
  }
  if (message.kind === "routes") {
    const routes = new Map([...(state.routes ?? []), ...keyedRoutes(message.routes)]);
    for (const key of message.gone) routes.delete(key);
    return { ...state, clock, routes };
  }
  const vehicles = new Map([...(state.vehicles ?? []), ...keyed(message.vehicles)]);
  const track = extended(state.track, message.vehicles, message.now);
  return { ...state, clock, vehicles, track, drive: drivenOn(state.drive, message.vehicles) };
}

function keyed(vehicles: readonly Vehicle[]): Map<VehicleKey, Vehicle> {
  return new Map(vehicles.map((vehicle) => [keyOf(vehicle), vehicle]));
}

export function keyedRoutes(routes: readonly Route[]): Map<RouteKey, Route> {
  return new Map(routes.map((route) => [routeKeyOf(route), route]));
}

/** The loaded track with the newest position at its end, and without what has become older than its hours. */
function extended(track: Track, changed: readonly Vehicle[], now: number): Track {
  if (track.phase !== "loaded") return track;
  const vehicle = changed.find((candidate) => keyOf(candidate) === track.key);
  const newest = track.points.at(-1)?.time ?? 0;
  if (vehicle === undefined || vehicle.time <= newest) return track;
  const oldest = now - track.hours * 3_600_000;
  const tail = tailOf(track.points, vehicle, oldest);
  if (tail === "leapt") return { ...track, tail };
  return { ...track, points: [...track.points.filter((point) => point.time >= oldest), vehicle] };
}

/** The drive with the newest position at its end; a backlog's is left to the next loading. */
function drivenOn(drive: Drive | null, changed: readonly Vehicle[]): Drive | null {
  const last = drive?.points.at(-1);
  const vehicle = changed.find((candidate) => keyOf(candidate) === drive?.vehicle);
  if (drive === null || last === undefined || vehicle === undefined || vehicle.time <= last.time) return drive;
  return distance(last, vehicle) > LEAP_M ? drive : { ...drive, points: [...drive.points, vehicle] };
}

/** A moving vehicle reports at least this often; a straight line over more would cross houses. */
const LEAP_M = 400;

/** Whether a track since `oldest` leads to where the vehicle is now. */
export function tailOf(points: readonly TrackPoint[], vehicle: Vehicle, oldest: number): LoadedTrack["tail"] {
  const last = points.at(-1);
  if (last === undefined) return vehicle.time > oldest ? "leapt" : "joined";
  return distance(last, vehicle) > LEAP_M ? "leapt" : "joined";
}

/** The selected vehicle, if it is known. */
export function selectedVehicle(state: State): Vehicle | null {
  const key = state.view.selected;
  return key === null ? null : (state.vehicles?.get(key) ?? null);
}
