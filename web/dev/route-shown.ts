import type { TrackPoint, Vehicle } from "../console/src/api/model.ts";
import type { Episode, Eta, Lead, OpenDeviation, Route, RouteDetail, RouteStop, StopDetails } from "../console/src/api/route-model.ts";
import { doorOf, Links, pictureOf, proofsOf } from "./doorstep.ts";
import type { Proof } from "../console/src/doorstep/model.ts";
import { Changes } from "./office.ts";
import { encodeLine, placeOn, type FakePlan, type FakeStop } from "./route-plan.ts";

const MINUTE = 60_000;
const STREETS = ["Kaisaniemenkatu", "Vuorikatu", "Unioninkatu", "Snellmaninkatu", "Fredrikinkatu", "Annankatu", "Korkeavuorenkatu"];
const PEOPLE = ["Aino Mäkinen", "Väinö Lahti", "Helmi Koski", "Onni Järvi", "Lumi Saarinen", "Eino Salminen", "Kahvila Aalto"];

/** A fake route as it is at any time: what is shown is a function of that time alone, so a look back costs nothing. */
export class FakeRoute {
  readonly plan: FakePlan;
  readonly changes = new Changes();
  readonly #geometry: string;

  constructor(plan: FakePlan) {
    this.plan = plan;
    this.#geometry = encodeLine(plan.line);
  }

  route(now: number): Route {
    const line = lineOf(this.plan, this.#stops(now), now, this.#heard(now), this.#point(this.#heard(now)));
    return this.changes.version === 1 ? line : this.detail(now).route;
  }

  detail(now: number): RouteDetail {
    const stops = this.#stops(now);
    const heard = this.#heard(now);
    const [depot] = this.plan.line;
    return this.changes.over({
      route: lineOf(this.plan, stops, now, heard, this.#point(heard)),
      stops, leg_source: "router", episodes: this.#episodes(now), gaps: [], halts: [], leads: this.#leads(now), geometry: this.#geometry,
      depot_lat: depot?.[1] ?? 0, depot_lon: depot?.[0] ?? 0,
    });
  }

  people(links = new Links()): StopDetails[] {
    return this.plan.stops.map(({ stop, order, sequence }) => ({
      stop, order, recipient: PEOPLE[sequence % PEOPLE.length] ?? "", phone: `+358 40 ${1_000_000 + sequence}`,
      address: `${STREETS[sequence % STREETS.length] ?? ""} ${(sequence * 7) % 60}`, parcels: 1 + (sequence % 3),
      tracking_url: links.customer(order), ...doorOf(sequence),
    }));
  }

  proofs(stop: string, now: number): Proof[] {
    const shown = this.detail(now).stops.find((each) => each.stop === stop);
    return shown === undefined ? [] : proofsOf(shown);
  }

  proof(stop: string, digest: string, now: number): Buffer | null {
    const proof = this.proofs(stop, now).find((each) => each.digest === digest && each.erased === undefined);
    const sequence = this.plan.stops.find((each) => each.stop === stop)?.sequence ?? 0;
    return proof === undefined ? null : pictureOf(proof.kind, sequence);
  }

  /** The tracker of the late route was silent for a while. */
  #leads(now: number): Lead[] {
    const { started, turn, story } = this.plan;
    const leads = [{ since: started, source: "tracker" }, ...(story === "late" ? [{ since: turn - 20 * MINUTE, source: "phone" }, { since: turn, source: "tracker" }] : [])];
    return leads.filter(({ since }) => since <= now);
  }

  vehicle(now: number): Vehicle {
    const heard = this.#heard(now);
    const state = now - heard > 3 * MINUTE ? "silent" : this.#speed(heard) > 0 ? "moving" : "stopped";
    const [before, here] = [this.#point(heard - 2_000), this.#point(heard)];
    const turn = (Math.atan2((here.lon - before.lon) / 2, here.lat - before.lat) * 180) / Math.PI;
    return {
      fleet: "main", vehicle: this.plan.vehicle, source: "nmea", accuracy: 3.4, sats: 9, course: (turn + 360) % 360,
      received: heard + 140, state, since: state === "silent" ? heard : heard - MINUTE, online: state !== "silent", ...here,
    };
  }

  track(from: number, to: number): TrackPoint[] {
    const [first, last] = [Math.max(from, this.plan.started - 5 * MINUTE), Math.min(to, this.#heard(to), this.plan.end)];
    const points: TrackPoint[] = [];
    for (let time = Math.ceil(first / 5_000) * 5_000; time <= last; time += 5_000) points.push(this.#point(time));
    return points;
  }

  #heard(now: number): number {
    return this.plan.story === "silent" ? Math.min(now, Math.max(this.plan.started, this.plan.turn)) : now;
  }

  #speed(time: number): number {
    const at = this.plan.stops.some(({ arrived, departed }) => time >= arrived && time < departed);
    return at || time < this.plan.started || time > this.plan.end ? 0 : 6.2;
  }

  /** Off its route, a van bends away from it and further away. */
  #point(time: number): TrackPoint {
    const [lon = 0, lat = 0] = placeOn(this.plan.line, this.plan.along, this.#along(time));
    const away = this.plan.story === "off_route" ? Math.max(0, time - this.plan.turn) / (9 * MINUTE) : 0;
    return { time, lat: lat + 0.004 * Math.min(2, away), lon: lon + 0.003 * Math.min(2, away), speed: this.#speed(time) };
  }

  #along(time: number): number {
    let [along, left] = [0, this.plan.started];
    for (const stop of this.plan.stops) {
      if (time < stop.arrived) {
        return along + (stop.along - along) * Math.max(0, (time - left) / Math.max(1, stop.arrived - left));
      }
      [along, left] = [stop.along, stop.departed];
    }
    return along;
  }

  #stops(now: number): RouteStop[] {
    const heard = this.#heard(now);
    const next = this.plan.stops.findIndex(({ departed, fate }) => departed > heard && fate !== "skipped");
    const under = heard >= this.plan.started;
    const delay = next < 0 || !under ? 0 : (this.plan.stops[next]?.arrived ?? 0) - (this.plan.stops[next]?.planned ?? 0);
    let served = 0;
    return this.plan.stops.map((stop, index) => {
      if (stop.departed <= heard && stop.fate !== "skipped") served += 1;
      return shownStop(stop, { heard, now, under, next: under ? next : -1, index, served, delay });
    });
  }

  #episodes(now: number): Episode[] {
    const { story, turn, start, started, stops } = this.plan;
    const place = this.#point(Math.min(now, turn + MINUTE));
    const episodes: Episode[] = openOf(this.plan, this.#stops(now), now, this.#heard(now)).map(({ since, ...open }) => ({
      ...open, begin: since, ...(open.kind === "late_start" ? {} : { lat: place.lat, lon: place.lon }),
    }));
    const past = stops[Math.floor(stops.length * 0.15)];
    if (past !== undefined && past.departed < now) {
      const [lon = 0, lat = 0] = past.place;
      episodes.push({ kind: "unplanned_stop", begin: past.departed - 6 * MINUTE, end: past.departed, lat, lon });
    }
    if (story === "late_start" && now > started) episodes.push({ kind: "late_start", begin: start + 10 * MINUTE, end: started });
    return episodes.sort((a, b) => b.begin - a.begin);
  }
}

