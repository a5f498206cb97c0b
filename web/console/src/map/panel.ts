import type { StyleSpecification } from "maplibre-gl";
import type { TrackPoint, Vehicle, VehicleKey } from "../api/model";
import { h } from "../dom";
import { boundsOf, type Place } from "../geo";
import { icon } from "../icons";
import { formatTime } from "../format";
import { vehicleKeyOf, type Route } from "../api/route-model";
import { gradeOf, type Grade } from "../routes/words";
import { serverNow } from "../store/clock";
import { routeOfVehicle, routesByVehicle, selectedRoute, selectedRound, shownNow, shownRoutes, shownTab } from "../store/shown";
import { selectedVehicle, type State } from "../store/state";
import type { Store } from "../store/store";
import { text } from "../strings";
import { vehicleFeatures } from "./features";
import type { FleetMap } from "./fleet-map";
import type { Theme } from "./palette";
import { pastVehicles } from "./route-features";
import { RoundOnMap } from "./round-on-map";
import { pointFeature, trackSegments, trackStart } from "./segments";
import { loadStyle } from "./style";

const darkMode = matchMedia("(prefers-color-scheme: dark)");

function currentTheme(): Theme {
  return darkMode.matches ? "dark" : "light";
}

/** A fleet that has just been switched on appears one by one: so long the map follows its growth. */
const SETTLE_MS = 15_000;

/** The map's place on the page; the map itself is loaded when the list is on the screen. */
export class MapPanel {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #canvas = h("div", { class: "map-canvas" });
  readonly #note = h("p", { class: "map-note", role: "status" }, text.map.loading);
  #map: FleetMap | null = null;
  #style: StyleSpecification | null = null;
  /** How many vehicles the map was last fitted to; infinite once a person has moved it. */
  #fitted = 0;

  #settled = 0;
  #round: RoundOnMap | null = null;
  #gradesFor: ReadonlyMap<string, Route> | null = null;
  #grades: ReadonlyMap<VehicleKey, Grade> = new Map();

