import type { GeoJSON } from "geojson";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SourceFeed } from "../../src/map/source-feed";

const data = (name: string): GeoJSON => ({ type: "FeatureCollection", features: [], bbox: [name.length, 0, 0, 0] });

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

it("hands over one thing at a time, and of what came meanwhile only the newest", async () => {
  const taken: GeoJSON[] = [];
  let finish: () => void = () => undefined;
  const source = {
    setData: (given: GeoJSON): Promise<void> => {
      taken.push(given);
      return new Promise((resolve) => { finish = resolve; });
    },
  };
  const feed = new SourceFeed(() => source);
  const [first, second, third] = [data("1"), data("22"), data("333")];
  feed.show(first);
  feed.show(second);
  feed.show(third);
  await vi.advanceTimersByTimeAsync(40);
  finish();
  await vi.advanceTimersByTimeAsync(79); // rests twice as long as the update took
  expect(taken).toEqual([first]);
  await vi.advanceTimersByTimeAsync(1);
  expect(taken).toEqual([first, third]);
});

it("keeps the newest for a source that is made later", () => {
  const feed = new SourceFeed(() => undefined);
  feed.show(data("later"));
  expect(feed.restart()).toEqual(data("later"));
});

it("does not wait for a source that went away with its style", () => {
  const taken: GeoJSON[] = [];
  const setData = (given: GeoJSON): Promise<void> => {
    taken.push(given);
    return new Promise(() => undefined);
  };
  const feed = new SourceFeed(() => ({ setData }));
  feed.show(data("old"));
  feed.restart();
  feed.show(data("newer"));
  expect(taken).toEqual([data("old"), data("newer")]);
});
