import type { Route } from "../api/route-model";
import { h, setAttribute, setText } from "../dom";
import { icon } from "../icons";
import { serverNow } from "../store/clock";
import { selectedRoute } from "../store/shown";
import type { State } from "../store/state";
import type { Store } from "../store/store";
import { text } from "../strings";
import { browserZone, clockTime, zonedTime } from "../zoned";
import { Player } from "./player";
import { clamp, KEY_STEPS, rangeOf, toMinute, type Range } from "./range";

const words = text.routes.replay;

/** How many times as fast as life. */
export const PACES = [10, 60, 300] as const;
const USUAL_PACE = 60;

/** A slider over the day: what the page shows is what was known then. */
export class ReplayBar {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #player: Player;
  readonly #slider: HTMLInputElement;
  readonly #open: HTMLButtonElement;
  readonly #play: HTMLButtonElement;
  readonly #pace: HTMLSelectElement;
  readonly #known = h("output", { class: "replay-known" });
  readonly #status = h("span", { class: "replay-status", role: "status" });
  readonly #ends = [h("span", {}), h("span", {})] as const;
  readonly #controls: HTMLElement;
  #range: Range = { from: 0, to: 1 };

  constructor(store: Store) {
    this.#store = store;
    this.#player = new Player(store, () => this.#range);
    this.#slider = h("input", {
      type: "range", class: "replay-slider", step: 1, "aria-label": words.slider, "aria-describedby": "replay-keys",
      input: () => { this.#player.jump(Number(this.#slider.value)); },
      keydown: (event) => { this.#key(event as KeyboardEvent); },
    });
    this.#open = h("button", { type: "button", class: "button replay-open", title: words.openTitle, click: () => { this.#begin(); } }, icon("clock"), words.open);
    this.#play = h("button", { type: "button", class: "icon-button replay-play", click: () => { this.#player.toggle(Number(this.#pace.value)); } });
    const paces = PACES.map((pace) => h("option", { value: pace, selected: pace === USUAL_PACE }, words.paces(pace)));
    this.#pace = h("select", { class: "select", "aria-label": words.pace, change: () => { this.#player.setPace(Number(this.#pace.value)); } }, ...paces);
    this.#controls = this.#assemble();
    this.element = h("section", { class: "replay", "aria-label": words.label }, this.#open, this.#controls);
  }

  render(state: State, wall: number): void {
    const { at } = state.view;
    const now = serverNow(state.clock, wall);
    const some = state.routes !== null && state.routes.size > 0;
    this.element.hidden = at === null && !some;
    this.#open.hidden = at !== null;
    this.#controls.hidden = at === null;
    if (at === null || now === null) return;
    this.#range = this.#rangeOf(state, now);
    this.#show(state, at);
  }

  #rangeOf(state: State, now: number): Range {
    const live: ReadonlyMap<string, Route> = state.routes ?? new Map<string, Route>();
    const selected = state.view.route === null ? null : (live.get(state.view.route) ?? selectedRoute(state));
    return rangeOf(selected, live.values(), now);
  }

  #show(state: State, at: number): void {
    const zone = zoneOf(state);
    const { from, to } = this.#range;
    setAttribute(this.#slider, "min", String(from));
    setAttribute(this.#slider, "max", String(to));
    this.#slider.value = String(at);
    setAttribute(this.#slider, "aria-valuetext", words.known(zonedTime(at, zone, to)));
    setText(this.#known, words.known(zonedTime(at, zone, to)));
    setText(this.#ends[0], clockTime(from, zone));
    setText(this.#ends[1], clockTime(to, zone));
    const playing = state.pace > 0;
    setAttribute(this.#play, "aria-label", playing ? words.pause : words.play);
    if (this.#play.dataset["playing"] !== String(playing)) {
      this.#play.dataset["playing"] = String(playing);
      this.#play.replaceChildren(icon(playing ? "pause" : "play"));
    }
    setText(this.#status, statusOf(state, at));
  }

  #begin(): void {
    const { state } = this.#store;
    const now = serverNow(state.clock, performance.now());
    if (now === null) return;
    this.#range = this.#rangeOf(state, now);
    this.#player.jump(toMinute(clamp(now - 60_000, this.#range)));
    requestAnimationFrame(() => { this.#slider.focus(); });
  }

  #key(event: KeyboardEvent): void {
    const { at } = this.#store.state.view;
    if (event.key === " " && at !== null) this.#player.toggle(Number(this.#pace.value));
    else {
      const step = KEY_STEPS[event.key];
      if (step === undefined || at === null) return;
      this.#player.jump(toMinute(at) + step);
    }
    event.preventDefault();
  }

  #assemble(): HTMLElement {
    const live = h("button", { type: "button", class: "button primary", click: () => { this.#player.stop(); } }, words.live);
    return h(
      "div",
      { class: "replay-controls", hidden: true },
      h("div", { class: "replay-line" }, this.#known, this.#status, live),
      h("div", { class: "replay-line" }, this.#play, this.#ends[0], this.#slider, this.#ends[1], this.#pace),
      h("p", { id: "replay-keys", class: "visually-hidden" }, words.keys),
    );
  }
}

function zoneOf(state: State): string {
  const [first] = state.routes?.values() ?? [];
  return selectedRoute(state)?.zone ?? first?.zone ?? browserZone();
}

function statusOf({ past }: State, at: number): string {
  const problem = past?.problem ?? null;
  if (problem !== null) return `${words.failed} ${problem}`;
  return past === null || Math.abs(past.at - at) > 60_000 ? words.loading : "";
}
