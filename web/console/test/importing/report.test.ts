import { describe, expect, it } from "vitest";
import { countOutcomes, decodeReport, formatOf, importUrl, MAX_BYTES, problemOf, type Wish } from "../../src/importing/report";

const WISH: Wish = { format: "csv", date: "2026-11-24", zone: "Europe/Helsinki", vehicle: "", mapping: new Map([["Kunde", "recipient"], ["X", ""]]), acceptDoubtful: false };

describe("what is asked of a file", () => {
  it("is a preview with the columns as chosen; an empty field leaves one out", () => {
    expect(importUrl(WISH, true)).toBe("/api/v1/routes?format=csv&date=2026-11-24&zone=Europe%2FHelsinki&dry_run=1&map.Kunde=recipient&map.X=");
  });

  it("knows no columns of JSON, and takes doubts only when told", () => {
    expect(importUrl({ ...WISH, format: "json", acceptDoubtful: true }, false)).toBe(
      "/api/v1/routes?format=json&date=2026-11-24&zone=Europe%2FHelsinki&accept_doubtful=1",
    );
  });
});

it.each([
  ["day.csv", "order,lat", "csv"], ["day.txt", "order;lat", "csv"], ["day.json", '{"routes": [', "json"],
  ["plan", ' \n{"routes": [{"date"', "json"], ["out.json", '{"code":0,"summary":{"cost":1}', "vroom"], ["x", '\uFEFF{"solution": {', "vroom"],
])("takes %s that begins with %s as %s", (name, beginning, format) => {
  expect(formatOf(name, beginning)).toBe(format);
});

it("refuses before it is sent what the gateway would refuse unread", () => {
  expect([0, 1, MAX_BYTES, MAX_BYTES + 1].map(problemOf)).toEqual(["empty", "none", "none", "too_large"]);
});

describe("a report", () => {
  it("is read with lists where there are none", () => {
    const route = { route: "R", version: 1, outcome: "new", stops: 2, vehicle: "v", date: "2026-11-24" };
    const report = decodeReport({ outcome: "preview", routes: [route, { ...route, outcome: "unchanged" }] });
    expect(report).toMatchObject({ outcome: "preview", faults: [], doubtful: [], mapping: [], notes: [] });
    expect(report === null ? null : countOutcomes(report)).toEqual({ new: 1, changed: 0, unchanged: 1 });
  });

  it("has an outcome", () => {
    expect(decodeReport({ routes: [] })).toBeNull();
    expect(decodeReport(null)).toBeNull();
  });
});