interface Moment {
  readonly heard: number;
  readonly now: number;
  readonly under: boolean;
  readonly next: number;
  readonly index: number;
  readonly served: number;
  readonly delay: number;
}

/** A driver notes an outcome a little after leaving. */
const TAP_AFTER = 8_000;

function shownStop(stop: FakeStop, moment: Moment): RouteStop {
  const { heard, index, next, under } = moment;
  const [lon = 0, lat = 0] = stop.place;
  const base = {
    stop: stop.stop, order: stop.order, sequence: stop.sequence, lat, lon, planned_arrival: stop.planned, service_ms: stop.service,
    ...(stop.window === null ? {} : { window_start: stop.window[0], window_end: stop.window[1] }),
  };
  if (under && stop.departed <= heard && stop.fate !== "skipped") return { ...base, ...servedPart(stop, moment) };
  const passed = stop.fate === "skipped" && next > index;
  if (passed) {
    return { ...base, execution: "skipped", outcome: "none", label: "incident", timeliness: "unknown", since: heard, nearest_m: 84 };
  }
  const here = under && stop.arrived <= heard && stop.fate !== "skipped";
  const eta = etaOf(stop, moment);
  const lateness = (here ? stop.arrived : eta.p50) - (stop.window?.[1] ?? stop.planned + 15 * MINUTE);
  const risk = eta.p90 > (stop.window?.[1] ?? stop.planned + 20 * MINUTE);
  return {
    ...base, execution: here ? "arrived" : index === next ? "en_route" : "pending", outcome: "none",
    label: index === next ? "on_track" : "pending", timeliness: lateness > 0 ? "late" : risk ? "at_risk" : "on_time",
    ...(here ? { arrived: stop.arrived, nearest_m: 12 } : { eta }), ...(next < 0 ? {} : { stops_remaining: index - next + 1 }),
    lateness_ms: lateness,
  };
}

function servedPart(stop: FakeStop, { heard, served }: Moment): Omit<RouteStop, "stop" | "order" | "sequence" | "lat" | "lon" | "planned_arrival" | "service_ms"> {
  const late = stop.arrived - (stop.window?.[1] ?? stop.planned + 15 * MINUTE);
  const tapped = stop.fate !== "untapped" && stop.departed + TAP_AFTER <= heard;
  const failed = stop.fate === "failed";
  return {
    execution: "departed", outcome: tapped ? (failed ? "failed" : "succeeded") : "none",
    label: tapped && failed ? "incident" : "completed", timeliness: late > 0 ? "late" : "on_time", lateness_ms: late,
    arrived: stop.arrived, departed: stop.departed, nearest_m: 6 + (stop.sequence % 20), served, since: stop.departed,
    ...(tapped ? { tap: { time: stop.departed + TAP_AFTER, by: "driver", distance_m: 9 + ((stop.sequence * 13) % 60) } } : {}),
    ...(tapped && !failed ? { left_with: stop.sequence % 5 === 0 ? "neighbour" : "recipient" } : {}),
    ...(tapped && failed ? { failure: "absent" } : {}),
  };
}

