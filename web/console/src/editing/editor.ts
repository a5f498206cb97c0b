import { ApiFailure, tellFailure, type ApiClient } from "../api/client";
import { decodeRouteAnswer } from "../api/decode-routes";
import { fieldsOf } from "../api/fields";
import { detailUrl, type RouteStop } from "../api/route-model";
import { Dialog } from "../dialog";
import { h, setText } from "../dom";
import { selectedRound } from "../store/shown";
import type { LoadedRound, State } from "../store/state";
import type { Store } from "../store/store";
import { canReplan, editsUrl, isOpen, newId, openStops, tapUrl } from "./edits";
import { addForm, cancelForm, outcomeForm, reassignForm, reorderForm, replanForm, withdrawForm, type Form, type FormContext, type Wanted } from "./forms";
import { editText as words } from "./strings";

/** A version is followed within a second of being kept; it is looked for so long. */
const FOLLOWED_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 400;

type Make = (context: FormContext) => Form;

/** Buttons that change the selected route or stop, each with a dialog that says what it will do. */
export class Editor {
  readonly #store: Store;
  readonly #client: ApiClient;
  readonly #dialog: Dialog;
  readonly #does = h("p", { class: "edit-does", role: "status" });
  readonly #problem = h("p", { class: "problem", role: "alert" });
  readonly #save = h("button", { type: "button", class: "button primary", click: () => { void this.#send(); } }, words.save);
  readonly #routeButtons: HTMLButtonElement[];
  readonly #stopButtons: readonly [HTMLButtonElement, (stop: RouteStop) => boolean][];
  #round: LoadedRound | null = null;
  #form: Form | null = null;
  #make: Make | null = null;
  /** The same word sent again counts once. */
  #id = "";

