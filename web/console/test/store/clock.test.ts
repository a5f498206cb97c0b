import { describe, expect, it } from "vitest";
import { lastHeard, observe, rateOf, serverNow, UNSET_CLOCK, type ServerClock } from "../../src/store/clock";

/** A clock that heard from the server every `every` ms for `span` ms, the server running `rate` times as fast. */
function heard(rate: number, span: number, every = 500): ServerClock {
  let clock = UNSET_CLOCK;
  for (let wall = 0; wall <= span; wall += every) clock = observe(clock, 1_000_000 + wall * rate, wall);
  return clock;
}

describe("the server's clock", () => {
  it("is unknown at first", () => {
    expect(serverNow(UNSET_CLOCK, 10)).toBeNull();
    expect(lastHeard(UNSET_CLOCK)).toBeNull();
  });

  it("goes on from the last message, however wrong ours is", () => {
    const clock = observe(UNSET_CLOCK, 1_700_000_000_000, 50);
    expect(serverNow(clock, 1_050)).toBe(1_700_000_001_000);
    expect(lastHeard(clock)).toBe(1_700_000_000_000);
  });

  it.each([1, 10, 60, 0.5])("runs at %i times the speed where the server's does", (rate) => {
    const clock = heard(rate, 30_000);
    expect(rateOf(clock)).toBeCloseTo(rate, 5);
    expect(serverNow(clock, 40_000)).toBeCloseTo(1_000_000 + 40_000 * rate, 0);
  });

  it("takes the jitter of messages for no change of speed", () => {
    let clock = heard(1, 10_000);
    clock = observe(clock, 1_000_000 + 10_400, 10_500);
    expect(rateOf(clock)).toBe(1);
  });

  it("starts anew when the server's clock was set back", () => {
    const clock = observe(heard(10, 10_000), 5_000, 11_000);
    expect(serverNow(clock, 12_000)).toBe(6_000);
  });

  it("remembers about one message a second of the last twenty, however many there are", () => {
    expect(heard(1, 120_000, 20).samples.length).toBeLessThanOrEqual(42);
  });
});
