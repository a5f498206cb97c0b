/** A route in words: how it stands, and the one line that says why. Pure. */
import type { OpenDeviation, Route } from "../api/route-model";
import { formatDistance, formatSpan } from "../format";
import { text } from "../strings";
import { clockTime } from "../zoned";

/** How a route stands, worst first; what the colours and shapes of lists and map tell. */
export const GRADES = ["bad", "watch", "fine", "idle", "done"] as const;
export type Grade = (typeof GRADES)[number];

/** From here on somebody has to act; below, but above nought, it is worth a look. */
export const BAD_SEVERITY = 50;

export function gradeOf(route: Route): Grade {
  if (route.phase === "finished" || route.phase === "withdrawn") return "done";
  if (route.severity >= BAD_SEVERITY) return "bad";
  if (route.severity > 0) return "watch";
  return route.phase === "planned" ? "idle" : "fine";
}

/** Below five minutes a delay is the day's noise. */
export const NOTED_DELAY_MS = 5 * 60_000;

/** `+12 min`, `−3 min`; within half a minute of the plan `±0`; empty if it is not known. */
export function formatDelay(ms: number | undefined): string {
  if (ms === undefined) return "";
  if (Math.abs(ms) < 30_000) return text.routes.delay.none;
  const span = formatSpan(Math.max(60_000, Math.abs(ms)));
  return ms > 0 ? text.routes.delay.late(span) : text.routes.delay.early(span);
}

const words = text.routes.reason;

type Tell = (deviation: OpenDeviation, span: string, route: Route) => string;

const far = (metres: number | undefined): string => (metres === undefined ? "" : formatDistance(metres));
const stopOf = ({ sequence, stop }: OpenDeviation): string => (sequence === undefined ? (stop ?? "") : String(sequence));

const TELL: Readonly<Record<OpenDeviation["kind"], Tell>> = {
  off_route: ({ greatest_m }, span) => words.offRoute(far(greatest_m), span),
  out_of_sequence: (deviation) => words.outOfSequence(stopOf(deviation)),
  stop_skipped: (deviation) => words.skipped(stopOf(deviation)),
  unplanned_stop: (_, span) => words.standing(span),
  late_start: (_, span, { started }) => (started === undefined ? words.lateStart(span) : words.lateStarted),
  window_at_risk: missedWindow,
  tracker_silent: (_, span) => words.silent(span),
  done_far_away: (deviation) => words.doneFar(stopOf(deviation), far(deviation.greatest_m)),
};

function missedWindow(deviation: OpenDeviation, _: string, { next }: Route): string {
  const isNext = next !== undefined && next.stop === deviation.stop;
  const stop = isNext ? String(next.sequence) : stopOf(deviation);
  const late = deviation.lateness_ms ?? (isNext ? latenessOf(next.eta?.p50, next.window_end) : undefined);
  if (late === undefined || late < 60_000 || stop === "") return words.mayMissWindow(stop);
  return words.missWindow(stop, formatSpan(late));
}

function latenessOf(expected: number | undefined, promised: number | undefined): number | undefined {
  return expected === undefined || promised === undefined ? undefined : expected - promised;
}

/** A deviation that lasts, in one line. */
export function tellDeviation(deviation: OpenDeviation, route: Route, now: number | null): string {
  return TELL[deviation.kind](deviation, formatSpan((now ?? deviation.since) - deviation.since), route);
}

/** Why the route is where it is in the list: its worst deviation, or how far it is from its plan. */
export function reasonOf(route: Route, now: number | null): string {
  if (route.phase === "withdrawn") return words.withdrawn;
  if (route.phase === "finished") return finishedReason(route);
  if (route.worst !== undefined) return tellDeviation(route.worst, route, now);
  if (route.phase === "planned") return words.starts(clockTime(route.start, route.zone));
  return underWayReason(route);
}

function finishedReason({ finished, zone, counts }: Route): string {
  const when = finished === undefined ? words.over : words.finished(clockTime(finished, zone));
  return counts.incident === 0 ? when : `${when}, ${words.incidents(counts.incident)}`;
}

function underWayReason({ counts, delay_ms: delay = 0 }: Route): string {
  if (counts.late > 0) return words.lateStops(counts.late);
  if (delay >= NOTED_DELAY_MS) return words.behind(formatSpan(delay));
  if (counts.incident > 0) return words.incidents(counts.incident);
  return delay <= -NOTED_DELAY_MS ? words.ahead(formatSpan(-delay)) : words.onPlan;
}
