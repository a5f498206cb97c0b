import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connect, Plugin } from "vite";
import type { Day, Outcome, Stop } from "../driver/src/day/model.ts";

const MINUTE_MS = 60_000;
const STREETS = ["Mannerheimintie", "Fredrikinkatu", "Bulevardi", "Unioninkatu", "Runeberginkatu", "Pohjoisesplanadi", "Museokatu", "Albertinkatu"];
const PEOPLE = ["Aino Virtanen", "Mikko Korhonen", "Lucía Pérez", "Jonas Lindqvist", "Café Engel", "Sofia Nieminen"];
const NOTES = ["Ring twice, the bell is weak.", "Delivery entrance in the yard, code 4711.", "Fragile."];

interface Tap {
  readonly id: string;
  readonly stop: string;
  readonly said: "arrived" | "succeeded" | "failed" | "undone";
  readonly time: number;
  readonly left_with?: Stop["left_with"];
  readonly reason?: Stop["failure"];
}

/** Answers the driver's page with a day of its own, for work on the page without a gateway. Any token will do. */
export function fakeDriver(): Plugin {
  const day = new FakeDay(Number(process.env["FAKE_STOPS"] ?? 40), Date.now());
  const serve = (server: { middlewares: Connect.Server }): void => {
    server.middlewares.use((request, response, next) => { day.handle(request, response, next); });
    console.info("fake day: open /driver/dev");
  };
  return { name: "fake-driver", configureServer: serve, configurePreviewServer: serve, apply: "serve" };
}

class FakeDay {
  readonly #stops = new Map<string, Stop>();
  readonly #start: number;

  constructor(stops: number, now: number) {
    this.#start = now - 30 * MINUTE_MS;
    for (let number = 1; number <= stops; number += 1) this.#stops.set(`s${number}`, made(number, this.#start));
  }

  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname.endsWith("/sw.js")) response.setHeader("Service-Worker-Allowed", "/driver/");
    const [, asked, stop] = /^\/driver\/[^/]+\/(day|taps|manifest\.webmanifest|proofs\/[^/]+\/([^/]+)\/.+)$/.exec(pathname) ?? [];
    if (pathname === "/api/v1/positions") read(request, (body) => { reply(response, settledBy(body)); });
    else if (asked === "day") reply(response, this.#day());
    else if (asked === "taps") read(request, (body) => { reply(response, this.#taps(body)); });
    else if (asked === "manifest.webmanifest") reply(response, { name: "Milepost", start_url: pathname.replace(/\/[^/]+$/, ""), display: "standalone" });
    else if (stop !== undefined) read(request, () => { this.#change(stop, ({ proofs }) => ({ proofs: proofs + 1 })); reply(response, {}); });
    else next();
  }

  #day(): Day {
    const stops = [...this.#stops.values()];
    const left = stops.filter(({ outcome }) => outcome === "none").map(({ stop }) => stop);
    const [start, planned_end] = [this.#start, this.#start + 480 * MINUTE_MS];
    const route = { route: "north-1", version: 1, vehicle: "van-1", date: new Date(start).toISOString().slice(0, 10), zone: "Europe/Helsinki", phase: "under_way", start, planned_end, stops, left, source: "tracker", tracker: "reports" as const };
    return { now: Date.now(), fleet: "main", driver: "Mikko", company: { name: "Nordic Parcels", phone: "+358401234567" }, routes: [route], shift: { vehicle: "van-1", begin: start, end: planned_end } };
  }

  #taps(body: string): unknown {
    const { taps } = JSON.parse(body) as { taps: Tap[] };
    for (const tap of taps) this.#change(tap.stop, () => said(tap));
    return { now: Date.now(), results: taps.map(({ id }) => ({ id, outcome: "taken" })) };
  }

  #change(name: string, change: (stop: Stop) => Partial<Stop>): void {
    const stop = this.#stops.get(name);
    if (stop !== undefined) this.#stops.set(name, { ...stop, ...change(stop) });
  }
}

function made(number: number, start: number): Stop {
  const planned = start + number * 8 * MINUTE_MS;
  const pick = (from: readonly string[]): string => from[number % from.length] ?? "";
  return {
    stop: `s${number}`, order: `A-${1000 + number}`, sequence: number, lat: 60.16 + number / 2_000, lon: 24.93 + (number % 9) / 500,
    planned_arrival: planned, execution: number === 1 ? "en_route" : "pending", outcome: "none", address: `${pick(STREETS)} ${number * 3}, 00100 Helsinki`,
    recipient: pick(PEOPLE), phone: "+358405550123", parcels: 1 + (number % 3), window_start: planned - 45 * MINUTE_MS, window_end: planned + 75 * MINUTE_MS,
    ...(number % 3 === 1 ? { notes: pick(NOTES) } : {}), ...(number % 5 === 1 ? { instructions: "Please leave it with the neighbour at number 12 if I am late." } : {}),
    ...(number % 4 === 2 ? { proof: "photo" } : {}), ...(number % 4 === 3 ? { proof: "signature" } : {}),
    eta: { p10: planned - 4 * MINUTE_MS, p50: planned + 3 * MINUTE_MS, p90: planned + 12 * MINUTE_MS }, proofs: 0,
  };
}

function said({ said, time, left_with, reason }: Tap): Partial<Stop> {
  if (said === "arrived") return { execution: "arrived", arrived: time };
  const outcome: Outcome = said === "undone" ? "none" : said;
  return { outcome, said: time, ...(left_with === undefined ? {} : { left_with }), ...(reason === undefined ? {} : { failure: reason }) };
}

function settledBy(body: string): unknown {
  const { spool, seq, positions } = JSON.parse(body) as { spool: string; seq: number; positions: unknown[] };
  return { v: 1, spool, seq: seq + positions.length - 1 };
}

function read(request: IncomingMessage, then: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => { then(Buffer.concat(chunks).toString("utf8")); });
}

function reply(response: ServerResponse, body: unknown): void {
  response.setHeader("Content-Type", "application/json").end(JSON.stringify(body));
}
