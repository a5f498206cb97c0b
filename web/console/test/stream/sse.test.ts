import { describe, expect, it } from "vitest";
import { MAX_EVENT_CHARS, OversizedEvent, SseParser, type ServerEvent } from "../../src/stream/sse";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function parse(text: string, size = Infinity): ServerEvent[] {
  const parser = new SseParser();
  const all = bytes(text);
  const step = Math.min(size, all.length);
  const events: ServerEvent[] = [];
  for (let start = 0; start < all.length; start += step) events.push(...parser.feed(all.subarray(start, start + step)));
  return events;
}

const STREAM =
  ": welcome\n" +
  'event: snapshot\ndata: {"now":1,\ndata: "vehicles":[]}\n\n' +
  "event:heartbeat\r\ndata:{}\r\n\r\n" +
  "id: 7\rretry: 10\revent: vehicles\rdata: Töölö 🚚\r\r" +
  "data\n\n" +
  "event: without data\n\n" +
  "event: cut off\ndata: 1\n";

const EVENTS: ServerEvent[] = [
  { name: "snapshot", data: '{"now":1,\n"vehicles":[]}' },
  { name: "heartbeat", data: "{}" },
  { name: "vehicles", data: "Töölö 🚚" },
  { name: "message", data: "" },
];

describe("server-sent events", () => {
  it("are read whole", () => {
    expect(parse(STREAM)).toEqual(EVENTS);
  });

  it.each([1, 2, 3, 5, 7, 64])("are the same in pieces of %i bytes", (size) => {
    expect(parse(STREAM, size)).toEqual(EVENTS);
  });

  it("are told as soon as their empty line is there", () => {
    const parser = new SseParser();
    expect(parser.feed(bytes("data: a\n"))).toEqual([]);
    expect(parser.feed(bytes("\n"))).toEqual([{ name: "message", data: "a" }]);
  });

  it("take CR LF cut in two as one line ending", () => {
    const parser = new SseParser();
    expect(parser.feed(bytes("data: a\r"))).toEqual([]);
    expect(parser.feed(bytes("\ndata: b\r\n\r"))).toEqual([{ name: "message", data: "a\nb" }]);
    expect(parser.feed(bytes("\ndata: c\n\n"))).toEqual([{ name: "message", data: "c" }]);
  });

  it("keep only the first space of a value off", () => {
    expect(parse("data:  two\n\n")).toEqual([{ name: "message", data: " two" }]);
  });

  it("never grow beyond the limit", () => {
    const parser = new SseParser();
    const chunk = bytes("x".repeat(MAX_EVENT_CHARS / 2));
    parser.feed(bytes("data: "));
    parser.feed(chunk);
    parser.feed(bytes("\ndata: and"));
    expect(() => parser.feed(chunk)).toThrow(OversizedEvent);
  });
});
