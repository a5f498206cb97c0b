import type { TrackPoint, Vehicle } from "../src/api/model";

/** A vehicle for a test, but for what it says. */
export function vehicle(name: string, change: Partial<Vehicle> = {}): Vehicle {
  return { fleet: "main", vehicle: name, time: 1_000, lat: 60.17, lon: 24.94, state: "moving", ...change };
}

/** A point of a track a number of seconds and metres north of the start. */
export function point(seconds: number, metres: number, speed?: number): TrackPoint {
  const place = { time: seconds * 1_000, lat: 60 + metres / 111_195, lon: 24.94 };
  return speed === undefined ? place : { ...place, speed };
}
