/** A stop in words. Pure. */
import type { RouteStop } from "../api/route-model";
import { formatSpan } from "../format";
import { text } from "../strings";
import { clockTime, clockWindow } from "../zoned";
import { NOTED_LOSS_MS, type Loss } from "./losses";

const words = text.routes;

/** Nearer to the promise than this is in time. */
const IN_TIME_MS = 60_000;

/** When it was served, or is expected; empty for what will not be. */
export function timeOf(stop: RouteStop, zone: string): string {
  if (stop.arrived !== undefined) return clockTime(stop.arrived, zone);
  return stop.eta === undefined ? "" : clockWindow(stop.eta.p10, stop.eta.p90, zone);
}

/** `12 min late`, `At risk`, `4 min early`; empty where nothing is to be said. */
export function latenessOf({ timeliness, lateness_ms: late = 0 }: RouteStop): string {
  if (timeliness === "late" && late >= IN_TIME_MS) return words.evidence.late(formatSpan(late));
  if (timeliness === "early" && late <= -IN_TIME_MS) return words.evidence.early(formatSpan(-late));
  return timeliness === "on_time" ? "" : words.timeliness[timeliness];
}

/** Whether the vehicle was there and left, and nobody said what became of it. */
export function isUnconfirmed({ execution, outcome }: Pick<RouteStop, "execution" | "outcome">): boolean {
  return execution === "departed" && outcome === "none";
}

/** What the vehicle does about it, and what a person said became of it. */
export function stateOf(stop: Pick<RouteStop, "execution" | "outcome" | "left_with" | "failure">): string {
  const { execution, outcome, left_with: left, failure } = stop;
  if (outcome === "succeeded") return join(words.evidence.outcome.succeeded, left === undefined ? "" : words.evidence.leftWith[left]);
  if (outcome === "failed") return join(`${words.evidence.outcome.failed}:`, failure === undefined ? "" : words.evidence.failure[failure]);
  return isUnconfirmed(stop) ? words.evidence.unconfirmed : words.evidence.execution[execution];
}

function join(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ").replace(/:$/, "");
}

/** `6 min lost on the way, 2 min lost at the stop`; empty if none was. */
export function lossText(loss: Loss | undefined): string {
  if (loss === undefined) return "";
  const way = (loss.way_ms ?? 0) >= NOTED_LOSS_MS ? words.stops.lostWay(formatSpan(loss.way_ms ?? 0)) : "";
  const stay = loss.stay_ms >= NOTED_LOSS_MS ? words.stops.lostStay(formatSpan(loss.stay_ms)) : "";
  return [way, stay].filter((part) => part !== "").join(", ");
}
