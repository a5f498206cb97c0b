/** The gateway, as a driver's phone speaks with it. */
import { decodeDay } from "./day/decode";
import type { Day } from "./day/model";
import type { QueuedProof, QueuedTap } from "./queue/items";
import type { Answer, Envelope } from "./track/exchange";

const PATIENCE_MS = 20_000;
/** A photo of 3 MB on a link of 256 kbit/s takes 100 s. */
const PATIENCE_FOR_PROOF_MS = 120_000;

/** Why a request brought nothing: no way there, the link is no longer good, or a plain no with its name. */
export type Trouble = "away" | "link" | "refused";

export class ApiTrouble extends Error {
  constructor(readonly trouble: Trouble, readonly code: string) {
    super(`${trouble}: ${code}`);
    this.name = "ApiTrouble";
  }
}

export interface FetchedDay {
  readonly day: Day;
  readonly etag: string | null;
  readonly asked: number;
  readonly answered: number;
}

interface ErrorFields {
  readonly code?: string;
  readonly begin?: number;
  readonly end?: number;
}

async function errorOf(response: Response): Promise<ErrorFields> {
  const body = (await response.json().catch(() => null)) as { error?: ErrorFields } | null;
  return body?.error ?? {};
}

/** A proxy says so before the gateway can, and will say it again: what is too large holds up nothing behind it. */
const TOO_LARGE = 413;

/** What comes again later is `away`: no network, an overloaded or a broken gateway, or a no that is not the gateway's. A network
 *  that wants a log-in first answers by itself, without a code: nothing that waits may be given up for that. */
function isPassing(status: number, code: string | undefined): boolean {
  return status >= 500 || status === 429 || status === 408 || (code === undefined && status !== TOO_LARGE);
}

function troubleOf(status: number, code: string | undefined): ApiTrouble {
  if (isPassing(status, code)) return new ApiTrouble("away", String(status));
  const isLink = status === 401 || code === "unknown_link";
  return new ApiTrouble(isLink ? "link" : "refused", code ?? String(status));
}

export class Api {
  readonly #base: string;

  constructor(readonly token: string) {
    this.#base = `/driver/${encodeURIComponent(token)}`;
  }

  /** The day; null if it has not changed since the one with this tag. Throws `ApiTrouble`, as all of these. */
  async day(etag: string | null): Promise<FetchedDay | null> {
    const asked = Date.now();
    const response = await this.#ask("/day", etag === null ? {} : { headers: { "If-None-Match": etag } }, PATIENCE_MS, [304]);
    if (response.status === 304) return null;
    const day = decodeDay(await response.json().catch(() => null));
    if (day === null) throw new ApiTrouble("away", "unreadable");
    return { day, etag: response.headers.get("etag"), asked, answered: Date.now() };
  }

  /** What became of each tap, by its id. */
  async taps(taps: readonly QueuedTap[]): Promise<ReadonlyMap<string, string>> {
    const body = JSON.stringify({ sent: Date.now(), taps: taps.map(wireTap) });
    const response = await this.#ask("/taps", { method: "POST", headers: { "Content-Type": "application/json" }, body }, PATIENCE_MS);
    const { results } = (await response.json().catch(() => ({}))) as { results?: { id: string; outcome: string }[] };
    if (results === undefined) throw new ApiTrouble("away", "unreadable");
    return new Map(results.map(({ id, outcome }) => [id, outcome]));
  }

  async proof(proof: QueuedProof): Promise<void> {
    const path = ["proofs", proof.route, proof.stop, proof.digest].map(encodeURIComponent).join("/");
    const headers = { "Content-Type": proof.content?.type ?? "image/jpeg" };
    await this.#ask(`/${path}?kind=${proof.proof}&taken=${proof.time}&sent=${Date.now()}`, { method: "PUT", headers, body: proof.content }, PATIENCE_FOR_PROOF_MS);
  }

  /** Sends positions; every way it can end is an answer. */
  async positions(envelope: Envelope): Promise<Answer> {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${this.token}` };
    const init = { method: "POST", headers, body: JSON.stringify(envelope), signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" as const };
    const response = await fetch("/api/v1/positions", init).catch(() => null);
    if (response === null) return { kind: "away" };
    return response.ok ? watermarkOf(await response.json().catch(() => null)) : refusalOf(response.status, await errorOf(response));
  }

  async #ask(path: string, init: RequestInit, patience: number, fine: readonly number[] = []): Promise<Response> {
    const response = await fetch(this.#base + path, { ...init, cache: "no-store", signal: AbortSignal.timeout(patience) }).catch((error: unknown) => {
      throw new ApiTrouble("away", error instanceof Error ? error.name : "unknown");
    });
    if (!response.ok && !fine.includes(response.status)) throw troubleOf(response.status, (await errorOf(response)).code);
    return response;
  }
}

function wireTap({ id, route, stop, said, time, left_with, reason, place, accuracy }: QueuedTap): object {
  return { id, route, stop, said, time, left_with, reason, place, accuracy };
}

function watermarkOf(value: unknown): Answer {
  const { spool, seq, gap, rejected } = (value ?? {}) as { spool?: unknown; seq?: unknown; gap?: unknown; rejected?: { from: number; to: number } };
  if (typeof spool !== "string" || typeof seq !== "number") return { kind: "away" };
  return { kind: "watermark", spool, seq, gap: gap === true, rejected: rejected === undefined ? 0 : rejected.to - rejected.from + 1 };
}

function refusalOf(status: number, { code, begin, end }: ErrorFields): Answer {
  if (code === "off_shift") return { kind: "off_shift", begin: begin ?? Infinity, end: end ?? -Infinity }; // no shift: all is outside
  if (isPassing(status, code)) return { kind: "away" };
  return { kind: status === 401 || status === 403 || status === 404 ? "refused" : "quarantined" };
}
