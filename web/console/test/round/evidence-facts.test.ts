import { expect, it } from "vitest";
import { evidenceOf } from "../../src/round/evidence-facts";
import { latenessOf, stateOf, timeOf } from "../../src/round/stop-words";
import { eta, MINUTE, servedStop, stop, TEN } from "../routes-made";

const ZONE = "Europe/Helsinki";

it("tells what happened at a served stop, and by whose word", () => {
  const served = {
    ...servedStop(1, 2, 4), outcome: "succeeded", left_with: "neighbour", nearest_m: 12, served: 3,
    tap: { time: TEN + 17 * MINUTE, by: "driver", distance_m: 1_250 },
  } as const;
  expect(evidenceOf(served, { stop: "s1", order: "A-1", phone: "+358 1" }, ZONE, TEN)).toMatchObject({
    state: "Delivered to a neighbour", planned: "10:10", arrived: "10:12", departed: "10:16", dwell: "4 min (planned 1 min)",
    nearest: "12 m from the stop's place", tap: "10:17 by driver · the vehicle was 1.3 km away", served: "no. 3, planned as no. 1",
    phone: "+358 1",
  });
  expect(evidenceOf(served, undefined, ZONE, TEN)).not.toHaveProperty("eta");
  expect(timeOf(served, ZONE)).toBe("10:12");
});

it("tells what is expected, how old that is and why", () => {
  const facts = evidenceOf(stop(2, { eta: eta(25), stops_remaining: 1 }), undefined, ZONE, TEN + 40_000);
  expect(facts.eta).toBe("10:20–10:30, most likely 10:25 · data 40 s old · on its way");
  expect(facts.remaining).toBe("it is next");
  expect(facts).not.toHaveProperty("arrived");
});

it("says what no tap confirms, and why a delivery failed", () => {
  expect(stateOf(servedStop(1, 0))).toBe("Unconfirmed (the vehicle was there, nobody said what came of it)");
  expect(stateOf(stop(1, { outcome: "failed", failure: "absent" }))).toBe("Failed: recipient absent");
  expect(stateOf(stop(1, { outcome: "failed" }))).toBe("Failed");
});

it("marks lateness beside the label", () => {
  expect(latenessOf(stop(1, { timeliness: "late", lateness_ms: 12 * MINUTE }))).toBe("12 min late");
  expect(latenessOf(stop(1, { timeliness: "late", lateness_ms: 5_000 }))).toBe("Late");
  expect(latenessOf(stop(1, { timeliness: "at_risk", lateness_ms: -MINUTE }))).toBe("At risk");
  expect(latenessOf(stop(1))).toBe("");
});

it("tells what the customer asks, and whether they want messages", () => {
  const person = { stop: "s1", order: "A-1", instructions: "Ring twice", notify: true, language: "es" };
  expect(evidenceOf(stop(1), person, ZONE, TEN)).toMatchObject({ instructions: "Ring twice", messages: "wanted, in es" });
  expect(evidenceOf(stop(1), { stop: "s1", order: "A-1", notify: false }, ZONE, TEN).messages).toBe("not wanted");
  expect(evidenceOf(stop(1), { stop: "s1", order: "A-1" }, ZONE, TEN)).not.toHaveProperty("messages");
});
