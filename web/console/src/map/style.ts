import type { StyleSpecification } from "maplibre-gl";
import { darkenStyle } from "./darken";
import type { LabelFonts } from "./layers";
import { paletteOf, type Theme } from "./palette";

const OWN_FONTS: LabelFonts = { regular: ["Inter Regular", "Arial"], bold: ["Inter SemiBold", "Arial"] };

/** A street map's style as the gateway names it; null if it cannot be had. */
export async function loadStyle(url: string | null): Promise<StyleSpecification | null> {
  if (url === null) return null;
  try {
    const response = await fetch(url);
    if (!response.ok) return null;
    const style = (await response.json()) as StyleSpecification;
    return Array.isArray(style.layers) ? style : null;
  } catch {
    return null; // unreachable or no JSON: the console goes on without streets, and says so
  }
}

/** Ground without streets. */
function emptyStyle(theme: Theme): StyleSpecification {
  const paint = { "background-color": paletteOf(theme).background };
  return { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint }] };
}

/** The style to show: for the night, a light street map is turned dark. */
export function themedStyle(style: StyleSpecification | null, theme: Theme): StyleSpecification {
  if (style === null) return emptyStyle(theme);
  return theme === "dark" ? darkenStyle(style) : style;
}

/** Our own font where glyphs are drawn here; else the fonts that the style itself uses. */
export function labelFonts(style: StyleSpecification | null): LabelFonts {
  if (style?.glyphs === undefined) return OWN_FONTS;
  const used = style.layers.map((layer) => (layer.type === "symbol" ? layer.layout?.["text-font"] : undefined));
  const plain = used.filter((fonts) => Array.isArray(fonts) && fonts.every((font) => typeof font === "string"));
  const [regular] = plain as string[][];
  return regular === undefined ? OWN_FONTS : { regular, bold: regular };
}
