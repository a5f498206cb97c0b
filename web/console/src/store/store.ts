import { initialState, reduce, type Action, type State } from "./state";
import type { View } from "./view";

export type Render = (state: State, before: State) => void;

/** Holds the state; tells its views at most once an animation frame, however often it changes. */
export class Store {
  #state: State;
  #shown: State;
  #frame = 0;
  readonly #views: Render[] = [];

  constructor(view: View) {
    this.#state = initialState(view);
    this.#shown = this.#state;
  }

  get state(): State {
    return this.#state;
  }

  dispatch(action: Action): void {
    this.#state = reduce(this.#state, action);
    this.touch();
  }

  /** Has the views drawn again though nothing changed but the time. */
  touch(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#flush);
  }

  setView(change: Partial<View>): void {
    this.dispatch({ kind: "view", change });
  }

  /** Calls `render` now, and whenever the state has changed. */
  watch(render: Render): void {
    this.#views.push(render);
    render(this.#state, this.#state);
  }

  readonly #flush = (): void => {
    this.#frame = 0;
    const before = this.#shown;
    this.#shown = this.#state;
    for (const render of this.#views) render(this.#shown, before);
  };
}
