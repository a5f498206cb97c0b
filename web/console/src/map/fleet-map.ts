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
import { consoleLayers, SELECTED_VEHICLE_LAYER, SOURCES, VEHICLE_LAYER, type SourceName } from "./layers";
import { paletteOf, type Theme } from "./palette";
import { drawMark, MARK_KINDS } from "./mark-icons";
import { MARK_LAYER, STOP_LAYERS } from "./route-layers";
import { SourceFeed } from "./source-feed";
import { stopVariants } from "./stop-icon-name";
import { drawStop } from "./stop-icons";
import { labelFonts, themedStyle } from "./style";

setWorkerUrl(workerUrl); // from our own address: no blob: worker, so that the content security policy stays narrow

/** Half a kilometre around a lone vehicle is a better first look than its wheels. */
const CLOSEST_FIT_ZOOM = 15.5;
/** A finger is wider than an icon. */
const CLICK_TOLERANCE_PX = 8;
const EDGE_PX = 56;

/** What a click may mean. */
const PICKABLE = [VEHICLE_LAYER, SELECTED_VEHICLE_LAYER, ...STOP_LAYERS, MARK_LAYER] as const;

/** What the map tells. */
export interface FleetMapListener {
  picked(key: VehicleKey): void;
  /** One of these stops, all at one place. */
  pickedStops(stops: readonly string[]): void;
  pickedEpisode(index: number): void;
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
    for (const layer of PICKABLE) {
      this.#map.on("mousemove", layer, () => { this.#map.getCanvas().style.cursor = "pointer"; });
      this.#map.on("mouseleave", layer, () => { this.#map.getCanvas().style.cursor = ""; });
    }
  }

  /** A new style has none of our images, sources and layers. */
  #addLayers(): void {
    const palette = paletteOf(this.#theme);
    for (const variant of iconVariants()) this.#addImage(variant.name, drawIcon(variant, palette));
    for (const variant of stopVariants()) this.#addImage(variant.name, drawStop(variant, palette));
    for (const kind of MARK_KINDS) this.#addImage(`mark-${kind}`, drawMark(kind, palette));
    for (const name of SOURCES) {
      this.#map.addSource(name, { type: "geojson", data: this.#feeds[name].restart(), maxzoom: 16 });
    }
    for (const layer of consoleLayers(palette, labelFonts(this.#style))) this.#map.addLayer(layer);
  }

  #addImage(name: string, image: ImageData): void {
    if (!this.#map.hasImage(name)) this.#map.addImage(name, image, { pixelRatio: ICON_PIXEL_RATIO });
  }

  /** The uppermost vehicle, stop or deviation near the click. */
  #pick({ point: { x, y } }: MapMouseEvent): void {
    const tolerance = CLICK_TOLERANCE_PX;
    const box: [[number, number], [number, number]] = [[x - tolerance, y - tolerance], [x + tolerance, y + tolerance]];
    const [feature] = this.#map.queryRenderedFeatures(box, { layers: [...PICKABLE] });
    const key: unknown = feature?.properties["key"];
    const stops: unknown = feature?.properties["stops"];
    const episode: unknown = feature?.properties["episode"];
    if (typeof key === "string") this.#listener.picked(key);
    else if (typeof stops === "string") this.#listener.pickedStops(stops.split("\n"));
    else if (typeof episode === "number" && episode >= 0) this.#listener.pickedEpisode(episode);
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