function etaOf(stop: FakeStop, { heard, under, delay, now }: Moment): Eta {
  if (!under) return { p10: stop.planned - 5 * MINUTE, p50: stop.planned, p90: stop.planned + 15 * MINUTE, made: heard, reason: "planned" };
  const p50 = Math.max(stop.planned + delay, heard + 20_000);
  const spread = MINUTE + 0.07 * (p50 - heard) + 0.3 * (now - heard);
  return {
    p10: Math.round(p50 - 0.8 * spread), p50: Math.round(p50), p90: Math.round(p50 + 1.3 * spread), made: heard,
    reason: now - heard > 3 * MINUTE ? "no_news" : delay > 5 * MINUTE ? "traffic" : "on_the_way",
  };
}

const SEVERITY: Readonly<Record<OpenDeviation["kind"], number>> = {
  off_route: 90, tracker_silent: 80, window_at_risk: 60, late_start: 55, unplanned_stop: 40, stop_skipped: 30,
  out_of_sequence: 20, done_far_away: 10,
};

function openOf({ story, turn, start, started, end }: FakePlan, stops: readonly RouteStop[], now: number, heard: number): OpenDeviation[] {
  const open: OpenDeviation[] = [];
  if (now >= end) return open;
  if (story === "off_route" && now > turn + 90_000) open.push({ kind: "off_route", since: turn, greatest_m: Math.min(1_060, (now - turn) / 1_018) });
  if (story === "late_start" && now > start + 10 * MINUTE && now < started) open.push({ kind: "late_start", since: start });
  if (now - heard > 3 * MINUTE) open.push({ kind: "tracker_silent", since: heard });
  const late = stops.find(({ label, timeliness }) => label !== "completed" && label !== "incident" && timeliness === "late");
  if (late !== undefined) {
    open.push({ kind: "window_at_risk", since: now - 4 * MINUTE, stop: late.stop, sequence: late.sequence, lateness_ms: late.lateness_ms ?? 0 });
  }
  const skipped = stops.find(({ execution }) => execution === "skipped");
  if (skipped !== undefined) open.push({ kind: "stop_skipped", since: now - 12 * MINUTE, stop: skipped.stop, sequence: skipped.sequence });
  return open.sort((a, b) => SEVERITY[b.kind] - SEVERITY[a.kind]);
}

function countsOf(stops: readonly RouteStop[]): Route["counts"] {
  const counts = { pending: 0, on_track: 0, completed: 0, incident: 0, late: 0, at_risk: 0 };
  for (const { label, timeliness } of stops) {
    counts[label] += 1;
    if (timeliness === "late" || timeliness === "at_risk") counts[timeliness] += 1;
  }
  return counts;
}

function lineOf(plan: FakePlan, stops: RouteStop[], now: number, heard: number, here: TrackPoint): Route {
  const open = openOf(plan, stops, now, heard);
  const phase = heard < plan.started ? "planned" : heard >= plan.end ? "finished" : "under_way";
  const next = stops.find(({ label }) => label === "on_track");
  const last = stops.at(-1);
  const driven = stops.filter(({ departed }) => departed !== undefined).length / Math.max(1, stops.length);
  const worst = open[0];
  return {
    fleet: "main", route: plan.route, version: 1, date: new Date(plan.start).toISOString().slice(0, 10), zone: "Europe/Helsinki",
    vehicle: plan.vehicle, driver: plan.driver, phase, start: plan.start, planned_end: plan.plannedEnd, stops_total: stops.length,
    counts: countsOf(stops), severity: worst === undefined ? 0 : SEVERITY[worst.kind], revision: Math.floor(heard / 5_000), known: heard,
    ...(phase === "planned" ? {} : { source: "tracker" }), deviations: open, planned_m: plan.along.at(-1) ?? 0, driven_m: driven * (plan.along.at(-1) ?? 0) * 1.03, heard, lat: here.lat, lon: here.lon,
    ...(worst === undefined ? {} : { worst }), ...(phase === "planned" ? {} : { started: plan.started }),
    ...(phase === "finished" ? { finished: plan.end } : {}), ...(last?.eta === undefined ? {} : { end: last.eta }),
    ...(next === undefined || phase !== "under_way" ? {} : {
      next: {
        stop: next.stop, order: next.order, sequence: next.sequence, execution: next.execution, planned_arrival: next.planned_arrival,
        ...(next.window_start === undefined || next.window_end === undefined ? {} : { window_start: next.window_start, window_end: next.window_end }),
        ...(next.eta === undefined ? {} : { eta: next.eta }),
      },
      delay_ms: (next.eta?.p50 ?? next.arrived ?? next.planned_arrival) - next.planned_arrival,
    }),
  };
}
