import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const CSS = readFileSync(new URL("../../src/styles/theme.css", import.meta.url), "utf8");
const [day = "", night = ""] = CSS.split("@media (prefers-color-scheme: dark)");

function colours(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [name, value]));
}

const DAY = colours(day);
const THEMES = { day: DAY, night: new Map([...DAY, ...colours(night)]) };

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

const TEXT: [string, string][] = [
  ...["surface", "hover", "chosen", "ground", "raised"].flatMap((ground): [string, string][] => [["ink", ground], ["muted", ground]]),
  ["stale", "surface"], ["stale", "chosen"], ["silent", "surface"], ["silent", "chosen"], ["moving", "surface"],
  ...["pending", "on-track", "completed", "incident", "watch"].flatMap((ink): [string, string][] => [[ink, "surface"], [ink, "chosen"], [ink, "raised"]]),
  ["stopped", "surface"], ["problem", "surface"], ["problem", "raised"], ["on-alarm", "alarm"], ["on-accent", "accent"],
];

describe.each(Object.entries(THEMES))("by %s", (_, theme) => {
  it.each(TEXT)("%s on %s can be read by everyone (AA)", (ink, ground) => {
    expect(contrast(theme.get(ink) ?? "#ffffff", theme.get(ground) ?? "#ffffff")).toBeGreaterThanOrEqual(4.5);
  });
});
