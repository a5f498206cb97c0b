import type { FeatureCollection, GeoJSON } from "geojson";

/** A source of the map, as far as it is fed. */
export interface FedSource {
  setData(data: GeoJSON): Promise<void>;
}

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** After each update a source rests this many times as long as it took, so that a large fleet leaves time to pan. */
const REST = 2;
const LONGEST_REST_MS = 500;

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Hands a source one set of features at a time: while the worker cuts it into tiles, only the newest waits. */
export class SourceFeed {
  readonly #source: () => FedSource | undefined;
  #latest: GeoJSON = NOTHING;
  #busy = false;
  #dirty = false;

  constructor(source: () => FedSource | undefined) {
    this.#source = source;
  }

  /** What a source that is made now should start with. */
  get latest(): GeoJSON {
    return this.#latest;
  }

  show(data: GeoJSON): void {
    this.#latest = data;
    this.#dirty = true;
    if (!this.#busy) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    try {
      for (let source = this.#source(); this.#dirty && source !== undefined; source = this.#source()) {
        this.#dirty = false;
        const start = performance.now();
        await source.setData(this.#latest);
        await rest(Math.min(LONGEST_REST_MS, REST * (performance.now() - start)));
      }
    } finally {
      this.#busy = false;
    }
  }
}
