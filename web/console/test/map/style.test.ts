import type { StyleSpecification } from "maplibre-gl";
import { describe, expect, it } from "vitest";
import { darkenColour, darkenStyle } from "../../src/map/darken";
import { labelFonts, themedStyle } from "../../src/map/style";

const STYLE: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [
    { id: "ground", type: "background", paint: { "background-color": "#ffffff" } },
    { id: "green", type: "fill", source: "x", paint: { "fill-color": ["match", ["get", "kind"], "park", "#dbe9cf", "#000"] } },
    { id: "name", type: "symbol", source: "x", layout: { "text-font": ["Roboto"] }, paint: { "text-halo-width": 2 } },
    { id: "photo", type: "raster", source: "x" },
  ],
};

const lightness = (colour: string): number => Number(/(\d+)%\)$/.exec(colour)?.[1]);

describe("a street map at night", () => {
  it("turns light to dark, and keeps the order between", () => {
    const [paper, road, ink] = ["#ffffff", "#cccccc", "#222222"].map((colour) => lightness(darkenColour(colour)));
    expect(paper).toBeLessThan(12);
    expect(road).toBeGreaterThan(paper ?? 99);
    expect(ink).toBeGreaterThan(60);
  });

  it("keeps water blue, and leaves what is no plain colour alone", () => {
    expect(darkenColour("#bcd8e8")).toMatch(/^hsl\(202, /);
    for (const other of ["rgba(0,0,0,0.5)", "park", "#12345"]) expect(darkenColour(other)).toBe(other);
  });

  it("finds colours inside expressions, and only in colours", () => {
    const [, green, name, photo] = darkenStyle(STYLE).layers;
    expect(green?.paint).toEqual({
      "fill-color": ["match", ["get", "kind"], "park", darkenColour("#dbe9cf"), darkenColour("#000")],
    });
    expect(name?.paint).toEqual({ "text-halo-width": 2 });
    expect(photo?.paint).toEqual({ "raster-brightness-max": 0.55 });
  });
});

describe("the street map's style", () => {
  it("stays as it is by day, and is plain ground where there is none", () => {
    expect(themedStyle(STYLE, "light")).toBe(STYLE);
    expect(themedStyle(null, "dark").layers).toHaveLength(1);
  });

  it("lends its fonts to the labels if it has a glyph server", () => {
    expect(labelFonts(STYLE).bold).toEqual(["Inter SemiBold", "Arial"]);
    expect(labelFonts({ ...STYLE, glyphs: "https://tiles.example/{fontstack}/{range}.pbf" }).bold).toEqual(["Roboto"]);
  });
});
