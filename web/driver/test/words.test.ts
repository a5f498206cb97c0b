import { expect, test } from "vitest";
import { randomId } from "../src/random";
import { stringsFor } from "../src/strings";
import { addressLines, isLate, navigateLink, telephone, windowOf } from "../src/view/format";
import { scaled } from "../src/view/picture";
import { route, stop } from "./made";

const placed = (changes: Parameters<typeof stop>[1]): { route: ReturnType<typeof route>; stop: ReturnType<typeof stop> } => ({ route: route([]), stop: stop(1, changes) });

test("the page speaks the first of the phone's languages that it knows", () => {
  expect(stringsFor(["fi-FI", "es-MX", "en"]).locale).toBe("es");
  expect(stringsFor(["fi"]).locale).toBe("en-GB");
});

test("navigation opens the phone's own map application at the place", () => {
  const door = { lat: 60.17, lon: 24.94, address: "Katu 1 (yard)" };
  expect(navigateLink("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)", door)).toBe("https://maps.apple.com/?daddr=60.17,24.94&dirflg=d");
  expect(navigateLink("Mozilla/5.0 (Linux; Android 15)", door)).toBe("geo:60.17,24.94?q=60.17,24.94(Katu%201%20 yard )");
});

test("a phone number is dialled without what people write into it", () => {
  expect(telephone("+358 (0)40-123")).toBe("tel:+358040123");
});

test("an address has a street and the rest, or says that it is not there", () => {
  expect(addressLines("Katu 1, 00100, Helsinki")).toEqual(["Katu 1", "00100, Helsinki"]);
  expect(addressLines(undefined)[0]).not.toBe("");
});

test("a stop is late by what is expected, if something was promised", () => {
  expect(isLate(placed({ window_end: 59_999 }))).toBe(true);
  expect(isLate(placed({ window_end: 60_000 }))).toBe(false);
  expect(isLate(placed({ window_end: 99_000, eta: { p10: 0, p50: 99_001, p90: 0 } }))).toBe(true);
  expect(isLate(placed({}))).toBe(false);
});

test("a window is shown where the route is", () => {
  const { stop: door } = placed({ window_start: 0, window_end: 3_600_000 });
  expect(windowOf({ route: route([], { zone: "Europe/Helsinki" }), stop: door })).toMatch(/^02:00 . 03:00$/);
});

test("a photo is made smaller, never larger", () => {
  expect(scaled(4_000, 3_000)).toEqual([1_600, 1_200]);
  expect(scaled(800, 600)).toEqual([800, 600]);
  expect(scaled(1, 9_000)).toEqual([1, 1_600]);
});

test("ids are UUIDs, and no two are alike", () => {
  const ids = Array.from({ length: 100 }, randomId);
  expect(new Set(ids).size).toBe(100);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
