import type { FailureReason, LeftWith, RouteStop } from "../api/route-model";
import { h, setText } from "../dom";
import type { LoadedRound } from "../store/state";
import { text } from "../strings";
import { canReplan, countMoved, movedTo, newStop, openStops, reordered, STOP_FIELDS, type Edit, type NewStop, type Said, type StopField } from "./edits";
import { editText as words } from "./strings";

/** What a form wants done; null while it does not say yet. */
export type Wanted = { readonly kind: "edit"; readonly edit: Edit } | { readonly kind: "tap"; readonly stop: string; readonly said: Said };

/** Fields, what they would do, and the change itself. */
export interface Form {
  readonly title: string;
  readonly element: HTMLElement;
  /** A change that cannot be taken back wears another button. */
  readonly isGrave?: boolean;
  does(): string;
  wanted(): Wanted | null;
}

export interface FormContext {
  readonly round: LoadedRound;
  readonly vehicles: readonly string[];
  readonly routes: readonly string[];
  readonly changed: () => void;
}

export type RouteForm = (context: FormContext) => Form;
export type StopForm = (context: FormContext, stop: RouteStop) => Form;

function field(name: string, input: HTMLElement): HTMLElement {
  return h("label", { class: "field" }, h("span", {}, name), input);
}

function choices(options: readonly (readonly [string, string])[], change: () => void, chosen = ""): HTMLSelectElement {
  return h("select", { change }, ...options.map(([value, name]) => h("option", { value, selected: value === chosen }, name)));
}

const edit = (made: Edit): Wanted => ({ kind: "edit", edit: made });

export const reassignForm: RouteForm = ({ round, vehicles, changed }) => {
  const { route, vehicle: before, driver: driving = "" } = round.detail.route;
  const list = h("datalist", { id: "edit-vehicles" }, ...vehicles.map((value) => h("option", { value })));
  const vehicle = h("input", { value: before, list: "edit-vehicles", pattern: "[A-Za-z0-9_\\-]{1,64}", required: true, spellcheck: "false", input: changed });
  const driver = h("input", { value: driving, maxlength: 100, input: changed });
  const { reassign } = words;
  const same = (): boolean => vehicle.value.trim() === before;
  return {
    title: `${words.route.reassign}: ${route}`,
    element: h("div", { class: "edit-fields" }, field(reassign.vehicle, vehicle), field(reassign.driver, driver), list),
    does: () => (same() && driver.value.trim() !== driving ? reassign.driverOnly(route, driver.value.trim()) : reassign.does(route, before, vehicle.value.trim())),
    wanted: () => {
      const named = driver.value.trim();
      if (!vehicle.checkValidity() || (same() && named === driving)) return null;
      return edit({ kind: "reassign", vehicle: vehicle.value.trim(), ...(named === "" ? {} : { driver: named }) });
    },
  };
};

const TYPES: Readonly<Partial<Record<StopField, string>>> = {
  lat: "number", lon: "number", phone: "tel", email: "email", window_start: "time", window_end: "time", parcels: "number", service_min: "number",
};

/** A field of a new stop; where there are few answers they are chosen, and the first leaves it open. */
function stopInput(name: StopField, changed: () => void): HTMLInputElement | HTMLSelectElement {
  if (name === "proof" || name === "notify") {
    const select = choices(Object.entries(words.add.choices[name]), changed);
    select.name = name;
    return select;
  }
  const least = name === "parcels" || name === "service_min" ? { min: 0 } : {};
  const language = name === "language" ? { pattern: "[A-Za-z]{2}", placeholder: "es" } : {};
  return h("input", { type: TYPES[name] ?? "text", name, required: name === "order", step: "any", maxlength: 200, input: changed, ...least, ...language });
}

export const addForm: RouteForm = ({ round, changed }) => {
  const { route } = round.detail.route;
  const { add } = words;
  const inputs = STOP_FIELDS.map((name) => [name, stopInput(name, changed)] as const);
  const who = (stop: RouteStop): string => round.people.get(stop.stop)?.recipient ?? stop.order;
  const places = round.detail.stops.filter(({ execution }) => execution !== "cancelled").map((stop) => [stop.stop, add.behind(stop.sequence, who(stop))] as const);
  const after = choices([["", add.atEnd], ...places], changed);
  const read = (): NewStop => newStop(new Map(inputs.map(([name, input]) => [name, input.value])), after.value);
  return {
    title: `${words.route.add}: ${route}`,
    element: h("div", { class: "edit-fields" }, ...inputs.map(([name, input]) => field(add[name], input)), field(add.after, after), h("p", { class: "dialog-hint" }, add.help)),
    does: () => add.does(inputs[0]?.[1].value.trim() ?? "", route),
    wanted: () => {
      const stop = read();
      const placed = stop["address"] !== undefined || (stop["lat"] !== undefined && stop["lon"] !== undefined);
      const sound = inputs.every(([, input]) => input.checkValidity());
      return stop["order"] === undefined || !placed || !sound ? null : edit({ kind: "add", stop });
    },
  };
};

export const withdrawForm: RouteForm = ({ round }) => {
  const { route } = round.detail.route;
  return {
    title: `${words.route.withdraw}: ${route}`, element: h("div"), isGrave: true,
    does: () => words.withdraw.does(route, openStops(round.detail).length),
    wanted: () => edit({ kind: "withdraw" }),
  };
};

export const cancelForm: StopForm = ({ round }, stop) => ({
  title: `${words.stop.cancel}: ${stop.order}`, element: h("div"), isGrave: true,
  does: () => words.cancelStop.does(stop.order, round.detail.route.route),
  wanted: () => edit({ kind: "cancel", stop: stop.stop }),
});

