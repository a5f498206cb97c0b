import { h } from "../dom";
import { icon } from "../icons";
import type { Letter, Receiver } from "./model";
import { outboxText as words } from "./strings";

/** Rows of one receiver that one looks through; the rest is a number. */
const MOST_ROWS = 20;

type Clock = (time: number) => string;

/** One receiver with its letters, and what can be done about them. */
export function receiverPart(receiver: Receiver, letters: readonly Letter[], clock: Clock, replay: (press: HTMLButtonElement) => void): HTMLElement {
  const dead = letters.filter(({ state }) => state === "dead").length;
  const press = h("button", { type: "button", class: "button", click: () => { replay(press); } }, words.replay(dead));
  press.hidden = dead === 0 || receiver.health === "disabled";
  const name = nameOf(receiver.name);
  return h(
    "section",
    { class: "outbox-part", "data-health": receiver.health, "aria-label": name },
    h("header", {}, h("div", {}, h("h3", {}, name), h("p", {}, countsOf(receiver, dead))), press),
    ...standing(receiver, clock),
    ...table(name, letters, clock),
  );
}

function nameOf(endpoint: string): string {
  return endpoint === "customers" ? words.customers : words.webhook(shortOf(endpoint));
}

function shortOf(endpoint: string): string {
  return endpoint.replace(/^webhook\//, "");
}

function countsOf({ waiting }: Receiver, dead: number): string {
  const parts = [dead === 0 ? "" : words.open.dead(dead), waiting === 0 ? "" : words.open.waiting(waiting)];
  return parts.filter((part) => part !== "").join(", ");
}

function standing({ name, health, disabled, failing_since: failing, not_before: until, detail }: Receiver, clock: Clock): Node[] {
  const time = (moment: number | undefined): string => (moment === undefined ? "" : clock(moment));
  const told = { well: "", failing: words.failing(time(failing)), throttled: words.throttled(time(until)), disabled: words.off(time(disabled)) }[health];
  if (told === "") return [];
  const line = h("p", { class: "outbox-standing" }, icon("alert"), h("span", {}, detail === "" ? told : `${told}: ${detail}`));
  return health === "disabled" ? [line, h("p", { class: "dialog-hint" }, words.switchOn, " ", h("code", {}, words.enable(shortOf(name))))] : [line];
}

function table(name: string, letters: readonly Letter[], clock: Clock): Node[] {
  if (letters.length === 0) return [];
  const head = h("tr", {}, ...Object.values(words.heads).map((each) => h("th", { scope: "col" }, each)));
  const rows = letters.slice(0, MOST_ROWS).map((letter) => rowOf(letter, clock));
  const lines = h("table", { class: "table" }, h("thead", {}, head), h("tbody", {}, ...rows));
  const box = h("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": name }, lines);
  const rest = letters.length - rows.length;
  return rest === 0 ? [box] : [box, h("p", { class: "dialog-hint" }, words.more(rest))];
}

function rowOf({ kind, lane, time, attempts, detail, state, next_try: next }: Letter, clock: Clock): HTMLElement {
  const fate = state === "dead" ? words.given : next === undefined ? "" : words.again(clock(next));
  const why = [reasonOf(detail), fate].filter((part) => part !== "").join(" · ");
  return h("tr", { "data-state": state }, ...[kind, lane, clock(time), String(attempts), why].map((cell) => h("td", {}, cell)));
}

/** The gateway's own reasons in words; a receiver's answer as it came. */
function reasonOf(detail: string): string {
  if (detail === "") return words.reasonUnknown;
  return detail in words.reasons ? words.reasons[detail as keyof typeof words.reasons] : detail;
}
