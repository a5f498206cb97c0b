import type { Store } from "../store/store";
import { clamp, type Range } from "./range";

/** How often the time moves on while playing: smooth to the eye, and slow enough for an answer to each. */
const STEP_MS = 250;

/** Moves the time that is looked back at. */
export class Player {
  readonly #store: Store;
  readonly #range: () => Range;
  #timer: ReturnType<typeof setInterval> | null = null;
  #last = 0;

  constructor(store: Store, range: () => Range) {
    this.#store = store;
    this.#range = range;
  }

  /** Goes to a time, and stays there. */
  jump(time: number): void {
    this.setPace(0);
    this.#store.setView({ at: clamp(time, this.#range()) });
  }

  /** Plays at `pace` times life, or stands. */
  toggle(pace: number): void {
    if (this.#store.state.pace > 0) this.setPace(0);
    else this.#start(pace);
  }

  /** Another pace, if it is playing; 0 stands. */
  setPace(pace: number): void {
    if (this.#store.state.pace === 0 || this.#store.state.pace === pace) return;
    this.#store.dispatch({ kind: "pace", pace });
    if (pace === 0) this.#halt();
  }

  /** Back to what is live. */
  stop(): void {
    this.setPace(0);
    this.#store.setView({ at: null });
  }

  #start(pace: number): void {
    const { from, to } = this.#range();
    const { at } = this.#store.state.view;
    if (at === null || at >= to) this.#store.setView({ at: from });
    this.#store.dispatch({ kind: "pace", pace });
    this.#last = performance.now();
    this.#timer = setInterval(() => { this.#step(); }, STEP_MS);
  }

  #halt(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #step(): void {
    const { view, pace, past } = this.#store.state;
    const [wall, before] = [performance.now(), this.#last];
    this.#last = wall;
    if (view.at === null || pace === 0) { this.#halt(); return; }
    // Where the answers do not keep up, the time waits for them: what is shown must not lag behind the clock.
    if (past !== null && view.at - past.at > pace * 2_000) return;
    const { to } = this.#range();
    const at = Math.min(to, view.at + (wall - before) * pace);
    this.#store.setView({ at });
    if (at >= to) this.setPace(0);
  }
}
