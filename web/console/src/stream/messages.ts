import { decodeNow, decodeVehicles } from "../api/decode";
import type { Vehicle } from "../api/model";
import type { ServerEvent } from "./sse";

/** What the live stream says. */
export type LiveMessage =
  | { readonly kind: "snapshot"; readonly now: number; readonly vehicles: readonly Vehicle[] }
  | { readonly kind: "vehicles"; readonly now: number; readonly vehicles: readonly Vehicle[] }
  | { readonly kind: "heartbeat"; readonly now: number }
  | { readonly kind: "resync" };

/**
 * A message, or null for an event that a later version may have added.
 *
 * @throws SyntaxError if the data is no JSON
 */
export function decodeMessage(event: ServerEvent): LiveMessage | null {
  if (event.name === "resync") return { kind: "resync" };
  if (event.name === "heartbeat") return heartbeat(JSON.parse(event.data));
  if (event.name !== "snapshot" && event.name !== "vehicles") return null;
  const { now, vehicles } = decodeVehicles(JSON.parse(event.data));
  return now === null ? null : { kind: event.name, now, vehicles };
}

function heartbeat(value: unknown): LiveMessage | null {
  const now = decodeNow(value);
  return now === null ? null : { kind: "heartbeat", now };
}
