import type { StyleSpecification } from "maplibre-gl";
import type { TrackPoint } from "../api/model";
import { h } from "../dom";
import { boundsOf, type Place } from "../geo";
import { icon } from "../icons";
import { formatTime } from "../format";
import { serverNow } from "../store/clock";
import { selectedVehicle, type State } from "../store/state";
import type { Store } from "../store/store";
import { text } from "../strings";
import { vehicleFeatures } from "./features";
import type { FleetMap } from "./fleet-map";
import type { Theme } from "./palette";
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
        picked: (key) => { this.#store.setView({ selected: key }); },
        moved: () => { this.#fitted = Infinity; },
        dragged: () => { if (this.#store.state.view.follow) this.#store.setView({ follow: false }); },
      });
      this.#say(style === null ? text.map.noStyle : "");
    } catch {
      this.element.classList.add("without-map");
      this.#say(text.map.noWebgl);
      return;
    }
    darkMode.addEventListener("change", () => this.#map?.restyle(this.#style, currentTheme()));
    this.#draw(this.#store.state);
    this.#drawTrack(this.#store.state);
  }

  render(state: State, before: State): void {
    this.#draw(state);
    if (state.track !== before.track) this.#drawTrack(state);
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
    if (this.#map === null || state.vehicles === null) return;
    const context = {
      now: serverNow(state.clock, performance.now()),
      selected: state.view.selected,
      stale: state.link.phase === "lost",
    };
    this.#map.feed("vehicles", vehicleFeatures(state.vehicles, context));
    if (this.#fitted === 0) this.#fit("at once");
    else if (state.vehicles.size > this.#fitted && performance.now() < this.#settled) this.#fit("animated");
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
    const { vehicles } = this.#store.state;
    const bounds = boundsOf(vehicles?.values() ?? []);
    if (bounds === null || this.#map === null) return;
    if (this.#fitted === 0) this.#settled = performance.now() + SETTLE_MS;
    this.#fitted = Math.max(this.#fitted, vehicles?.size ?? 0);
    this.#map.fit(bounds, animated);
  }

  /** A newly selected vehicle comes into view; a followed one stays in the middle. */
  #turnTo(state: State, before: State): void {
    const vehicle = selectedVehicle(state);
    if (vehicle === null || this.#map === null) return;
    const moved = vehicle !== selectedVehicle(before);
    if (state.view.follow && (moved || !before.view.follow)) this.#map.centre(vehicle);
    else if (state.view.selected !== before.view.selected) this.#map.reveal(vehicle);
  }
}
