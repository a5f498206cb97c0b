import { expect, it } from "vitest";
import { rowWindow, scrollToShow } from "../../src/list/window";

it("draws what is visible and a little more", () => {
  expect(rowWindow(0, 400, 40, 1_000)).toEqual({ first: 0, end: 16 });
  expect(rowWindow(4_010, 400, 40, 1_000)).toEqual({ first: 94, end: 117 });
});

it("never draws what is not there", () => {
  expect(rowWindow(0, 400, 40, 3)).toEqual({ first: 0, end: 3 });
  expect(rowWindow(39_900, 400, 40, 1_000).end).toBe(1_000);
  expect(rowWindow(9_000, 400, 40, 5)).toEqual({ first: 5, end: 5 }); // filtered while scrolled down
});

it("scrolls no further than it must", () => {
  expect(scrollToShow(5, 0, 400, 40)).toBe(0);
  expect(scrollToShow(12, 0, 400, 40)).toBe(120);
  expect(scrollToShow(2, 500, 400, 40)).toBe(80);
});