  constructor(store: Store, client: ApiClient, routeSlot: HTMLElement, stopSlot: HTMLElement) {
    this.#store = store;
    this.#client = client;
    this.#dialog = new Dialog("edit-dialog", { title: "", close: words.close });
    const no = h("button", { type: "button", class: "button", click: () => { this.#dialog.close(); } }, words.cancel);
    this.#dialog.footer.append(no, this.#save);
    const { route, stop } = words;
    this.#routeButtons = [
      this.#button(route.reassign, () => reassignForm), this.#button(route.reorder, () => reorderForm),
      this.#button(route.add, () => addForm), this.#button(route.withdraw, () => withdrawForm),
    ];
    const ofStop = (form: typeof cancelForm): (() => Make | null) => () => {
      const chosen = this.#stop();
      return chosen === null ? null : (context) => form(context, context.round.detail.stops.find((each) => each.stop === chosen.stop) ?? chosen);
    };
    this.#stopButtons = [
      [this.#button(stop.outcome, ofStop(outcomeForm)), ({ execution }) => execution !== "cancelled"],
      [this.#button(stop.replan, ofStop(replanForm)), canReplan],
      [this.#button(stop.cancel, ofStop(cancelForm)), isOpen],
    ];
    routeSlot.append(...this.#routeButtons);
    stopSlot.append(...this.#stopButtons.map(([button]) => button));
  }

  /** A look back changes nothing, nor can what was withdrawn be changed. */
  render(state: State): void {
    const round = selectedRound(state);
    const live = round !== null && state.view.at === null && round.detail.route.phase !== "withdrawn";
    const open = live && openStops(round.detail).length > 0;
    for (const button of this.#routeButtons) button.hidden = !live;
    const [, reorder, , withdraw] = this.#routeButtons;
    for (const button of [reorder, withdraw]) button?.toggleAttribute("disabled", !open);
    const stop = live ? this.#stop() : null;
    for (const [button, fits] of this.#stopButtons) button.hidden = stop === null || !fits(stop);
  }

  #button(name: string, make: () => Make | null): HTMLButtonElement {
    const press = (): void => {
      const round = selectedRound(this.#store.state);
      const form = make();
      if (round !== null && form !== null) this.#open(round, form);
    };
    return h("button", { type: "button", class: "button", "aria-haspopup": "dialog", click: press }, name);
  }

  #stop(): RouteStop | null {
    const { stop } = this.#store.state.view;
    return selectedRound(this.#store.state)?.detail.stops.find((each) => each.stop === stop) ?? null;
  }

  #open(round: LoadedRound, make: Make): void {
    this.#round = round;
    this.#make = make;
    this.#id = newId();
    setText(this.#problem, "");
    const form = make({
      round,
      vehicles: [...(this.#store.state.vehicles?.values() ?? [])].map(({ vehicle }) => vehicle),
      routes: [...(this.#store.state.routes?.values() ?? [])].filter(({ fleet, phase }) => fleet === round.detail.route.fleet && phase !== "withdrawn" && phase !== "finished").map(({ route }) => route),
      changed: () => { this.#tell(); },
    });
    this.#form = form;
    this.#dialog.name(form.title);
    this.#save.classList.toggle("grave", form.isGrave === true);
    this.#dialog.body.replaceChildren(this.#problem, form.element, this.#does);
    this.#tell();
    this.#dialog.open();
    this.#dialog.body.querySelector<HTMLElement>("input, select, .reorder-handle")?.focus();
  }

  #tell(): void {
    if (this.#form === null || this.#round === null) return;
    const wanted = this.#form.wanted();
    this.#save.disabled = wanted === null;
    setText(this.#save, words.save);
    const version = wanted?.kind === "edit" ? ` ${words.version(this.#round.detail.route.version + 1)}` : "";
    setText(this.#does, this.#form.does() + version);
  }

  async #send(): Promise<void> {
    const [wanted, round] = [this.#form?.wanted() ?? null, this.#round];
    if (wanted === null || round === null) return;
    this.#save.disabled = true;
    setText(this.#save, words.saving);
    setText(this.#problem, "");
    try {
      const version = await this.#ask(wanted, round);
      await this.#follow(round, version);
      this.#dialog.close();
    } catch (error) {
      await this.#explain(error, round);
    }
  }

  /** @returns the version that the shown route is to have then */
  async #ask(wanted: Wanted, round: LoadedRound): Promise<number> {
    const { version, route } = round.detail.route;
    if (wanted.kind === "tap") {
      await this.#client.post(tapUrl(round.key, wanted.stop), { id: this.#id, ...wanted.said });
      return version;
    }
    const made = fieldsOf(await this.#client.post(editsUrl(round.key), { base_version: version, edits: [wanted.edit] }));
    return made["route"] === route && typeof made["version"] === "number" ? made["version"] : version;
  }

  /** Reads the route until it shows the version, so that the next edit is made looking at it. */
  async #follow(round: LoadedRound, version: number): Promise<void> {
    const end = performance.now() + FOLLOWED_WITHIN_MS;
    let shown = -1;
    while (shown < version && performance.now() < end) {
      await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
      shown = (await this.#reload(round))?.detail.route.version ?? shown;
    }
  }

  async #reload(round: LoadedRound): Promise<LoadedRound | null> {
    const answer = decodeRouteAnswer(await this.#client.json(detailUrl(round.key, null)));
    if (answer === null) return null;
    const fresh: LoadedRound = { phase: "loaded", key: round.key, at: null, ...answer };
    const { view } = this.#store.state;
    if (view.route === round.key && view.at === null) this.#store.dispatch({ kind: "round", round: fresh });
    return fresh;
  }

  /** Somebody else's version is shown first; then the same is asked again. */
  async #explain(error: unknown, round: LoadedRound): Promise<void> {
    const stale = error instanceof ApiFailure && error.code === "stale_version";
    const fresh = stale ? await this.#reload(round).catch(() => null) : null;
    if (fresh !== null && this.#make !== null && this.#dialog.isOpen) {
      this.#open(fresh, this.#make);
      setText(this.#problem, words.stale(fresh.detail.route.version));
      return;
    }
    this.#tell();
    setText(this.#problem, `${words.failed} ${tellFailure(error)}`);
  }
}
