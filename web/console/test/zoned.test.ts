import { expect, it } from "vitest";
import { clockTime, clockWindow, zonedTime, zoneDiffers } from "../src/zoned";
import { TEN } from "./routes-made";

const HOUR = 3_600_000;

it("tells times in the route's zone, whatever the browser's", () => {
  expect(clockTime(TEN, "Europe/Helsinki")).toBe("10:00");
  expect(clockTime(TEN, "Asia/Kolkata")).toBe("13:30");
  expect(clockWindow(TEN, TEN + HOUR, "Europe/Helsinki")).toBe("10:00–11:00");
});

it("adds the day where it is another", () => {
  expect(zonedTime(TEN - 24 * HOUR, "Europe/Helsinki", TEN)).toBe("23 Nov 10:00");
  expect(zonedTime(TEN, "Europe/Helsinki", TEN + HOUR)).toBe("10:00");
});

it("knows that midnight is 00:00, and the night of the clock change", () => {
  expect(clockTime(Date.UTC(2026, 10, 23, 22), "Europe/Helsinki")).toBe("00:00");
  const before = Date.UTC(2026, 9, 25, 0, 30);
  expect([before, before + HOUR].map((time) => clockTime(time, "Europe/Helsinki"))).toEqual(["03:30", "03:30"]);
});

it("says whether the clocks here differ, by offset and not by name", () => {
  expect(zoneDiffers("Europe/Helsinki", "Europe/Berlin", TEN)).toBe(true);
  expect(zoneDiffers("Europe/Helsinki", "Europe/Kyiv", TEN)).toBe(false);
  expect(zoneDiffers("Europe/London", "UTC", TEN)).toBe(false);
  expect(zoneDiffers("Europe/London", "UTC", Date.UTC(2026, 6, 1))).toBe(true);
});

it("goes on with a zone that the browser does not know", () => {
  expect(clockTime(TEN, "Mars/Olympus")).toMatch(/^\d\d:\d\d$/);
});
