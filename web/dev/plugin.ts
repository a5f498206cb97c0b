import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { keyOf, type Vehicle } from "../console/src/api/model.ts";
import type { Route } from "../console/src/api/route-model.ts";
import type { Edit, Said } from "../console/src/editing/edits.ts";
import { chanceFrom, makeFleet, type FakeVan } from "./fleet.ts";
import { Links } from "./doorstep.ts";
import { imported } from "./imports.ts";
import { search } from "./office.ts";
import { FakeOutbox } from "./outbox.ts";
import { makePlan } from "./route-plan.ts";
import { FakeRoute } from "./route-shown.ts";
import { basemapFile, Streets } from "./streets.ts";

/** Any other token is refused, so that the form can be tried. */
const TOKEN = "dev";
const STEP_MS = 500;
/** Routes are told by turns, each every four seconds: a vehicle on its way reports about as often. */
const ROUTE_TURNS = 8;

/** Answers the gateway's API with a fake fleet, for work on the page without a gateway. */
export function fakeGateway(): Plugin {
  const serve = (server: { middlewares: { use(handler: Handler): unknown } }): void => {
    const size = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
    const gateway = new FakeGateway(size("FAKE_VEHICLES", 20), size("FAKE_ROUTES", 300), size("FAKE_STOPS", 150));
    server.middlewares.use((request, response, next) => { gateway.handle(request, response, next); });
    console.info(`fake fleet: open the address with #token=${TOKEN}`);
  };
  return { name: "fake-gateway", configureServer: serve, configurePreviewServer: serve, apply: "serve" };
}

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

class FakeGateway {
  readonly #vans: FakeVan[];
  readonly #routes: FakeRoute[];
  readonly #listeners = new Set<ServerResponse>();
  /** As they were told last: what a new listener gets, as from the real gateway, without working it out anew. */
  readonly #told: Route[];
  readonly #imported = new Set<string>();
  readonly #links = new Links();
  readonly #outbox = new FakeOutbox(process.env["FAKE_OUTBOX"] ?? "", Date.now());
  #turn = 0;

  /** `vans` drive around beside those of the routes. */
  constructor(vans: number, routes: number, stops: number) {
    const [streets, chance, now] = [new Streets(), chanceFrom(11), Date.now()];
    this.#vans = makeFleet(vans, streets, now, routes);
    this.#routes = Array.from({ length: routes }, (_, index) => new FakeRoute(makePlan(index, stops, streets, chance, now)));
    this.#told = this.#routes.map((route) => route.route(now));
    setInterval(() => { this.#step(); }, STEP_MS).unref();
    setInterval(() => { this.#tell("heartbeat", { now: Date.now() }); }, 5_000).unref();
  }

  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname.startsWith("/map/")) this.#map(url.pathname.slice("/map/".length), response);
    else if (!url.pathname.startsWith("/api/v1/")) next();
    else if (request.headers.authorization !== `Bearer ${TOKEN}`) fail(response, 401, "unauthorized");
    else if (request.method === "POST") this.#post(url, request, response);
    else this.#api(url, response);
  }

  #post(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const content = Buffer.concat(chunks).toString();
      if (url.pathname === "/api/v1/routes") this.#import(content, url.searchParams, response);
      else if (url.pathname === "/api/v1/notifications/replay") reply(response, this.#outbox.replay(JSON.parse(content) as { endpoint: string }));
      else if (url.pathname.endsWith("/renew")) this.#renew(url.pathname, JSON.parse(content) as Renewal, response);
      else this.#change(url.pathname, content, response);
    });
  }

  #renew(path: string, { driver = "", order = "" }: Renewal, response: ServerResponse): void {
    const isDriver = path === "/api/v1/drivers/link/renew";
    this.#links.renew(isDriver ? `d${driver}` : `c${order}`);
    reply(response, isDriver ? this.#links.driver(driver) : { order, url: this.#links.customer(order) });
  }

