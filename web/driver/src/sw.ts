/** The worker: the page opens without a network, also after the phone was off, and what waits is sent when there is one. */
import { Api } from "./api";
import { nextDue } from "./queue/queue";
import { Sender } from "./queue/sender";
import { Database } from "./store/database";
import { Days } from "./store/days";
import { Outbox } from "./store/outbox";

/** The page's files and a hash of them all, put in by the build. */
declare const PRECACHED: readonly string[];
declare const BUILD: string;

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}
interface WorkerFetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Worker extends EventTarget {
  readonly clients: { claim(): Promise<void>; matchAll(options: { includeUncontrolled: boolean }): Promise<readonly { url: string }[]> };
  skipWaiting(): Promise<void>;
}

const worker = self as unknown as Worker;
const CACHE = `milepost-driver-${BUILD}`;
/** Where the page itself is kept: it is the same for every driver, the token is read from its address. */
const PAGE = "/driver/";
const PAGE_PATH = /^\/driver\/[^/]+\/?$/;
const ASSETS = "/driver/assets/";
/** A tap waits 10 s for its undo. */
const WAIT_MS = 11_000;

/** The page and its files in one version, or none of them. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(PRECACHED.map((path) => new Request(path, { cache: "reload" })));
  const open = await worker.clients.matchAll({ includeUncontrolled: true });
  const paths = open.map(({ url }) => new URL(url).pathname).filter((path) => PAGE_PATH.test(path));
  for (const path of paths) {
    const page = await fetch(path, { cache: "reload" }).catch(() => null);
    if (page?.ok === true) await cache.put(PAGE, page);
  }
  if ((await cache.match(PAGE)) === undefined) throw new Error("the page cannot be loaded now");
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("milepost-driver-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** The kept one if there is one: opening never waits for a network. */
async function kept(request: Request, name: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(name)) ?? fetch(request);
}

function onFetch(event: WorkerFetchEvent): void {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (event.request.mode === "navigate" && PAGE_PATH.test(pathname)) event.respondWith(kept(event.request, PAGE));
  else if (pathname.startsWith(ASSETS) && !pathname.endsWith("/sw.js")) event.respondWith(kept(event.request, pathname));
}

/** Sends what waits of every driver of this phone; rejected, the browser comes again later. */
async function sync(): Promise<void> {
  const database = await Database.open();
  const [outbox, days] = [new Outbox(database), new Days(database)];
  await days.forgetOver(Date.now());
  for (const { token, who } of await days.owners()) {
    const due = nextDue(await outbox.of(who), Date.now());
    if (due === null) continue;
    const wait = Math.min(WAIT_MS, Math.max(0, due - Date.now()));
    await new Promise((resolve) => setTimeout(resolve, wait));
    const sender = new Sender(new Api(token), outbox, who);
    const sent = [await sender.send(), await sender.sendProofs()];
    if (sent.includes("link")) await days.forget(token);
    if (sent.includes("away")) throw new Error("no network");
  }
}

worker.addEventListener("install", (event) => { (event as ExtendableEvent).waitUntil(install()); });
worker.addEventListener("activate", (event) => { (event as ExtendableEvent).waitUntil(activate()); });
worker.addEventListener("fetch", (event) => { onFetch(event as WorkerFetchEvent); });
worker.addEventListener("sync", (event) => { if ((event as SyncEvent).tag === "milepost-outbox") (event as SyncEvent).waitUntil(sync()); });
