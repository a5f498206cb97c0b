/** A street map's style for the night: the same hues, with light and dark the other way round. Pure. */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

interface Hsl {
  readonly hue: number;
  readonly saturation: number;
  readonly lightness: number;
}

/** The darkest ground and the lightest ink, as lightness in percent: soft enough for eyes in the dark. */
const GROUND = 9;
const INK = 78;

const HEX = /^#([0-9a-f]{6}|[0-9a-f]{3})$/i;

function channels(hex: string): [number, number, number] {
  const digits = hex.slice(1);
  const full = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  const value = Number.parseInt(full, 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

function toHsl(hex: string): Hsl {
  const [red, green, blue] = channels(hex);
  const high = Math.max(red, green, blue);
  const chroma = high - Math.min(red, green, blue);
  const lightness = high - chroma / 2;
  const saturation = chroma === 0 ? 0 : chroma / (1 - Math.abs(2 * lightness - 1));
  return { hue: hueOf(red, green, blue, high, chroma), saturation: saturation * 100, lightness: lightness * 100 };
}

function hueOf(red: number, green: number, blue: number, high: number, chroma: number): number {
  if (chroma === 0) return 0;
  if (high === red) return (60 * ((green - blue) / chroma) + 360) % 360;
  return high === green ? 60 * ((blue - red) / chroma + 2) : 60 * ((red - green) / chroma + 4);
}

/** Paper's beige turns to mud in the dark: it becomes the page's blue grey. Greens and blues keep their hue. */
function isWarmOrGrey(hue: number): boolean {
  return hue < 70 || hue > 320;
}

/** A meadow's yellow green turns to olive in the dark: it becomes the green of a wood. */
function atNight(hue: number): number {
  return hue < 150 ? 150 : hue;
}

/** A colour's counterpart at night; what is not #rgb or #rrggbb stays as it is. */
export function darkenColour(colour: string): string {
  if (!HEX.test(colour)) return colour;
  const { hue, saturation, lightness } = toHsl(colour);
  const dark = GROUND + ((100 - lightness) / 100) * (INK - GROUND);
  if (isWarmOrGrey(hue)) return `hsl(215, 12%, ${Math.round(dark)}%)`;
  return `hsl(${Math.round(atNight(hue))}, ${Math.round(saturation * 0.35)}%, ${Math.round(dark)}%)`;
}

/** Colours hide anywhere in an expression. */
function darkenValue(value: unknown): unknown {
  if (typeof value === "string") return darkenColour(value);
  if (!Array.isArray(value)) return value;
  const parts: unknown[] = value;
  return parts.map(darkenValue);
}

function darkenLayer(layer: LayerSpecification): LayerSpecification {
  if (layer.type === "raster") return { ...layer, paint: { ...layer.paint, "raster-brightness-max": 0.55 } };
  if (layer.paint === undefined) return layer;
  const paint = Object.entries<unknown>(layer.paint).map(([name, value]) => [
    name,
    name.endsWith("-color") ? darkenValue(value) : value,
  ]);
  return { ...layer, paint: Object.fromEntries(paint) as never };
}

export function darkenStyle(style: StyleSpecification): StyleSpecification {
  return { ...style, layers: style.layers.map(darkenLayer) };
}
