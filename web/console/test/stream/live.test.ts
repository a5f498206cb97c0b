import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiClient } from "../../src/api/client";
import { LiveStream, QUIET_MS } from "../../src/stream/live";

/** A gateway whose answers the test writes. */
class Gateway {
  requests = 0;
  status = 200;
  reachable = true;
  authorization = "";
  #body: ReadableStreamDefaultController<Uint8Array> | null = null;

  readonly fetch = (_path: string, init: RequestInit): Promise<Response> => {
    this.requests += 1;
    this.authorization = new Headers(init.headers).get("authorization") ?? "";
    if (!this.reachable) return Promise.reject(new TypeError("Failed to fetch"));
    const body = new ReadableStream<Uint8Array>({ start: (controller) => { this.#body = controller; } });
    init.signal?.addEventListener("abort", () => { this.#fail(new DOMException("aborted", "AbortError")); });
    return Promise.resolve(new Response(body, { status: this.status }));
  };

  say(text: string): void {
    this.#body?.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    this.#body?.close();
    this.#body = null;
  }

  cut(): void {
    this.#fail(new TypeError("network error"));
  }

  #fail(error: Error): void {
    this.#body?.error(error);
    this.#body = null;
  }
}

const SNAPSHOT = 'event: snapshot\ndata: {"now":1,"vehicles":[]}\n\n';

describe("the live stream", () => {
  let gateway: Gateway;
  let stream: LiveStream;
  const listener = { heard: vi.fn(), lost: vi.fn(), unauthorized: vi.fn() };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0);
    gateway = new Gateway();
    vi.stubGlobal("fetch", gateway.fetch);
    stream = new LiveStream(new ApiClient("secret"), listener);
  });

  afterEach(() => {
    stream.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.clearAllMocks();
  });

  const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  it("shows its token and tells what it hears", async () => {
    void stream.run();
    await settle();
    gateway.say(SNAPSHOT);
    await settle();
    expect(gateway.authorization).toBe("Bearer secret");
    expect(listener.heard).toHaveBeenCalledWith({ kind: "snapshot", now: 1, vehicles: [], routes: null });
  });

  it.each([
    ["ended", (): void => { gateway.end(); }],
    ["ended", (): void => { gateway.cut(); }],
    ["garbled", (): void => { gateway.say("event: vehicles\ndata: {\n\n"); }],
  ])("comes back by itself when it was %s", async (reason, harm) => {
    void stream.run();
    await settle();
    gateway.say(SNAPSHOT);
    await settle();
    harm();
    await settle();
    expect(listener.lost).toHaveBeenCalledWith(reason, 500);
    await settle(500);
    expect(gateway.requests).toBe(2);
  });

  it("gives up on a gateway that has gone quiet", async () => {
    void stream.run();
    await settle();
    gateway.say(SNAPSHOT);
    await settle(QUIET_MS - 1);
    expect(listener.lost).not.toHaveBeenCalled();
    await settle(1);
    expect(listener.lost).toHaveBeenCalledWith("quiet", 500);
  });

  it("waits longer each time, until a snapshot", async () => {
    gateway.reachable = false;
    void stream.run();
    await settle(500 + 1_000 + 2_000);
    gateway.reachable = true;
    await settle(4_000);
    gateway.say(SNAPSHOT);
    await settle();
    gateway.end();
    await settle();
    expect(listener.lost.mock.calls.map(([, delay]) => delay as number)).toEqual([500, 1_000, 2_000, 4_000, 500]);
  });

  it("tries at once when asked", async () => {
    gateway.reachable = false;
    void stream.run();
    await settle();
    stream.retryNow();
    await settle();
    expect(gateway.requests).toBe(2);
  });

  it("ends where the token is refused", async () => {
    gateway.status = 401;
    void stream.run();
    await settle(60_000);
    expect(listener.unauthorized).toHaveBeenCalledOnce();
    expect(gateway.requests).toBe(1);
  });

  it("says nothing more once stopped", async () => {
    void stream.run();
    await settle();
    stream.stop();
    await settle(60_000);
    expect(listener.lost).not.toHaveBeenCalled();
    expect(gateway.requests).toBe(1);
  });
});
