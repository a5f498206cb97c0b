import type { Change } from "../day/changes";
import type { Placed } from "../day/order";
import { text } from "../strings";
import { button, h, icon, type IconName } from "./dom";
import { addressLines, expected, isLate, navigateLink, telephone, windowOf } from "./format";

export interface CardActions {
  /** Back to the stop that is next; null if this is the one. */
  readonly toNext: (() => void) | null;
  readonly addPhoto: () => void;
}

function fact(label: string, value: string | null, mark = ""): HTMLElement | null {
  return value === null ? null : h("div", { class: `fact ${mark}` }, h("dt", {}, label), h("dd", {}, value));
}

function facts(placed: Placed): HTMLElement {
  const { label, shown } = expected(placed);
  const parcels = placed.stop.parcels === undefined ? null : String(placed.stop.parcels);
  return h("dl", { class: "facts" },
    fact(label, shown, isLate(placed) ? "late" : ""),
    fact(text.window, windowOf(placed)),
    fact(text.parcels, parcels),
  );
}

function words(label: string, value: string | undefined, mark: string): HTMLElement | null {
  return value === undefined || value === "" ? null : h("div", { class: `words ${mark}` }, h("h3", {}, label), h("p", {}, value));
}

function link(name: IconName, label: string, href: string, spoken: string): HTMLElement {
  const attributes = { class: "link-button", href, "aria-label": spoken, rel: "noreferrer" };
  return h("a", attributes, icon(name), h("span", {}, label));
}

function links({ stop }: Placed): HTMLElement {
  const named = stop.recipient === undefined ? text.call : text.callNamed(stop.recipient);
  return h("div", { class: "links" },
    stop.phone === undefined ? null : link("phone", text.call, telephone(stop.phone), named),
    link("arrow", text.navigate, navigateLink(navigator.userAgent, stop), text.navigate),
  );
}

function proofLine(placed: Placed, addPhoto: () => void): HTMLElement {
  const { proofs } = placed.stop;
  return h("div", { class: "proof-line" },
    button("quiet", text.addPhoto, addPhoto, icon("camera")),
    proofs === 0 ? null : h("span", { class: "proofs" }, text.proofs(proofs)),
  );
}

/** What is said of a stop beside its number: that it was skipped, left, or that the van stands before it. */
function standing({ stop }: Placed): string | null {
  if (stop.execution === "arrived") return text.here;
  if (stop.execution === "skipped") return text.skipped;
  return stop.execution === "departed" ? text.unsaidHint : null;
}

export function changeMarks(changes: readonly Change[]): HTMLElement | null {
  if (changes.length === 0) return null;
  return h("div", { class: "marks" }, ...changes.map((change) => h("span", { class: "mark" }, text.changes[change])));
}

/** A stop, large: what is needed in the van and at the door. */
export function stopCard(placed: Placed, all: number, changes: readonly Change[], actions: CardActions): HTMLElement {
  const { stop } = placed;
  const [street, place] = addressLines(stop.address);
  const state = standing(placed);
  return h("section", { class: "card", "data-stop": stop.stop, "aria-label": actions.toNext === null ? text.next : text.chosen },
    h("div", { class: "card-head" },
      h("span", { class: "card-kind" }, `${actions.toNext === null ? text.next : text.chosen} · ${text.of(stop.sequence, all)}`),
      state === null ? null : h("span", { class: "standing" }, state),
    ),
    changeMarks(changes),
    h("h1", {}, street),
    place === "" ? null : h("p", { class: "place" }, place),
    h("p", { class: "recipient" }, stop.recipient ?? text.order(stop.order)),
    facts(placed),
    links(placed),
    words(text.instructions, stop.instructions, "from-customer"),
    words(text.notes, stop.notes, ""),
    proofLine(placed, actions.addPhoto),
    actions.toNext === null ? null : button("quiet wide", text.toNext, actions.toNext),
  );
}
