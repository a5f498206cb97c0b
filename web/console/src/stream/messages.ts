import { decodeNow, decodeVehicles } from "../api/decode";
import { decodeGone, decodeRoutes } from "../api/decode-routes";
import type { Vehicle } from "../api/model";
import type { Route, RouteKey } from "../api/route-model";
import type { ServerEvent } from "./sse";

/** What the live stream says. A snapshot's `routes` is null where the gateway follows none. */
export type LiveMessage =
  | {
      readonly kind: "snapshot";
      readonly now: number;
      readonly vehicles: readonly Vehicle[];
      readonly routes: readonly Route[] | null;
    }
  | { readonly kind: "vehicles"; readonly now: number; readonly vehicles: readonly Vehicle[] }
  | {
      readonly kind: "routes";
      readonly now: number;
      readonly routes: readonly Route[];
      /** Those that are followed no more. */
      readonly gone: readonly RouteKey[];
    }
  | { readonly kind: "heartbeat"; readonly now: number }
  | { readonly kind: "resync" };

type Decode = (value: unknown, now: number) => LiveMessage;

const DECODE: Readonly<Record<string, Decode>> = {
  snapshot: (value, now) => ({
    kind: "snapshot", now, vehicles: decodeVehicles(value).vehicles, routes: decodeRoutes(value),
  }),
  vehicles: (value, now) => ({ kind: "vehicles", now, vehicles: decodeVehicles(value).vehicles }),
  routes: (value, now) => ({ kind: "routes", now, routes: decodeRoutes(value) ?? [], gone: decodeGone(value) }),
  heartbeat: (_, now) => ({ kind: "heartbeat", now }),
};

/**
 * A message, or null for an event that a later version may have added.
 *
 * @throws SyntaxError if the data is no JSON
 */
export function decodeMessage(event: ServerEvent): LiveMessage | null {
  if (event.name === "resync") return { kind: "resync" };
  const decode = DECODE[event.name];
  if (decode === undefined) return null;
  const value: unknown = JSON.parse(event.data);
  const now = decodeNow(value);
  return now === null ? null : decode(value, now);
}
