/** Which stops of a route are listed. Pure. */
import type { RouteStop } from "../api/route-model";
import type { StopFilter } from "../store/route-view";
import { isNoted, type Loss } from "./losses";

export function passesFilter(stop: RouteStop, filter: StopFilter | null, losses: ReadonlyMap<string, Loss>): boolean {
  if (filter === null) return true;
  if (filter === "delay") return isNoted(losses.get(stop.stop));
  return filter === stop.label || filter === stop.timeliness;
}

/** How many stops each filter lets through. */
export function countStops(stops: readonly RouteStop[], losses: ReadonlyMap<string, Loss>): Record<StopFilter, number> {
  const counts: Record<StopFilter, number> = {
    pending: 0, on_track: 0, completed: 0, incident: 0, late: 0, at_risk: 0, delay: 0,
  };
  for (const stop of stops) {
    counts[stop.label] += 1;
    if (stop.timeliness === "late" || stop.timeliness === "at_risk") counts[stop.timeliness] += 1;
    if (isNoted(losses.get(stop.stop))) counts.delay += 1;
  }
  return counts;
}
