import { expect, test } from "vitest";
import { isAhead, isOver, KEPT_MS } from "../src/store/days";

const NOW = Date.UTC(2026, 10, 24);
const MINUTE = 60_000;

test.each([
  ["two days ago and a minute", NOW - KEPT_MS - MINUTE, true],
  ["two days ago", NOW - KEPT_MS, false],
  ["a minute ago", NOW - MINUTE, false],
])("a day that was fetched %s", (_, fetched, over) => {
  expect(isOver({ fetched }, NOW)).toBe(over);
});

test("a phone that starts in 1970 in mid-route keeps the day", () => {
  expect(isOver({ fetched: NOW - MINUTE }, 86_400_000)).toBe(false);
});

test("a day that a clock far ahead has kept goes once the gateway has said what time it is", () => {
  const fetched = NOW + KEPT_MS + MINUTE;
  expect([isOver({ fetched }, NOW), isAhead({ fetched }, NOW, NOW), isAhead({ fetched: NOW + MINUTE }, NOW, NOW)]).toEqual([false, true, false]);
  expect(isAhead({ fetched }, 86_400_000, NOW)).toBe(false);
});
