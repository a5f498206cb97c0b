import { describe, expect, it } from "vitest";
import type { TrackPoint, Vehicle } from "../../src/api/model";
import { serverNow } from "../../src/store/clock";
import { initialState, reduce, selectedVehicle, type Action, type State } from "../../src/store/state";
import { DEFAULT_VIEW } from "../../src/store/view";
import { vehicle } from "../fleet";

const HOUR = 3_600_000;

function after(...actions: Action[]): State {
  return actions.reduce(reduce, initialState(DEFAULT_VIEW));
}

const snapshot = (now: number, ...vehicles: Vehicle[]): Action => ({
  kind: "heard", message: { kind: "snapshot", now, vehicles, routes: null }, wall: 0,
});
const changed = (now: number, ...vehicles: Vehicle[]): Action => ({
  kind: "heard", message: { kind: "vehicles", now, vehicles }, wall: 1,
});
const lost: Action = { kind: "lost", reason: "ended", retryAt: 500 };

describe("the fleet", () => {
  it("is not known before the first snapshot", () => {
    expect(after().vehicles).toBeNull();
    expect(after(snapshot(1)).vehicles?.size).toBe(0);
  });

  it("is what the newest snapshot says, with what changed since", () => {
    const state = after(
      snapshot(1, vehicle("van-1"), vehicle("van-2")),
      snapshot(2, vehicle("van-2"), vehicle("van-3")),
      changed(3, vehicle("van-3", { speed: 9 }), vehicle("van-4")),
    );
    expect([...(state.vehicles?.keys() ?? [])]).toEqual(["main/van-2", "main/van-3", "main/van-4"]);
    expect(state.vehicles?.get("main/van-3")?.speed).toBe(9);
  });

  it("tells two fleets' vehicles of one name apart", () => {
    expect(after(snapshot(1, vehicle("van-1"), vehicle("van-1", { fleet: "north" }))).vehicles?.size).toBe(2);
  });
});

describe("the link", () => {
  it("is live with a snapshot, not with a heartbeat", () => {
    const heartbeat: Action = { kind: "heard", message: { kind: "heartbeat", now: 5 }, wall: 0 };
    expect(after(heartbeat).link.phase).toBe("connecting");
    expect(after(heartbeat, snapshot(6)).link.phase).toBe("live");
  });

  it("keeps the vehicles while it is lost", () => {
    const state = after(snapshot(1, vehicle("van-1")), lost);
    expect(state.link).toEqual({ phase: "lost", reason: "ended", retryAt: 500 });
    expect(state.vehicles?.size).toBe(1);
    expect(reduce(state, snapshot(9)).link.phase).toBe("live");
  });

  it("follows the server's clock", () => {
    expect(serverNow(after(snapshot(7_000)).clock, 1_000)).toBe(8_000);
  });

  it("waits for the snapshot after a resync", () => {
    const state = after(snapshot(1, vehicle("van-1")));
    expect(reduce(state, { kind: "heard", message: { kind: "resync" }, wall: 5 })).toBe(state);
  });
});

describe("the track", () => {
  const at = (time: number): TrackPoint => ({ time, lat: 60.17, lon: 24.94 });
  const loaded: Action = {
    kind: "track", track: { phase: "loaded", key: "main/van-1", hours: 1, points: [at(0), at(60_000)], tail: "joined" },
  };
  const times = (state: State): number[] => (state.track.phase === "loaded" ? state.track.points.map(({ time }) => time) : []);

  it("grows with its vehicle's newer positions only", () => {
    const state = after(
      snapshot(60_000),
      loaded,
      changed(61_000, vehicle("van-1", { time: 61_000 })),
      changed(62_000, vehicle("van-2", { time: 62_000 })),
      changed(63_000, vehicle("van-1", { time: 61_000 })),
    );
    expect(times(state)).toEqual([0, 60_000, 61_000]);
  });

  it("is not drawn straight to where a backlog's newest position is", () => {
    const state = after(snapshot(60_000), loaded, changed(61_000, vehicle("van-1", { time: 61_000, lat: 60.18 })));
    expect(times(state)).toEqual([0, 60_000]);
    expect(state.track).toMatchObject({ tail: "leapt" });
  });

  it("is not taken for empty because the store was behind the stream", () => {
    const empty: Action = { kind: "track", track: { phase: "loaded", key: "main/van-1", hours: 1, points: [], tail: "joined" } };
    const state = after(snapshot(60_000), empty, changed(61_000, vehicle("van-1", { time: 61_000 })));
    expect(state.track).toMatchObject({ points: [], tail: "leapt" });
  });

  it("forgets what is older than its hours", () => {
    const state = after(snapshot(60_000), loaded, changed(HOUR + 30_000, vehicle("van-1", { time: HOUR + 29_000 })));
    expect(times(state)).toEqual([60_000, HOUR + 29_000]);
  });
});

it("knows the selected vehicle once it has reported", () => {
  const selected: Action = { kind: "view", change: { selected: "main/van-1" } };
  expect(selectedVehicle(after(selected))).toBeNull();
  expect(selectedVehicle(after(selected, snapshot(1, vehicle("van-1"))))?.vehicle).toBe("van-1");
});
