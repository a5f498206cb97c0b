/** Puts the page together: the day, the queue and the tracker, each on the disk first and then on the screen. */
import { Api, ApiTrouble } from "./api";
import { allSeen, changesSince, withNewRoutes, type ChangedStop, type Seen } from "./day/changes";
import { isFollowed, whoOf, type Day, type LeftWith } from "./day/model";
import { optimistic } from "./day/optimistic";
import type { Placed } from "./day/order";
import type { Item, NewItem, QueuedProof, QueuedTap } from "./queue/items";
import { forgettable, nextDue, proofToSend, UNDO_MS } from "./queue/queue";
import { Sender } from "./queue/sender";
import { Database, type StoredDay } from "./store/database";
import { Days, isOver, ownerOf, type Owner } from "./store/days";
import { Outbox } from "./store/outbox";
import { Spool } from "./store/spool";
import { text } from "./strings";
import { backoff } from "./track/exchange";
import { clockOffset } from "./track/policy";
import { Tracker } from "./track/tracker";
import { Uploader } from "./track/uploader";
import { digestOf, shrunk } from "./view/picture";
import { Page, type Does, type Shown } from "./view/page";
import { closeSheets } from "./view/sheet";
import { randomId } from "./random";

const POLL_MS = 20_000;
const TICK_MS = 1_000;
/** After a tap was taken the day says so within a second or two. */
const POLL_AFTER_TAP_MS = 1_500;
/** The name of the request for Background Sync: the worker sends what waits. */
export const SYNC_TAG = "milepost-outbox";

type Word = Pick<QueuedTap, "said"> & Partial<Pick<QueuedTap, "left_with" | "reason">>;

/** What the page shows of the day, and what it was made of. */
interface Made {
  readonly day: Day | null;
  readonly items: readonly Item[];
  readonly seen: Seen;
  readonly shown: Day | null;
  readonly changes: readonly ChangedStop[];
}

export class App {
  readonly #api: Api;
  readonly #database: Database;
  readonly #outbox: Outbox;
  readonly #days: Days;
  readonly #page: Page;
  readonly #others = new BroadcastChannel("milepost-driver");
  #stored: StoredDay | null = null;
  /** Outlives the day: what waits is the driver's, whether they may see a day or not. */
  #owner: Owner | null = null;
  #seen: Seen = {};
  #items: readonly Item[] = [];
  #sender: Sender | null = null;
  #tracker: Tracker | null = null;
  /** What the driver chose of being followed; null until they do. */
  #chosen: boolean | null = null;
  #link: Shown["link"] = "fine";
  #trouble: string | null = null;
  /** Both by the clock that nobody sets (`performance.now`). */
  #nextPoll = 0;
  #nextSend = 0;
  #failures = 0;
  #isTicking = false;
  #nextProofs = 0;
  #proofFailures = 0;
  #isSendingProofs = false;
  #made: Made | null = null;

