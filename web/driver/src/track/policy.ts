/** Which of the phone's fixes are worth a number, and at what time they were. */
import type { Fix } from "./exchange";
import type { Shift } from "../day/model";

/** Moving: a fix each 5 s, which is 70 m in a city. */
const MOVING_MS = 5_000;
/** Standing: one each 30 s says that the phone is alive. */
const STANDING_MS = 30_000;
/** Less than this is the jitter of a phone that lies still. */
const MOVED_M = 12;
/** A fix with a wider radius says which quarter of the town it is, and no more. */
const WORST_ACCURACY_M = 500;
const METRES_PER_DEGREE = 111_195;

function distance(a: Fix, b: Fix): number {
  const east = (b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(b.lat - a.lat, east) * METRES_PER_DEGREE;
}

export function isWorthKeeping(last: Fix | null, fix: Fix): boolean {
  if ((fix.accuracy ?? 0) > WORST_ACCURACY_M) return false;
  if (last === null) return true;
  const age = fix.time - last.time;
  return age >= STANDING_MS || (age >= MOVING_MS && distance(last, fix) > MOVED_M);
}

export function isInShift(shift: Shift | undefined, time: number): boolean {
  return shift !== undefined && time >= shift.begin && time <= shift.end;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const known = (name: string, value: number | null, digits: number): Record<string, number> =>
  value === null || !Number.isFinite(value) ? {} : { [name]: rounded(value, digits) };

/** What a browser's `GeolocationCoordinates` say (their accuracy is a 95 % radius, as ours). */
export interface Coords {
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracy: number;
  readonly altitude: number | null;
  readonly speed: number | null;
  readonly heading: number | null;
}

/** A fix as it is numbered; `offset` is how far the gateway's clock is ahead of the phone's. */
export function fixOf(coords: Coords, timestamp: number, offset: number): Fix {
  return {
    time: Math.round(timestamp + offset),
    lat: rounded(coords.latitude, 7),
    lon: rounded(coords.longitude, 7),
    ...known("accuracy", coords.accuracy, 1),
    ...known("speed", coords.speed, 2),
    ...known("course", coords.heading, 1),
    ...known("alt", coords.altitude, 1),
  };
}

/** How far the gateway's clock is ahead of the phone's; what the way of the answer may be is not corrected. */
export function clockOffset(gatewayNow: number, askedAt: number, answeredAt: number): number {
  const offset = Math.round(gatewayNow - (askedAt + answeredAt) / 2);
  return Math.abs(offset) <= answeredAt - askedAt + 1_000 ? 0 : offset;
}
