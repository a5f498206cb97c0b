import { ApiFailure, type ApiClient } from "../api/client";
import { decodeRoutes } from "../api/decode-routes";
import { Latest } from "../api/latest";
import { routesUrl } from "../api/route-model";
import { keyedRoutes, type State } from "../store/state";
import type { Store } from "../store/store";

/** Loads all routes as they were known at the time that is looked back at. */
export class PastLoader {
  readonly #store: Store;
  readonly #client: ApiClient;
  readonly #latest = new Latest((wanted, signal) => this.#ask(Number(wanted), signal));

  constructor(store: Store, client: ApiClient) {
    this.#store = store;
    this.#client = client;
  }

  render({ view, past, pace }: State): void {
    const wanted = view.at === null ? "" : String(Math.floor(view.at));
    if (wanted === this.#latest.wanted) return;
    const first = this.#latest.wanted === "";
    this.#latest.want(wanted, first ? "at_once" : pace > 0 ? "in_turn" : "settled");
    if (wanted === "" && past !== null) this.#store.dispatch({ kind: "past", past: null });
  }

  async #ask(at: number, signal: AbortSignal): Promise<void> {
    try {
      const routes = decodeRoutes(await this.#client.json(routesUrl(at), signal)) ?? [];
      this.#store.dispatch({ kind: "past", past: { at, routes: keyedRoutes(routes), problem: null } });
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof ApiFailure ? error.detail : String(error);
      const routes = this.#store.state.past?.routes ?? new Map<string, never>();
      this.#store.dispatch({ kind: "past", past: { at, routes, problem } });
    }
  }
}
