import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { keyOf } from "../console/src/api/model.ts";
import { makeFleet, type FakeVan } from "./fleet.ts";
import { basemapFile, Streets } from "./streets.ts";

/** Any other token is refused, so that the form can be tried. */
const TOKEN = "dev";
const STEP_MS = 500;

/** Answers the gateway's API with a fake fleet, for work on the page without a gateway. */
export function fakeGateway(): Plugin {
  const serve = (server: { middlewares: { use(handler: Handler): unknown } }): void => {
    const gateway = new FakeGateway(Number(process.env["FAKE_VEHICLES"] ?? 300));
    server.middlewares.use((request, response, next) => { gateway.handle(request, response, next); });
    console.info(`fake fleet: open the address with #token=${TOKEN}`);
  };
  return { name: "fake-gateway", configureServer: serve, configurePreviewServer: serve, apply: "serve" };
}

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

class FakeGateway {
  readonly #vans: FakeVan[];
  readonly #listeners = new Set<ServerResponse>();

  constructor(count: number) {
    this.#vans = makeFleet(count, new Streets(), Date.now());
    setInterval(() => { this.#step(); }, STEP_MS).unref();
    setInterval(() => { this.#tell("heartbeat", { now: Date.now() }); }, 5_000).unref();
  }

  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname.startsWith("/map/")) this.#map(url.pathname.slice("/map/".length), response);
    else if (!url.pathname.startsWith("/api/v1/")) next();
    else if (request.headers.authorization !== `Bearer ${TOKEN}`) fail(response, 401, "unauthorized");
    else this.#api(url, response);
  }

  #map(name: string, response: ServerResponse): void {
    const file = basemapFile(name);
    if (file === null) fail(response, 404, "no such file");
    else response.setHeader("Content-Type", "application/json").end(file);
  }

  #api(url: URL, response: ServerResponse): void {
    const track = /^\/api\/v1\/vehicles\/([^/]+)\/track$/.exec(url.pathname);
    if (track?.[1] !== undefined) this.#track(track[1], url.searchParams, response);
    else if (url.pathname === "/api/v1/live") this.#live(response);
    else if (url.pathname === "/api/v1/console") reply(response, { version: "dev", map: { style_url: "/map/style.json" } });
    else fail(response, 404, "not found");
  }

  #track(name: string, params: URLSearchParams, response: ServerResponse): void {
    const van = this.#vans.find((candidate) => candidate.vehicle().vehicle === name);
    const [from, to] = [Number(params.get("from")), Number(params.get("to"))];
    const positions = van?.track.filter(({ time }) => time >= from && time < to);
    if (positions === undefined) fail(response, 404, "unknown vehicle");
    else reply(response, { fleet: "main", vehicle: name, from, to, positions });
  }

  #live(response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(frame("snapshot", { now: Date.now(), vehicles: this.#vans.map((van) => van.vehicle()) }));
    this.#listeners.add(response);
    response.on("close", () => this.#listeners.delete(response));
  }

  #step(): void {
    const now = Date.now();
    const moved = new Map(this.#vans.filter((van) => van.step(STEP_MS / 1_000, now)).map((van) => [keyOf(van.vehicle()), van]));
    this.#tell("vehicles", { now, vehicles: [...moved.values()].map((van) => van.vehicle()) });
  }

  #tell(event: string, data: unknown): void {
    for (const listener of this.#listeners) listener.write(frame(event, data));
  }
}

function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function reply(response: ServerResponse, body: unknown): void {
  response.setHeader("Content-Type", "application/json").end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ error: { code: String(status), detail } }));
}
