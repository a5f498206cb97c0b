import { describe, expect, it } from "vitest";
import type { OpenDeviation } from "../../src/api/route-model";
import { formatDelay, gradeOf, reasonOf } from "../../src/routes/words";
import { eta, MINUTE, route, TEN } from "../routes-made";

const NOW = TEN + 60 * MINUTE;
const since = (minutes: number): number => NOW - minutes * MINUTE;

describe("the one line that says why", () => {
  it.each<[OpenDeviation, string]>([
    [{ kind: "off_route", since: since(6), greatest_m: 2_100 }, "Up to 2.1 km off route for 6 min"],
    [{ kind: "off_route", since: since(6) }, "Off route for 6 min"],
    [{ kind: "tracker_silent", since: since(9) }, "Silent for 9 min"],
    [{ kind: "unplanned_stop", since: since(14) }, "Standing for 14 min where no stop is planned"],
    [{ kind: "window_at_risk", since: since(1), stop: "s14", sequence: 14, lateness_ms: 12 * MINUTE }, "Stop 14 will miss its window by 12 min"],
    [{ kind: "window_at_risk", since: since(1), stop: "s14", sequence: 14 }, "Stop 14 may miss its window"],
    [{ kind: "window_at_risk", since: since(1) }, "A stop may miss its window"],
    [{ kind: "stop_skipped", since: since(1), stop: "s3", sequence: 3 }, "Stop 3 was skipped"],
    [{ kind: "out_of_sequence", since: since(1) }, "Stops are served out of sequence"],
    [{ kind: "done_far_away", since: since(1), sequence: 9, greatest_m: 1_240 }, "Stop 9 said to be done 1.2 km away"],
    [{ kind: "late_start", since: since(20) }, "Started late"],
  ])("tells of %j", (worst, told) => {
    expect(reasonOf(route("R-1", { worst }), NOW)).toBe(told);
  });

  it("finds how late the next stop will be where the deviation does not say", () => {
    const next = { stop: "s4", order: "A", sequence: 4, execution: "en_route", planned_arrival: TEN, window_end: TEN, eta: eta(12) } as const;
    const worst = { kind: "window_at_risk", since: since(1), stop: "s4" } as const;
    expect(reasonOf(route("R-1", { next, worst }), NOW)).toBe("Stop 4 will miss its window by 12 min");
  });

  it("says how far it is from the plan where nothing is wrong", () => {
    expect(reasonOf(route("R-1"), NOW)).toBe("On plan");
    expect(reasonOf(route("R-1", { delay_ms: 12 * MINUTE }), NOW)).toBe("12 min behind plan");
    expect(reasonOf(route("R-1", { delay_ms: -8 * MINUTE }), NOW)).toBe("8 min ahead of plan");
    expect(reasonOf(route("R-1", { counts: { incident: 2 } }), NOW)).toBe("2 stops with an incident");
    expect(reasonOf(route("R-1", { counts: { late: 1 } }), NOW)).toBe("1 stop is late");
  });

  it("gives times of day in the route's zone", () => {
    expect(reasonOf(route("R-1", { phase: "planned" }), NOW)).toBe("Starts at 10:00");
    expect(reasonOf(route("R-1", { phase: "planned", zone: "America/New_York" }), NOW)).toBe("Starts at 03:00");
    expect(reasonOf(route("R-1", { phase: "finished", finished: NOW, counts: { incident: 1 } }), NOW)).toBe("Finished at 11:00, 1 stop with an incident");
  });
});

it("grades by severity, but what is over is over", () => {
  expect(gradeOf(route("R-1", { severity: 90 }))).toBe("bad");
  expect(gradeOf(route("R-1", { severity: 10 }))).toBe("watch");
  expect(gradeOf(route("R-1"))).toBe("fine");
  expect(gradeOf(route("R-1", { phase: "planned" }))).toBe("idle");
  expect(gradeOf(route("R-1", { phase: "finished", severity: 90 }))).toBe("done");
});

it("writes a delay with its sign", () => {
  expect([undefined, 10_000, 45_000, 12 * MINUTE, -3 * MINUTE].map(formatDelay)).toEqual(["", "±0", "+1 min", "+12 min", "−3 min"]);
});
