/** Numbers as a manager reads them. Pure. */
import { text } from "./strings";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time in its largest units: `7 s`, `12 min`, `3 h 05`, `2 d 4 h`. Negative counts as nothing. */
export function formatSpan(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < DAY) return `${Math.floor(span / HOUR)} h ${String(Math.floor((span % HOUR) / MINUTE)).padStart(2, "0")}`;
  return `${Math.floor(span / DAY)} d ${Math.floor((span % DAY) / HOUR)} h`;
}

/** How old something of `time` is at `now`; empty if either is unknown. */
export function formatAge(now: number | null, time: number | undefined): string {
  return now === null || time === undefined ? "" : formatSpan(now - time);
}

/** Metres per second as whole kilometres per hour. */
export function toKmh(speed: number): number {
  return Math.round(speed * 3.6);
}

/** `42 km/h`, or a dash if unknown. */
export function formatSpeed(speed: number | undefined): string {
  return speed === undefined ? text.unknown : `${toKmh(speed)} km/h`;
}

/** `271° W`, or a dash. */
export function formatHeading(course: number | undefined): string {
  if (course === undefined) return text.unknown;
  const degrees = ((Math.round(course) % 360) + 360) % 360;
  const point = text.compass[Math.round(degrees / 45) % 8] ?? "";
  return `${degrees}° ${point}`;
}

/** Metres up to a kilometre, then kilometres. */
export function formatDistance(metres: number | undefined): string {
  if (metres === undefined) return text.unknown;
  if (metres < 10) return `${metres.toFixed(1)} m`;
  return metres < 1_000 ? `${Math.round(metres)} m` : `${(metres / 1_000).toFixed(1)} km`;
}

/** A time of day here, with the date if it is another day than `now`. */
export function formatTime(time: number | undefined, now: number | null): string {
  if (time === undefined) return text.unknown;
  const date = new Date(time);
  const clock = date.toLocaleTimeString(text.locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const today = now !== null && new Date(now).toDateString() === date.toDateString();
  return today ? clock : `${date.toLocaleDateString(text.locale, { day: "numeric", month: "short" })} ${clock}`;
}

/** A place as degrees with five decimals (about a metre). */
export function formatPlace(lat: number, lon: number): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}
