/** What is known of a stop, as pairs of label and value. Pure. */
import type { RouteStop, StopDetails, TapShown } from "../api/route-model";
import { formatAge, formatDistance, formatPlace, formatSpan } from "../format";
import { text } from "../strings";
import { clockTime, clockWindow } from "../zoned";
import { stateOf } from "./stop-words";

const words = text.routes.evidence;
export type EvidenceName = keyof typeof words.facts;
export type EvidenceFacts = Readonly<Partial<Record<EvidenceName, string>>>;

/** The facts that are known; what is absent has no line. */
export function evidenceOf(stop: RouteStop, person: StopDetails | undefined, zone: string, now: number | null): EvidenceFacts {
  const clock = (time: number | undefined): string | undefined => (time === undefined ? undefined : clockTime(time, zone));
  const facts: Record<EvidenceName, string | undefined> = {
    state: stateOf(stop),
    planned: clockTime(stop.planned_arrival, zone),
    window: windowText(stop, zone),
    eta: etaText(stop, zone, now),
    arrived: clock(stop.arrived),
    departed: clock(stop.departed),
    dwell: dwellText(stop, now),
    nearest: stop.nearest_m === undefined ? undefined : words.nearest(formatDistance(stop.nearest_m)),
    tap: stop.tap === undefined ? undefined : tapText(stop.tap, zone),
    served: stop.served === undefined ? undefined : words.served(stop.served, stop.sequence),
    remaining: stop.stops_remaining === undefined ? undefined : words.remaining(stop.stops_remaining - 1),
    order: stop.order,
    recipient: person?.recipient,
    address: person?.address,
    phone: person?.phone,
    email: person?.email,
    parcels: person?.parcels === undefined ? undefined : String(person.parcels),
    notes: person?.notes,
    instructions: person?.instructions,
    messages: person === undefined ? undefined : messagesText(person),
    place: formatPlace(stop.lat, stop.lon),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ""));
}

function windowText({ window_start: from, window_end: to }: RouteStop, zone: string): string | undefined {
  return from === undefined || to === undefined ? undefined : clockWindow(from, to, zone);
}

function etaText({ eta, arrived }: RouteStop, zone: string, now: number | null): string | undefined {
  if (eta === undefined || arrived !== undefined) return undefined;
  const window = `${clockWindow(eta.p10, eta.p90, zone)}, ${words.median(clockTime(eta.p50, zone))}`;
  return `${window} · ${words.etaAge(formatAge(now, eta.made), text.routes.etaReasons[eta.reason])}`;
}

function dwellText({ arrived, departed, service_ms: planned, execution }: RouteStop, now: number | null): string | undefined {
  const end = departed ?? (execution === "arrived" ? now : null);
  if (arrived === undefined || end === null) return words.dwellPlanned(formatSpan(planned));
  return words.dwell(formatSpan(end - arrived), formatSpan(planned));
}

function tapText({ time, by, distance_m: far }: TapShown, zone: string): string {
  const where = far === undefined ? words.tapUnknown : words.tapAt(formatDistance(far));
  return `${words.tap(clockTime(time, zone), words.by[by])} · ${where}`;
}

/** Whether the recipient wants messages, and how they read them. */
function messagesText({ notify, language }: StopDetails): string {
  const wanted = notify === undefined ? "" : words.messages[`${notify}`];
  return [wanted, language === undefined ? "" : words.language(language)].filter((part) => part !== "").join(", ");
}
