import { ApiFailure, isAbort, type ApiClient } from "../api/client";
import { decodeTrack } from "../api/decode";
import { trackUrl, type TrackPoint, type VehicleKey } from "../api/model";
import { serverNow } from "../store/clock";
import { tailOf, type LoadedTrack, type State, type Track } from "../store/state";
import type { Store } from "../store/store";
import type { TrackHours } from "../store/view";

/** While a backlog arrives, or the gateway is too busy for a track, it is asked again, but no more often than this. */
const AGAIN_MS = 5_000;

/** A position may come late and belong into the middle: the stream does not tell, so the track is renewed now and then. */
const RENEW_MS = 300_000;

/** Keeps the track in step with the view: another vehicle, other hours, or a stream that came back load it anew. */
export class TrackLoader {
  readonly #store: Store;
  readonly #client: ApiClient;
  #running: AbortController | null = null;
  #wanted = "";
  #endedAt = Infinity;

  constructor(store: Store, client: ApiClient) {
    this.#store = store;
    this.#client = client;
  }

  render(state: State, before: State): void {
    const { selected, hours } = state.view;
    const known = serverNow(state.clock, performance.now()) !== null;
    const wanted = selected === null || !known ? "" : `${selected} ${hours}`;
    const cameBack = state.link.phase === "live" && before.link.phase === "lost";
    if (wanted !== this.#wanted) {
      this.#wanted = wanted;
      this.reload();
    } else if (cameBack || this.#lags(state.track)) this.#load();
  }

  /** Loads the track of what is selected now, in place of what is shown. */
  reload(): void {
    const { selected: key, hours } = this.#store.state.view;
    this.#show(key === null ? { phase: "none" } : { phase: "loading", key, hours });
    this.#load();
  }

  /** The vehicle is further than the track leads, or the track could not be had the last time. */
  #lags(track: Track): boolean {
    const incomplete = track.phase === "failed" || (track.phase === "loaded" && track.tail === "leapt");
    return performance.now() - this.#endedAt > (incomplete ? AGAIN_MS : RENEW_MS);
  }

  /** What is shown stays until the answer is there. */
  #load(): void {
    this.#running?.abort();
    const { view, clock } = this.#store.state;
    const now = serverNow(clock, performance.now());
    if (view.selected === null || now === null) return;
    this.#running = new AbortController();
    this.#endedAt = Infinity;
    void this.#ask(view.selected, view.hours, now, this.#running.signal);
  }

  async #ask(key: VehicleKey, hours: TrackHours, now: number, signal: AbortSignal): Promise<void> {
    try {
      const oldest = now - hours * 3_600_000;
      const points = decodeTrack(await this.#client.json(trackUrl(key, oldest, now, "json"), signal));
      if (!signal.aborted) this.#show({ phase: "loaded", key, hours, points, tail: this.#tail(key, points, oldest) });
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#show({ phase: "failed", key, hours, detail: error instanceof ApiFailure ? error.detail : String(error) });
    }
    this.#endedAt = performance.now();
  }

  /** The store may be behind the live stream. */
  #tail(key: VehicleKey, points: readonly TrackPoint[], oldest: number): LoadedTrack["tail"] {
    const vehicle = this.#store.state.vehicles?.get(key);
    return vehicle === undefined ? "joined" : tailOf(points, vehicle, oldest);
  }

  #show(track: Track): void {
    this.#store.dispatch({ kind: "track", track });
  }
}
