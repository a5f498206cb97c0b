/**
 * The server's clock, read through the messages that carry its time. Ages are differences on it, so that a wrong clock
 * here does no harm, and a fleet that runs at ten times the speed ages ten times as fast. Pure: `wall` (ms on any steady
 * clock) is an argument.
 */
export interface ServerClock {
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly server: number;
  readonly wall: number;
}

/** Long enough that a message late by 100 ms bends the rate by less than 1 %. */
const WINDOW_MS = 20_000;
/** Below this the rate is noise, and taken as 1. */
const SETTLED_MS = 4_000;
/** A rate this near to 1 is 1. */
const SAME_SPEED = 0.03;

export const UNSET_CLOCK: ServerClock = { samples: [] };

/** The clock after a message with the server's time `server` arrived at `wall`; a step back starts it anew. */
export function observe(clock: ServerClock, server: number, wall: number): ServerClock {
  const sample = { server, wall };
  const last = clock.samples.at(-1);
  if (last === undefined || server < last.server) return { samples: [sample] };
  const recent = clock.samples.filter((old) => wall - old.wall <= WINDOW_MS);
  return { samples: thinned(recent, sample) };
}

/** Keep at most about one sample a second beside the newest. */
function thinned(samples: readonly Sample[], newest: Sample): Sample[] {
  const before = samples.at(-2);
  const crowded = before !== undefined && newest.wall - before.wall < 1_000;
  return [...(crowded ? samples.slice(0, -1) : samples), newest];
}

/** How fast the server's clock runs against ours. */
export function rateOf(clock: ServerClock): number {
  const [first] = clock.samples;
  const last = clock.samples.at(-1);
  if (first === undefined || last === undefined || last.wall - first.wall < SETTLED_MS) return 1;
  const rate = (last.server - first.server) / (last.wall - first.wall);
  return Math.abs(rate - 1) < SAME_SPEED ? 1 : rate;
}

/** The server's time at `wall`, Unix ms; null before the first message. */
export function serverNow(clock: ServerClock, wall: number): number | null {
  const last = clock.samples.at(-1);
  return last === undefined ? null : last.server + (wall - last.wall) * rateOf(clock);
}

/** The server's time in the newest message, Unix ms. */
export function lastHeard(clock: ServerClock): number | null {
  return clock.samples.at(-1)?.server ?? null;
}
