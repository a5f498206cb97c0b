/** Changes of a route as the gateway takes them, and what they would do. Pure. */
import type { FailureReason, LeftWith, RouteDetail, RouteKey, RouteStop } from "../api/route-model";
import { routeUrl } from "../api/route-model";

export type Edit =
  | { readonly kind: "reassign"; readonly vehicle: string; readonly driver?: string }
  | { readonly kind: "reorder"; readonly stops: readonly string[] }
  | { readonly kind: "add"; readonly stop: NewStop }
  | { readonly kind: "cancel"; readonly stop: string }
  | { readonly kind: "replan"; readonly stop: string; readonly route?: string }
  | { readonly kind: "withdraw" };

/** A stop as the gateway takes it. */
export type NewStop = Readonly<Record<string, string | number | boolean>>;

/** What a planner may say of a new stop; `service_min` is sent as seconds. */
export const STOP_FIELDS = [
  "order", "address", "lat", "lon", "recipient", "phone", "email", "language", "notify", "proof", "window_start", "window_end",
  "service_min", "parcels", "notes",
] as const;
export type StopField = (typeof STOP_FIELDS)[number];

/** The stop that the fields say; an empty one is not sent. */
export function newStop(fields: ReadonlyMap<StopField, string>, after: string): NewStop {
  const said = [...fields].map(([name, value]) => [name, value.trim()] as const).filter(([, value]) => value !== "");
  return Object.fromEntries([...said.map(([name, value]) => sentAs(name, value)), ...(after === "" ? [] : [["after", after] as const])]);
}

function sentAs(name: StopField, value: string): readonly [string, string | number | boolean] {
  switch (name) {
    case "service_min":
      return ["service_s", Number(value) * 60];
    case "lat":
    case "lon":
    case "parcels":
      return [name, Number(value)];
    case "notify":
      return [name, value === "yes"];
    case "language":
      return [name, value.toLowerCase()];
    default:
      return [name, value];
  }
}

export type Said =
  | { readonly said: "succeeded"; readonly left_with: LeftWith }
  | { readonly said: "failed"; readonly reason: FailureReason }
  | { readonly said: "undone" };

/** Whether the vehicle has still to come: such a stop can be moved. */
export function isOpen({ execution, outcome }: RouteStop): boolean {
  return outcome === "none" && (execution === "pending" || execution === "en_route" || execution === "skipped");
}

/** Whether a second attempt makes sense. */
export function canReplan({ execution, outcome }: RouteStop): boolean {
  return outcome === "failed" || execution === "skipped" || execution === "cancelled";
}

/** All stops that are not cancelled by name, the open ones in the order `open`; the others keep their places. */
export function reordered(stops: readonly RouteStop[], open: readonly string[]): string[] {
  const rest = [...open];
  return stops.filter(({ execution }) => execution !== "cancelled").map((stop) => (isOpen(stop) ? (rest.shift() ?? stop.stop) : stop.stop));
}

/** The list with the item at `from` at `to`, kept within its ends. */
export function movedTo<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = [...items];
  const item = rest.splice(from, 1);
  rest.splice(Math.min(Math.max(to, 0), rest.length), 0, ...item);
  return rest;
}

/** How many stand elsewhere than before. */
export function countMoved(before: readonly string[], after: readonly string[]): number {
  return before.filter((name, index) => after[index] !== name).length;
}

export function editsUrl(key: RouteKey): string {
  return routeUrl(key, "/edits");
}

export function tapUrl(key: RouteKey, stop: string): string {
  return routeUrl(key, `/stops/${encodeURIComponent(stop)}/taps`);
}

export function openStops({ stops }: RouteDetail): RouteStop[] {
  return stops.filter(isOpen);
}

/** Makes a word count once, however often it is sent; also on pages without HTTPS. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
