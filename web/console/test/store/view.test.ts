import { describe, expect, it } from "vitest";
import { DEFAULT_VIEW, queryFromView, sortedBy, viewFromQuery, type View } from "../../src/store/view";

describe("the view in the address", () => {
  it("is empty by default", () => {
    expect(queryFromView(DEFAULT_VIEW)).toBe("");
    expect(viewFromQuery("")).toEqual(DEFAULT_VIEW);
  });

  it("comes back as it was", () => {
    const view: View = {
      query: "van & ü #7", state: "silent", sort: "speed", order: "descending", selected: "main/van-7", hours: 12, follow: true,
      tab: "routes", label: "incident", lateness: "late", phase: "under_way", routeSort: "delay", routeOrder: "ascending",
      route: "main/R-7", stops: "delay", stop: "north 14", at: Date.UTC(2026, 10, 24, 10, 42),
    };
    const query = queryFromView(view);
    expect(query).toContain("vehicle=main/van-7");
    expect(viewFromQuery(query)).toEqual(view);
  });

  it("keeps an order against the default column's", () => {
    const view: View = { ...DEFAULT_VIEW, order: "descending" };
    expect(viewFromQuery(queryFromView(view))).toEqual(view);
  });

  it.each(["?state=parked", "?sort=colour", "?hours=7", "?vehicle=../../etc", "?vehicle=van-7", "?follow=yes", "?vehicle=a/b/c"])(
    "passes over what it does not know: %s",
    (query) => {
      expect(viewFromQuery(query)).toEqual(DEFAULT_VIEW);
    },
  );

  it("cuts an endless search", () => {
    expect(viewFromQuery(`?q=${"x".repeat(5_000)}`).query).toHaveLength(100);
  });
});

describe("a press on a column", () => {
  it("sorts by it, the fastest first", () => {
    expect(sortedBy(DEFAULT_VIEW, "speed")).toMatchObject({ sort: "speed", order: "descending" });
    expect(sortedBy(DEFAULT_VIEW, "age")).toMatchObject({ sort: "age", order: "ascending" });
  });

  it("turns the order round the second time", () => {
    expect(sortedBy(sortedBy(DEFAULT_VIEW, "speed"), "speed")).toMatchObject({ sort: "speed", order: "ascending" });
  });
});
