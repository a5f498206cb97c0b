/** What the page makes of answers: a no that is not the gateway's is no answer. */
import { afterEach, expect, test, vi } from "vitest";
import { Api, type Trouble } from "../src/api";
import type { Envelope } from "../src/track/exchange";

afterEach(() => vi.unstubAllGlobals());

function answering(status: number, body: string): Api {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));
  return new Api("token");
}

const named = (code: string): string => JSON.stringify({ error: { code, detail: "…" } });
const LOG_IN = "<html><h1>Welcome aboard, log in first</h1></html>";
const ENVELOPE: Envelope = { v: 1, spool: "s", after: 0, seq: 1, sent: 0, source: "phone", positions: [] };

test.each<[number, string, Trouble]>([
  [401, named("unknown_link"), "link"],
  [404, named("unknown_link"), "link"],
  [400, named("not_readable"), "refused"],
  [429, named("too_many_requests"), "away"],
  [503, "", "away"],
  [400, LOG_IN, "away"],
  [403, LOG_IN, "away"],
  [404, LOG_IN, "away"],
  [511, LOG_IN, "away"],
  [413, "<h1>Request Entity Too Large</h1>", "refused"],
])("%i %s is %s", async (status, body, trouble) => {
  await expect(answering(status, body).taps([])).rejects.toMatchObject({ trouble });
});

test.each([
  [403, named("not_yours"), "refused"],
  [400, named("not_readable"), "quarantined"],
  [403, LOG_IN, "away"],
  [404, LOG_IN, "away"],
  [200, LOG_IN, "away"],
])("positions: %i %s is %s", async (status, body, kind) => {
  expect((await answering(status, body).positions(ENVELOPE)).kind).toBe(kind);
});
