import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Spool } from "../src/store/spool";
import { Tracker } from "../src/track/tracker";
import type { Uploader, Uploaded } from "../src/track/uploader";

const OFF = { shift: undefined, offset: 0, allowed: true };

beforeEach(() => {
  vi.stubGlobal("document", { addEventListener: () => undefined, visibilityState: "visible" });
  vi.stubGlobal("navigator", {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A tracker, what it asks of its uploader, and the clock that nobody sets. */
function tracked(upload: () => Promise<Uploaded>): { tracker: Tracker; time: { elapsed: number } } {
  const time = { elapsed: 0 };
  const spool = { tally: () => Promise.resolve({ waiting: 3, dropped: 2 }) };
  const tracker = new Tracker(spool as unknown as Spool, { upload } as unknown as Uploader, () => undefined, () => time.elapsed);
  return { tracker, time };
}

test("a phone's clock that is put back does not stop the positions", async () => {
  const upload = vi.fn(() => Promise.resolve<Uploaded>("empty"));
  const { tracker, time } = tracked(upload);
  vi.useFakeTimers({ toFake: ["Date"], now: 10_800_000 });
  await tracker.tick(OFF);
  await new Promise((resolve) => { setImmediate(resolve); }); // the first upload has ended
  vi.setSystemTime(0);
  time.elapsed = 10_000;
  await tracker.tick(OFF);
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(upload).toHaveBeenCalledTimes(2);
});

test("a long backlog of positions holds up nothing else, and is sent once at a time", async () => {
  const upload = vi.fn(() => new Promise<Uploaded>(() => undefined));
  const { tracker, time } = tracked(upload);
  await tracker.tick(OFF);
  time.elapsed = 60_000;
  await tracker.tick(OFF);
  expect(upload).toHaveBeenCalledTimes(1);
});

test("positions that the gateway does not take from this phone are said to be so, until it takes them again", async () => {
  const upload = vi.fn<() => Promise<Uploaded>>().mockResolvedValueOnce("stopped").mockResolvedValueOnce("away").mockResolvedValueOnce("empty");
  const seen: ((position: unknown) => void)[] = [];
  vi.stubGlobal("navigator", { geolocation: { watchPosition: (position: (position: unknown) => void) => seen.push(position), clearWatch: () => undefined } });
  const { tracker, time } = tracked(upload);
  tracker.start();
  const states = [];
  for (time.elapsed = 0; time.elapsed < 600_000; time.elapsed += 200_000) {
    await tracker.tick({ ...OFF, shift: { vehicle: "van", begin: 0, end: Infinity } });
    await new Promise((resolve) => { setImmediate(resolve); });
    seen[0]?.({ coords: { latitude: 60, longitude: 25, accuracy: 900 }, timestamp: 0 });
    states.push(tracker.state);
  }
  expect(states).toEqual(["refused", "refused", "on"]);
  expect(tracker.tally).toEqual({ waiting: 3, dropped: 2 });
});
