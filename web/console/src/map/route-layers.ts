/** The layers of the selected route: below the vehicles, bottom to top. Pure. */
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { LabelFonts } from "./layers";
import type { Palette } from "./palette";

export const ROUTE_SOURCES = ["plan", "drive", "marks", "stops"] as const;

export const STOP_LAYERS = ["stop-selected", "stop-badges", "stop-dots"] as const;
export const MARK_LAYER = "route-marks";

const byZoom = (low: number, high: number): ExpressionSpecification => ["interpolate", ["linear"], ["zoom"], 11, low, 17, high];
const round = { "line-cap": "round", "line-join": "round" } as const;

/** The plan is a broad band, so that what was driven lies visibly within it or leaves it. */
export function routeLineLayers(palette: Palette): LayerSpecification[] {
  const driven: ExpressionSpecification = ["!", ["get", "gap"]];
  return [
    {
      id: "plan-line", type: "line", source: "plan", filter: ["!", ["get", "straight"]], layout: round,
      paint: { "line-color": palette.plan, "line-width": byZoom(4, 13), "line-opacity": 0.38 },
    },
    {
      id: "plan-straight", type: "line", source: "plan", filter: ["get", "straight"],
      paint: { "line-color": palette.plan, "line-width": 1.5, "line-opacity": 0.7, "line-dasharray": [3, 3] },
    },
    {
      id: "drive-casing", type: "line", source: "drive", filter: driven, layout: round,
      paint: { "line-color": palette.casing, "line-width": byZoom(3, 6.5), "line-opacity": 0.85 },
    },
    {
      id: "drive-gaps", type: "line", source: "drive", filter: ["get", "gap"],
      paint: { "line-color": palette.gap, "line-width": 2, "line-dasharray": [1.5, 2] },
    },
    {
      id: "drive-line", type: "line", source: "drive", filter: driven, layout: round,
      paint: { "line-color": palette.accent, "line-width": byZoom(1.6, 3.6) },
    },
  ];
}

/** Every stop is at least a dot; numbers go where they fit, the important ones first. */
export function stopLayers(palette: Palette, fonts: LabelFonts): LayerSpecification[] {
  const badge = {
    "icon-image": ["get", "badge"], "text-field": ["get", "numbers"], "text-font": fonts.bold, "text-size": 10.5,
    "text-max-width": 30, "symbol-sort-key": ["get", "rank"], "icon-padding": 0, "text-padding": 0,
  } as unknown as Record<string, never>;
  const paint = {
    "text-color": ["case", ["==", ["get", "label"], "pending"], palette.ink, palette.surface] as ExpressionSpecification,
  };
  return [
    {
      id: "stop-dots", type: "symbol", source: "stops",
      layout: { "icon-image": ["get", "dot"], "icon-size": byZoom(0.7, 1.25), "icon-allow-overlap": true, "icon-ignore-placement": true },
    },
    { id: "stop-badges", type: "symbol", source: "stops", minzoom: 12, filter: ["!", ["get", "selected"]], layout: badge, paint },
    markLayer(palette, fonts),
    {
      id: "stop-halo", type: "circle", source: "stops", filter: ["get", "selected"],
      paint: {
        "circle-radius": 18, "circle-color": palette.accent, "circle-opacity": 0.22,
        "circle-stroke-color": palette.accent, "circle-stroke-width": 2,
      },
    },
    {
      id: "stop-selected", type: "symbol", source: "stops", filter: ["get", "selected"],
      layout: { ...badge, "icon-allow-overlap": true, "text-allow-overlap": true } as unknown as Record<string, never>, paint,
    },
  ];
}

/** The places of deviations, and the depot. */
function markLayer(palette: Palette, fonts: LabelFonts): LayerSpecification {
  const colour: ExpressionSpecification = ["match", ["get", "kind"], "open", palette.late, "depot", palette.ink, palette.muted];
  return {
    id: MARK_LAYER, type: "symbol", source: "marks",
    layout: {
      "icon-image": ["concat", "mark-", ["get", "kind"]], "icon-allow-overlap": true, "text-field": ["get", "name"],
      "text-font": fonts.bold, "text-size": 11, "text-anchor": "top", "text-offset": [0, 0.9], "text-optional": true,
    },
    paint: { "text-color": colour, "text-halo-color": palette.halo, "text-halo-width": 1.8 },
  };
}