export const replanForm: StopForm = ({ round, routes, changed }, stop) => {
  const { route } = round.detail.route;
  const target = choices([["", words.replan.here(route)], ...routes.filter((name) => name !== route).map((name) => [name, name] as const)], changed);
  return {
    title: `${words.stop.replan}: ${stop.order}`,
    element: h("div", { class: "edit-fields" }, field(words.replan.route, target)),
    does: () => words.replan.does(stop.order, target.value === "" ? route : target.value),
    wanted: () => (canReplan(stop) ? edit({ kind: "replan", stop: stop.stop, ...(target.value === "" ? {} : { route: target.value }) }) : null),
  };
};

export const outcomeForm: StopForm = ({ changed }, stop) => {
  const { outcome: said } = words;
  const { leftWith, failure } = text.routes.evidence;
  const what = choices([["succeeded", said.succeeded], ["failed", said.failed], ...(stop.outcome === "none" ? [] : [["undone", said.undone] as const])], () => { show(); });
  const left = choices(Object.entries(leftWith), changed);
  const reason = choices(Object.entries(failure), changed);
  const [leftField, reasonField] = [field(said.leftWith, left), field(said.reason, reason)];
  const show = (): void => {
    leftField.hidden = what.value !== "succeeded";
    reasonField.hidden = what.value !== "failed";
    changed();
  };
  const read = (): Said => {
    if (what.value === "succeeded") return { said: "succeeded", left_with: left.value as LeftWith };
    return what.value === "failed" ? { said: "failed", reason: reason.value as FailureReason } : { said: "undone" };
  };
  const told = (): string => [what, ...(what.value === "succeeded" ? [left] : what.value === "failed" ? [reason] : [])].map((each) => each.selectedOptions[0]?.text ?? "").join(" ").toLowerCase();
  reasonField.hidden = true;
  return {
    title: `${words.stop.outcome}: ${stop.order}`,
    element: h("div", { class: "edit-fields" }, field(words.stop.outcome, what), leftField, reasonField),
    does: () => said.does(stop.order, told()),
    wanted: () => ({ kind: "tap", stop: stop.stop, said: read() }),
  };
};

export const reorderForm: RouteForm = ({ round, changed }) => new ReorderForm(round, changed);

/** The stops that are left, to be put into another order by keys or by hand. */
class ReorderForm implements Form {
  readonly title: string;
  readonly element: HTMLElement;
  readonly #list = h("ol", { class: "reorder" });
  readonly #said = h("p", { class: "visually-hidden", role: "status" });
  readonly #round: LoadedRound;
  readonly #before: readonly string[];
  readonly #changed: () => void;
  #open: string[];

  constructor(round: LoadedRound, changed: () => void) {
    this.#round = round;
    this.#changed = changed;
    this.title = `${words.route.reorder}: ${round.detail.route.route}`;
    this.#before = openStops(round.detail).map(({ stop }) => stop);
    this.#open = [...this.#before];
    this.#list.append(...openStops(round.detail).map((stop) => this.#line(stop)));
    this.element = h("div", { class: "edit-reorder" }, h("p", { class: "dialog-hint" }, words.reorder.help), this.#list, this.#said);
    this.#label();
  }

  does(): string {
    return words.reorder.does(countMoved(this.#before, this.#open));
  }

  wanted(): Wanted | null {
    if (countMoved(this.#before, this.#open) === 0) return null;
    return edit({ kind: "reorder", stops: reordered(this.#round.detail.stops, this.#open) });
  }

  #line(stop: RouteStop): HTMLElement {
    const person = this.#round.people.get(stop.stop);
    const handle = h("button", {
      type: "button", class: "reorder-handle",
      keydown: (event) => { this.#key(event as KeyboardEvent, stop.stop); },
      pointerdown: (event) => { (event.target as Element).setPointerCapture((event as PointerEvent).pointerId); },
      pointermove: (event) => { this.#drag(event as PointerEvent, stop.stop); },
    }, "⠿");
    const who = [person?.recipient ?? stop.order, person?.address ?? ""].filter((part) => part !== "").join(" · ");
    return h("li", { "data-stop": stop.stop }, handle, h("b", {}, String(stop.sequence)), h("span", {}, who));
  }

  #key(event: KeyboardEvent, stop: string): void {
    const at = this.#open.indexOf(stop);
    const steps: Readonly<Record<string, number>> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: this.#open.length };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#move(stop, to);
  }

  #drag(event: PointerEvent, stop: string): void {
    if (event.buttons === 0) return;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-stop]");
    const other = under?.dataset["stop"];
    if (other !== undefined && other !== stop) this.#move(stop, this.#open.indexOf(other));
  }

  #move(stop: string, to: number): void {
    const lines = new Map([...this.#list.children].map((line) => [(line as HTMLElement).dataset["stop"] ?? "", line]));
    const focused = document.activeElement;
    this.#open = movedTo(this.#open, this.#open.indexOf(stop), to);
    const at = this.#open.indexOf(stop);
    const next = this.#open[at + 1];
    const line = lines.get(stop);
    if (line !== undefined) this.#list.insertBefore(line, next === undefined ? null : (lines.get(next) ?? null));
    if (focused instanceof HTMLElement && this.#list.contains(focused)) focused.focus();
    line?.scrollIntoView({ block: "nearest" });
    this.#label();
    setText(this.#said, words.reorder.moved(stop, at + 1, this.#open.length));
    this.#changed();
  }

  #label(): void {
    [...this.#list.children].forEach((line, index) => {
      const name = (line as HTMLElement).dataset["stop"] ?? "";
      line.querySelector("button")?.setAttribute("aria-label", words.reorder.handle(name, index + 1, this.#open.length));
    });
  }
}
