import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Latest } from "../../src/api/latest";

/** A desk that answers when told to. */
class Desk {
  readonly asked: string[] = [];
  readonly givenUp: string[] = [];
  readonly #answers: (() => void)[] = [];

  readonly ask = (wanted: string, signal: AbortSignal): Promise<void> => {
    this.asked.push(wanted);
    return new Promise((resolve, reject) => {
      this.#answers.push(resolve);
      signal.addEventListener("abort", () => {
        this.givenUp.push(wanted);
        reject(new DOMException("given up", "AbortError"));
      });
    });
  };

  async answer(): Promise<void> {
    this.#answers.at(-1)?.();
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe("what is asked for", () => {
  let desk: Desk;
  let latest: Latest;

  beforeEach(() => {
    vi.useFakeTimers();
    desk = new Desk();
    latest = new Latest(desk.ask);
  });
  afterEach(() => { vi.useRealTimers(); });

  it("is given up when something else is wanted at once", () => {
    latest.want("a", "at_once");
    latest.want("b", "at_once");
    expect(desk).toMatchObject({ asked: ["a", "b"], givenUp: ["a"] });
  });

  it("waits until a hand on a slider rests", async () => {
    for (const time of ["1", "2", "3"]) {
      latest.want(time, "settled");
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(desk.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(desk.asked).toEqual(["3"]);
  });

  it("waits for its turn while a look back plays, and skips what was overtaken", async () => {
    for (const time of ["1", "2", "3"]) latest.want(time, "in_turn");
    expect(desk).toMatchObject({ asked: ["1"], givenUp: [] });
    await desk.answer();
    expect(desk.asked).toEqual(["1", "3"]);
    await desk.answer();
    expect(desk.asked).toEqual(["1", "3"]);
  });

  it("is given up when nothing is wanted any more", async () => {
    latest.want("a", "at_once");
    latest.want("", "at_once");
    latest.again();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk).toMatchObject({ asked: ["a"], givenUp: ["a"] });
  });

  it("tells how long it has rested", async () => {
    latest.want("a", "at_once");
    await vi.advanceTimersByTimeAsync(500);
    expect(latest.idleFor()).toBe(0);
    await desk.answer();
    await vi.advanceTimersByTimeAsync(500);
    expect(latest.idleFor()).toBe(500);
  });
});