  #change(path: string, content: string, response: ServerResponse): void {
    const [, name, stop] = /^\/api\/v1\/routes\/([^/]+)\/(?:edits|stops\/([^/]+)\/taps)$/.exec(path) ?? [];
    const changes = this.#routes.find(({ plan }) => plan.route === name)?.changes;
    if (changes === undefined || name === undefined) { fail(response, 404, "unknown route"); return; }
    if (stop !== undefined) {
      changes.tap(stop, JSON.parse(content) as Said);
      reply(response, { id: "taken" });
      return;
    }
    const { base_version, edits } = JSON.parse(content) as { base_version: number; edits: Edit[] };
    if (base_version === changes.version) {
      changes.edit(edits);
      reply(response, { route: name, version: changes.version });
      return;
    }
    response.writeHead(409, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ error: { code: "stale_version", detail: "the route has a newer version" } }));
  }

  #import(content: string, params: URLSearchParams, response: ServerResponse): void {
    const { status, report } = imported(content, params, this.#imported);
    if (status === 200) { reply(response, report); return; }
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ error: { code: "faulty_routes", detail: "nothing was imported" }, report }));
  }

  #map(name: string, response: ServerResponse): void {
    const file = basemapFile(name);
    if (file === null) fail(response, 404, "no such file");
    else response.setHeader("Content-Type", "application/json").end(file);
  }

  #api(url: URL, response: ServerResponse): void {
    const track = /^\/api\/v1\/vehicles\/([^/]+)\/track$/.exec(url.pathname);
    const route = /^\/api\/v1\/routes\/([^/]+)(\/record)?$/.exec(url.pathname);
    const proofs = /^\/api\/v1\/routes\/([^/]+)\/stops\/([^/]+)\/proofs(?:\/(\w+))?$/.exec(url.pathname);
    if (proofs?.[1] !== undefined) this.#proofs(proofs[1], proofs[2] ?? "", proofs[3], response);
    else if (track?.[1] !== undefined) this.#track(track[1], url.searchParams, response);
    else if (route?.[1] !== undefined) this.#route(route[1], route[2], url.searchParams, response);
    else if (url.pathname === "/api/v1/routes") this.#list(url.searchParams, response);
    else if (url.pathname === "/api/v1/search") reply(response, { found: search(this.#routes, url.searchParams.get("q") ?? "", Date.now()) });
    else if (url.pathname === "/api/v1/drivers/link") reply(response, this.#links.driver(url.searchParams.get("driver") ?? ""));
    else if (url.pathname === "/api/v1/notifications") reply(response, this.#outbox.list(url.searchParams.get("state")));
    else if (url.pathname === "/api/v1/live") this.#live(response);
    else if (url.pathname === "/api/v1/console") reply(response, { version: "dev", map: { style_url: "/map/style.json" } });
    else fail(response, 404, "not found");
  }

  #list(params: URLSearchParams, response: ServerResponse): void {
    const now = timeOf(params);
    reply(response, { now: Date.now(), at: now, routes: this.#routes.map((route) => route.route(now)) });
  }

  #route(name: string, below: string | undefined, params: URLSearchParams, response: ServerResponse): void {
    const route = this.#routes.find(({ plan }) => plan.route === name);
    const now = timeOf(params);
    if (route === undefined) fail(response, 404, "unknown route");
    else if (below === undefined) reply(response, { now: Date.now(), at: now, detail: route.detail(now), stops: route.people(this.#links) });
    else if (params.get("format") === "html") response.setHeader("Content-Type", "text/html").end(printable(name));
    else reply(response, route.detail(now));
  }

  #proofs(name: string, stop: string, digest: string | undefined, response: ServerResponse): void {
    const route = this.#routes.find(({ plan }) => plan.route === name);
    const picture = digest === undefined ? null : (route?.proof(stop, digest, Date.now()) ?? null);
    if (route === undefined || (digest !== undefined && picture === null)) fail(response, 404, "there is no such proof, or it is erased");
    else if (picture === null) reply(response, route.proofs(stop, Date.now()));
    else response.setHeader("Content-Type", "image/png").end(picture);
  }

  #track(name: string, params: URLSearchParams, response: ServerResponse): void {
    const [from, to] = [Number(params.get("from")), Number(params.get("to"))];
    const van = this.#vans.find((candidate) => candidate.vehicle().vehicle === name);
    const route = this.#routes.find(({ plan }) => plan.vehicle === name);
    const positions = route?.track(from, Math.min(to, Date.now())) ?? van?.track.filter(({ time }) => time >= from && time < to);
    if (positions === undefined) fail(response, 404, "unknown vehicle");
    else reply(response, { fleet: "main", vehicle: name, from, to, positions });
  }

  #live(response: ServerResponse): void {
    const now = Date.now();
    const vehicles = [...this.#vans.map((van) => van.vehicle()), ...this.#routes.map((route) => route.vehicle(now))];
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(frame("snapshot", { now, vehicles, routes: this.#told }));
    this.#listeners.add(response);
    response.on("close", () => this.#listeners.delete(response));
  }

  #step(): void {
    const now = Date.now();
    const moved = new Map(this.#vans.filter((van) => van.step(STEP_MS / 1_000, now)).map((van) => [keyOf(van.vehicle()), van]));
    this.#turn = (this.#turn + 1) % ROUTE_TURNS;
    const turns = [...this.#routes.keys()].filter((index) => index % ROUTE_TURNS === this.#turn);
    const routes = turns.flatMap((index) => this.#routes[index] ?? []);
    const onRoutes: Vehicle[] = routes.map((route) => route.vehicle(now)).filter(({ state }) => state !== "silent");
    this.#tell("vehicles", { now, vehicles: [...[...moved.values()].map((van) => van.vehicle()), ...onRoutes] });
    const told = routes.map((route) => route.route(now));
    for (const [place, route] of told.entries()) this.#told[turns[place] ?? 0] = route;
    if (told.length > 0) this.#tell("routes", { now, routes: told });
  }

  #tell(event: string, data: unknown): void {
    for (const listener of this.#listeners) listener.write(frame(event, data));
  }
}

/** Whose link is made anew. */
interface Renewal {
  readonly driver?: string;
  readonly order?: string;
}

/** The time that is asked for: now, or a look back. */
function timeOf(params: URLSearchParams): number {
  return Math.min(Date.now(), Number(params.get("at") ?? Date.now()));
}

function printable(name: string): string {
  return `<!doctype html><html><head><title>${name}</title><style>h1 { color: #0f7a5a }</style></head><body><h1>Record of ${name}</h1></body></html>`;
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
