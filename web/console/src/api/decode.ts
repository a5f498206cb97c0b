/** From JSON of unknown shape to the model: what does not fit is left out, never guessed. */
import { fieldsOf, isNumber, isPlaced, listOf, withoutNulls, type Fields } from "./fields";
import { STATES, type ConsoleConfig, type TrackPoint, type Vehicle, type VehicleState } from "./model";

function isState(value: unknown): value is VehicleState {
  return STATES.some((state) => state === value);
}

function isPosition(fields: Fields): boolean {
  return isPlaced(fields) && isNumber(fields["time"]);
}

/** A vehicle, or null if it lacks a name, a place, a time or a state. */
export function decodeVehicle(value: unknown): Vehicle | null {
  const fields = withoutNulls(value);
  const named = typeof fields["fleet"] === "string" && typeof fields["vehicle"] === "string";
  if (!named || !isPosition(fields) || !isState(fields["state"])) return null;
  return fields as unknown as Vehicle;
}

/** The vehicles of a snapshot or a change, and the server's time. */
export function decodeVehicles(value: unknown): { now: number | null; vehicles: Vehicle[] } {
  const fields = fieldsOf(value);
  const vehicles = listOf(fields["vehicles"]).map(decodeVehicle);
  return { now: decodeNow(value), vehicles: vehicles.filter((vehicle) => vehicle !== null) };
}

/** The server's time, Unix ms. */
export function decodeNow(value: unknown): number | null {
  const now = fieldsOf(value)["now"];
  return isNumber(now) ? now : null;
}

function decodePoint(value: unknown): TrackPoint | null {
  const fields = withoutNulls(value);
  return isPosition(fields) ? (fields as unknown as TrackPoint) : null;
}

/** The points of a track answered as JSON, oldest first. */
export function decodeTrack(value: unknown): TrackPoint[] {
  const points = listOf(fieldsOf(value)["positions"]).map(decodePoint);
  return points.filter((point) => point !== null).sort((a, b) => a.time - b.time);
}

export function decodeConfig(value: unknown): ConsoleConfig {
  const fields = fieldsOf(value);
  const style = fieldsOf(fields["map"])["style_url"];
  const version = fields["version"];
  return {
    version: typeof version === "string" ? version : "",
    styleUrl: typeof style === "string" && style !== "" ? style : null,
  };
}

/** What the gateway says is wrong, from its error body. */
export function decodeErrorDetail(value: unknown): string | null {
  const detail = fieldsOf(fieldsOf(value)["error"])["detail"];
  return typeof detail === "string" ? detail : null;
}

/** The gateway's own word for it, from its error body. */
export function decodeErrorCode(value: unknown): string | null {
  const code = fieldsOf(fieldsOf(value)["error"])["code"];
  return typeof code === "string" ? code : null;
}
