import type { FeatureCollection, GeoJSON } from "geojson";

/** A source of the map, as far as it is fed. */
export interface FedSource {
  setData(data: GeoJSON): Promise<void>;
}

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

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
        await source.setData(this.#latest);
      }
    } finally {
      this.#busy = false;
    }
  }
}
