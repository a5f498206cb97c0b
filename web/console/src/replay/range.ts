/** Which times a look back can go to. Pure. */
import type { Route } from "../api/route-model";

const MINUTE = 60_000;
/** Before a route starts its vehicle is loaded; after its end it drives home. */
const AROUND_MS = 15 * MINUTE;
/** Without a route there is the working day until now. */
const DAY_MS = 10 * 60 * MINUTE;

/** Unix ms, whole minutes. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The selected route's time up to now, else the day's over all routes. */
export function rangeOf(selected: Route | null, routes: Iterable<Route>, now: number): Range {
  const starts = selected === null ? [...routes].map(startOf) : [startOf(selected)];
  const earliest = starts.reduce((least, start) => Math.min(least, start), Infinity);
  const end = selected?.finished === undefined ? now : Math.min(now, selected.finished + AROUND_MS);
  const from = Number.isFinite(earliest) ? earliest - AROUND_MS : end - DAY_MS;
  return { from: toMinute(Math.min(from, end - MINUTE)), to: toMinute(end) };
}

function startOf({ start, started }: Route): number {
  return Math.min(start, started ?? start);
}

export function toMinute(time: number): number {
  return Math.floor(time / MINUTE) * MINUTE;
}

/** How far a key moves the time. */
export const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -MINUTE,
  ArrowDown: -MINUTE,
  ArrowRight: MINUTE,
  ArrowUp: MINUTE,
  PageDown: -10 * MINUTE,
  PageUp: 10 * MINUTE,
};

export function clamp(time: number, { from, to }: Range): number {
  return Math.min(to, Math.max(from, time));
}
