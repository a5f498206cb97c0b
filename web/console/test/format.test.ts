import { describe, expect, it } from "vitest";
import { formatAge, formatDistance, formatHeading, formatSpan, formatSpeed, formatTime } from "../src/format";

describe("spans of time", () => {
  it.each([
    [-5_000, "0 s"],
    [0, "0 s"],
    [999, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_599_999, "59 min"],
    [3_600_000, "1 h 00"],
    [11_100_000, "3 h 05"],
    [86_399_999, "23 h 59"],
    [86_400_000, "1 d 0 h"],
    [187_200_000, "2 d 4 h"],
  ])("%i ms is %s", (ms, expected) => {
    expect(formatSpan(ms)).toBe(expected);
  });

  it("are empty where the time is unknown", () => {
    expect(formatAge(null, 5)).toBe("");
    expect(formatAge(5, undefined)).toBe("");
    expect(formatAge(9_000, 2_000)).toBe("7 s");
  });
});

it.each([[undefined, "–"], [0, "0 km/h"], [13.89, "50 km/h"]])("a speed of %s m/s is %s", (speed, expected) => {
  expect(formatSpeed(speed)).toBe(expected);
});

it.each([[undefined, "–"], [0, "0° N"], [22.6, "23° NE"], [271, "271° W"], [359.6, "0° N"], [338, "338° N"]])(
  "a heading of %s is %s",
  (course, expected) => {
    expect(formatHeading(course)).toBe(expected);
  },
);

it.each([[undefined, "–"], [3.21, "3.2 m"], [999, "999 m"], [1_000, "1.0 km"], [20_123_456, "20123.5 km"]])(
  "%s metres are %s",
  (metres, expected) => {
    expect(formatDistance(metres)).toBe(expected);
  },
);

it("a time of another day has its date", () => {
  const noon = new Date(2026, 10, 24, 12, 0, 5).getTime();
  expect(formatTime(noon, noon + 60_000)).toBe("12:00:05");
  expect(formatTime(noon, noon + 86_400_000)).toBe("24 Nov 12:00:05");
  expect(formatTime(undefined, noon)).toBe("–");
});
