/** How long to wait before the next question. Pure. */

const EVERY_MS = 10_000;
/** Pages that were opened by one message do not ask in one moment. */
const JITTER = 0.5;
/** Who cannot be reached is asked ever less often, up to this. */
const LONGEST_MS = 120_000;

/** `failures` in a row; `chance` from 0 to 1. */
export function delayMs(failures: number, chance: number): number {
  const base = Math.min(EVERY_MS * 2 ** Math.min(failures, 10), LONGEST_MS);
  return Math.round(base * (1 + JITTER * chance));
}
