import type { ChangedStop } from "../day/changes";
import type { Item } from "../queue/items";
import { waiting } from "../queue/queue";
import type { Tracker } from "../track/tracker";
import type { Shift } from "../day/model";
import { text } from "../strings";
import { button, h, icon } from "./dom";
import { clock, telephone } from "./format";

function banner(kind: string, title: string, words: string | null, ...actions: readonly HTMLElement[]): HTMLElement {
  const role = kind === "alarm" ? "alert" : "status";
  return h("div", { class: `banner ${kind}`, role },
    kind === "alarm" ? icon("warning") : null,
    h("div", { class: "banner-text" }, h("strong", {}, title), words === null ? null : h("p", {}, words)),
    ...actions,
  );
}

/** What hinders the tracking, or asks for it. */
export function trackBanner(tracker: Tracker, shift: Shift | undefined, zone: string | undefined, read: () => void): HTMLElement | null {
  if (shift === undefined) return null;
  const { state, paused } = tracker;
  if (state === "ask") return askBanner(tracker, shift, zone);
  if (state === "denied" || state === "unavailable" || state === "no_fix" || state === "hidden" || state === "refused") {
    return banner("alarm", text.track.paused, text.track[state]);
  }
  if (paused !== null) return banner("alarm", text.track.paused, text.track.wasHidden(clock(paused.from), clock(paused.to)), button("on-banner", text.dismiss, read));
  return tracker.screenMaySleep && state === "on" ? banner("note", text.track.screen, null) : null;
}

/** Positions that are gone: where the van was then, nobody can see. */
export function droppedBanner(dropped: number, read: () => void): HTMLElement | null {
  return dropped === 0 ? null : banner("alarm", text.track.dropped(dropped), text.track.droppedHint, button("on-banner", text.dismiss, read));
}

function askBanner(tracker: Tracker, shift: Shift, zone: string | undefined): HTMLElement {
  const allow = button("on-banner strong", text.track.allow, () => { tracker.start(); });
  return banner("ask", text.track.askTitle, text.track.ask(clock(shift.begin, zone), clock(shift.end, zone)), allow);
}

/** How many stops have changed; those that are marked on no open stop, because they are cancelled, by name. */
export function changesBanner(changes: readonly ChangedStop[], nameOf: (change: ChangedStop) => string, acknowledge: () => void): HTMLElement | null {
  const gone = changes.filter(({ changes }) => changes.includes("cancelled")).map((change) => `${text.cancelled}: ${nameOf(change)}`);
  return changes.length === 0 ? null : banner("changes", text.changed(changes.length), gone.length === 0 ? null : gone.join("\n"), button("on-banner", text.seen, acknowledge));
}

/** What the gateway did not take, and why. */
export function refusedBanner(items: readonly Item[], nameOf: (item: Item) => string, dismiss: () => void): HTMLElement | null {
  const refused = items.filter(({ state }) => state === "refused");
  if (refused.length === 0) return null;
  const lines = refused.map((item) => `${nameOf(item)}: ${text.refusals[item.refusal ?? ""] ?? item.refusal ?? ""}`);
  return banner("alarm", text.refusedTitle(refused.length), lines.join("\n"), button("on-banner", text.dismiss, dismiss));
}

export function plainBanner(title: string, words: string | null, phone?: string): HTMLElement {
  return banner("note", title, words, ...callOffice(phone));
}

/** The link is no longer good: nothing is heard and nothing is sent until there is another. */
export function lostBanner(items: readonly Item[], positions: number, phone?: string): HTMLElement {
  const held = waiting(items);
  const kept = [
    text.keptTaps(held.filter(({ kind }) => kind === "tap").length),
    text.keptProofs(held.filter(({ kind }) => kind === "proof").length),
    text.keptPositions(positions),
  ].filter((words) => words !== "");
  const hint = kept.length === 0 ? text.noLinkHint : `${text.keptHere(kept.join(", "))}\n${text.noLinkHint} ${text.keptHint}`;
  return banner("alarm", text.noLink, hint, ...callOffice(phone));
}

function callOffice(phone: string | undefined): HTMLElement[] {
  return phone === undefined ? [] : [h("a", { class: "on-banner wide-action", href: telephone(phone) }, text.callOffice)];
}
