/** The console's own layers over the street map, bottom to top. Pure. */
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette";
import { ROUTE_SOURCES, routeLineLayers, stopLayers } from "./route-layers";
import { SPEED_STEPS } from "./speeds";

export const SOURCES = ["track", "track-start", ...ROUTE_SOURCES, "vehicles", "track-cursor"] as const;
export type SourceName = (typeof SOURCES)[number];

export const VEHICLE_LAYER = "vehicle-icons";
/** Above the stops of its route; the other vehicles lie below them. */
export const SELECTED_VEHICLE_LAYER = "vehicle-icon-selected";

/** Fonts for labels: those of the street map if it has a glyph server, which may know no other. */
export interface LabelFonts {
  readonly regular: string[];
  readonly bold: string[];
}

export function consoleLayers(palette: Palette, fonts: LabelFonts): LayerSpecification[] {
  return [
    ...trackLayers(palette, fonts),
    ...routeLineLayers(palette),
    vehicleIcons(VEHICLE_LAYER, ["!", ["get", "selected"]]),
    ...stopLayers(palette, fonts),
    ...vehicleLayers(palette, fonts),
    cursorLayer(palette),
  ];
}

const byZoom = (low: number, high: number): ExpressionSpecification => [
  "interpolate", ["linear"], ["zoom"], 11, low, 17, high,
];

function trackLayers(palette: Palette, fonts: LabelFonts): LayerSpecification[] {
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const driven: ExpressionSpecification = ["!", ["get", "gap"]];
  return [
    {
      id: "track-casing", type: "line", source: "track", filter: driven, layout: round,
      paint: { "line-color": palette.casing, "line-width": byZoom(5.5, 10), "line-opacity": 0.9 },
    },
    {
      id: "track-gaps", type: "line", source: "track", filter: ["get", "gap"],
      paint: { "line-color": palette.gap, "line-width": 2, "line-dasharray": [1.5, 2] },
    },
    {
      id: "track-line", type: "line", source: "track", filter: driven, layout: round,
      paint: { "line-color": speedColour(palette), "line-width": byZoom(3, 6) },
    },
    {
      id: "track-start", type: "circle", source: "track-start",
      paint: {
        "circle-radius": 5, "circle-color": palette.surface,
        "circle-stroke-color": palette.ink, "circle-stroke-width": 2.5,
      },
    },
    {
      id: "track-start-label", type: "symbol", source: "track-start",
      layout: {
        "text-field": ["get", "label"], "text-font": fonts.regular, "text-size": 11,
        "text-anchor": "top", "text-offset": [0, 0.8],
      },
      paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.6 },
    },
  ];
}

function speedColour(palette: Palette): ExpressionSpecification {
  const [slowest, ...faster] = SPEED_STEPS;
  const steps = faster.flatMap(({ colour }, index) => [index + 1, colour]);
  return ["step", ["get", "step"], palette.gap, 0, slowest?.colour ?? palette.gap, ...steps] as ExpressionSpecification;
}

/** The zoom from which a few vehicles, and any number, have room for speed and age under their names. */
const FEW_DETAIL_ZOOM = 12;
const ALL_DETAIL_ZOOM = 16;

interface Label {
  readonly name: unknown;
  readonly full: unknown;
}

function labelOf(fonts: LabelFonts, palette: Palette): Label {
  const name = ["format", ["get", "name"], { "text-font": ["literal", fonts.bold] }];
  const detail = ["\n", {}, ["get", "detail"], { "font-scale": 0.88, "text-color": palette.muted }];
  return { name, full: [...name, ...detail] };
}

function byRoom({ name, full }: Label): ExpressionSpecification {
  const few = ["case", ["get", "roomy"], full, name];
  return ["step", ["zoom"], name, FEW_DETAIL_ZOOM, few, ALL_DETAIL_ZOOM, full] as unknown as ExpressionSpecification;
}

const labelLayout = (fonts: LabelFonts) =>
  ({
    "text-font": fonts.regular,
    "text-size": 12,
    "text-anchor": "left",
    "text-justify": "left",
    "text-offset": [1.25, 0],
    "text-line-height": 1.25,
    "symbol-sort-key": ["-", 0, ["get", "rank"]],
  }) as const;

function vehicleIcons(id: string, filter: ExpressionSpecification): LayerSpecification {
  return {
    id, type: "symbol", source: "vehicles", filter,
    layout: {
      "icon-image": ["get", "icon"], "icon-rotate": ["get", "course"], "icon-rotation-alignment": "map",
      "icon-size": byZoom(0.8, 1.1), "icon-allow-overlap": true, "icon-ignore-placement": true,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "icon-opacity": ["get", "opacity"] },
  };
}

function vehicleLayers(palette: Palette, fonts: LabelFonts): LayerSpecification[] {
  const ink = { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.8 };
  const opacity: ExpressionSpecification = ["get", "opacity"];
  const layout = labelLayout(fonts) as unknown as Record<string, never>;
  const label = labelOf(fonts, palette);
  return [
    {
      id: "vehicle-halo", type: "circle", source: "vehicles", filter: ["get", "selected"],
      paint: {
        "circle-radius": 21, "circle-color": palette.accent, "circle-opacity": 0.2,
        "circle-stroke-color": palette.accent, "circle-stroke-width": 2,
      },
    },
    vehicleIcons(SELECTED_VEHICLE_LAYER, ["get", "selected"]),
    {
      id: "vehicle-labels", type: "symbol", source: "vehicles", filter: ["!", ["get", "selected"]], minzoom: 9,
      layout: { ...layout, "text-field": byRoom(label) }, paint: { ...ink, "text-opacity": opacity },
    },
    {
      id: "vehicle-label-selected", type: "symbol", source: "vehicles", filter: ["get", "selected"],
      layout: {
        ...layout, "text-field": label.full as ExpressionSpecification, "text-offset": [2, 0], "text-allow-overlap": true,
      },
      paint: ink,
    },
  ];
}

function cursorLayer(palette: Palette): LayerSpecification {
  return {
    id: "track-cursor", type: "circle", source: "track-cursor",
    paint: {
      "circle-radius": 6, "circle-color": palette.accent,
      "circle-stroke-color": palette.surface, "circle-stroke-width": 2.5,
    },
  };
}
