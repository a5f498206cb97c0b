import { describe, expect, it } from "vitest";
import { decodeFound, searchUrl, tellFound, type Found } from "../../src/search/found";
import { eta, TEN } from "../routes-made";

const FOUND: Found = {
  fleet: "main", route: "R-1", date: "2026-11-24", vehicle: "van-1", stop: "s7", order: "A-7", label: "pending", execution: "pending",
  outcome: "none", timeliness: "on_time", tracking_url: "https://x.example/t/1",
};
const tell = (change: Partial<Found>): ReturnType<typeof tellFound> => tellFound({ ...FOUND, ...change }, "Europe/Helsinki", TEN + 90_000);

describe("what is said of an order", () => {
  it("is when, how sure, and how many come first", () => {
    expect(tell({ eta: eta(30), stops_remaining: 4 })).toEqual({
      state: "Pending", late: "", expected: "Expected 10:25–10:35", age: "data 1 min old", before: "3 deliveries before it",
    });
  });

  it("counts only the deliveries before it", () => {
    expect(tell({ stops_remaining: 1, execution: "en_route", label: "on_track" })).toMatchObject({
      state: "On track: on its way there", before: "Next to be served",
    });
    expect(tell({ stops_remaining: 2 }).before).toBe("1 delivery before it");
  });

  it("is no longer a forecast once the van is there", () => {
    expect(tell({ execution: "arrived", label: "on_track", eta: eta(0), stops_remaining: 1 })).toMatchObject({ expected: "", age: "", before: "" });
  });

  it("keeps apart what a person said and what the van did", () => {
    expect(tell({ execution: "departed", outcome: "succeeded", label: "completed" }).state).toBe("Delivered");
    expect(tell({ execution: "departed", outcome: "failed", label: "incident" }).state).toBe("Failed");
    expect(tell({ execution: "departed", label: "completed" }).state).toBe("Completed: unconfirmed (the vehicle was there, nobody said what came of it)");
    expect(tell({ execution: "skipped", label: "incident" }).state).toBe("Incident: skipped");
  });

  it("has lateness as a mark beside the state", () => {
    expect(tell({ timeliness: "at_risk" })).toMatchObject({ state: "Pending", late: "At risk" });
    expect(tell({ timeliness: "unknown" }).late).toBe("");
  });
});

it("leaves out what is no stop", () => {
  expect(decodeFound({ found: [{ ...FOUND, eta: { p10: 1 }, recipient: null }, { ...FOUND, label: "lost" }, null, "x"] })).toEqual([FOUND]);
  expect(decodeFound(null)).toEqual([]);
});

it("asks for any text", () => {
  expect(searchUrl("A-1 & Müller")).toBe("/api/v1/search?q=A-1+%26+M%C3%BCller");
});
