/** Google's encoded polyline, with six decimals as Valhalla and OSRM write it. Pure. */
import type { Position } from "geojson";

const STEPS = 1e6;
/** Five bits a character; a sixth says that more follow. */
const MORE = 0x20;
const OFFSET = 63;
/** A step of up to 360 degrees in millionths has 30 bits: six characters, seven with its sign. */
const MAX_CHARACTERS = 7;

/** A text that is no polyline; `at` is where (from 0). */
export class NoPolyline extends Error {
  constructor(readonly at: number) {
    super(`no polyline: fault at character ${at}`);
    this.name = "NoPolyline";
  }
}

/**
 * The places of a line, each [lon, lat] in degrees.
 *
 * @throws NoPolyline if a character cannot be, or the text ends within a place
 */
export function decodePolyline(text: string): Position[] {
  const reader = new Steps(text);
  const places: Position[] = [];
  let [lat, lon] = [0, 0];
  while (!reader.done) {
    lat += reader.next();
    lon += reader.next();
    places.push([lon / STEPS, lat / STEPS]);
  }
  return places;
}

class Steps {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next signed number; its lowest bit is the sign. */
  next(): number {
    let value = 0;
    for (let place = 0; place < MAX_CHARACTERS; place += 1) {
      const bits = this.#text.charCodeAt(this.#at) - OFFSET;
      if (!(bits >= 0 && bits < 2 * MORE)) throw new NoPolyline(this.#at);
      this.#at += 1;
      value += (bits % MORE) * MORE ** place;
      if (bits < MORE) return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    }
    throw new NoPolyline(this.#at - 1);
  }
}
