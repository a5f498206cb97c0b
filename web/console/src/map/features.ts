/** Vehicles as the map's features. Pure. */
import type { Feature, FeatureCollection, Point } from "geojson";
import { keyOf, type Vehicle, type VehicleKey } from "../api/model";
import { formatAge, formatSpeed } from "../format";
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
/** More labels of two lines than this hide each other and the streets. */
const ROOMY_COUNT = 60;

const RANK = { silent: 0, stopped: 1, moving: 2 } as const;

export interface FeatureContext {
  readonly now: number | null;
  readonly selected: VehicleKey | null;
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

function propertiesOf(vehicle: Vehicle, { now, selected, stale }: FeatureContext): Omit<VehicleProperties, "roomy"> {
  const key = keyOf(vehicle);
  return {
    key,
    name: vehicle.vehicle,
    detail: `${formatSpeed(vehicle.speed)} · ${formatAge(now, vehicle.time)}`,
    icon: iconName(vehicle.state, vehicle.course !== undefined, stale),
    course: vehicle.course ?? 0,
    selected: key === selected,
    opacity: selected === null || key === selected ? 1 : ASIDE,
    rank: key === selected ? 3 : RANK[vehicle.state],
  };
}
