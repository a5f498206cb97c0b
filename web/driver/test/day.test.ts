import { expect, test } from "vitest";
import { allSeen, changesSince, moved, withNewRoutes } from "../src/day/changes";
import { decodeDay } from "../src/day/decode";
import { isFollowed, type VansTracker } from "../src/day/model";
import { optimistic } from "../src/day/optimistic";
import { ordered, progress } from "../src/day/order";
import { day, proof, route, stop, tap } from "./made";

const names = (placed: readonly { stop: { stop: string } }[]): string[] => placed.map(({ stop }) => stop.stop);

test("a day is read with what fits; what does not is left out", () => {
  const whole = stop(1);
  const read = decodeDay({ ...day([]), shift: { vehicle: "van", begin: 1, end: 2 }, routes: [{ ...route([whole]), stops: [whole, { stop: "s2" }, null], left: ["s1", 7] }, "no"] });
  expect(read?.routes.map(({ stops, left }) => [names(stops.map((one) => ({ stop: one }))), left])).toEqual([[["s1"], ["s1"]]]);
  expect(read?.shift?.end).toBe(2);
  expect(decodeDay({ now: 1 })).toBeNull();
  expect(decodeDay("<html>")).toBeNull();
});

test("what was tapped shows at once, what was refused does not", () => {
  const shown = optimistic(day([route([stop(1), stop(2), stop(3)])]), [
    tap(1, { left_with: "locker" }), tap(2, { said: "failed", reason: "closed" }), tap(3, { state: "refused" }), proof(3),
  ]);
  const [one, two, three] = shown.routes[0]?.stops ?? [];
  expect([one?.outcome, one?.left_with, two?.outcome, two?.failure]).toEqual(["succeeded", "locker", "failed", "closed"]);
  expect([three?.outcome, three?.proofs]).toEqual(["none", 1]);
});

test("a word that is taken back leaves nothing of itself", () => {
  const said = stop(1, { outcome: "failed", failure: "absent", said: 5 });
  const [one] = optimistic(day([route([said])]), [tap(1, { said: "undone" })]).routes[0]?.stops ?? [];
  expect(one).toEqual(stop(1));
});

test("the newest word of a stop counts", () => {
  const [one] = optimistic(day([route([stop(1)])]), [tap(9, { stop: "s1", said: "failed" }), tap(1)]).routes[0]?.stops ?? [];
  expect(one?.outcome).toBe("failed");
});

test("the next stop is the one that the gateway expects, not the one that was planned", () => {
  const { ahead } = ordered(day([route([stop(1), stop(2), stop(3)], { left: ["s3", "s1"] })]));
  expect(names(ahead)).toEqual(["s3", "s1", "s2"]);
});

test("stops that were left without a word wait apart; what is over comes newest first", () => {
  const stops = [stop(1, { outcome: "succeeded", said: 5 }), stop(2, { execution: "departed" }), stop(3, { outcome: "failed", said: 9 }), stop(4, { execution: "cancelled" }), stop(5)];
  const { unsaid, ahead, over } = ordered(day([route(stops)]));
  expect([names(unsaid), names(ahead), names(over)]).toEqual([["s2"], ["s5"], ["s3", "s1", "s4"]]);
  expect(progress(day([route(stops)]))).toEqual({ done: 2, all: 4 });
});

test("the route under way comes first, a withdrawn one not at all", () => {
  const of = (name: string, phase: string, start: number): ReturnType<typeof route> => route([stop(1)], { route: name, phase, start });
  const { ahead } = ordered(day([of("late", "planned", 9), of("now", "under_way", 5), of("gone", "withdrawn", 0), of("early", "planned", 1)]));
  expect(ahead.map(({ route }) => route.route)).toEqual(["now", "early", "late"]);
});

test("nothing is a change on the first look; later, what is new, gone or other is", () => {
  const first = day([route([stop(1), stop(2), stop(3)])]);
  const seen = withNewRoutes(first, {});
  expect(changesSince(first, seen)).toEqual([]);
  const later = day([route([stop(1, { notes: "Ring" }), stop(2, { execution: "cancelled" }), stop(3, { window_end: 7, lat: 61 }), stop(4)])]);
  expect(changesSince(later, seen).map(({ stop, changes }) => [stop, changes])).toEqual([
    ["s1", ["notes"]], ["s2", ["cancelled"]], ["s3", ["address", "window"]], ["s4", ["new"]],
  ]);
  expect(changesSince(later, allSeen(later))).toEqual([]);
});

test("what was seen stays seen until it is read anew; a route that is gone is forgotten", () => {
  const first = day([route([stop(1)])]);
  const later = day([route([stop(1, { notes: "Ring" })]), route([stop(1)], { route: "r2" })]);
  const seen = withNewRoutes(later, withNewRoutes(first, {}));
  expect(changesSince(later, seen).map(({ route, changes }) => [route, changes])).toEqual([["r1", ["notes"]]]);
  expect(Object.keys(withNewRoutes(day([]), seen))).toEqual([]);
});

test("an ETA, an arrival or a served stop is no change of the plan", () => {
  const seen = allSeen(day([route([stop(1), stop(2)])]));
  const later = day([route([stop(1, { outcome: "succeeded", notes: "Ring" }), stop(2, { execution: "arrived", eta: { p10: 1, p50: 2, p90: 3 } })])]);
  expect(changesSince(later, seen)).toEqual([]);
});

test("a stop that was moved is marked, not all that it passed", () => {
  expect([...moved(["a", "b", "c", "d"], ["d", "a", "b", "c"])]).toEqual(["d"]);
  expect([...moved(["a", "b", "c"], ["a", "x", "c"])]).toEqual([]);
  expect([...moved([], ["a"])]).toEqual([]);
});

test.each<[string, boolean | null, readonly VansTracker[], boolean]>([
  ["no tracker: the phone is one", null, ["none"], true],
  ["a tracker that works: nobody is followed twice", null, ["reports"], false],
  ["any round of the van says so", null, ["none", "reports"], false],
  ["a tracker that fell silent: the phone steps in", null, ["silent"], true],
  ["a driver who wants to", true, ["reports"], true],
  ["a driver who does not", false, ["silent"], false],
])("%s", (_, chosen, trackers, followed) => {
  const routes = trackers.map((tracker, index) => route([stop(1)], { route: `r${index}`, tracker }));
  const shift = { vehicle: "van-1", begin: 0, end: 9_000_000 };
  const other = route([stop(2)], { route: "other", vehicle: "van-2", tracker: "reports" });
  expect(isFollowed({ ...day([...routes, other]), shift }, chosen)).toBe(followed);
});

test("a day that says nothing of a tracker has none", () => {
  const { tracker, ...without } = route([stop(1)], { tracker: "reports" });
  expect(decodeDay({ ...day([]), routes: [without] })?.routes[0]?.tracker).toBe("none");
  expect(decodeDay({ ...day([]), routes: [{ ...without, tracker }] })?.routes[0]?.tracker).toBe("reports");
});
