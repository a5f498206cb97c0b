/** The selected route as the map's features: its plan, its stops, the places of its deviations. Pure. */
import type { Feature, FeatureCollection, LineString, Point, Position } from "geojson";
import type { TrackPoint, Vehicle, VehicleKey } from "../api/model";
import { type Episode, type Label, type Route, type RouteDetail, type RouteStop } from "../api/route-model";
import type { Lateness } from "../store/route-view";
import { routesByVehicle } from "../store/shown";
import { text } from "../strings";
import { decodePolyline, NoPolyline } from "./polyline";
import { stopIconName } from "./stop-icon-name";

export interface StopProperties {
  /** The first of the stops at this place. */
  readonly stop: string;
  /** All of them, separated by line feeds: what is pressed again leads to the next. */
  readonly stops: string;
  readonly numbers: string;
  readonly label: Label;
  readonly dot: string;
  readonly badge: string;
  readonly selected: boolean;
  /** What has the lowest gets its number first. */
  readonly rank: number;
}

/** Nearer together than about a metre, stops are one address. */
const PLACE_DIGITS = 5;

/** The worst of the labels and of the latenesses is what a shared address shows. */
const WORST: readonly Label[] = ["incident", "on_track", "pending", "completed"];

export function stopFeatures(stops: readonly RouteStop[], selected: string | null): FeatureCollection<Point, StopProperties> {
  const places = new Map<string, RouteStop[]>();
  for (const stop of stops) {
    const place = `${stop.lat.toFixed(PLACE_DIGITS)} ${stop.lon.toFixed(PLACE_DIGITS)}`;
    const there = places.get(place);
    if (there === undefined) places.set(place, [stop]);
    else there.push(stop);
  }
  return { type: "FeatureCollection", features: [...places.values()].map((together) => stopFeature(together, selected)) };
}

function stopFeature(together: readonly RouteStop[], selected: string | null): Feature<Point, StopProperties> {
  const [first] = together as readonly [RouteStop, ...RouteStop[]];
  const label = WORST.find((candidate) => together.some((stop) => stop.label === candidate)) ?? first.label;
  const lateness = latenessAt(together);
  const chosen = together.some(({ stop }) => stop === selected);
  const properties: StopProperties = {
    stop: first.stop,
    stops: together.map(({ stop }) => stop).join("\n"),
    numbers: numbersOf(together),
    label,
    dot: stopIconName({ label, lateness }, "dot"),
    badge: stopIconName({ label, lateness }, "badge"),
    selected: chosen,
    rank: chosen ? 0 : rankOf(label, lateness, first.sequence),
  };
  return { type: "Feature", geometry: { type: "Point", coordinates: [first.lon, first.lat] }, properties };
}

/** Lateness of what is over is history, unless it is what went wrong: the map marks what can still be changed. */
function latenessAt(together: readonly RouteStop[]): Lateness | null {
  const open = together.filter(({ label }) => label === "pending" || label === "on_track");
  if (open.some(({ timeliness }) => timeliness === "late")) return "late";
  return open.some(({ timeliness }) => timeliness === "at_risk") ? "at_risk" : null;
}

/** `14`, or `14+` where more than that one are at the place. */
function numbersOf([first, ...more]: readonly RouteStop[]): string {
  return `${first?.sequence ?? ""}${more.length > 0 ? "+" : ""}`;
}

const LABEL_RANK: Readonly<Record<Label, number>> = { on_track: 1, incident: 2, pending: 4, completed: 5 };

/** Of equals every tenth, then every fifth number first: they show the order best. */
function rankOf(label: Label, lateness: Lateness | null, sequence: number): number {
  const base = lateness === null ? LABEL_RANK[label] : Math.min(3, LABEL_RANK[label]);
  return base + (sequence % 10 === 0 ? 0 : sequence % 5 === 0 ? 0.3 : 0.6);
}

export interface PlanProperties {
  /** Straight lines say the order, not the way. */
  readonly straight: boolean;
}

/** The planned line; without a way along roads straight lines from stop to stop. */
export function planFeatures(detail: RouteDetail): FeatureCollection<LineString, PlanProperties> {
  const line = detail.geometry === undefined || detail.leg_source === "crow_flies" ? null : lineOf(detail.geometry);
  const coordinates = line ?? straightLine(detail);
  if (coordinates.length < 2) return { type: "FeatureCollection", features: [] };
  const geometry: LineString = { type: "LineString", coordinates };
  return { type: "FeatureCollection", features: [{ type: "Feature", geometry, properties: { straight: line === null } }] };
}

function lineOf(geometry: string): Position[] | null {
  try {
    return decodePolyline(geometry);
  } catch (error) {
    if (error instanceof NoPolyline) return null;
    throw error;
  }
}

function straightLine({ stops, depot_lat: lat, depot_lon: lon }: RouteDetail): Position[] {
  const depot = lat === undefined || lon === undefined ? [] : [[lon, lat]];
  const served = stops.filter(({ execution }) => execution !== "cancelled").map((stop) => [stop.lon, stop.lat]);
  return [...depot, ...served];
}

/** What was driven up to then. */
export function drivenUntil(points: readonly TrackPoint[], until: number | null): readonly TrackPoint[] {
  return until === null ? points : points.filter(({ time }) => time <= until);
}

export interface MarkProperties {
  readonly name: string;
  readonly kind: "open" | "past" | "depot";
  /** Which of the route's episodes; -1 for the depot. */
  readonly episode: number;
}

/** Where the route deviated, and its depot. */
export function markFeatures(detail: RouteDetail): FeatureCollection<Point, MarkProperties> {
  const features: Feature<Point, MarkProperties>[] = [];
  const { depot_lat: lat, depot_lon: lon } = detail;
  if (lat !== undefined && lon !== undefined) features.push(mark(lat, lon, { name: text.routes.map.depot, kind: "depot", episode: -1 }));
  for (const [index, episode] of detail.episodes.entries()) {
    if (episode.lat !== undefined && episode.lon !== undefined) features.push(mark(episode.lat, episode.lon, episodeMark(episode, index)));
  }
  return { type: "FeatureCollection", features };
}

function episodeMark({ kind, end }: Episode, episode: number): MarkProperties {
  return { name: text.routes.deviations[kind], kind: end === undefined ? "open" : "past", episode };
}

function mark(lat: number, lon: number, properties: MarkProperties): Feature<Point, MarkProperties> {
  return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties };
}

/** The vehicles of a look back: where their routes knew them to be. */
export function pastVehicles(routes: Iterable<Route>): Map<VehicleKey, Vehicle> {
  const found = new Map<VehicleKey, Vehicle>();
  for (const [key, route] of routesByVehicle(routes)) {
    const { fleet, vehicle, lat, lon, heard } = route;
    if (lat === undefined || lon === undefined || heard === undefined) continue;
    found.set(key, { fleet, vehicle, lat, lon, time: heard, state: stateThen(route) });
  }
  return found;
}

function stateThen({ deviations, phase, next }: Route): Vehicle["state"] {
  if (deviations.some(({ kind }) => kind === "tracker_silent")) return "silent";
  return phase === "under_way" && next?.execution !== "arrived" ? "moving" : "stopped";
}

