/** Places on the sphere. Pure. Degrees in, metres out. */
export interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** West, south, east, north, in degrees. */
export type Bounds = readonly [number, number, number, number];

/** Mean radius of the earth in metres (IUGG). */
const EARTH_RADIUS_M = 6_371_008.8;
const RADIAN = Math.PI / 180;

/** Great-circle distance in metres (haversine). */
export function distance(a: Place, b: Place): number {
  const dLat = (b.lat - a.lat) * RADIAN;
  const dLon = (b.lon - a.lon) * RADIAN;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * RADIAN) * Math.cos(b.lat * RADIAN) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The box around all places; null if there are none. A fleet on both sides of the 180th meridian gets the whole world. */
export function boundsOf(places: Iterable<Place>): Bounds | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { lat, lon } of places) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west > east ? null : [west, south, east, north];
}
