/** Messages that did not arrive, by receiver, as the gateway tells them. Times are Unix ms. Pure. */
import { areNumbers, areTexts, fieldsOf, isNumber, isOneOf, listOf, withoutNulls } from "../api/fields";

export const REPLAY_URL = "/api/v1/notifications/replay";

/** A page of the gateway; how many there are beside is in the counts. */
export const MOST_LETTERS = 500;

const HEALTHS = ["well", "failing", "throttled", "disabled"] as const;

/** A message that waits (`open`) or was given up (`dead`). */
export interface Letter {
  readonly id: string;
  readonly endpoint: string;
  readonly lane: string;
  readonly kind: string;
  readonly time: number;
  readonly state: "open" | "dead";
  readonly attempts: number;
  readonly next_try?: number;
  /** Why it has not arrived; empty where nothing is said. */
  readonly detail: string;
}

/** A receiver: a webhook, or the customers. `dead` and `stuck` are how many of its letters are listed as that. */
export interface Receiver {
  readonly name: string;
  readonly health: (typeof HEALTHS)[number];
  readonly waiting: number;
  readonly detail: string;
  readonly failing_since?: number;
  readonly not_before?: number;
  readonly disabled?: number;
}

/** What is wrong: receivers that are not well or have letters that did not arrive, and these letters, newest first. */
export interface Outbox {
  readonly receivers: readonly Receiver[];
  readonly letters: readonly Letter[];
  /** How many were given up, listed or not. */
  readonly dead: number;
}

export const EMPTY_OUTBOX: Outbox = { receivers: [], letters: [], dead: 0 };

export function lettersUrl(state: Letter["state"]): string {
  return `/api/v1/notifications?state=${state}&limit=${MOST_LETTERS}`;
}

/** What is left of the answers for given-up and for open letters once all that goes well is left out. */
export function decodeOutbox(dead: unknown, open: unknown): Outbox {
  const letters = [dead, open].flatMap(lettersIn).filter(isStuck);
  const told = listOf(fieldsOf(open)["endpoints"]).map(decodeReceiver).filter((receiver) => receiver !== null);
  const known = new Set(told.map(({ name }) => name));
  const unnamed = new Set(letters.map(({ endpoint }) => endpoint).filter((name) => !known.has(name)));
  const others = [...unnamed].map((name): Receiver => ({ name, health: "well", waiting: 0, detail: "" }));
  const receivers = [...told, ...others].filter(({ name, health }) => health !== "well" || letters.some(({ endpoint }) => endpoint === name));
  const counted = fieldsOf(fieldsOf(dead)["counts"])["dead"];
  const listed = letters.filter(({ state }) => state === "dead").length;
  return { receivers: receivers.sort(byTrouble), letters, dead: isNumber(counted) ? Math.max(counted, listed) : listed };
}

function lettersIn(value: unknown): Letter[] {
  return listOf(fieldsOf(value)["letters"]).map(decodeLetter).filter((letter) => letter !== null);
}

function decodeLetter(value: unknown): Letter | null {
  const { detail, ...fields } = withoutNulls(value);
  const whole = areTexts(fields, "id", "endpoint", "lane", "kind") && areNumbers(fields, "time", "attempts");
  if (!whole || !isOneOf(["open", "dead"], fields["state"])) return null;
  return { ...fields, detail: textOf(detail) } as unknown as Letter;
}

function decodeReceiver(value: unknown): Receiver | null {
  const { detail, ...fields } = withoutNulls(value);
  if (!areTexts(fields, "name") || !isOneOf(HEALTHS, fields["health"]) || !areNumbers(fields, "waiting")) return null;
  return { ...fields, detail: textOf(detail) } as unknown as Receiver;
}

/** A letter that was tried in vain, held back or given up; one that is just being sent is none. */
export function isStuck({ state, attempts, detail }: Letter): boolean {
  return state === "dead" || attempts > 0 || detail !== "";
}

const RANK: Readonly<Record<Receiver["health"], number>> = { disabled: 0, failing: 1, throttled: 2, well: 3 };

function byTrouble(a: Receiver, b: Receiver): number {
  return RANK[a.health] - RANK[b.health] || a.name.localeCompare(b.name);
}

/** The worst that is to be said of the outbox, and how often. */
export type Worst = { readonly kind: "none" } | { readonly kind: "off" | "dead" | "failing" | "waiting"; readonly count: number };

export function worstOf({ receivers, letters, dead }: Outbox): Worst {
  const off = receivers.filter(({ health }) => health === "disabled").length;
  if (off > 0) return { kind: "off", count: off };
  if (dead > 0) return { kind: "dead", count: dead };
  const failing = receivers.filter(({ health }) => health === "failing").length;
  if (failing > 0) return { kind: "failing", count: failing };
  return letters.length === 0 ? { kind: "none" } : { kind: "waiting", count: letters.length };
}

export interface Replay {
  readonly replayed: number;
  /** Of each reason how many are not sent again. */
  readonly refused: Readonly<Record<string, number>>;
}

export function decodeReplay(value: unknown): Replay {
  const { replayed, refused } = fieldsOf(value);
  const reasons: Record<string, number> = {};
  for (const reason of Object.values(fieldsOf(refused))) if (typeof reason === "string") reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { replayed: isNumber(replayed) ? replayed : 0, refused: reasons };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
