/** From JSON of unknown shape to routes: what does not fit is left out, never guessed. */
import { areNumbers, areTexts, fieldsOf, isNumber, isOneOf, isPlaced, listOf, withoutNulls, type Fields } from "./fields";
import {
  LABELS, PHASES, TIMELINESS, routeKeyOf,
  type Counts, type Episode, type Eta, type Gap, type Halt, type Lead, type NextStop, type OpenDeviation, type Route,
  type RouteDetail, type RouteKey, type RouteStop, type StopDetails,
} from "./route-model";

/** Absent fields have no key, so that they differ in nothing from those never sent. */
function compact(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined));
}

/** The fields if they pass the test. */
function whole(value: unknown, test: (fields: Fields) => boolean): unknown {
  const fields = withoutNulls(value);
  return test(fields) ? fields : undefined;
}

function allOf<T>(value: unknown, decode: (value: unknown) => T | undefined): T[] {
  return listOf(value).map(decode).filter((decoded) => decoded !== undefined);
}

export function decodeEta(value: unknown): Eta | undefined {
  return whole(value, (fields) => areNumbers(fields, "p10", "p50", "p90", "made") && areTexts(fields, "reason")) as Eta | undefined;
}

function decodeDeviation(value: unknown): OpenDeviation | undefined {
  return whole(value, (fields) => areTexts(fields, "kind") && isNumber(fields["since"])) as OpenDeviation | undefined;
}

/** Counts of nought are not sent. */
function decodeCounts(value: unknown): Counts {
  const fields = fieldsOf(value);
  const count = (name: string): number => (isNumber(fields[name]) ? fields[name] : 0);
  return {
    pending: count("pending"), on_track: count("on_track"), completed: count("completed"), incident: count("incident"),
    late: count("late"), at_risk: count("at_risk"),
  };
}

function decodeNext(value: unknown): NextStop | undefined {
  const fields = withoutNulls(value);
  if (!areTexts(fields, "stop", "order", "execution") || !areNumbers(fields, "sequence", "planned_arrival")) return undefined;
  const { eta, ...rest } = fields;
  return { ...rest, ...compact({ eta: decodeEta(eta) }) } as unknown as NextStop;
}

/** A route, or undefined if it lacks what makes one. */
export function decodeRoute(value: unknown): Route | undefined {
  const fields = withoutNulls(value);
  const named = areTexts(fields, "fleet", "route", "date", "zone", "vehicle") && isOneOf(PHASES, fields["phase"]);
  if (!named || !areNumbers(fields, "version", "start", "stops_total", "severity", "revision", "known")) return undefined;
  const { counts, worst, deviations, next, end, ...rest } = fields;
  return {
    driven_m: 0,
    planned_m: 0,
    ...rest,
    counts: decodeCounts(counts),
    deviations: allOf(deviations, decodeDeviation),
    ...compact({ worst: decodeDeviation(worst), next: decodeNext(next), end: decodeEta(end) }),
  } as unknown as Route;
}

/** The routes of a list, a snapshot or a change; null where the message does not speak of routes at all. */
export function decodeRoutes(value: unknown): Route[] | null {
  const { routes } = fieldsOf(value);
  return Array.isArray(routes) ? allOf(routes, decodeRoute) : null;
}

/** The routes that a change says are followed no more. */
export function decodeGone(value: unknown): RouteKey[] {
  const named = listOf(fieldsOf(value)["gone"]).map(fieldsOf).filter((fields) => areTexts(fields, "fleet", "route"));
  return named.map((fields) => routeKeyOf(fields as unknown as Pick<Route, "fleet" | "route">));
}

function isStop(fields: Fields): boolean {
  return (
    areTexts(fields, "stop", "order", "execution", "outcome") &&
    areNumbers(fields, "sequence", "planned_arrival", "service_ms") &&
    isPlaced(fields) &&
    isOneOf(LABELS, fields["label"]) &&
    isOneOf(TIMELINESS, fields["timeliness"])
  );
}

function decodeStop(value: unknown): RouteStop | undefined {
  const { eta, tap, ...fields } = withoutNulls(value);
  if (!isStop(fields)) return undefined;
  const said = whole(tap, (shown) => isNumber(shown["time"]) && areTexts(shown, "by"));
  return { ...fields, ...compact({ eta: decodeEta(eta), tap: said }) } as unknown as RouteStop;
}

const decodeEpisode = (value: unknown): Episode | undefined =>
  whole(value, (fields) => areTexts(fields, "kind") && isNumber(fields["begin"])) as Episode | undefined;

const decodeGap = (value: unknown): Gap | undefined =>
  whole(value, (fields) => areNumbers(fields, "begin", "end", "m")) as Gap | undefined;

const decodeLead = (value: unknown): Lead | undefined =>
  whole(value, (fields) => areTexts(fields, "source") && isNumber(fields["since"])) as Lead | undefined;

function decodeHalt(value: unknown): Halt | undefined {
  const fields = withoutNulls(value);
  if (!isNumber(fields["begin"]) || !isPlaced(fields)) return undefined;
  const stops = listOf(fields["stops"]).filter((stop) => typeof stop === "string");
  return { ...fields, stops } as unknown as Halt;
}

const LEG_SOURCES = ["given", "router", "crow_flies"];

function decodeDetail(value: unknown): RouteDetail | null {
  const { route: line, stops, episodes, gaps, halts, leads, leg_source: legs, ...fields } = withoutNulls(value);
  const route = decodeRoute(line);
  if (route === undefined) return null;
  return {
    ...fields,
    route,
    stops: allOf(stops, decodeStop).sort((a, b) => a.sequence - b.sequence),
    leg_source: isOneOf(LEG_SOURCES, legs) ? (legs as RouteDetail["leg_source"]) : "crow_flies",
    episodes: allOf(episodes, decodeEpisode),
    gaps: allOf(gaps, decodeGap),
    halts: allOf(halts, decodeHalt),
    leads: allOf(leads, decodeLead),
  };
}

/** A route with its stops, and who they are for, by the stop's name; null if it is no route. */
export interface RouteAnswer {
  readonly detail: RouteDetail;
  readonly people: ReadonlyMap<string, StopDetails>;
}

/** @returns null if the answer holds no route */
export function decodeRouteAnswer(value: unknown): RouteAnswer | null {
  const { detail: told, stops } = fieldsOf(value);
  const detail = decodeDetail(told);
  if (detail === null) return null;
  const people = allOf(stops, (stop) => whole(stop, (fields) => areTexts(fields, "stop", "order")) as StopDetails | undefined).map(withKnownProof);
  return { detail, people: new Map(people.map((known) => [known.stop, known])) };
}

/** A kind of proof that this console does not know is as if none was asked for. */
function withKnownProof({ proof, ...rest }: StopDetails): StopDetails {
  return isOneOf(["photo", "signature"], proof) && proof !== undefined ? { ...rest, proof } : rest;
}
