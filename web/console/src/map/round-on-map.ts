import type { FeatureCollection } from "geojson";
import { boundsOf, type Bounds, type Place } from "../geo";
import { selectedRound, selectedRoute, shownNow } from "../store/shown";
import type { State } from "../store/state";
import type { FleetMap } from "./fleet-map";
import { drivenUntil, markFeatures, planFeatures, stopFeatures } from "./route-features";
import { trackSegments } from "./segments";

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Draws the selected route: what was planned, what was driven, its stops and its deviations. */
export class RoundOnMap {
  readonly #map: FleetMap;
  #fitted: string | null = null;
  #geometry: string | undefined;

  constructor(map: FleetMap) {
    this.#map = map;
  }

  render(state: State, before: State | null): void {
    const round = selectedRound(state);
    const previous = before === null ? null : selectedRound(before);
    if (round !== previous || state.view.stop !== before?.view.stop) this.#drawStops(state);
    if (round !== previous) this.#drawPlan(state);
    const moved = state.drive !== before?.drive || state.view.at !== before.view.at || state.past !== before.past;
    if (moved || state.view.route !== before.view.route) this.#drawDrive(state);
    this.#fitOnce(state);
  }

  /** Where the stop is, if it is one of the selected route. */
  placeOf(state: State, name: string): Place | null {
    return selectedRound(state)?.detail.stops.find(({ stop }) => stop === name) ?? null;
  }

  #drawStops(state: State): void {
    const round = selectedRound(state);
    const stops = round?.detail.stops ?? [];
    this.#map.feed("stops", stopFeatures(stops, state.view.stop));
    this.#map.feed("marks", round === null ? NOTHING : markFeatures(round.detail));
  }

  /** The line is long and changes with a version only. */
  #drawPlan(state: State): void {
    const round = selectedRound(state);
    const geometry = round === null ? undefined : `${round.key} ${round.detail.route.version} ${round.detail.geometry ?? ""}`;
    if (geometry === this.#geometry) return;
    this.#geometry = geometry;
    this.#map.feed("plan", round === null ? NOTHING : planFeatures(round.detail));
  }

  /** A look back shows no more of the way than was known then. */
  #drawDrive(state: State): void {
    const points = state.drive !== null && state.drive.key === state.view.route ? state.drive.points : [];
    const until = state.view.at === null ? null : (selectedRoute(state)?.heard ?? shownNow(state, 0));
    this.#map.feed("drive", trackSegments(drivenUntil(points, until)));
  }

  /** A newly selected route comes into view as a whole, once its stops are there. */
  #fitOnce(state: State): void {
    const round = selectedRound(state);
    if (state.view.route === null) this.#fitted = null;
    if (round === null || this.#fitted === round.key) return;
    this.#fitted = round.key;
    const bounds: Bounds | null = boundsOf(round.detail.stops);
    if (bounds !== null) this.#map.fit(bounds, "animated");
  }
}
