import type { Day, Route, Stop } from "../src/day/model";
import type { QueuedProof, QueuedTap } from "../src/queue/items";

export function stop(number: number, changes: Partial<Stop> = {}): Stop {
  return {
    stop: `s${number}`, order: `A-${number}`, sequence: number, lat: 60 + number / 100, lon: 25, planned_arrival: number * 60_000,
    execution: "pending", outcome: "none", address: `Street ${number}, Town`, proofs: 0, ...changes,
  };
}

export function route(stops: readonly Stop[], changes: Partial<Route> = {}): Route {
  const left = stops.map(({ stop }) => stop);
  return { route: "r1", version: 1, vehicle: "van-1", date: "2026-03-10", zone: "UTC", phase: "under_way", start: 0, planned_end: 9_000_000, stops, left, tracker: "none", ...changes };
}

export function day(routes: readonly Route[]): Day {
  return { now: 0, fleet: "main", driver: "Ann", company: { name: "Vans" }, routes };
}

export function tap(n: number, changes: Partial<QueuedTap> = {}): QueuedTap {
  return { kind: "tap", n, id: `t${n}`, who: "main/Ann", route: "r1", stop: `s${n}`, time: n, due: n, state: "waiting", said: "succeeded", ...changes };
}

export function proof(n: number, changes: Partial<QueuedProof> = {}): QueuedProof {
  return { kind: "proof", n, id: `p${n}`, who: "main/Ann", route: "r1", stop: `s${n}`, time: n, due: n, state: "waiting", proof: "photo", digest: "ab", content: null, ...changes };
}
