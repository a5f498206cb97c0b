import type { Position } from "geojson";
import type { TrackPoint, Vehicle } from "../console/src/api/model.ts";
import { metres, type Streets } from "./streets.ts";

/** A repeatable source of chance (mulberry32), so that the fake fleet is the same each time. */
export function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A van that drives around, pauses now and then, and may fall silent. */
export class FakeVan {
  readonly track: TrackPoint[] = [];
  readonly #name: string;
  readonly #streets: Streets;
  readonly #chance: () => number;
  #from: Position;
  #to: Position;
  #done = 0;
  #speed = 8;
  #pause = 0;
  #since: number;
  #odometer: number;
  #state: Vehicle["state"] = "moving";

  constructor(name: string, streets: Streets, chance: () => number, now: number) {
    this.#name = name;
    this.#streets = streets;
    this.#chance = chance;
    this.#from = streets.corners[Math.floor(chance() * streets.corners.length)] ?? [24.94, 60.17];
    this.#to = streets.next(this.#from, this.#from, chance());
    this.#since = now;
    this.#odometer = 20_000_000 * chance();
  }

  /** One step of `seconds` up to `now`; returns whether the van reported. */
  step(seconds: number, now: number): boolean {
    if (this.#pause > 0) this.#pause -= seconds;
    else if (this.#chance() < 0.004 * seconds) this.#pause = 20 + 240 * this.#chance();
    if (this.#pause <= 0) this.#drive(seconds);
    this.#turn(this.#nextState(), now);
    if (this.#state !== "silent") this.track.push(this.#point(now));
    return this.#state !== "silent";
  }

  vehicle(): Vehicle {
    const point = this.track.at(-1) ?? this.#point(this.#since);
    return {
      fleet: "main", vehicle: this.#name, source: "nmea", received: point.time + 140, alt: 14.2, accuracy: 3.4,
      hdop: 0.9, sats: 9, fix: "gps", course: this.#course(), state: this.#state, since: this.#since,
      odometer_m: this.#odometer, online: this.#state !== "silent", spool_depth: 0, ...point,
    };
  }

  #nextState(): Vehicle["state"] {
    if (this.#pause > 200) return "silent";
    return this.#pause > 0 ? "stopped" : "moving";
  }

  #turn(state: Vehicle["state"], now: number): void {
    if (state !== this.#state) this.#since = now;
    this.#state = state;
  }

  #drive(seconds: number): void {
    this.#speed = Math.min(15, Math.max(2, this.#speed + (this.#chance() - 0.48) * 2 * seconds));
    this.#odometer += this.#speed * seconds;
    this.#done += this.#speed * seconds;
    for (let length = metres(this.#from, this.#to); this.#done >= length; length = metres(this.#from, this.#to)) {
      this.#done -= Math.max(length, 1);
      [this.#from, this.#to] = [this.#to, this.#streets.next(this.#to, this.#from, this.#chance())];
    }
  }

  #point(time: number): TrackPoint {
    const share = Math.min(1, this.#done / Math.max(1, metres(this.#from, this.#to)));
    const [lon = 0, lat = 0] = this.#from.map((value, axis) => value + ((this.#to[axis] ?? value) - value) * share);
    return { time, lat, lon, speed: this.#pause > 0 ? 0 : this.#speed };
  }

  #course(): number {
    const [dLon, dLat] = [(this.#to[0] ?? 0) - (this.#from[0] ?? 0), (this.#to[1] ?? 0) - (this.#from[1] ?? 0)];
    const turn = (Math.atan2(dLon * Math.cos(((this.#from[1] ?? 0) * Math.PI) / 180), dLat) * 180) / Math.PI;
    return (turn + 360) % 360;
  }
}

/** A fleet with an hour behind it, numbered from after `taken`. */
export function makeFleet(count: number, streets: Streets, now: number, taken: number): FakeVan[] {
  const chance = chanceFrom(7);
  const start = now - 3_600_000;
  const vans = Array.from({ length: count }, (_, index) => new FakeVan(`van-${taken + index + 1}`, streets, chance, start));
  for (let time = start; time < now; time += 5_000) for (const van of vans) van.step(5, time);
  return vans;
}
