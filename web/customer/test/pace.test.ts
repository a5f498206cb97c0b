import { expect, test } from "vitest";
import { delayMs } from "../src/pace";

test("an open page asks every 10 to 15 seconds", () => {
  expect(delayMs(0, 0)).toBe(10_000);
  expect(delayMs(0, 1)).toBe(15_000);
});

test("who cannot be reached is asked ever less often, up to some minutes", () => {
  expect(delayMs(1, 0)).toBe(20_000);
  expect(delayMs(3, 0)).toBe(80_000);
  expect(delayMs(1_000, 0)).toBe(120_000);
  expect(delayMs(1_000, 1)).toBe(180_000);
});
