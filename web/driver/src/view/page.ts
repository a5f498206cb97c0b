import type { Change, ChangedStop } from "../day/changes";
import { isFollowed, vansTracker, type Day, type VansTracker } from "../day/model";
import { keyOf, ordered, progress, type Ordered, type Placed } from "../day/order";
import type { Item, QueuedTap } from "../queue/items";
import { UNDO_MS, undoable, waiting } from "../queue/queue";
import type { Tracker } from "../track/tracker";
import { text } from "../strings";
import { actionBar, type StopActions } from "./actions";
import { changesBanner, droppedBanner, lostBanner, plainBanner, refusedBanner, trackBanner } from "./banners";
import { button, h } from "./dom";
import { addressLines, clock } from "./format";
import { outcomeOf, StopList } from "./list";
import { openSheet } from "./sheet";
import { stopCard } from "./stop-card";
import { takePhoto } from "./picture";

/** All that the page shows. */
export interface Shown {
  readonly day: Day | null;
  readonly items: readonly Item[];
  readonly changes: readonly ChangedStop[];
  readonly link: "fine" | "away" | "lost";
  /** The office's, known also when there is no day any more. */
  readonly phone: string | undefined;
  readonly fetched: number;
  readonly tracker: Tracker | null;
  /** Whether the driver lets this phone be followed; null if they have not chosen. */
  readonly chosen: boolean | null;
  readonly trouble: string | null;
}

export interface Does {
  actions(placed: Placed): StopActions;
  addPhoto(placed: Placed, file: Blob): void;
  undo(tap: QueuedTap): void;
  takeBack(placed: Placed): void;
  acknowledge(): void;
  dismissRefused(): void;
  readPause(): void;
  readDropped(): void;
  follow(yes: boolean): void;
}

const NOTHING: Ordered = { unsaid: [], ahead: [], over: [] };

/** The page: what is told at the top, the stop at hand, the others; and under the thumb what can be said of it. */
export class Page {
  readonly element = h("main", {});
  readonly #does: Does;
  readonly #head = h("header", { class: "head" });
  readonly #banners = h("div", { class: "banners" });
  readonly #card = h("div", { class: "stage" });
  readonly #unsaid = new StopList("ahead", (key) => { this.#choose(key); });
  readonly #ahead = new StopList("ahead", (key) => { this.#choose(key); });
  readonly #over = new StopList("over", (key) => { this.#ask(key); });
  readonly #unsaidPart = h("section", { class: "part unsaid", hidden: true }, h("h2", {}, text.unsaid), h("p", { class: "hint" }, text.unsaidHint), this.#unsaid.element);
  readonly #aheadPart = h("section", { class: "part", hidden: true }, h("h2", {}, text.ahead), this.#ahead.element);
  readonly #overTitle = h("summary", {});
  readonly #overPart = h("details", { class: "part over", hidden: true }, this.#overTitle, this.#over.element);
  readonly #foot = h("footer", { class: "foot" });
  readonly #bar = h("div", { class: "bar" });
  #chosen: string | null = null;
  #shown: Shown | null = null;
  #ordered: Ordered = NOTHING;
  #listed: readonly unknown[] = [];
  readonly #signs = new Map<HTMLElement, string>();

