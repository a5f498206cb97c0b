/** A track cut into lines of one colour, and the gaps between them. Pure. */
import type { Feature, FeatureCollection, LineString, Point, Position } from "geojson";
import type { TrackPoint } from "../api/model";
import { distance } from "../geo";
import { speedStep } from "./speeds";

/** A parked vehicle's heartbeat is at most 5 minutes apart; more than that between two positions is not known. */
export const GAP_MS = 6 * 60_000;
/** So far apart in one go, the straight line between two positions would cross houses. */
export const GAP_M = 1_500;

export interface SegmentProperties {
  /** Index of the speed step, -1 if the speed is unknown. */
  readonly step: number;
  readonly gap: boolean;
}

type Segment = Feature<LineString, SegmentProperties>;

/** Whether nothing is known of what was between two positions. */
export function isGap(a: TrackPoint, b: TrackPoint): boolean {
  return b.time - a.time > GAP_MS || distance(a, b) > GAP_M;
}

function place(point: TrackPoint): Position {
  return [point.lon, point.lat];
}

/** The way to each point in the colour of the speed there; neighbours of one colour are one line. */
export function trackSegments(points: readonly TrackPoint[]): FeatureCollection<LineString, SegmentProperties> {
  const features: Segment[] = [];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before !== undefined) appendLeg(features, before, point);
  }
  return { type: "FeatureCollection", features };
}

function appendLeg(features: Segment[], from: TrackPoint, to: TrackPoint): void {
  const properties = { step: speedStep(to.speed), gap: isGap(from, to) };
  const last = features.at(-1);
  if (last?.properties.step === properties.step && last.properties.gap === properties.gap) {
    last.geometry.coordinates.push(place(to));
  } else {
    const geometry: LineString = { type: "LineString", coordinates: [place(from), place(to)] };
    features.push({ type: "Feature", geometry, properties });
  }
}

/** Where the track starts; its end is the vehicle itself. */
export function trackStart(points: readonly TrackPoint[], label: string): FeatureCollection<Point> {
  const [first] = points;
  if (first === undefined) return { type: "FeatureCollection", features: [] };
  return { type: "FeatureCollection", features: [pointFeature(first, { label })] };
}

export function pointFeature(point: TrackPoint, properties: Record<string, unknown>): Feature<Point> {
  return { type: "Feature", geometry: { type: "Point", coordinates: place(point) }, properties };
}
