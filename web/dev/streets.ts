import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { FeatureCollection, LineString, MultiLineString, Position } from "geojson";
import { distance } from "../console/src/geo.ts";

const BASEMAP = new URL("../../gateway/http/basemap/", import.meta.url);
const DRIVEN = new Set(["main", "street"]);

/** A file of the built-in street map, unpacked; null if there is none of that name. */
export function basemapFile(name: string): Buffer | null {
  if (!/^[a-z]+\.(?:geojson|json)$/.test(name)) return null;
  try {
    const path = new URL(name.endsWith(".geojson") ? `${name}.gz` : name, BASEMAP);
    const bytes = readFileSync(path);
    return name.endsWith(".geojson") ? gunzipSync(bytes) : bytes;
  } catch {
    return null;
  }
}

type Roads = FeatureCollection<LineString | MultiLineString, { class: string }>;

/** The corners of the streets that vans drive on, and which of them are neighbours. */
export class Streets {
  readonly #neighbours = new Map<string, Position[]>();
  readonly corners: Position[];

  constructor() {
    const roads = JSON.parse(basemapFile("roads.geojson")?.toString() ?? '{"features":[]}') as Roads;
    for (const { geometry, properties } of roads.features) {
      if (!DRIVEN.has(properties.class)) continue;
      const lines = geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
      for (const line of lines) this.#addLine(line);
    }
    this.corners = [...this.#neighbours.keys()].map((key) => JSON.parse(key) as Position);
  }

  /** Where to go from a corner, not straight back unless there is no other way. */
  next(corner: Position, from: Position, chance: number): Position {
    const all = this.#neighbours.get(JSON.stringify(corner)) ?? [];
    const onward = all.filter((other) => other[0] !== from[0] || other[1] !== from[1]);
    return onward[Math.floor(chance * onward.length)] ?? from;
  }

  #addLine(line: Position[]): void {
    for (const [index, corner] of line.entries()) {
      const before = line[index - 1];
      if (before === undefined || metres(before, corner) < 1) continue;
      this.#join(before, corner);
      this.#join(corner, before);
    }
  }

  #join(a: Position, b: Position): void {
    const key = JSON.stringify(a);
    this.#neighbours.set(key, [...(this.#neighbours.get(key) ?? []), b]);
  }
}

export function metres(a: Position, b: Position): number {
  return distance({ lon: a[0] ?? 0, lat: a[1] ?? 0 }, { lon: b[0] ?? 0, lat: b[1] ?? 0 });
}
