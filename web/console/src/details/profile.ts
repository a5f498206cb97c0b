/** The speed over time, thinned to what a small chart can show. Pure. */
import type { TrackPoint } from "../api/model";
import { isGap } from "../map/segments";

/** A point of the chart: x from 0 to 1 over the hours shown, y from 0 to 1 up to `top`. */
export interface ProfilePoint {
  readonly x: number;
  readonly y: number;
  readonly point: TrackPoint;
}

export interface Profile {
  /** Runs without a gap. */
  readonly runs: readonly (readonly ProfilePoint[])[];
  /** The highest speed, m/s; undefined if none is known. */
  readonly topSpeed: number | undefined;
}

/** More than a chart of 300 pixels can show. */
const COLUMNS = 300;
/** The scale never ends below 20 km/h, so that a crawl does not look like a race. */
const LEAST_SCALE = 20 / 3.6;

/** The profile between `from` and `to` (Unix ms). */
export function speedProfile(points: readonly TrackPoint[], from: number, to: number): Profile {
  const known = points.filter((point) => point.speed !== undefined && point.time >= from && point.time <= to);
  const topSpeed = known.reduce<number | undefined>((top, { speed = 0 }) => Math.max(top ?? 0, speed), undefined);
  const scale = Math.max(LEAST_SCALE, topSpeed ?? 0);
  const drawn = thin(known, from, to).map((point) => ({
    x: (point.time - from) / (to - from),
    y: (point.speed ?? 0) / scale,
    point,
  }));
  return { runs: splitAtGaps(drawn), topSpeed };
}

/** The fastest point of each column, so that no peak is lost. */
function thin(points: readonly TrackPoint[], from: number, to: number): TrackPoint[] {
  const columns = new Map<number, TrackPoint>();
  for (const point of points) {
    const column = Math.floor(((point.time - from) / (to - from)) * COLUMNS);
    const there = columns.get(column);
    if (there === undefined || (point.speed ?? 0) > (there.speed ?? 0)) columns.set(column, point);
  }
  return [...columns.values()];
}

function splitAtGaps(points: readonly ProfilePoint[]): ProfilePoint[][] {
  const runs: ProfilePoint[][] = [];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before === undefined || isGap(before.point, point.point)) runs.push([point]);
    else runs.at(-1)?.push(point);
  }
  return runs;
}

/** The drawn point nearest in time to `x` (0 to 1); null if there is none. */
export function nearest(profile: Profile, x: number): ProfilePoint | null {
  let best: ProfilePoint | null = null;
  for (const point of profile.runs.flat()) {
    if (best === null || Math.abs(point.x - x) < Math.abs(best.x - x)) best = point;
  }
  return best;
}
