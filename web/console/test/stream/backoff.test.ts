import { expect, it } from "vitest";
import { retryDelay } from "../../src/stream/backoff";

it("doubles from a second to half a minute", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 1_000].map((attempt) => retryDelay(attempt, 1));
  expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

it("leaves half of it to chance", () => {
  expect([0, 0.5, 1].map((chance) => retryDelay(2, chance))).toEqual([2_000, 3_000, 4_000]);
});
