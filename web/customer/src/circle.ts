/** The field in which the van is, as a circle around its middle. Pure. */
import type { Feature, Polygon } from "geojson";

/** Half the diagonal of the gateway's field of 500 m: wherever in it the van is, it is inside. */
export const AREA_RADIUS_M = 354;
const CORNERS = 48;
const METRES_PER_DEGREE = 111_195;

/** `[lon, lat]` pairs, closed. */
export function circle(lat: number, lon: number, radiusM: number): Feature<Polygon> {
  const high = radiusM / METRES_PER_DEGREE;
  const wide = high / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const angle = (2 * Math.PI * (corner % CORNERS)) / CORNERS;
    return [lon + wide * Math.cos(angle), lat + high * Math.sin(angle)];
  });
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}
