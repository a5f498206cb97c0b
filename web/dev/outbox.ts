/** A fake outbox: one receiver was switched off, one gave letters up, one fails, and customers' messages wait for the morning. */
const MINUTE = 60_000;

interface FakeLetter {
  readonly id: string;
  readonly endpoint: string;
  readonly lane: string;
  readonly seq: number;
  readonly kind: string;
  state: "open" | "dead";
  readonly time: number;
  readonly made: number;
  attempts: number;
  next_try?: number;
  detail: string;
}

export class FakeOutbox {
  readonly #letters: FakeLetter[];
  readonly #began: number;

  /** `story` is what goes wrong: `quiet` (nothing), else all of it. */
  constructor(story: string, now: number) {
    this.#began = now;
    const make = (endpoint: string, count: number, part: Pick<FakeLetter, "state" | "attempts" | "detail"> & { next_try?: number }): FakeLetter[] =>
      Array.from({ length: story === "quiet" ? 0 : count }, (_, index) => ({
        id: `${endpoint}-${index}`, endpoint, lane: endpoint === "customers" ? `HEL-00${index}` : `main/R-00${(index % 9) + 1}`, seq: index + 1,
        kind: ["stop.arrived", "stop.departed", "stop.succeeded"][index % 3] ?? "", time: now - (40 + index) * MINUTE, made: now - (40 + index) * MINUTE, ...part,
      }));
    this.#letters = [
      ...make("webhook/erp", 26, { state: "dead", attempts: 14, detail: "500 Internal Server Error" }),
      ...make("webhook/shop", 4, { state: "open", attempts: 3, detail: "no answer within 15 s", next_try: now + 5 * MINUTE }),
      ...make("webhook/old-crm", 7, { state: "dead", attempts: 0, detail: "disabled" }),
      ...make("customers", 3, { state: "open", attempts: 0, detail: "quiet hours", next_try: now + 300 * MINUTE }),
    ];
  }

  list(state: string | null): unknown {
    const count = (name: string): number => this.#letters.filter((letter) => letter.state === name).length;
    const waiting = (name: string): number => this.#letters.filter((letter) => letter.endpoint === name && letter.state === "open").length;
    const [bad, begun] = [this.#letters.length > 0, this.#began];
    const endpoints = [
      { name: "webhook/erp", health: "well", waiting: waiting("webhook/erp") },
      { name: "customers", health: "well", waiting: waiting("customers") },
      ...(bad ? [
        { name: "webhook/shop", health: "failing", waiting: waiting("webhook/shop"), failing_since: begun - 50 * MINUTE, detail: "no answer within 15 s" },
        { name: "webhook/old-crm", health: "disabled", waiting: 0, disabled: begun - 2_000 * MINUTE, detail: "410 Gone" },
      ] : []),
    ];
    const letters = this.#letters.filter((letter) => state === null || letter.state === state);
    return { counts: { dead: count("dead"), open: count("open"), delivered: 4_711 }, endpoints, letters };
  }

  replay({ endpoint }: { endpoint: string }): unknown {
    const dead = this.#letters.filter((letter) => letter.endpoint === endpoint && letter.state === "dead");
    for (const letter of dead) [letter.state, letter.attempts, letter.detail] = ["open", 0, ""];
    return { replayed: dead.length, refused: {} };
  }
}
