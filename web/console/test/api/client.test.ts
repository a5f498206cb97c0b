import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiClient, ApiFailure } from "../../src/api/client";
import { decodeConfig, decodeTrack } from "../../src/api/decode";
import { trackUrl } from "../../src/api/model";

afterEach(() => { vi.unstubAllGlobals(); });

async function failureWith(answer: () => Promise<Response>): Promise<unknown> {
  vi.stubGlobal("fetch", answer);
  return new ApiClient("t").json("/x").catch((error: unknown) => error);
}

describe("a request that fails", () => {
  it.each([[401, "unauthorized"], [403, "unauthorized"], [404, "refused"], [503, "refused"]])(
    "with %i is %s, in the gateway's words",
    async (status, reason) => {
      const body = JSON.stringify({ error: { code: "c", detail: "because" } });
      const failure = await failureWith(() => Promise.resolve(new Response(body, { status })));
      expect(failure).toBeInstanceOf(ApiFailure);
      expect(failure).toMatchObject({ reason, detail: "because" });
    },
  );

  it("without such words names its status", async () => {
    const failure = await failureWith(() => Promise.resolve(new Response("<html>", { status: 502 })));
    expect(failure).toMatchObject({ reason: "refused", detail: "HTTP 502" });
  });

  it("on the way is unreachable", async () => {
    expect(await failureWith(() => Promise.reject(new TypeError("Failed to fetch")))).toMatchObject({ reason: "unreachable" });
  });
});

it("reads a track in the order of time, without what is no position", () => {
  const good = { lat: 60, lon: 24 };
  const positions = [{ ...good, time: 9, speed: null }, { ...good, time: 3 }, { lat: 60 }, null];
  expect(decodeTrack({ positions })).toEqual([{ ...good, time: 3 }, { ...good, time: 9 }]);
  expect(decodeTrack("nothing")).toEqual([]);
});

it("asks for a track in whole milliseconds", () => {
  expect(trackUrl("north/van-7", 1.5, 9.2, "gpx")).toBe("/api/v1/vehicles/van-7/track?fleet=north&from=1&to=10&format=gpx");
});

it("takes a gateway without a street map", () => {
  expect(decodeConfig({ version: "1", map: { style_url: "" } })).toEqual({ version: "1", styleUrl: null });
  expect(decodeConfig(null)).toEqual({ version: "", styleUrl: null });
  expect(decodeConfig({ map: { style_url: "/map/style.json" } }).styleUrl).toBe("/map/style.json");
});
