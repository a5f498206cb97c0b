/** Where a delay was made: time lost, against the plan, on the way to each served stop and at it. Pure. */
import type { Route, RouteStop } from "../api/route-model";

export interface Loss {
  /** Negative: time won. Undefined: the stop before was another than planned, so no plan speaks of this way. */
  readonly way_ms: number | undefined;
  readonly stay_ms: number;
}

/** Below a minute it is the day's noise. */
export const NOTED_LOSS_MS = 60_000;

/** The stop that the plan has before another (null: the depot), and when it has the vehicle leave there. */
interface Before {
  readonly stop: RouteStop | null;
  readonly planned: number;
}

/** Where the vehicle really came from, and when it left there. */
interface From {
  readonly stop: RouteStop | null;
  readonly departed: number | undefined;
}

/** The losses of all served stops, by the stop's name. `stops` are in their planned sequence. */
export function lossesOf(route: Route, stops: readonly RouteStop[]): Map<string, Loss> {
  const before = new Map(stops.map((stop, index) => [stop.stop, plannedBefore(route, stops[index - 1])]));
  const served = stops.filter((stop) => stop.arrived !== undefined).sort((a, b) => (a.arrived ?? 0) - (b.arrived ?? 0));
  const losses = new Map<string, Loss>();
  let from: From = { stop: null, departed: route.started };
  for (const stop of served) {
    losses.set(stop.stop, lossAt(stop, before.get(stop.stop), from));
    from = { stop, departed: stop.departed };
  }
  return losses;
}

function plannedBefore(route: Route, stop: RouteStop | undefined): Before {
  if (stop === undefined) return { stop: null, planned: route.start };
  return { stop, planned: stop.planned_arrival + stop.service_ms };
}

function lossAt(stop: RouteStop, before: Before | undefined, from: From): Loss {
  const { arrived = 0, departed } = stop;
  const stay_ms = departed === undefined ? 0 : departed - arrived - stop.service_ms;
  if (before?.stop !== from.stop || from.departed === undefined) return { way_ms: undefined, stay_ms };
  return { way_ms: arrived - from.departed - (stop.planned_arrival - before.planned), stay_ms };
}

/** Whether the stop made some of the delay. */
export function isNoted(loss: Loss | undefined): boolean {
  return loss !== undefined && ((loss.way_ms ?? 0) >= NOTED_LOSS_MS || loss.stay_ms >= NOTED_LOSS_MS);
}
