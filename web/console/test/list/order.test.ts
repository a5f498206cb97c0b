import { describe, expect, it } from "vitest";
import type { Vehicle } from "../../src/api/model";
import { arrange, countStates, matchesQuery } from "../../src/list/order";
import { DEFAULT_VIEW, type View } from "../../src/store/view";
import { vehicle } from "../fleet";

const FLEET: Vehicle[] = [
  vehicle("van-10", { speed: 3, time: 30, state: "stopped" }),
  vehicle("van-2", { speed: 12, time: 10, state: "silent" }),
  vehicle("Van-1", { time: 20 }),
  vehicle("lorry", { speed: 12, time: 20, source: "owntracks", fleet: "north" }),
];

const names = (change: Partial<View>): string[] =>
  arrange(FLEET, { ...DEFAULT_VIEW, ...change }).map((shown) => shown.vehicle);

describe("the list's order", () => {
  it("counts the numbers in names", () => {
    expect(names({})).toEqual(["lorry", "Van-1", "van-2", "van-10"]);
    expect(names({ order: "descending" })).toEqual(["van-10", "van-2", "Van-1", "lorry"]);
  });

  it.each<[View["sort"], View["order"], string[]]>([
    ["speed", "descending", ["lorry", "van-2", "van-10", "Van-1"]],
    ["speed", "ascending", ["Van-1", "van-10", "lorry", "van-2"]],
    ["age", "ascending", ["van-10", "lorry", "Van-1", "van-2"]],
    ["age", "descending", ["van-2", "lorry", "Van-1", "van-10"]],
    ["state", "ascending", ["lorry", "Van-1", "van-10", "van-2"]],
  ])("by %s, %s; equals by name, the unknown slowest", (sort, order, expected) => {
    expect(names({ sort, order })).toEqual(expected);
  });
});

describe("the list's filters", () => {
  it.each([["van", 3], ["VAN 1", 2], ["north", 1], ["owntracks lorry", 1], ["", 4], ["  ", 4], ["bus", 0]])(
    "find %j in name, fleet and source",
    (query, count) => {
      expect(FLEET.filter((candidate) => matchesQuery(candidate, query))).toHaveLength(count);
    },
  );

  it("take one state and a search together", () => {
    expect(names({ state: "moving", query: "van" })).toEqual(["Van-1"]);
  });

  it("count each state", () => {
    expect(countStates(FLEET)).toEqual({ moving: 2, stopped: 1, silent: 1 });
  });

  it("arrange a thousand vehicles well within a frame", () => {
    const many = Array.from({ length: 1_000 }, (_, index) => vehicle(`van-${(index * 7919) % 1_000}`));
    const start = performance.now();
    for (let times = 0; times < 10; times += 1) arrange(many, { ...DEFAULT_VIEW, sort: "speed" });
    expect((performance.now() - start) / 10).toBeLessThan(50); // a few ms here; wide, for a busy machine
  });
});
