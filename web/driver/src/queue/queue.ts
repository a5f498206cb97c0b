/**
 * What waits to be sent, as pure decisions.
 *
 * Taps are sent in the order in which they were said, one batch at a time, and a tap counts once by its id. Proofs are
 * large and go after the taps: a photo on a weak link never holds back the word of the next stop.
 */
import type { Day, Stop } from "../day/model";
import type { Item, QueuedProof, QueuedTap } from "./items";

/** How long a tap can be undone: it waits here, so that nobody is told what is taken back at once. */
export const UNDO_MS = 10_000;

/** Taps of one request; the gateway takes no more. A day has fewer. */
export const MAX_BATCH = 200;

/** How long a tap that the gateway took is shown over its day, should the day not say the same: then the day is right. */
const SHOWN_AFTER_TAKEN_MS = 60_000;

const isTap = (item: Item): item is QueuedTap => item.kind === "tap";
const isProof = (item: Item): item is QueuedProof => item.kind === "proof";
const inOrder = (a: Item, b: Item): number => a.n - b.n;

export function waiting(items: readonly Item[]): Item[] {
  return items.filter(({ state }) => state === "waiting").sort(inOrder);
}

/** Whether it can still be undone. What is due later than an undo takes was said by another clock: it is due. */
export function isHeld({ due }: Item, now: number): boolean {
  return due > now && due - now <= UNDO_MS;
}

/** The taps to send now: none overtakes one that can still be undone. */
export function tapsToSend(items: readonly Item[], now: number): QueuedTap[] {
  const taps = waiting(items).filter(isTap);
  const held = taps.findIndex((tap) => isHeld(tap, now));
  return taps.slice(0, held === -1 ? MAX_BATCH : Math.min(held, MAX_BATCH));
}

export function proofToSend(items: readonly Item[], now: number): QueuedProof | null {
  return waiting(items).filter(isProof).find((proof) => !isHeld(proof, now)) ?? null;
}

/** When something is to be sent next; null if nothing waits. */
export function nextDue(items: readonly Item[], now: number): number | null {
  const dues = waiting(items).map((item) => (isHeld(item, now) ? item.due : Math.min(item.due, now)));
  return dues.length === 0 ? null : Math.min(...dues);
}

/** The newest tap that can still be undone. */
export function undoable(items: readonly Item[], now: number): QueuedTap | null {
  return waiting(items).filter(isTap).filter((tap) => isHeld(tap, now)).at(-1) ?? null;
}

/** The items that the gateway answered, with what it said; what it did not name waits on. */
export function settled(items: readonly Item[], outcomes: ReadonlyMap<string, string>, now: number): Item[] {
  return items.flatMap((item): Item[] => {
    const outcome = outcomes.get(item.id);
    if (outcome === undefined) return [];
    return [outcome === "taken" ? taken(item, now) : { ...item, state: "refused", settled: now, refusal: outcome }];
  });
}

/** A taken proof's bytes are with the gateway. */
function taken(item: Item, now: number): Item {
  return item.kind === "proof" ? { ...item, state: "taken", settled: now, content: null } : { ...item, state: "taken", settled: now };
}

/** Whether the day already says what the tap said. */
function isTold(tap: QueuedTap, stop: Stop | undefined): boolean {
  return stop?.outcome === (tap.said === "undone" ? "none" : tap.said);
}

/** Whether a newer word on the stop was taken: then this one says nothing any more. */
function isSuperseded(tap: QueuedTap, items: readonly Item[]): boolean {
  return items.some((other) => isTap(other) && other.n > tap.n && other.state === "taken" && other.route === tap.route && other.stop === tap.stop);
}

/** What is of no use any more: taken, and in the day, or long ago. Proofs count until the day counts them. */
export function forgettable(items: readonly Item[], day: Day, now: number): Item[] {
  const stops = new Map(day.routes.flatMap((route) => route.stops.map((stop) => [`${route.route}/${stop.stop}`, stop])));
  return items.filter((item) => {
    if (item.state !== "taken") return false;
    const stop = stops.get(`${item.route}/${item.stop}`);
    const told = isTap(item) ? isTold(item, stop) || isSuperseded(item, items) : (stop?.proofs ?? 0) > 0;
    return told || now - (item.settled ?? 0) > SHOWN_AFTER_TAKEN_MS;
  });
}
