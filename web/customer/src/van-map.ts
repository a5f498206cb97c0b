import "maplibre-gl/dist/maplibre-gl.css";
import "./van-map.css";
import {
  AttributionControl,
  LngLatBounds,
  Map as MapLibre,
  Marker,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type StyleSpecification,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { darkenStyle } from "../../console/src/map/darken";
import { AREA_RADIUS_M, circle } from "./circle";
import { drawnPart, meets } from "./drawn-part";
import type { Van } from "./state";

setWorkerUrl(workerUrl); // from our own address: no blob: worker, so that the content security policy stays narrow

const AREA = "area";
/** Nearer than this the van's house number could be read, which is not known to the metre. */
const CLOSEST_ZOOM = 15.5;
/** Room for the labels, and below for whose map it is. */
const EDGES_PX = { top: 44, left: 48, right: 48, bottom: 60 };
const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

export interface VanMap {
  show(van: Van): void;
}

/** Opens the map in its place on the page; rejects where there is no style or no WebGL. */
export async function openMap(container: HTMLElement): Promise<VanMap> {
  const response = await fetch(container.dataset["style"] ?? "");
  const style = (await response.json()) as StyleSpecification;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  container.hidden = false;
  try {
    return new OpenedMap(container, dark ? darkenStyle(style) : style);
  } catch (error) {
    container.hidden = true;
    throw error;
  }
}

class OpenedMap implements VanMap {
  readonly #map: MapLibre;
  readonly #van: Marker;
  readonly #home: Marker;
  readonly #drawn: Promise<unknown>;
  #seen = false;

  constructor(container: HTMLElement, style: StyleSpecification) {
    this.#map = new MapLibre({
      container,
      style,
      attributionControl: false,
      cooperativeGestures: false,
      pitchWithRotate: false,
      dragRotate: false,
      scrollZoom: false, // a finger or a wheel on its way down the page must not be caught
      transformRequest: (url) => ({ url: new URL(url, location.href).href }),
    });
    this.#map.addControl(new AttributionControl({ compact: true }), "bottom-right");
    this.#map.addControl(new ScaleControl({ maxWidth: 90, unit: "metric" }), "bottom-left"); // how far, also where no street is drawn
    this.#van = new Marker({ element: mark("van-mark", container.dataset["van"] ?? "") });
    this.#home = new Marker({ element: mark("home-mark", container.dataset["home"] ?? "") });
    this.#tellWhatIsDrawn(container, style);
    this.#drawn = this.#map.once("load").then(() => { this.#addArea(container); });
  }

  show(van: Van): void {
    this.#home.setLngLat([van.home_lon, van.home_lat]).addTo(this.#map);
    if (van.precision === "point") this.#van.setLngLat([van.lon, van.lat]).addTo(this.#map);
    else this.#van.remove();
    void this.#drawn.then(() => {
      void this.#map.getSource<GeoJSONSource>(AREA)?.setData(van.precision === "area" ? circle(van.lat, van.lon, AREA_RADIUS_M) : NOTHING);
    });
    this.#fit(van);
  }

  /** Where the style has nothing, that is said, and nobody is credited for it. */
  #tellWhatIsDrawn(container: HTMLElement, style: StyleSpecification): void {
    const part = drawnPart(style.metadata);
    if (part === null) return;
    const note = mark("no-streets", container.dataset["bare"] ?? "");
    container.append(note);
    this.#map.on("move", () => {
      const [[west, south], [east, north]] = this.#map.getBounds().toArray();
      container.classList.toggle("bare", !meets(part, [west, south, east, north]));
    });
  }

  #addArea(container: HTMLElement): void {
    const colour = getComputedStyle(container).getPropertyValue("--accent").trim();
    this.#map.addSource(AREA, { type: "geojson", data: NOTHING });
    this.#map.addLayer({ id: AREA, type: "fill", source: AREA, paint: { "fill-color": colour, "fill-opacity": 0.18 } });
    this.#map.addLayer({ id: `${AREA}-edge`, type: "line", source: AREA, paint: { "line-color": colour, "line-width": 2 } });
  }

  #fit(van: Van): void {
    const bounds = new LngLatBounds();
    bounds.extend([van.home_lon, van.home_lat]);
    const [ring] = circle(van.lat, van.lon, van.precision === "area" ? AREA_RADIUS_M : 1).geometry.coordinates;
    for (const [lon, lat] of ring ?? []) if (lon !== undefined && lat !== undefined) bounds.extend([lon, lat]);
    const still = !this.#seen || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#seen = true;
    this.#map.fitBounds(bounds, { padding: EDGES_PX, maxZoom: CLOSEST_ZOOM, duration: still ? 0 : 600 });
  }
}

function mark(name: string, label: string): HTMLElement {
  const element = document.createElement("div");
  element.className = name;
  element.textContent = label;
  return element;
}
