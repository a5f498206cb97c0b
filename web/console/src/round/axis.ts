/** The time axis beside the stops: it spans what the stops in sight need, in whole quarters of an hour. Pure. */
import type { RouteStop } from "../api/route-model";

const MINUTE = 60_000;
const GRAIN = 15 * MINUTE;
/** Less would blow a minute up to a finger's width. */
const LEAST = 90 * MINUTE;
/** Room beside the outermost marks. */
const MARGIN = 5 * MINUTE;

export interface Axis {
  readonly from: number;
  readonly to: number;
}

function timesOf(stop: RouteStop): (number | undefined)[] {
  const { planned_arrival: planned, arrived, departed, eta, window_end: end, lateness_ms: lateness = 0 } = stop;
  return [planned, arrived, departed, eta?.p10, eta?.p90, lateness > 0 ? end : undefined];
}

/** The axis for these stops; null if there are none. */
export function axisOf(stops: readonly RouteStop[]): Axis | null {
  const times = stops.flatMap(timesOf).filter((time) => time !== undefined);
  if (times.length === 0) return null;
  const from = Math.floor((Math.min(...times) - MARGIN) / GRAIN) * GRAIN;
  const to = Math.ceil((Math.max(...times) + MARGIN) / GRAIN) * GRAIN;
  const missing = Math.max(0, LEAST - (to - from));
  const before = Math.floor(missing / 2 / GRAIN) * GRAIN;
  return { from: from - before, to: to + missing - before };
}

const STEPS = [15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE);

/** Times to write on the axis: whole steps, at most `most` of them. */
export function ticksOf({ from, to }: Axis, most: number): number[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? (to - from) / most;
  const ticks: number[] = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) ticks.push(time);
  return ticks;
}

/** Where a time stands on the axis, in percent; beyond its ends it stays at them. */
export function percentOf({ from, to }: Axis, time: number): number {
  return Math.min(100, Math.max(0, ((time - from) / (to - from)) * 100));
}

/** Whether anything of [begin, end] is on the axis. */
export function isOnAxis({ from, to }: Axis, begin: number, end: number): boolean {
  return end >= from && begin <= to;
}
