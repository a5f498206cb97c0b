import type { Position } from "geojson";
import { metres, type Streets } from "./streets.ts";

/** How a fake day goes; the index of the route chooses. */
export const STORIES = [
  "off_route", "late", "silent", "planned", "failed", "plain", "skipped", "finished", "late_start", "plain", "at_risk", "plain",
] as const;
export type Story = (typeof STORIES)[number];

const MINUTE = 60_000;
const DRIVE_MPS = 5;
/** How much longer driving takes than planned. */
const PACE: Readonly<Record<Story, number>> = {
  off_route: 1.1, late: 1.5, silent: 1, planned: 1, failed: 1.05, plain: 1, skipped: 0.97, finished: 1.02, late_start: 1.05,
  at_risk: 1.25,
};

export interface FakeStop {
  readonly stop: string;
  readonly order: string;
  readonly sequence: number;
  readonly along: number;
  readonly place: Position;
  readonly planned: number;
  readonly service: number;
  readonly window: readonly [number, number] | null;
  /** What really happens. */
  readonly arrived: number;
  readonly departed: number;
  readonly fate: "succeeded" | "failed" | "skipped" | "untapped";
}

export interface FakePlan {
  readonly route: string;
  readonly vehicle: string;
  readonly driver: string;
  readonly story: Story;
  readonly line: Position[];
  readonly along: number[];
  readonly stops: FakeStop[];
  readonly start: number;
  readonly started: number;
  readonly plannedEnd: number;
  readonly end: number;
  /** When something happens that the story is about. */
  readonly turn: number;
}

const DRIVERS = ["A. Virtanen", "M. Korhonen", "S. Lehtonen", "E. Niemi", "J. Salo", "T. Heikkinen", "K. Laine", "P. Aho"];

/** A way along streets that takes the least used corner each time; at least `length` metres. */
function walk(streets: Streets, chance: () => number, length: number): { line: Position[]; along: number[] } {
  let here = streets.corners[Math.floor(chance() * streets.corners.length)] ?? [24.94, 60.17];
  let from = here;
  const [line, along, used] = [[here], [0], new Map<string, number>()];
  for (let done = 0; done < length && line.length < 20_000; ) {
    const tries = Array.from({ length: 4 }, () => streets.next(here, from, chance()));
    const next = tries.reduce((best, corner) => (count(used, corner) < count(used, best) ? corner : best));
    used.set(String(next), count(used, next) + 1);
    done += metres(here, next);
    line.push(next);
    along.push(done);
    [from, here] = [here, next];
  }
  return { line, along };
}

function count(used: ReadonlyMap<string, number>, corner: Position): number {
  return used.get(String(corner)) ?? 0;
}

/** The place `along` metres of the line. */
export function placeOn(line: readonly Position[], alongs: readonly number[], along: number): Position {
  let [low, high] = [0, alongs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((alongs[middle] ?? 0) < along) low = middle + 1;
    else high = middle;
  }
  const [to, from] = [line[low] ?? [0, 0], line[Math.max(0, low - 1)] ?? [0, 0]];
  const [end, begin] = [alongs[low] ?? 0, alongs[Math.max(0, low - 1)] ?? 0];
  const share = end === begin ? 1 : Math.min(1, (along - begin) / (end - begin));
  return from.map((value, axis) => value + ((to[axis] ?? value) - value) * share);
}

/** Of each route one stop of which nobody says anything; the others go by chance. */
const UNTAPPED = 10;

function fateOf(story: Story, index: number, chance: () => number): FakeStop["fate"] {
  const dice = chance();
  if (index === UNTAPPED) return "untapped";
  if (story === "failed" && dice < 0.12) return "failed";
  if (story === "skipped" && index > 0 && dice < 0.06) return "skipped";
  if (dice < 0.015) return "failed";
  return dice < 0.06 ? "untapped" : "succeeded";
}

/** A route of `count` stops of which about `share` of the day is over at `now`. */
export function makePlan(index: number, stopCount: number, streets: Streets, chance: () => number, now: number): FakePlan {
  const story = STORIES[index % STORIES.length] ?? "plain";
  const gap = 70 + 60 * chance();
  const { line, along } = walk(streets, chance, gap * (stopCount + 1));
  const length = along.at(-1) ?? 0;
  const step = length / (stopCount + 1);
  const duration = stopCount * ((step / DRIVE_MPS) * 1_000 + 75_000);
  const share = story === "planned" ? -0.15 : story === "finished" ? 1.3 : 0.25 + 0.5 * chance();
  const start = Math.round((now - duration * share) / (5 * MINUTE)) * 5 * MINUTE;
  const started = start + (story === "late_start" ? 24 * MINUTE : Math.round(3 * MINUTE * chance()));
  const name = String(index + 1).padStart(3, "0");
  const stops: FakeStop[] = [];
  let [planned, actual] = [start, started];
  for (let number = 0; number < stopCount; number += 1) {
    const drive = (step / DRIVE_MPS) * 1_000;
    const service = Math.round(45_000 + 60_000 * chance());
    const fate = fateOf(story, number, chance);
    planned += drive;
    actual += drive * PACE[story] * (0.85 + 0.3 * chance());
    const dwell = fate === "skipped" ? 0 : service * (0.7 + 0.6 * chance()) * (story === "late" ? 1.5 : 1);
    const begin = Math.floor((planned - 45 * MINUTE * chance()) / (30 * MINUTE)) * 30 * MINUTE;
    stops.push({
      stop: `s${number + 1}`, order: `HEL-${name}${String(number + 1).padStart(3, "0")}`, sequence: number + 1,
      along: step * (number + 1), place: placeOn(line, along, step * (number + 1)), planned: Math.round(planned), service,
      window: chance() < 0.7 ? [begin, begin + 90 * MINUTE] : null,
      arrived: Math.round(actual), departed: Math.round(actual + dwell), fate,
    });
    planned += service;
    actual += dwell;
  }
  return {
    route: `R-${name}`, vehicle: `van-${index + 1}`, driver: DRIVERS[index % DRIVERS.length] ?? "", story, line, along,
    stops, start, started, plannedEnd: Math.round(planned + 60_000), end: Math.round(actual + 60_000), turn: now - 9 * MINUTE,
  };
}

/** Encodes a line with six decimals. */
export function encodeLine(line: readonly Position[]): string {
  let [text, lat, lon] = ["", 0, 0];
  const number = (value: number): string => {
    let [rest, out] = [value < 0 ? ~(value << 1) : value << 1, ""];
    for (; rest >= 0x20; rest >>>= 5) out += String.fromCharCode((0x20 | (rest & 0x1f)) + 63);
    return out + String.fromCharCode(rest + 63);
  };
  for (const [x = 0, y = 0] of line) {
    const [nextLat, nextLon] = [Math.round(y * 1e6), Math.round(x * 1e6)];
    text += number(nextLat - lat) + number(nextLon - lon);
    [lat, lon] = [nextLat, nextLon];
  }
  return text;
}
