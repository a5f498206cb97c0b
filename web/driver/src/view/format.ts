/** Times and addresses as a driver reads them. */
import type { Placed } from "../day/order";
import { text } from "../strings";

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The time of day where the route is. */
export function clock(time: number, zone?: string): string {
  const name = zone ?? "";
  const made = clocks.get(name) ?? new Intl.DateTimeFormat(text.locale, { hour: "2-digit", minute: "2-digit", ...(zone === undefined ? {} : { timeZone: zone }) });
  clocks.set(name, made);
  return made.format(time);
}

export function windowOf({ route, stop }: Placed): string | null {
  const { window_start: start, window_end: end } = stop;
  if (start === undefined && end === undefined) return null;
  if (start === undefined || end === undefined) return clock(start ?? end ?? 0, route.zone);
  return text.until(clock(start, route.zone), clock(end, route.zone));
}

/** When to be there: as it is expected now, else as planned. */
export function expected({ route, stop }: Placed): { readonly label: string; readonly time: number; readonly shown: string } {
  const time = stop.eta?.p50 ?? stop.planned_arrival;
  return { label: stop.eta === undefined ? text.planned : text.eta, time, shown: clock(time, route.zone) };
}

/** Whether it will be after what was promised. */
export function isLate(placed: Placed): boolean {
  const end = placed.stop.window_end;
  return end !== undefined && expected(placed).time > end;
}

/** The first part of an address is the street; the rest is for a second line. */
export function addressLines(address: string | undefined): readonly [string, string] {
  if (address === undefined || address === "") return [text.noAddress, ""];
  const [street = "", ...rest] = address.split(/,\s*/);
  return [street, rest.join(", ")];
}

/** Opens the phone's own map application; the place, not the address, so that it needs no search. */
export function navigateLink(agent: string, stop: { readonly lat: number; readonly lon: number; readonly address?: string }): string {
  const place = `${stop.lat},${stop.lon}`;
  if (/iPhone|iPad|iPod|Macintosh/.test(agent)) return `https://maps.apple.com/?daddr=${place}&dirflg=d`;
  const label = stop.address === undefined ? "" : `(${encodeURIComponent(stop.address).replace(/[()]/g, " ")})`;
  return `geo:${place}?q=${place}${label}`;
}

export function telephone(number: string): string {
  return `tel:${number.replace(/[^+\d*#]/g, "")}`;
}
