/** One lost connection is mostly a restart of a second or two; a thousand consoles must not come back as one. */
const FIRST_MS = 1_000;
/** A manager who looks up sees a recovered gateway within half a minute. */
const LONGEST_MS = 30_000;

/**
 * How long to wait before try number `attempt` (from 0): doubled each time, half of it by chance.
 *
 * @param chance a random number in [0, 1)
 */
export function retryDelay(attempt: number, chance: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return whole / 2 + (whole / 2) * chance;
}
