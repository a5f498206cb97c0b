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
  const tracker = new Tracker({} as unknown as Spool, { upload } as unknown as Uploader, () => undefined, () => time.elapsed);
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