  private constructor(token: string, database: Database, root: HTMLElement) {
    this.#api = new Api(token);
    this.#database = database;
    this.#outbox = new Outbox(database);
    this.#days = new Days(database);
    this.#page = new Page(this.#does());
    root.replaceChildren(this.#page.element);
  }

  static async open(token: string, root: HTMLElement): Promise<App> {
    const app = new App(token, await Database.open(), root);
    await app.#begin();
    return app;
  }

  async #begin(): Promise<void> {
    await this.#days.forgetOver(Date.now());
    const owner = await this.#days.owner(this.#api.token);
    if (owner !== null) await this.#belongsTo(owner);
    const stored = await this.#days.of(this.#api.token);
    if (stored !== null) await this.#adopt(stored);
    await this.#reload();
    this.#show();
    this.#others.addEventListener("message", () => { void this.#reload(); });
    addEventListener("online", () => { this.#nextPoll = this.#nextSend = this.#nextProofs = 0; void this.#tick(); });
    document.addEventListener("visibilitychange", () => { this.#nextPoll = 0; void this.#tick(); });
    setInterval(() => { void this.#tick(); }, TICK_MS);
    await this.#tick();
  }

  async #adopt(stored: StoredDay): Promise<void> {
    const who = whoOf(stored.day);
    this.#stored = stored;
    await this.#belongsTo(ownerOf(stored.day));
    const seen = withNewRoutes(stored.day, this.#seen);
    if (JSON.stringify(seen) !== JSON.stringify(this.#seen)) await this.#keepSeen(seen);
    await this.#outbox.forget(forgettable(await this.#outbox.of(who), stored.day, Date.now()));
    this.#items = await this.#outbox.of(who);
  }

  async #belongsTo(owner: Owner): Promise<void> {
    const isOther = this.#owner?.who !== owner.who;
    this.#owner = owner;
    if (isOther) await this.#begins(owner.who);
  }

  async #begins(who: string): Promise<void> {
    const spool = new Spool(this.#database, who);
    this.#sender = new Sender(this.#api, this.#outbox, who);
    this.#tracker = new Tracker(spool, new Uploader(this.#api, spool, randomId), () => { this.#show(); });
    this.#seen = (await this.#database.get("seen", who))?.seen ?? {};
    const chosen = (await this.#database.get("settings", "follows"))?.value;
    this.#chosen = typeof chosen === "boolean" ? chosen : null;
  }

  /** One step of all that goes on; a step that takes long is not overtaken by the next. */
  async #tick(): Promise<void> {
    if (this.#isTicking) return;
    this.#isTicking = true;
    try {
      if (this.#stored !== null && isOver(this.#stored, Date.now())) await this.#forgetDay();
      await this.#send();
      void this.#sendProofs();
      await this.#poll();
      await this.#track();
      this.#show();
    } finally {
      this.#isTicking = false;
    }
  }

  async #send(): Promise<void> {
    const now = Date.now();
    const due = nextDue(this.#items, now);
    if (this.#sender === null || due === null || due > now || performance.now() < this.#nextSend || this.#link === "lost") return;
    const before = this.#items;
    const sent = await this.#sender.send();
    await this.#reload();
    if (sent === "link") await this.#lose();
    else if (sent === "away") this.#failed("away");
    else if (this.#items.some((item) => item.state !== "waiting" && before.some(({ id, state }) => id === item.id && state === "waiting"))) this.#succeeded();
  }

  /** Beside all else: a photo on a weak link takes minutes, and its failure says little of the link for words. */
  async #sendProofs(): Promise<void> {
    const hasProof = proofToSend(this.#items, Date.now()) !== null;
    if (this.#sender === null || !hasProof || this.#isSendingProofs || performance.now() < this.#nextProofs || this.#link === "lost") return;
    this.#isSendingProofs = true;
    try {
      const sent = await this.#sender.sendProofs();
      this.#proofFailures = sent === "sent" ? 0 : this.#proofFailures + 1;
      this.#nextProofs = performance.now() + (sent === "sent" ? 0 : backoff(this.#proofFailures - 1, Math.random()));
      if (sent === "link") await this.#lose();
      await this.#reload();
    } finally {
      this.#isSendingProofs = false;
    }
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#link = "fine";
    this.#nextPoll = Math.min(this.#nextPoll, performance.now() + POLL_AFTER_TAP_MS);
    this.#others.postMessage("changed");
  }

  #failed(link: Shown["link"]): void {
    this.#link = link;
    this.#failures += 1;
    this.#nextSend = performance.now() + backoff(this.#failures - 1, Math.random());
  }

  /** The link is no longer good: its holder may not see the day any more, here neither. */
  async #lose(): Promise<void> {
    this.#failed("lost");
    await this.#forgetDay();
  }

  async #forgetDay(): Promise<void> {
    [this.#stored, this.#seen] = [null, {}];
    closeSheets();
    this.#show();
    await this.#days.forget(this.#api.token);
  }

  async #poll(): Promise<void> {
    const [now, moment] = [Date.now(), performance.now()];
    if (moment < this.#nextPoll || document.visibilityState === "hidden") return;
    this.#nextPoll = moment + POLL_MS;
    try {
      const fetched = await this.#api.day(this.#stored?.etag ?? null);
      if (this.#link === "away") this.#nextSend = 0;
      [this.#link, this.#failures] = ["fine", 0];
      if (fetched !== null) await this.#adopt({ token: this.#api.token, ...fetched, offset: clockOffset(fetched.day.now, fetched.asked, fetched.answered), fetched: now });
      else if (this.#stored !== null) this.#stored = { ...this.#stored, fetched: now };
      if (this.#stored !== null) await this.#days.keep(this.#stored);
      if (fetched !== null) await this.#days.forgetAhead(now, fetched.day.now);
    } catch (error) {
      if (!(error instanceof ApiTrouble)) throw error;
      if (error.trouble === "link") await this.#lose();
      else this.#failed(error.trouble === "away" ? "away" : "lost");
      this.#nextPoll = Math.min(this.#nextPoll, moment + backoff(this.#failures - 1, Math.random()));
    }
  }

  async #track(): Promise<void> {
    const day = this.#stored?.day; // without a day nobody is followed; what is kept is sent
    const allowed = day !== undefined && isFollowed(day, this.#chosen);
    await this.#tracker?.tick({ shift: day?.shift, offset: this.#stored?.offset ?? 0, allowed });
  }

  async #reload(): Promise<void> {
    if (this.#owner === null) return;
    this.#items = await this.#outbox.of(this.#owner.who);
    this.#show();
  }

  #show(): void {
    const { shown, changes } = this.#make();
    const [items, link, tracker, chosen, trouble] = [this.#items, this.#link, this.#tracker, this.#chosen, this.#trouble];
    this.#page.show({ day: shown, items, changes, link, phone: this.#owner?.phone, fetched: this.#stored?.fetched ?? 0, tracker, chosen, trouble });
  }

  /** The day as it is shown, made anew only if something of it is another: this is looked at each second. */
  #make(): Made {
    const [day, items, seen] = [this.#stored?.day ?? null, this.#items, this.#seen];
    const before = this.#made;
    if (before?.day === day && before.items === items && before.seen === seen) return before;
    const shown = day === null ? null : optimistic(day, items);
    this.#made = { day, items, seen, shown, changes: shown === null ? [] : changesSince(shown, seen) };
    return this.#made;
  }

  // --- what the driver does ---

  #does(): Does {
    return {
      actions: (placed) => ({
        done: (leftWith) => { void this.#add([this.#tap(placed, { said: "succeeded", left_with: leftWith })]); },
        failed: (reason) => { void this.#add([this.#tap(placed, { said: "failed", reason })]); },
        provenBy: (kind, content, leftWith) => { void this.#prove(placed, kind, content, leftWith); },
      }),
      addPhoto: (placed, file) => { void this.#prove(placed, "photo", file, null); },
      undo: (tap) => { void this.#outbox.undo(tap.id, Date.now()).then(() => this.#changed()); },
      takeBack: (placed) => { void this.#add([this.#tap(placed, { said: "undone" })]); },
      acknowledge: () => { void this.#acknowledge(); },
      dismissRefused: () => { void this.#outbox.forget(this.#items.filter(({ state }) => state === "refused")).then(() => this.#changed()); },
      readPause: () => { if (this.#tracker !== null) this.#tracker.paused = null; this.#show(); },
      readDropped: () => { void this.#tracker?.readDropped(); },
      follow: (yes) => { void this.#follow(yes); },
    };
  }

  #tap({ route, stop }: Placed, word: Word): Omit<QueuedTap, "n"> {
    const now = Date.now();
    const where = this.#tracker?.where(now) ?? null;
    const at = where === null || where.accuracy <= 0 ? {} : { place: where.place, accuracy: where.accuracy };
    return { kind: "tap", id: randomId(), who: this.#who, route: route.route, stop: stop.stop, time: now, due: now + UNDO_MS, state: "waiting", ...word, ...at };
  }

  get #who(): string {
    return this.#owner?.who ?? "";
  }

  /** Keeps the proof, and with `leftWith` the word that it proves. */
  async #prove(placed: Placed, kind: "photo" | "signature", file: Blob, leftWith: LeftWith | null): Promise<void> {
    try {
      const content = kind === "photo" ? await shrunk(file) : file;
      const now = Date.now();
      const [route, stop, digest] = [placed.route.route, placed.stop.stop, await digestOf(content)];
      const proof: Omit<QueuedProof, "n"> = { kind: "proof", id: randomId(), who: this.#who, route, stop, time: now, due: now, state: "waiting", proof: kind, digest, content };
      await this.#add(leftWith === null ? [proof] : [proof, this.#tap(placed, { said: "succeeded", left_with: leftWith })]);
    } catch {
      this.#tell(text.photoFailed);
    }
  }

  async #add(items: readonly NewItem[]): Promise<void> {
    try {
      await this.#outbox.add(items, (queued) => items.some((item) => this.#isDouble(item, queued)));
      this.#tell(null);
    } catch {
      this.#tell(text.storeFailed);
    }
    (navigator as { vibrate?: (ms: number) => boolean }).vibrate?.(20); // iPhones cannot
    await this.#changed();
    void requestSync();
  }

  /** Whether another page of this phone has said the same of the stop, and it stands. */
  #isDouble(item: NewItem, queued: readonly Item[]): boolean {
    if (item.kind !== "tap") return false;
    const last = queued.filter((other): other is QueuedTap => other.kind === "tap" && other.who === item.who && other.route === item.route && other.stop === item.stop && other.state !== "refused").at(-1);
    return last?.said === item.said;
  }

  async #changed(): Promise<void> {
    await this.#reload();
    this.#others.postMessage("changed");
    void this.#tick();
  }

  #tell(trouble: string | null): void {
    this.#trouble = trouble;
    this.#show();
  }

  async #acknowledge(): Promise<void> {
    if (this.#stored !== null) await this.#keepSeen(allSeen(this.#stored.day));
    this.#show();
  }

  async #keepSeen(seen: Seen): Promise<void> {
    this.#seen = seen;
    await this.#database.put("seen", { who: this.#who, seen });
  }

  async #follow(yes: boolean): Promise<void> {
    this.#chosen = yes;
    await this.#database.put("settings", { name: "follows", value: yes });
    this.#show();
    void this.#tick();
  }
}

/** Asks the browser to send what waits even if the page is closed, where it can. */
async function requestSync(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = (await navigator.serviceWorker.ready) as ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };
  await registration.sync?.register(SYNC_TAG).catch(() => undefined);
}

