/** Times of day in the zone of a route. Pure. */
import { text } from "./strings";

type Shape = "clock" | "day" | "offset";

const SHAPES: Readonly<Record<Shape, Intl.DateTimeFormatOptions>> = {
  clock: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { day: "numeric", month: "short" },
  offset: { timeZoneName: "longOffset" },
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** A zone that this browser does not know is shown in the browser's own, which `zoneDiffers` then says. */
function formatOf(shape: Shape, zone: string): Intl.DateTimeFormat {
  const key = `${shape} ${zone}`;
  const known = formats.get(key) ?? makeFormat(shape, zone);
  formats.set(key, known);
  return known;
}

function makeFormat(shape: Shape, zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(text.locale, { ...SHAPES[shape], timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat(text.locale, SHAPES[shape]);
  }
}

/** `10:42` in the zone; rounded down to the minute. */
export function clockTime(time: number, zone: string): string {
  return formatOf("clock", zone).format(time);
}

/** `10:42`, with the day before it if it is not the day of `reference` there. */
export function zonedTime(time: number, zone: string, reference: number): string {
  const day = formatOf("day", zone);
  const clock = clockTime(time, zone);
  return day.format(time) === day.format(reference) ? clock : `${day.format(time)} ${clock}`;
}

/** `10:40–10:55`. */
export function clockWindow(from: number, to: number, zone: string): string {
  return `${clockTime(from, zone)}–${clockTime(to, zone)}`;
}

/** This browser's own zone. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function offsetOf(time: number, zone: string): string | undefined {
  return formatOf("offset", zone).formatToParts(time).find(({ type }) => type === "timeZoneName")?.value;
}

/** Whether clocks in the two zones differ at that time. */
export function zoneDiffers(zone: string, other: string, time: number): boolean {
  return offsetOf(time, zone) !== offsetOf(time, other);
}
