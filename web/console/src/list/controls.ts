import { STATES, type VehicleState } from "../api/model";
import { h, setAttribute, setText } from "../dom";
import { icon, stateMark } from "../icons";
import { MAX_QUERY_CHARS, SORT_KEYS, sortedBy, type SortKey, type View } from "../store/view";
import { text } from "../strings";

/** What a search field says of itself. */
export interface SearchWords {
  readonly search: string;
  readonly searchHint: string;
}

/** The search field; Esc empties it, then leaves it. */
export class SearchField {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;

  constructor(words: SearchWords, changed: (query: string) => void, leave: () => void) {
    this.#input = h("input", {
      type: "search",
      class: "search-input",
      placeholder: words.searchHint,
      "aria-label": words.search,
      "aria-keyshortcuts": "/",
      maxlength: MAX_QUERY_CHARS,
      autocomplete: "off",
      spellcheck: "false",
      input: () => { changed(this.#input.value); },
      keydown: (event) => { this.#key(event as KeyboardEvent, changed, leave); },
    });
    const hint = h("kbd", { class: "search-key", "aria-hidden": "true" }, "/");
    this.element = h("div", { class: "search" }, icon("search"), this.#input, hint);
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  show(query: string): void {
    if (this.#input.value !== query) this.#input.value = query;
  }

  #key(event: KeyboardEvent, changed: (query: string) => void, leave: () => void): void {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      leave();
    } else if (event.key === "Escape") {
      if (this.#input.value === "") this.#input.blur();
      changed("");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** One button a state, with how many vehicles are in it. */
export class StateFilter {
  readonly element: HTMLElement;
  readonly #counts = new Map<VehicleState | null, HTMLElement>();
  readonly #buttons = new Map<VehicleState | null, HTMLButtonElement>();

  constructor(choose: (state: VehicleState | null) => void) {
    const buttons = [null, ...STATES].map((state) => this.#button(state, choose));
    this.element = h("div", { class: "states", role: "group", "aria-label": text.list.states }, ...buttons);
  }

  show(chosen: VehicleState | null, counts: Readonly<Record<VehicleState, number>>): void {
    const all = STATES.reduce((sum, state) => sum + counts[state], 0);
    for (const [state, node] of this.#counts) setText(node, String(state === null ? all : counts[state]));
    for (const [state, button] of this.#buttons) setAttribute(button, "aria-pressed", String(state === chosen));
  }

  #button(state: VehicleState | null, choose: (state: VehicleState | null) => void): HTMLButtonElement {
    const count = h("span", { class: "state-count" });
    const label = h("span", { class: "state-label" }, state === null ? text.list.all : text.state[state]);
    const button = h("button", { type: "button", class: "state", click: () => { choose(state); } }, count, label);
    if (state !== null) {
      button.dataset["state"] = state;
      label.prepend(stateMark());
    }
    this.#counts.set(state, count);
    this.#buttons.set(state, button);
    return button;
  }
}

/** The heads of the columns: a press sorts. */
export class SortHeads {
  readonly element: HTMLElement;
  readonly #heads = new Map<SortKey, HTMLButtonElement>();

  constructor(change: (view: (view: View) => View) => void) {
    for (const key of SORT_KEYS) this.#heads.set(key, this.#head(key, change));
    this.element = h("div", { class: "heads" }, ...this.#heads.values());
  }

  show(view: View): void {
    for (const [key, head] of this.#heads) {
      const direction = view.sort === key ? view.order : "none";
      setAttribute(head, "data-order", direction);
      setAttribute(head, "aria-pressed", String(direction !== "none"));
      setAttribute(head, "aria-label", `${text.list.sort[key]}: ${text.list.sortBy[key]}${text.list.order[direction]}`);
    }
  }

  #head(key: SortKey, change: (view: (view: View) => View) => void): HTMLButtonElement {
    return h(
      "button",
      {
        type: "button",
        class: `head head-${key}`,
        title: text.list.sortBy[key],
        click: () => { change((view) => sortedBy(view, key)); },
      },
      text.list.sort[key],
    );
  }
}
