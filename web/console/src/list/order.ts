/** Which vehicles the list shows, and in which order. Pure. */
import { STATES, type Vehicle, type VehicleState } from "../api/model";
import type { SortKey, View } from "../store/view";

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

type Compare = (a: Vehicle, b: Vehicle) => number;

const byName: Compare = (a, b) => collator.compare(a.vehicle, b.vehicle) || collator.compare(a.fleet, b.fleet);

/** Ascending order of each column; an unknown speed is below 0, the youngest data comes first. */
const COMPARE: Record<SortKey, Compare> = {
  name: byName,
  state: (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state),
  speed: (a, b) => (a.speed ?? -1) - (b.speed ?? -1),
  age: (a, b) => b.time - a.time,
};

/** Whether each word of the query is in the vehicle's name, fleet or source. */
export function matchesQuery(vehicle: Vehicle, query: string): boolean {
  const text = `${vehicle.fleet} ${vehicle.vehicle} ${vehicle.source ?? ""}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The vehicles to show, in order; equals are ordered by name, so that rows do not dance. */
export function arrange(vehicles: Iterable<Vehicle>, view: View): Vehicle[] {
  const shown = [...vehicles].filter(
    (vehicle) => (view.state === null || vehicle.state === view.state) && matchesQuery(vehicle, view.query),
  );
  const sign = view.order === "ascending" ? 1 : -1;
  const compare = COMPARE[view.sort];
  return shown.sort((a, b) => sign * compare(a, b) || byName(a, b));
}

/** How many vehicles are in each state. */
export function countStates(vehicles: Iterable<Vehicle>): Record<VehicleState, number> {
  const counts: Record<VehicleState, number> = { moving: 0, stopped: 0, silent: 0 };
  for (const vehicle of vehicles) counts[vehicle.state] += 1;
  return counts;
}
