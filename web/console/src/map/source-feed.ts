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
  #life = 0;

  constructor(source: () => FedSource | undefined) {
    this.#source = source;
  }

  /** What a source that is made now starts with; what the one before it was busy with is forgotten. */
  restart(): GeoJSON {
    this.#life += 1;
    this.#busy = false;
    this.#dirty = false;
    return this.#latest;
  }

  show(data: GeoJSON): void {
    this.#latest = data;
    this.#dirty = true;
    if (!this.#busy) void this.#drain();
  }

  async #drain(): Promise<void> {
    const life = this.#life;
    this.#busy = true;
    for (let source = this.#source(); this.#dirty && source !== undefined; source = this.#source()) {
      this.#dirty = false;
      await this.#hand(source);
      if (life !== this.#life) return;
    }
    this.#busy = false;
  }

  async #hand(source: FedSource): Promise<void> {
    const start = performance.now();
    await source.setData(this.#latest).catch(() => undefined); // the source went away with its style
    await rest(Math.min(LONGEST_REST_MS, REST * (performance.now() - start)));
  }
}
