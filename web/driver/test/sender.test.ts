import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api } from "../src/api";
import type { Item } from "../src/queue/items";
import { Sender } from "../src/queue/sender";
import type { Outbox } from "../src/store/outbox";
import { proof, tap } from "./made";

beforeEach(() => { vi.stubGlobal("navigator", {}); });
afterEach(() => { vi.unstubAllGlobals(); });

/** The queue in memory. */
class Queue {
  constructor(public items: readonly Item[]) {}
  of(): Promise<readonly Item[]> { return Promise.resolve(this.items); }
  update(changed: readonly Item[]): Promise<void> {
    this.items = this.items.map((item) => changed.find(({ n }) => n === item.n) ?? item);
    return Promise.resolve();
  }
  states(): string[] { return this.items.map(({ id, state }) => `${id} ${state}`); }
}

test("a tap does not wait for a photo that is on its way", async () => {
  const queue = new Queue([proof(1), tap(2)]);
  let arrived = (): void => undefined;
  const api = {
    proof: () => new Promise<void>((resolve) => { arrived = resolve; }),
    taps: () => Promise.resolve(new Map([["t2", "taken"]])),
  };
  const sender = new Sender(api as unknown as Api, queue as unknown as Outbox, "main/Ann");
  const proofs = sender.sendProofs();
  expect(await sender.send()).toBe("sent");
  expect(queue.states()).toEqual(["p1 waiting", "t2 taken"]);
  arrived();
  expect(await proofs).toBe("sent");
  expect(queue.states()).toEqual(["p1 taken", "t2 taken"]);
});

test("taps that the answer does not name are sent again later, not at once", async () => {
  const queue = new Queue([tap(1)]);
  const taps = vi.fn(() => Promise.resolve(new Map([["other", "taken"]])));
  const sender = new Sender({ taps } as unknown as Api, queue as unknown as Outbox, "main/Ann");
  expect(await sender.send()).toBe("away");
  expect([taps.mock.calls.length, queue.states()]).toEqual([1, ["t1 waiting"]]);
});

test("a store that cannot keep what was answered is a failure like any other: it is tried again later", async () => {
  const queue = new Queue([tap(1), proof(2)]);
  queue.update = (): Promise<void> => Promise.reject(new Error("full"));
  const said = vi.spyOn(console, "error").mockReturnValue(undefined);
  const api = { taps: () => Promise.resolve(new Map([["t1", "taken"]])), proof: () => Promise.resolve() };
  const sender = new Sender(api as unknown as Api, queue as unknown as Outbox, "main/Ann");
  expect([await sender.send(), await sender.sendProofs()]).toEqual(["away", "away"]);
  expect(said).toHaveBeenCalledTimes(2);
});

test("a proof says by the phone's clock when it was taken and when it was sent", async () => {
  const asked = vi.fn<(path: string) => Promise<Response>>(() => Promise.resolve(new Response()));
  vi.stubGlobal("fetch", asked);
  await new Api("token").proof(proof(1, { time: 7 }));
  const query = new URL(asked.mock.calls[0]?.[0] ?? "", "http://gateway").searchParams;
  expect(query.get("taken")).toBe("7");
  expect(Math.abs(Number(query.get("sent")) - Date.now())).toBeLessThan(60_000);
});
