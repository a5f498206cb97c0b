/** What the details say of a vehicle, as pairs of label and value. Pure. */
import type { Vehicle } from "../api/model";
import { formatAge, formatDistance, formatHeading, formatPlace, formatSpan, formatSpeed, formatTime } from "../format";
import { text } from "../strings";

export type FactName = keyof typeof text.details.facts;
export type Facts = Readonly<Partial<Record<FactName, string>>>;

/** The facts that are known; what is absent has no line. */
export function factsOf(vehicle: Vehicle, now: number | null): Facts {
  const facts: Record<FactName, string | null> = {
    since: sinceText(vehicle, now),
    speed: vehicle.speed === undefined ? null : formatSpeed(vehicle.speed),
    heading: vehicle.course === undefined ? null : formatHeading(vehicle.course),
    odometer: vehicle.odometer_m === undefined ? null : formatDistance(vehicle.odometer_m),
    place: formatPlace(vehicle.lat, vehicle.lon),
    altitude: vehicle.alt === undefined ? null : formatDistance(vehicle.alt),
    accuracy: vehicle.accuracy === undefined ? null : text.details.accuracy(formatDistance(vehicle.accuracy)),
    satellites: satellitesText(vehicle),
    fix: vehicle.fix ?? null,
    time: agoText(vehicle.time, now),
    received: vehicle.received === undefined ? null : agoText(vehicle.received, now),
    source: vehicle.source ?? null,
    link: onlineText(vehicle),
    spool: vehicle.spool_depth === undefined ? null : text.details.spool(vehicle.spool_depth),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}

function sinceText({ since }: Vehicle, now: number | null): string | null {
  if (since === undefined || now === null) return null;
  return text.details.sinceTime(formatSpan(now - since), formatTime(since, now));
}

function agoText(time: number, now: number | null): string {
  const age = formatAge(now, time);
  return age === "" ? formatTime(time, now) : `${formatTime(time, now)}, ${text.details.ago(age)}`;
}

function satellitesText({ sats, hdop }: Vehicle): string | null {
  return sats === undefined ? null : text.details.satellites(sats, hdop === undefined ? "" : hdop.toFixed(1));
}

function onlineText({ online }: Vehicle): string | null {
  if (online === undefined) return null;
  return online ? text.details.online : text.details.offline;
}