  constructor(does: Does) {
    this.#does = does;
    this.element.append(this.#head, this.#banners, this.#card, this.#unsaidPart, this.#aheadPart, this.#overPart, this.#foot, this.#bar);
  }

  show(shown: Shown): void {
    if (this.#shown === null || this.#shown.day !== shown.day) this.#ordered = shown.day === null ? NOTHING : ordered(shown.day);
    this.#shown = shown;
    const at = this.#atHand();
    this.#showHead(shown);
    this.#showBanners(shown);
    this.#showCard(shown, at);
    this.#showLists(shown, at);
    this.#showBar(shown, at);
    this.#showFoot(shown);
  }

  /** The stop at hand: the one that the driver chose, else the next one, else one that waits for a word. */
  #atHand(): Placed | null {
    const open = [...this.#ordered.ahead, ...this.#ordered.unsaid];
    return open.find((placed) => keyOf(placed) === this.#chosen) ?? open[0] ?? null;
  }

  #choose(key: string | null): void {
    this.#chosen = key;
    if (this.#shown !== null) this.show(this.#shown);
    scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  /** A stop that is over: what became of it, and a way to take it back. */
  #ask(key: string): void {
    const placed = this.#ordered.over.find((one) => keyOf(one) === key);
    if (placed === undefined) return;
    const canTakeBack = placed.stop.outcome !== "none";
    openSheet(addressLines(placed.stop.address)[0], (close) => [
      h("p", { class: "outcome" }, outcomeOf(placed.stop)),
      ...(canTakeBack ? [button("choice", text.takeBack, () => { close(); this.#does.takeBack(placed); })] : []),
      button("choice", text.addPhoto, () => { close(); takePhoto((file) => { this.#does.addPhoto(placed, file); }); }),
    ]);
  }

  #showHead({ day, items, link, fetched }: Shown): void {
    const unsent = waiting(items).length;
    const { done, all } = day === null ? { done: 0, all: 0 } : progress(day);
    const state = link === "away" ? text.offline : text.allSent;
    const name = day?.company.name ?? "";
    this.#draw(this.#head, [day?.driver, name, unsent, done, all, link, day === null ? 0 : Math.round(fetched / 60_000)], () => [
      h("div", { class: "head-line" },
        h("strong", { class: "company" }, name === "" ? (day?.driver ?? text.title) : name),
        h("span", { class: `sync ${unsent > 0 ? "unsent" : link}`, role: "status" }, unsent > 0 ? text.unsent(unsent) : state),
      ),
      all === 0 ? h("span", {}) : h("div", { class: "progress" }, h("progress", { max: all, value: done, "aria-label": text.progress(done, all) }), h("span", {}, text.progress(done, all))),
    ]);
  }

  #showBanners({ day, items, changes, link, phone, fetched, tracker, trouble }: Shown): void {
    const zone = day?.routes[0]?.zone;
    const refused = items.filter(({ state }) => state === "refused").map(({ id }) => id);
    const track = tracker === null ? [] : [tracker.state, tracker.paused, tracker.screenMaySleep, tracker.tally.dropped];
    const lost = link === "lost" ? [waiting(items).length, tracker?.tally.waiting] : [];
    const gone = day?.routes.filter(({ phase }) => phase === "withdrawn").map(({ route }) => route) ?? [];
    this.#draw(this.#banners, [track, refused, changes, link, lost, phone, trouble, gone, Math.round(fetched / 60_000)], () => [
      trouble === null ? null : plainBanner(trouble, null),
      link === "lost" ? lostBanner(items, tracker?.tally.waiting ?? 0, phone) : null,
      tracker === null ? null : trackBanner(tracker, day?.shift, zone, () => { this.#does.readPause(); }),
      tracker === null ? null : droppedBanner(tracker.tally.dropped, () => { this.#does.readDropped(); }),
      refusedBanner(items, (item) => this.#nameOf(item), () => { this.#does.dismissRefused(); }),
      changesBanner(changes, (change) => this.#nameOf(change), () => { this.#does.acknowledge(); }),
      ...gone.map((route) => plainBanner(text.withdrawn(route), null, day?.company.phone)),
      link === "away" && day !== null ? plainBanner(text.offlineNote, text.dayOf(clock(fetched, zone))) : null,
    ].filter((banner) => banner !== null));
  }

  #nameOf(item: { readonly route: string; readonly stop: string }): string {
    const stop = this.#shown?.day?.routes.find(({ route }) => route === item.route)?.stops.find(({ stop }) => stop === item.stop);
    return stop?.address === undefined ? item.stop : addressLines(stop.address)[0];
  }

  #showCard(shown: Shown, at: Placed | null): void {
    const isNext = at !== null && this.#ordered.ahead[0] === at;
    const all = at?.route.stops.length ?? 0;
    const changes = at === null ? [] : this.#changesOf(keyOf(at));
    this.#draw(this.#card, [at?.stop, at?.route.zone, isNext, all, changes, at === null ? emptyWords(shown) : null], () => {
      if (at === null) return [h("section", { class: "card empty" }, ...emptyWords(shown).map((line, index) => h(index === 0 ? "h1" : "p", {}, line)))];
      const toNext = isNext || this.#ordered.ahead.length === 0 ? null : (): void => { this.#choose(null); };
      return [stopCard(at, all, changes, { toNext, addPhoto: () => { takePhoto((file) => { this.#does.addPhoto(at, file); }); } })];
    });
  }

  #changesOf(key: string): readonly Change[] {
    return this.#shown?.changes.find(({ route, stop }) => `${route}/${stop}` === key)?.changes ?? [];
  }

  #showLists({ day, changes }: Shown, at: Placed | null): void {
    const shows = [day, changes, at];
    if (shows.every((one, index) => one === this.#listed[index]) && this.#listed.length > 0) return;
    this.#listed = shows;
    const { unsaid, ahead, over } = this.#ordered;
    const others = (stops: readonly Placed[]): Placed[] => stops.filter((placed) => placed !== at);
    const changesOf = (key: string): readonly Change[] => this.#changesOf(key);
    for (const [part, list, stops] of [[this.#unsaidPart, this.#unsaid, others(unsaid)], [this.#aheadPart, this.#ahead, others(ahead)], [this.#overPart, this.#over, over]] as const) {
      part.hidden = day === null || stops.length === 0;
      list.show(stops, changesOf);
    }
    this.#overTitle.textContent = text.over(over.length);
  }

  #showBar({ items }: Shown, at: Placed | null): void {
    const tap = undoable(items, Date.now());
    this.#draw(this.#bar, [tap?.id, at === null ? null : [keyOf(at), at.stop.proof, at.stop.proofs]], () => [
      ...(tap === null ? [] : [this.#undoBar(tap)]),
      ...(at === null ? [] : [actionBar(at, this.#does.actions(at))]),
    ]);
    this.#bar.hidden = tap === null && at === null;
  }

  #undoBar(tap: QueuedTap): HTMLElement {
    const said = { succeeded: text.saidDone, failed: text.saidFailed, undone: text.undone }[tap.said];
    const bar = h("div", { class: "undo", role: "status" },
      h("span", { class: "undo-text" }, h("strong", {}, said), ` · ${this.#nameOf(tap)}`),
      button("undo-button", text.undo, () => { this.#does.undo(tap); }),
    );
    bar.style.setProperty("--gone", `${tap.due - UNDO_MS - Date.now()}ms`);
    return bar;
  }

  /** There is a choice where the van has a tracker, and where one was made: it can be made anew. */
  #showFoot({ day, tracker, chosen }: Shown): void {
    const vans = day?.shift === undefined ? "none" : vansTracker(day);
    const hasChoice = day?.shift !== undefined && (vans !== "none" || chosen !== null);
    const follows = day !== null && isFollowed(day, chosen);
    this.#draw(this.#foot, [hasChoice, vans, follows, tracker?.state], () => [
      ...(hasChoice ? [this.#switch(follows, vans)] : []),
      ...(tracker?.state === "on" ? [h("p", { class: "hint sharing" }, text.track.on)] : []),
      ...(tracker?.state === "another" ? [h("p", { class: "hint" }, text.track.another)] : []),
    ]);
  }

  #switch(follows: boolean, vans: VansTracker): HTMLElement {
    const input = h("input", { type: "checkbox", role: "switch", checked: follows, change: () => { this.#does.follow(input.checked); } });
    return h("label", { class: "switch" }, h("span", {}, h("strong", {}, text.track.switch), h("small", {}, text.track.switchHint[vans])), input);
  }

  /** Draws a part anew if what it shows has changed: a button is never replaced under a thumb for nothing. */
  #draw(part: HTMLElement, shows: unknown, make: () => readonly Node[]): void {
    const sign = JSON.stringify(shows);
    if (this.#signs.get(part) === sign) return;
    this.#signs.set(part, sign);
    part.replaceChildren(...make());
  }
}

/** What stands where there is no stop. */
function emptyWords({ day, link }: Shown): readonly string[] {
  if (day !== null) return day.routes.length === 0 ? [text.noRoutes, text.noRoutesHint] : [text.finished, text.finishedHint];
  if (link === "lost") return [text.noDay];
  return link === "away" ? [text.notLoaded, text.notLoadedHint] : [text.loading];
}