  constructor(store: Store) {
    this.#store = store;
    const fit = h(
      "button",
      { type: "button", class: "map-fit", title: text.map.fit, "aria-label": text.map.fit, click: () => { this.#showAll(); } },
      icon("fit"),
    );
    this.element = h("section", { class: "map", "aria-label": text.map.label }, this.#canvas, fit, this.#note);
  }

  /** Loads MapLibre and the street map; whatever fails, list and details go on. */
  async start(styleUrl: string | null): Promise<void> {
    try {
      const [{ FleetMap }, style] = await Promise.all([import("./fleet-map"), loadStyle(styleUrl)]);
      this.#style = style;
      this.#map = new FleetMap(this.#canvas, style, currentTheme(), {
        picked: (key) => { this.#pick(key); },
        pickedStops: (stops) => { this.#pickStop(stops); },
        pickedEpisode: (index) => { this.#pickEpisode(index); },
        moved: () => { this.#fitted = Infinity; },
        dragged: () => { if (this.#store.state.view.follow) this.#store.setView({ follow: false }); },
      });
      this.#round = new RoundOnMap(this.#map);
      this.#say(style === null ? text.map.noStyle : "");
    } catch {
      this.element.classList.add("without-map");
      this.#say(text.map.noWebgl);
      return;
    }
    darkMode.addEventListener("change", () => this.#map?.restyle(this.#style, currentTheme()));
    this.#draw(this.#store.state);
    this.#drawTrack(this.#store.state);
    this.#round.render(this.#store.state, null);
  }

  render(state: State, before: State): void {
    this.#draw(state);
    if (state.track !== before.track) this.#drawTrack(state);
    this.#round?.render(state, before);
    this.#turnTo(state, before);
  }

  /** Marks a point of the track, or none. */
  showCursor(point: TrackPoint | null): void {
    const features = point === null ? [] : [pointFeature(point, {})];
    this.#map?.feed("track-cursor", { type: "FeatureCollection", features });
  }

  /** Brings a place near. */
  show(place: Place): void {
    this.#fitted = Infinity;
    this.#map?.approach(place);
  }

  /** Brings all that the selected route's vehicle drove into view. */
  showDrive(): void {
    const bounds = boundsOf(this.#store.state.drive?.points ?? []);
    if (bounds === null) return;
    this.#fitted = Infinity;
    this.#map?.fit(bounds, "animated");
  }

  #say(note: string): void {
    this.#note.textContent = note;
    this.#note.hidden = note === "";
  }

  #draw(state: State): void {
    const vehicles = vehiclesOf(state);
    if (this.#map === null || vehicles === null) return;
    const route = selectedRoute(state);
    const context = {
      now: shownNow(state, performance.now()),
      selected: route === null ? state.view.selected : vehicleKeyOf(route),
      grades: this.#gradesOf(state),
      quiet: route === null ? "none" : "others",
      stale: state.link.phase === "lost" && state.view.at === null,
    } as const;
    this.#map.feed("vehicles", vehicleFeatures(vehicles, context));
    if (this.#fitted === 0) this.#fit("at once");
    else if (vehicles.size > this.#fitted && performance.now() < this.#settled) this.#fit("animated");
  }

  /** How each vehicle's route stands; worked out again only when routes have changed. */
  #gradesOf(state: State): ReadonlyMap<VehicleKey, Grade> {
    const routes = shownRoutes(state);
    if (routes === this.#gradesFor) return this.#grades;
    this.#gradesFor = routes;
    this.#grades = new Map([...routesByVehicle(routes?.values() ?? [])].map(([key, route]) => [key, gradeOf(route)]));
    return this.#grades;
  }

  /** A vehicle on the map leads to its route, where routes are listed. */
  #pick(key: VehicleKey): void {
    const { state } = this.#store;
    const route = shownTab(state) === "routes" ? routeOfVehicle(state, key) : null;
    const change = route === null ? { selected: key, route: null } : { selected: null, route };
    if (change.route !== state.view.route || change.selected !== state.view.selected) {
      this.#store.setView({ ...change, stops: null, stop: null, follow: false });
    }
  }

  /** At an address with several stops each press leads to the next. */
  #pickStop(stops: readonly string[]): void {
    const at = stops.indexOf(this.#store.state.view.stop ?? "");
    const stop = stops[(at + 1) % stops.length];
    if (stop !== undefined) this.#store.setView({ stop, stops: null });
  }

  #pickEpisode(index: number): void {
    const stop = selectedRound(this.#store.state)?.detail.episodes[index]?.stop;
    if (stop !== undefined) this.#store.setView({ stop, stops: null });
  }

  #drawTrack({ track, clock }: State): void {
    const points = track.phase === "loaded" ? track.points : [];
    const [first] = points;
    const label = first === undefined ? "" : `${text.map.start} ${formatTime(first.time, serverNow(clock, performance.now()))}`;
    this.#map?.feed("track", trackSegments(points));
    this.#map?.feed("track-start", trackStart(points, label));
  }

  #showAll(): void {
    this.#store.setView({ follow: false });
    this.#fit("animated");
  }

  #fit(animated: "animated" | "at once"): void {
    const vehicles = vehiclesOf(this.#store.state);
    const bounds = boundsOf(vehicles?.values() ?? []);
    if (bounds === null || this.#map === null) return;
    if (this.#fitted === 0) this.#settled = performance.now() + SETTLE_MS;
    this.#fitted = Math.max(this.#fitted, vehicles?.size ?? 0);
    this.#map.fit(bounds, animated);
  }

  /** A newly selected vehicle or stop comes into view; a followed one stays in the middle. */
  #turnTo(state: State, before: State): void {
    const { stop } = state.view;
    const place = stop === null || stop === before.view.stop ? null : (this.#round?.placeOf(state, stop) ?? null);
    if (place !== null) this.#map?.reveal(place);
    const vehicle = selectedVehicle(state);
    if (vehicle === null || this.#map === null) return;
    const moved = vehicle !== selectedVehicle(before);
    if (state.view.follow && (moved || !before.view.follow)) this.#map.centre(vehicle);
    else if (state.view.selected !== before.view.selected) this.#map.reveal(vehicle);
  }
}

/** The vehicles to draw: where they are, or where they were known to be. */
function vehiclesOf(state: State): ReadonlyMap<VehicleKey, Vehicle> | null {
  if (state.view.at === null) return state.vehicles;
  return state.past === null ? null : pastVehicles(state.past.routes.values());
}
