import type { ApiClient } from "../api/client";
import type { Episode, Route, RouteStop } from "../api/route-model";
import { vehicleKeyOf } from "../api/route-model";
import { h, setText } from "../dom";
import type { Place } from "../geo";
import { selectedRoute, selectedRound, shownNow } from "../store/shown";
import type { LoadedRound, State } from "../store/state";
import type { Store } from "../store/store";
import { text } from "../strings";
import { Episodes } from "./episodes";
import { Evidence } from "./evidence";
import { RouteHead, type HeadActions } from "./head";
import { RecordMenu } from "./record-menu";
import { Timeline } from "./timeline";

const words = text.routes.panel;

/** What the panel has the map do. */
export interface RoundActions {
  showPlace(place: Place): void;
  showDrive(): void;
  retry(): void;
}

/**
 * The selected route against its plan. Whoever acts on a route or a stop puts buttons into `routeActions` and
 * `stopActions`, and finds in the store which ones are meant.
 */
export class RoundPanel {
  readonly element: HTMLElement;
  readonly routeActions = h("div", { class: "slot route-slot" });
  readonly #store: Store;
  readonly #actions: RoundActions;
  readonly #head: RouteHead;
  readonly #episodes: Episodes;
  readonly #timeline: Timeline;
  readonly #evidence: Evidence;
  readonly #status = h("p", { class: "details-missing", role: "status" });

  constructor(store: Store, client: ApiClient, actions: RoundActions) {
    this.#store = store;
    this.#actions = actions;
    this.#head = new RouteHead(this.#headActions(), new RecordMenu(client, () => store.state.view.route).element, this.routeActions);
    this.#episodes = new Episodes({ showEpisode: (episode) => { this.#showEpisode(episode); } });
    this.#timeline = new Timeline(store);
    this.#evidence = new Evidence(client, {
      close: () => { store.setView({ stop: null }); },
      showOnMap: (stop) => { actions.showPlace(stop); },
      reload: () => { actions.retry(); },
    });
    this.element = h(
      "section",
      { class: "details round", "aria-label": words.label, hidden: true },
      this.#head.element,
      this.#episodes.element,
      this.#status,
      this.#timeline.element,
      this.#evidence.element,
    );
  }

  get stopActions(): HTMLElement {
    return this.#evidence.actions;
  }

  focusStops(): void {
    this.#timeline.focus();
  }

  render(state: State, wall: number): void {
    this.element.hidden = state.view.route === null;
    if (state.view.route === null) { this.#evidence.hide(); return; }
    const now = shownNow(state, wall);
    const round = selectedRound(state);
    const route = routeToShow(state, round);
    this.#head.element.hidden = route === null;
    if (route !== null) this.#head.render(route, round?.detail ?? null, now);
    for (const part of [this.#episodes.element, this.#timeline.element]) part.hidden = round === null;
    this.#say(state);
    if (round === null) {
      this.#evidence.hide();
      return;
    }
    this.#episodes.render(round.detail, now);
    this.#timeline.render(round, state, now);
    this.#evidence.render(round, state.view.stop, now);
  }

  #say({ round }: State): void {
    this.#status.hidden = round.phase === "loaded" || round.phase === "none";
    setText(this.#status, round.phase === "failed" ? `${words.failed} ${round.detail}` : words.loading);
  }

  #headActions(): HeadActions {
    const store = this.#store;
    return {
      close: () => { store.setView({ route: null, stops: null, stop: null }); },
      showVehicle: () => { this.#showVehicle(); },
      showDelay: () => { store.setView({ stops: store.state.view.stops === "delay" ? null : "delay" }); },
      showNext: () => { this.#openStop(selectedRoute(store.state)?.next?.stop); },
      showEnd: () => { this.#openStop(selectedRound(store.state)?.detail.stops.at(-1)?.stop); },
      showTrack: () => { this.#actions.showDrive(); },
    };
  }

  #openStop(stop: string | undefined): void {
    if (stop !== undefined) this.#store.setView({ stop, stops: null });
  }

  #showVehicle(): void {
    const route = selectedRoute(this.#store.state) ?? selectedRound(this.#store.state)?.detail.route;
    if (route === undefined) return;
    this.#store.setView({ selected: vehicleKeyOf(route), route: null, stops: null, stop: null, at: null });
  }

  #showEpisode(episode: Episode): void {
    const stop = this.#stopNamed(episode.stop);
    if (stop !== undefined) this.#store.setView({ stop: stop.stop, stops: null });
    if (episode.lat !== undefined && episode.lon !== undefined) this.#actions.showPlace({ lat: episode.lat, lon: episode.lon });
    else if (stop !== undefined) this.#actions.showPlace(stop);
  }

  #stopNamed(name: string | undefined): RouteStop | undefined {
    return selectedRound(this.#store.state)?.detail.stops.find(({ stop }) => stop === name);
  }
}

/** The list's line is the newest, unless a look back has this route sooner than all the others. */
function routeToShow(state: State, round: LoadedRound | null): Route | null {
  const line = selectedRoute(state);
  const sooner = round !== null && state.view.at !== null && state.past?.at !== state.view.at;
  return sooner ? round.detail.route : (line ?? round?.detail.route ?? null);
}
