// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Poll, type PollListener } from "../src/poll";

const STATE = { tone: "calm", step: 2, title: "t", texts: { headline: "10:00" } };
const listener = { changed: vi.fn(), reached: vi.fn(), missed: vi.fn(), ended: vi.fn() } satisfies PollListener;
const fetched = vi.fn<typeof fetch>();
let poll: Poll;

function answer(status: number, body?: unknown): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { ETag: '"e"' } });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  vi.stubGlobal("fetch", fetched);
  poll = new Poll("/t/x/state", listener);
});

afterEach(() => {
  poll.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function settle(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

test("asks again with what it has, and tells only of changes", async () => {
  fetched.mockResolvedValueOnce(answer(200, STATE)).mockResolvedValue(answer(304));
  poll.now();
  await settle();
  expect(listener.changed).toHaveBeenCalledTimes(1);
  await settle(15_000);
  expect(fetched.mock.calls[1]?.[1]?.headers).toEqual({ "If-None-Match": '"e"' });
  expect(listener.changed).toHaveBeenCalledTimes(1);
  expect(listener.reached).toHaveBeenCalledTimes(2);
});

test("backs off from who does not answer, and counts it", async () => {
  fetched.mockRejectedValueOnce(new Error("no network")).mockResolvedValueOnce(answer(503)).mockResolvedValue(answer(200, {}));
  poll.now();
  await settle();
  await settle(19_000);
  expect(fetched).toHaveBeenCalledTimes(1);
  await settle(11_000);
  await settle(60_000);
  expect(listener.missed.mock.calls).toEqual([[1], [2], [3]]);
});

test("ends with the link", async () => {
  fetched.mockResolvedValue(answer(404));
  poll.now();
  await settle();
  await settle(600_000);
  expect(listener.ended).toHaveBeenCalledTimes(1);
  expect(fetched).toHaveBeenCalledTimes(1);
});

test("asks nothing while nobody looks", async () => {
  fetched.mockResolvedValue(answer(304));
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  poll.now();
  await settle();
  await settle(600_000);
  expect(fetched).toHaveBeenCalledTimes(1);
});
