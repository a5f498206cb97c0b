import { ApiFailure, type ApiClient } from "../api/client";
import { decodeTrack } from "../api/decode";
import { decodeRouteAnswer } from "../api/decode-routes";
import { Latest } from "../api/latest";
import { trackUrl } from "../api/model";
import { detailUrl, vehicleKeyOf, type Route, type RouteKey } from "../api/route-model";
import { serverNow } from "../store/clock";
import { selectedRound, selectedRoute } from "../store/shown";
import type { State } from "../store/state";
import type { Store } from "../store/store";

/** A route changes with each fix: 150 stops are read again no more often than this. */
const RENEW_MS = 2_000;
/** What depends on the time alone (an ETA without news, a risk) changes without a new fix. */
const RENEW_ANYWAY_MS = 15_000;
/** After a failure it is tried again. */
const AGAIN_MS = 5_000;
/** Positions that came late belong into the middle of the drive: it is read anew now and then. */
const DRIVE_RENEW_MS = 60_000;
/** The drive to the first stop may begin before the route counts as started. */
const BEFORE_MS = 15 * 60_000;

function tell(error: unknown): string {
  return error instanceof ApiFailure ? error.detail : String(error);
}

/** Keeps the selected route's stops and its vehicle's drive up to date. */
export class RoundLoader {
  readonly #store: Store;
  readonly #client: ApiClient;
  readonly #round = new Latest((wanted, signal) => this.#askRound(wanted, signal));
  readonly #drive = new Latest((wanted, signal) => this.#askDrive(wanted, signal));

  constructor(store: Store, client: ApiClient) {
    this.#store = store;
    this.#client = client;
  }

  render(state: State, before: State): void {
    const cameBack = state.link.phase === "live" && before.link.phase === "lost";
    this.#renderRound(state, cameBack);
    this.#renderDrive(state, cameBack);
  }

  /** Reads the selected route again: something was done to it. */
  reload(): void {
    this.#round.again();
  }

  #renderRound(state: State, cameBack: boolean): void {
    const { route, at } = state.view;
    const wanted = route === null ? "" : `${route} ${at ?? ""}`;
    const sameRoute = route !== null && this.#round.wanted.startsWith(`${route} `);
    if (wanted !== this.#round.wanted) {
      const moved = sameRoute && at !== null && !this.#round.wanted.endsWith(" ");
      this.#round.want(wanted, !moved ? "at_once" : state.pace > 0 ? "in_turn" : "settled");
      if (!sameRoute) this.#store.dispatch({ kind: "round", round: route === null ? { phase: "none" } : { phase: "loading", key: route } });
    } else if (route !== null && (cameBack || this.#isBehind(state))) this.#round.again();
  }

  #isBehind(state: State): boolean {
    const idle = this.#round.idleFor();
    if (state.round.phase === "failed") return idle > AGAIN_MS;
    const [round, line] = [selectedRound(state), selectedRoute(state)];
    if (round === null || line === null || state.view.at !== null) return false;
    if (idle > RENEW_ANYWAY_MS) return true;
    return idle > RENEW_MS && (line.revision !== round.detail.route.revision || line.version !== round.detail.route.version);
  }

  #renderDrive(state: State, cameBack: boolean): void {
    const key = state.view.route ?? "";
    const ready = selectedRoute(state)?.started !== undefined && serverNow(state.clock, performance.now()) !== null;
    const wanted = ready || this.#drive.wanted === key ? key : "";
    if (wanted !== this.#drive.wanted) {
      if (state.drive !== null) this.#store.dispatch({ kind: "drive", drive: null });
      this.#drive.want(wanted, "at_once");
    } else if (state.view.at === null && (cameBack || this.#drive.idleFor() > DRIVE_RENEW_MS)) this.#drive.again();
  }

  async #askRound(wanted: string, signal: AbortSignal): Promise<void> {
    const [key = "", at = ""] = wanted.split(" ");
    const time = at === "" ? null : Number(at);
    try {
      const answer = decodeRouteAnswer(await this.#client.json(detailUrl(key, time), signal));
      if (answer === null) throw new ApiFailure("refused", "the answer holds no route");
      this.#store.dispatch({ kind: "round", round: { phase: "loaded", key, at: time, ...answer } });
    } catch (error) {
      if (signal.aborted) return;
      this.#store.dispatch({ kind: "round", round: { phase: "failed", key, detail: tell(error) } });
    }
  }

  /** Without the drive the map shows the plan alone: no reason to say more than nothing. */
  async #askDrive(key: RouteKey, signal: AbortSignal): Promise<void> {
    const { state } = this.#store;
    const route = selectedRoute(state);
    const now = serverNow(state.clock, performance.now());
    if (route === null || now === null) return;
    try {
      const points = decodeTrack(await this.#client.json(driveUrl(route, now), signal));
      this.#store.dispatch({ kind: "drive", drive: { key, vehicle: vehicleKeyOf(route), points } });
    } catch {
      if (signal.aborted) return;
      this.#store.dispatch({ kind: "drive", drive: { key, vehicle: vehicleKeyOf(route), points: [] } });
    }
  }
}

function driveUrl(route: Route, now: number): string {
  const from = Math.min(route.start, route.started ?? route.start) - BEFORE_MS;
  const to = route.finished === undefined ? now : Math.min(now, route.finished + BEFORE_MS);
  return trackUrl(vehicleKeyOf(route), from, Math.max(to, from + 1), "json");
}
