/** The gateway's messages as the console sees them. Times are Unix ms, metres, m/s, degrees true; unknown is absent. */

export const STATES = ["moving", "stopped", "silent"] as const;
export type VehicleState = (typeof STATES)[number];

/** What a position says beside where and when. */
export interface Measured {
  readonly speed?: number;
  readonly course?: number;
  readonly alt?: number;
  readonly accuracy?: number;
  readonly hdop?: number;
  readonly sats?: number;
  readonly fix?: string;
}

export interface Vehicle extends Measured {
  readonly fleet: string;
  readonly vehicle: string;
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
  readonly state: VehicleState;
  readonly source?: string;
  readonly received?: number;
  readonly since?: number;
  readonly odometer_m?: number;
  readonly online?: boolean;
  readonly spool_depth?: number;
}

/** One point of a track. */
export interface TrackPoint {
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
  readonly speed?: number;
}

export interface ConsoleConfig {
  readonly version: string;
  readonly styleUrl: string | null;
}

/** A vehicle is known by its fleet and its name in it. */
export type VehicleKey = string;

export function keyOf(vehicle: Pick<Vehicle, "fleet" | "vehicle">): VehicleKey {
  return `${vehicle.fleet}/${vehicle.vehicle}`;
}

export function vehicleUrl(key: VehicleKey): string {
  const [fleet = "", vehicle = ""] = key.split("/");
  return `/api/v1/vehicles/${encodeURIComponent(vehicle)}?fleet=${encodeURIComponent(fleet)}`;
}

export const TRACK_FORMATS = ["gpx", "csv", "geojson"] as const;
export type TrackFormat = (typeof TRACK_FORMATS)[number];

/** Where a vehicle's track in [from, to) is; times are whole ms. */
export function trackUrl(key: VehicleKey, from: number, to: number, format: TrackFormat | "json"): string {
  const [fleet = "", vehicle = ""] = key.split("/");
  const query = new URLSearchParams({ fleet, from: String(Math.floor(from)), to: String(Math.ceil(to)), format });
  return `/api/v1/vehicles/${encodeURIComponent(vehicle)}/track?${query.toString()}`;
}
