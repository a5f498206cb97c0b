/** Server-sent events from bytes, as far as the console needs them: `event` and `data`. No I/O. */

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** A snapshot of 20,000 vehicles is about 8 million characters; more than four times that is no event of ours. */
export const MAX_EVENT_CHARS = 32_000_000;

export class OversizedEvent extends Error {}

/** Feed it chunks cut anywhere; it returns the events that are complete. An event cut off by the end is dropped. */
export class SseParser {
  readonly #decoder = new TextDecoder();
  #pending = "";
  #skipLineFeed = false;
  #name = "";
  #data: string[] = [];
  #size = 0;

  feed(chunk: Uint8Array): ServerEvent[] {
    const events: ServerEvent[] = [];
    for (const line of this.#lines(this.#decoder.decode(chunk, { stream: true }))) {
      const event = this.#take(line);
      if (event !== null) events.push(event);
    }
    if (this.#size + this.#pending.length > MAX_EVENT_CHARS) throw new OversizedEvent();
    return events;
  }

  /** Lines end with LF, CR LF or CR; a CR at the end of a chunk may have its LF in the next. */
  *#lines(text: string): Generator<string> {
    const ending = /\r\n|\r|\n/g;
    let start = this.#skipLineFeed && text.startsWith("\n") ? 1 : 0;
    if (text !== "") this.#skipLineFeed = text.endsWith("\r");
    ending.lastIndex = start;
    for (let match = ending.exec(text); match !== null; match = ending.exec(text)) {
      yield this.#pending + text.slice(start, match.index);
      this.#pending = "";
      start = ending.lastIndex;
    }
    this.#pending += text.slice(start);
  }

  #take(line: string): ServerEvent | null {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#name = value;
    if (field === "data") this.#append(value);
    return null;
  }

  #append(value: string): void {
    this.#data.push(value);
    this.#size += value.length;
  }

  #dispatch(): ServerEvent | null {
    const event = { name: this.#name || "message", data: this.#data.join("\n") };
    const empty = this.#data.length === 0;
    this.#name = "";
    this.#data = [];
    this.#size = 0;
    return empty ? null : event;
  }
}
