import "maplibre-gl/dist/maplibre-gl.css";
import {
  AttributionControl,
  Map as MapLibre,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type MapMouseEvent,
  type StyleSpecification,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { GeoJSON } from "geojson";
import type { VehicleKey } from "../api/model";
import type { Bounds, Place } from "../geo";
import { iconVariants } from "./icon-name";
import { drawIcon, ICON_PIXEL_RATIO } from "./icons";
import { consoleLayers, SOURCES, VEHICLE_LAYER, type SourceName } from "./layers";
import { paletteOf, type Theme } from "./palette";
import { SourceFeed } from "./source-feed";
import { labelFonts, themedStyle } from "./style";

setWorkerUrl(workerUrl); // from our own address: no blob: worker, so that the content security policy stays narrow

/** Half a kilometre around a lone vehicle is a better first look than its wheels. */
const CLOSEST_FIT_ZOOM = 15.5;
/** A finger is wider than an icon. */
const CLICK_TOLERANCE_PX = 8;
const EDGE_PX = 56;

/** What the map tells. */
export interface FleetMapListener {
  picked(key: VehicleKey): void;
  dragged(): void;
  /** A person moved the map, in whatever way. */
  moved(): void;
}

/** The street map with the fleet on it. Throws in its constructor where WebGL is missing. */
export class FleetMap {
  readonly #map: MapLibre;
  readonly #feeds: Record<SourceName, SourceFeed>;
  readonly #listener: FleetMapListener;
  #style: StyleSpecification | null;
  #theme: Theme;

  constructor(container: HTMLElement, style: StyleSpecification | null, theme: Theme, listener: FleetMapListener) {
    this.#style = style;
    this.#theme = theme;
    this.#listener = listener;
    this.#map = new MapLibre({
      container,
      style: themedStyle(style, theme),
      center: centreOf(style),
      zoom: style?.zoom ?? 1.5,
      attributionControl: false,
      fadeDuration: 0, // labels carry an age: a fade would make them flicker each second
      pitchWithRotate: false,
      transformRequest: (url) => ({ url: new URL(url, location.href).href }),
    });
    this.#feeds = feedsOf((name) => this.#map.getSource<GeoJSONSource>(name));
    this.#addControls();
    this.#listen();
  }

  /** Shows these features; a source takes the newest only, when it has finished the one before. */
  feed(name: SourceName, data: GeoJSON): void {
    this.#feeds[name].show(data);
  }

  /** Draws the map in another theme, or a street map that came late. */
  restyle(style: StyleSpecification | null, theme: Theme): void {
    if (style === this.#style && theme === this.#theme) return;
    this.#style = style;
    this.#theme = theme;
    this.#map.setStyle(themedStyle(style, theme), { diff: false });
  }

  fit(bounds: Bounds, animated: "animated" | "at once"): void {
    const [west, south, east, north] = bounds;
    const duration = animated === "animated" ? 500 : 0;
    this.#map.fitBounds([west, south, east, north], { padding: EDGE_PX, maxZoom: CLOSEST_FIT_ZOOM, duration });
  }

  /** Brings a place into the middle without changing the scale. */
  centre({ lat, lon }: Place): void {
    this.#map.easeTo({ center: [lon, lat], duration: 400 });
  }

  /** Brings a place into the middle, near enough to see the houses. */
  approach({ lat, lon }: Place): void {
    this.#map.easeTo({ center: [lon, lat], zoom: Math.max(this.#map.getZoom(), CLOSEST_FIT_ZOOM), duration: 400 });
  }

  /** Brings a place into view if it is outside. */
  reveal(place: Place): void {
    if (!this.#map.getBounds().contains([place.lon, place.lat])) this.centre(place);
  }

  #addControls(): void {
    this.#map.addControl(new NavigationControl({ showCompass: true }), "top-right");
    this.#map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-left");
    this.#map.addControl(new AttributionControl({ compact: false }), "bottom-right");
  }

  #listen(): void {
    this.#map.on("style.load", () => { this.#addLayers(); });
    this.#map.on("click", (event) => { this.#pick(event); });
    this.#map.on("movestart", ({ originalEvent }) => { if (originalEvent !== undefined) this.#listener.moved(); });
    this.#map.on("dragstart", () => { this.#listener.dragged(); });
    this.#map.on("mousemove", VEHICLE_LAYER, () => { this.#map.getCanvas().style.cursor = "pointer"; });
    this.#map.on("mouseleave", VEHICLE_LAYER, () => { this.#map.getCanvas().style.cursor = ""; });
  }

  /** A new style has none of our images, sources and layers. */
  #addLayers(): void {
    const palette = paletteOf(this.#theme);
    for (const variant of iconVariants()) {
      const image = drawIcon(variant, palette);
      if (!this.#map.hasImage(variant.name)) this.#map.addImage(variant.name, image, { pixelRatio: ICON_PIXEL_RATIO });
    }
    for (const name of SOURCES) {
      this.#map.addSource(name, { type: "geojson", data: this.#feeds[name].restart(), maxzoom: 16 });
    }
    for (const layer of consoleLayers(palette, labelFonts(this.#style))) this.#map.addLayer(layer);
  }

  /** The uppermost vehicle near the click. */
  #pick({ point: { x, y } }: MapMouseEvent): void {
    const tolerance = CLICK_TOLERANCE_PX;
    const box: [[number, number], [number, number]] = [[x - tolerance, y - tolerance], [x + tolerance, y + tolerance]];
    const [feature] = this.#map.queryRenderedFeatures(box, { layers: [VEHICLE_LAYER] });
    const key: unknown = feature?.properties["key"];
    if (typeof key === "string") this.#listener.picked(key);
  }
}

function centreOf(style: StyleSpecification | null): [number, number] {
  const [lon = 0, lat = 20] = style?.center ?? [];
  return [lon, lat];
}

function feedsOf(source: (name: SourceName) => GeoJSONSource | undefined): Record<SourceName, SourceFeed> {
  const feeds = SOURCES.map((name) => [name, new SourceFeed(() => source(name))]);
  return Object.fromEntries(feeds) as Record<SourceName, SourceFeed>;
}
