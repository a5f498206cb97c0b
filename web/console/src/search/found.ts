/** What the search answers: stops of orders, with what is to be said on the phone. Pure. */
import { decodeEta } from "../api/decode-routes";
import { areTexts, fieldsOf, isOneOf, listOf, withoutNulls } from "../api/fields";
import { LABELS, TIMELINESS, type Eta, type Execution, type Label, type Outcome, type Timeliness } from "../api/route-model";
import { formatAge } from "../format";
import { stateOf } from "../round/stop-words";
import { text } from "../strings";
import { clockWindow } from "../zoned";
import { searchText as words } from "./strings";

/** The gateway answers with at most so many. */
export const MOST_FOUND = 50;

export interface Found {
  readonly fleet: string;
  readonly route: string;
  readonly date: string;
  readonly vehicle: string;
  readonly stop: string;
  readonly order: string;
  readonly label: Label;
  readonly execution: Execution;
  readonly outcome: Outcome;
  readonly timeliness: Timeliness;
  readonly tracking_url: string;
  readonly recipient?: string;
  readonly phone?: string;
  readonly address?: string;
  readonly eta?: Eta;
  readonly stops_remaining?: number;
}

/** What was found; what lacks its names or its state is left out. */
export function decodeFound(value: unknown): Found[] {
  return listOf(fieldsOf(value)["found"]).map(decodeOne).filter((found) => found !== null);
}

function decodeOne(value: unknown): Found | null {
  const { eta, ...fields } = withoutNulls(value);
  const named = areTexts(fields, "fleet", "route", "date", "vehicle", "stop", "order", "execution", "outcome", "tracking_url");
  if (!named || !isOneOf(LABELS, fields["label"]) || !isOneOf(TIMELINESS, fields["timeliness"])) return null;
  const expected = decodeEta(eta);
  return { ...fields, ...(expected === undefined ? {} : { eta: expected }) } as unknown as Found;
}

export function searchUrl(query: string): string {
  return `/api/v1/search?${new URLSearchParams({ q: query }).toString()}`;
}

export function keyOfFound({ fleet, route, stop }: Found): string {
  return `${fleet}/${route}/${stop}`;
}

/** What is said of it, ready to be read out. */
export interface FoundWords {
  readonly state: string;
  /** Empty where nothing is to be said of it. */
  readonly late: string;
  readonly expected: string;
  readonly age: string;
  readonly before: string;
}

/** @param zone where the route is driven: an IANA name */
export function tellFound(found: Found, zone: string, now: number | null): FoundWords {
  const { eta, stops_remaining: remaining, timeliness, label, execution, outcome } = found;
  const awaited = eta !== undefined && execution !== "arrived" && execution !== "departed";
  const state = stateOf({ execution, outcome });
  const named = text.routes.labels[label];
  return {
    state: outcome === "none" && execution !== "pending" ? `${named}: ${lowered(state)}` : outcome === "none" ? named : state,
    late: timeliness === "on_time" ? "" : text.routes.timeliness[timeliness],
    expected: awaited ? words.expected(clockWindow(eta.p10, eta.p90, zone)) : "",
    age: awaited ? words.age(formatAge(now, eta.made)) : "",
    before: remaining === undefined || execution === "arrived" ? "" : words.before(remaining - 1),
  };
}

function lowered(told: string): string {
  return told.charAt(0).toLowerCase() + told.slice(1);
}
