import type { ApiClient } from "../api/client";
import type { Vehicle } from "../api/model";
import { h, setAttribute, setText } from "../dom";
import { icon, stateMark } from "../icons";
import { serverNow } from "../store/clock";
import { selectedVehicle, type State } from "../store/state";
import type { Store } from "../store/store";
import { text } from "../strings";
import { factsOf, type FactName } from "./facts";
import { TrackSection, type TrackActions } from "./track-section";

/** Everything about the selected vehicle. */
export class DetailsPanel {
  readonly element: HTMLElement;
  readonly #name = h("h2", { class: "details-name" });
  readonly #fleet = h("span", { class: "details-fleet" });
  readonly #state = h("p", { class: "details-state" });
  readonly #missing = h("p", { class: "details-missing" }, text.details.missing);
  readonly #facts = new FactList();
  readonly #follow: HTMLButtonElement;
  readonly #track: TrackSection;

  constructor(store: Store, client: ApiClient, actions: TrackActions) {
    this.#track = new TrackSection(store, client, actions);
    this.#follow = h(
      "button",
      {
        type: "button",
        class: "button follow",
        title: text.details.followTitle,
        click: () => { store.setView({ follow: !store.state.view.follow }); },
      },
      icon("follow"),
      text.details.follow,
    );
    this.element = h(
      "section",
      { class: "details", "aria-label": text.details.label, hidden: true },
      this.#header(store),
      this.#missing,
      this.#facts.element,
      this.#track.element,
    );
  }

  render(state: State, wall: number): void {
    const key = state.view.selected;
    this.element.hidden = key === null;
    if (key === null) return;
    const [fleet = "", name = ""] = key.split("/");
    setText(this.#name, name);
    setText(this.#fleet, fleet);
    setAttribute(this.#follow, "aria-pressed", String(state.view.follow));
    this.#showVehicle(selectedVehicle(state), state, wall);
    this.#track.render(state, wall);
  }

  #showVehicle(vehicle: Vehicle | null, state: State, wall: number): void {
    this.#missing.hidden = vehicle !== null || state.vehicles === null;
    this.#facts.element.hidden = vehicle === null;
    setAttribute(this.element, "data-state", vehicle?.state ?? "");
    setText(this.#state, vehicle === null ? "" : text.state[vehicle.state]);
    if (vehicle !== null) this.#facts.show(factsOf(vehicle, serverNow(state.clock, wall)));
  }

  #header(store: Store): HTMLElement {
    const close = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": text.details.close,
        title: text.details.close,
        click: () => { store.setView({ selected: null, follow: false }); },
      },
      icon("close"),
    );
    const who = h("div", { class: "details-who" }, this.#name, h("div", { class: "details-line" }, this.#state, this.#fleet));
    return h("header", { class: "details-head" }, stateMark(), who, this.#follow, close);
  }
}

/** A list of facts whose lines are made once. */
class FactList {
  readonly element = h("dl", { class: "facts" });
  readonly #lines = new Map<FactName, { line: HTMLElement; value: HTMLElement }>();

  constructor() {
    for (const name of Object.keys(text.details.facts) as FactName[]) {
      const value = h("dd", {});
      const line = h("div", { class: "fact", "data-fact": name }, h("dt", {}, text.details.facts[name]), value);
      this.#lines.set(name, { line, value });
      this.element.append(line);
    }
  }

  show(facts: Readonly<Partial<Record<FactName, string>>>): void {
    for (const [name, { line, value }] of this.#lines) {
      line.hidden = facts[name] === undefined;
      setText(value, facts[name] ?? "");
    }
  }
}
