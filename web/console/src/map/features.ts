/** Vehicles as the map's features. Pure. */
import type { Feature, FeatureCollection, Point } from "geojson";
import { keyOf, type Vehicle, type VehicleKey } from "../api/model";
import { formatAge, formatSpeed } from "../format";
import type { Grade } from "../routes/words";
import { iconName } from "./icon-name";

export interface VehicleProperties {
  readonly key: VehicleKey;
  readonly name: string;
  readonly detail: string;
  readonly icon: string;
  readonly course: number;
  readonly selected: boolean;
  /** Beside a selected vehicle the others step back. */
  readonly opacity: number;
  /** There is room for speed and age beside every name. */
  readonly roomy: boolean;
  /** What is drawn first lies below: the silent, the stopped, the moving, the selected. */
  readonly rank: number;
}

const ASIDE = 0.5;
/** Beside a route's stops they step back further. */
const FAR_ASIDE = 0.3;
/** More labels of two lines than this hide each other and the streets. */
const ROOMY_COUNT = 60;

const RANK = { silent: 0, stopped: 1, moving: 2 } as const;
const GRADE_RANK: Readonly<Record<Grade, number>> = { done: 0, idle: 1, fine: 2, watch: 3, bad: 4 };
const TOP_RANK = 9;

export interface FeatureContext {
  readonly now: number | null;
  readonly selected: VehicleKey | null;
  /** How the routes of those that have one stand. */
  readonly grades: ReadonlyMap<VehicleKey, Grade>;
  /** Whose names are not written, because the selected one's stops need the room. */
  readonly quiet: "none" | "others";
  /** The stream is down: what is shown is the past. */
  readonly stale: boolean;
}

export function vehicleFeatures(
  vehicles: ReadonlyMap<VehicleKey, Vehicle>,
  context: FeatureContext,
): FeatureCollection<Point, VehicleProperties> {
  const features: Feature<Point, VehicleProperties>[] = [];
  const roomy = vehicles.size <= ROOMY_COUNT;
  for (const vehicle of vehicles.values()) {
    features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: [vehicle.lon, vehicle.lat] },
      properties: { ...propertiesOf(vehicle, context), roomy },
    });
  }
  return { type: "FeatureCollection", features };
}

function propertiesOf(vehicle: Vehicle, context: FeatureContext): Omit<VehicleProperties, "roomy"> {
  const { now, selected, stale, grades, quiet } = context;
  const key = keyOf(vehicle);
  const grade = grades.get(key) ?? null;
  const aside = selected !== null && key !== selected;
  const speed = vehicle.speed === undefined ? [] : [formatSpeed(vehicle.speed)];
  return {
    key,
    name: aside && quiet === "others" ? "" : vehicle.vehicle,
    detail: aside && quiet === "others" ? "" : [...speed, formatAge(now, vehicle.time)].join(" · "),
    icon: iconName({ state: vehicle.state, heading: vehicle.course !== undefined, stale, grade }),
    course: vehicle.course ?? 0,
    selected: key === selected,
    opacity: !aside ? 1 : quiet === "others" ? FAR_ASIDE : ASIDE,
    rank: key === selected ? TOP_RANK : grade === null ? RANK[vehicle.state] : GRADE_RANK[grade],
  };
}
