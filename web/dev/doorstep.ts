import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import type { Proof, ProofKind } from "../console/src/doorstep/model.ts";
import type { RouteStop, StopDetails } from "../console/src/api/route-model.ts";

/** What fake drivers bring: each third stop wants a photo, each seventh a signature. */
export function askedOf(sequence: number): ProofKind | undefined {
  if (sequence % 7 === 0) return "signature";
  return sequence % 3 === 0 ? "photo" : undefined;
}

const WISHES = ["Please ring twice, the bell is quiet.", "Leave it with the neighbour at no. 7.\nThe dog is friendly."];

/** What a customer asks, and whether and how they want to hear of it. */
export function doorOf(sequence: number): Partial<StopDetails> {
  const [wish, proof] = [WISHES[sequence % 5], askedOf(sequence)];
  return {
    ...(wish === undefined ? {} : { instructions: wish }), ...(proof === undefined ? {} : { proof }),
    ...(sequence % 2 === 0 ? { notify: true, language: "es" } : {}),
  };
}

/** What came of a stop: nothing from each 21st and 24th, and one that was erased from each 15th. */
export function proofsOf({ sequence, outcome, tap }: RouteStop): Proof[] {
  const kind = askedOf(sequence);
  if (kind === undefined || outcome !== "succeeded" || tap === undefined || sequence % 21 === 0 || sequence % 24 === 0) return [];
  const kinds: ProofKind[] = sequence % 6 === 0 ? [kind, "signature"] : [kind];
  return kinds.map((each, index) => {
    const picture = pictureOf(each, sequence);
    return {
      digest: createHash("sha256").update(picture).digest("hex"), kind: each, media_type: "image/png", size: picture.length,
      taken: tap.time - 20_000 + index * 5_000, received: tap.time + 900, ...(sequence % 15 === 0 ? { erased: tap.time + 60_000 } : {}),
    };
  });
}

const pictures = new Map<string, Buffer>();

export function pictureOf(kind: ProofKind, sequence: number): Buffer {
  const name = `${kind} ${sequence}`;
  const known = pictures.get(name) ?? png(480, 360, kind === "photo" ? doorstep(sequence) : signature(sequence));
  pictures.set(name, known);
  return known;
}

type Paint = (x: number, y: number) => readonly [number, number, number];

/** A door, a parcel before it. */
function doorstep(sequence: number): Paint {
  const hue = (sequence * 47) % 120;
  return (x, y) => {
    if (x > 250 && x < 350 && y > 230 && y < 310) return Math.abs(x - 300) < 6 ? [214, 190, 140] : [176, 132, 80];
    if (x > 150 && x < 330 && y > 40 && y < 300) return [40 + hue, 70, 90];
    return y > 300 ? [120, 118, 112] : [196 - (y >> 3), 200 - (y >> 3), 196];
  };
}

function signature(sequence: number): Paint {
  return (x, y) => {
    const line = 180 + 60 * Math.sin(x / 22 + sequence) * Math.cos(x / 61);
    return x > 60 && x < 420 && Math.abs(y - line) < 3 ? [20, 28, 60] : [255, 255, 255];
  };
}

function png(width: number, height: number, paint: Paint): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0, at = 0; y < height; y += 1) {
    at += 1; // each row begins with its filter: none
    for (let x = 0; x < width; x += 1) for (const part of paint(x, y)) rows[at++] = part;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name: string, body: Buffer): Buffer {
  const [size, sum, named] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.concat([Buffer.from(name), body])];
  size.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc(named));
  return Buffer.concat([size, named, sum]);
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** Links of drivers and customers, each with how often it was made anew. */
export class Links {
  readonly #generations = new Map<string, number>();

  driver(driver: string): { driver: string; url: string; svg: string } {
    const url = `https://milepost.example/driver/${this.#token(`d${driver}`)}`;
    return { driver, url, svg: codeOf(url) };
  }

  customer(order: string): string {
    return `https://milepost.example/t/${this.#token(`c${order}`)}`;
  }

  renew(whose: string): void {
    this.#generations.set(whose, (this.#generations.get(whose) ?? 1) + 1);
  }

  #token(whose: string): string {
    return createHash("sha256").update(`${whose} ${this.#generations.get(whose) ?? 1}`).digest("base64url").slice(0, 27);
  }
}

/** Looks like a QR code, and is none. */
function codeOf(url: string): string {
  const bits = [...createHash("sha512").update(url).digest(), ...createHash("sha512").update(`${url} `).digest()];
  const modules = Array.from({ length: 29 * 29 }, (_, at) => {
    const [x, y] = [at % 29, Math.floor(at / 29)];
    const corner = [[0, 0], [22, 0], [0, 22]].find(([left = 0, top = 0]) => x >= left && x < left + 7 && y >= top && y < top + 7);
    const ring = corner === undefined ? -1 : Math.max(Math.abs(x - (corner[0] ?? 0) - 3), Math.abs(y - (corner[1] ?? 0) - 3));
    const dark = ring >= 0 ? ring !== 2 : ((bits[at >> 3] ?? 0) >> (at & 7)) & 1;
    return dark ? `M${x + 4} ${y + 4}h1v1h-1z` : "";
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37"><path fill="#fff" d="M0 0h37v37H0z"/><path d="${modules.join("")}"/></svg>`;
}
