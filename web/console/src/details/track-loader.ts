import { ApiFailure, isAbort, type ApiClient } from "../api/client";
import { decodeTrack } from "../api/decode";
import { trackUrl, type TrackPoint, type VehicleKey } from "../api/model";
import { serverNow } from "../store/clock";
import type { State } from "../store/state";
import type { Store } from "../store/store";
import type { TrackHours } from "../store/view";

/** Keeps the track in step with the view: another vehicle, other hours, or a stream that came back load it anew. */
export class TrackLoader {
  readonly #store: Store;
  readonly #client: ApiClient;
  #running: AbortController | null = null;
  #wanted = "";

  constructor(store: Store, client: ApiClient) {
    this.#store = store;
    this.#client = client;
  }

  render(state: State, before: State): void {
    const { selected, hours } = state.view;
    const known = serverNow(state.clock, performance.now()) !== null;
    const wanted = selected === null || !known ? "" : `${selected} ${hours}`;
    const cameBack = state.link.phase === "live" && before.link.phase === "lost";
    if (wanted === this.#wanted && !cameBack) return;
    this.#wanted = wanted;
    this.reload();
  }

  /** Loads the track of what is selected now. */
  reload(): void {
    this.#running?.abort();
    const { view, clock } = this.#store.state;
    const now = serverNow(clock, performance.now());
    if (view.selected === null || now === null) {
      this.#store.dispatch({ kind: "track", track: { phase: "none" } });
      return;
    }
    this.#running = new AbortController();
    void this.#load(view.selected, view.hours, now, this.#running.signal);
  }

  async #load(key: VehicleKey, hours: TrackHours, now: number, signal: AbortSignal): Promise<void> {
    this.#announce(key, hours);
    try {
      const points = decodeTrack(await this.#client.json(trackUrl(key, now - hours * 3_600_000, now, "json"), signal));
      if (!signal.aborted) this.#show(key, hours, points);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      const detail = error instanceof ApiFailure ? error.detail : String(error);
      this.#store.dispatch({ kind: "track", track: { phase: "failed", key, hours, detail } });
    }
  }

  /** While the same track is loaded again, the old one stays. */
  #announce(key: VehicleKey, hours: TrackHours): void {
    const { track } = this.#store.state;
    const same = track.phase === "loaded" && track.key === key && track.hours === hours;
    if (!same) this.#store.dispatch({ kind: "track", track: { phase: "loading", key, hours } });
  }

  #show(key: VehicleKey, hours: TrackHours, points: readonly TrackPoint[]): void {
    this.#store.dispatch({ kind: "track", track: { phase: "loaded", key, hours, points } });
  }
}
