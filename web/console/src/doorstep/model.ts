/** What drivers and customers bring, as the gateway tells it. Times are Unix ms. Pure. */
import { areNumbers, areTexts, fieldsOf, isOneOf, listOf, withoutNulls, type Fields } from "../api/fields";
import { routeUrl, type RouteKey } from "../api/route-model";

export const PROOF_KINDS = ["photo", "signature"] as const;
export type ProofKind = (typeof PROOF_KINDS)[number];

/** A proof that was brought; `digest` is the SHA-256 of its bytes. `erased`: its bytes are deleted. */
export interface Proof {
  readonly digest: string;
  readonly kind: ProofKind;
  readonly media_type: string;
  readonly size: number;
  /** By the phone's clock. */
  readonly taken: number;
  readonly received: number;
  readonly erased?: number;
}

/** A driver's own link; `svg` is its QR code. */
export interface DriverLink {
  readonly driver: string;
  readonly url: string;
  readonly svg: string;
}

export function isProofKind(value: unknown): value is ProofKind {
  return isOneOf(PROOF_KINDS, value);
}

/** The proofs of a stop, oldest first; what is none is left out. */
export function decodeProofs(value: unknown): Proof[] {
  const told = Array.isArray(value) ? value : fieldsOf(value)["proofs"];
  const proofs = listOf(told).map(withoutNulls).filter(isProof) as unknown as Proof[];
  return proofs.sort((a, b) => a.taken - b.taken);
}

function isProof(fields: Fields): boolean {
  return areTexts(fields, "digest", "media_type") && isProofKind(fields["kind"]) && areNumbers(fields, "size", "taken", "received");
}

/** @returns null if the answer holds no link that a browser follows */
export function decodeDriverLink(value: unknown): DriverLink | null {
  const fields = fieldsOf(value);
  if (!areTexts(fields, "driver", "url", "svg") || !isWebAddress(fields["url"])) return null;
  return fields as unknown as DriverLink;
}

/** The new address in the answer to a renewal, under whichever name it is told; null if there is none. */
export function decodeRenewed(value: unknown): string | null {
  const fields = fieldsOf(value);
  const url = fields["url"] ?? fields["tracking_url"];
  return isWebAddress(url) ? url : null;
}

/** Whether it is an address of a page: never `javascript:` or another that does something. */
export function isWebAddress(value: unknown): value is string {
  return typeof value === "string" && /^(https?:\/\/|\/(?!\/))/i.test(value);
}

export function proofsUrl(key: RouteKey, stop: string): string {
  return routeUrl(key, `/stops/${encodeURIComponent(stop)}/proofs`);
}

export function proofUrl(key: RouteKey, stop: string, digest: string): string {
  return routeUrl(key, `/stops/${encodeURIComponent(stop)}/proofs/${encodeURIComponent(digest)}`);
}

export function driverLinkUrl(fleet: string, driver: string): string {
  return `/api/v1/drivers/link?${new URLSearchParams({ driver, fleet }).toString()}`;
}

/** The QR code as an address that an image takes: as an image it can load and run nothing. */
export function imageOf(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** Whether a stop wants a proof, and whether it came. */
export type ProofState = "none" | "asked" | "came" | "missing";

/** Nothing is missing before somebody said that it was delivered: a driver may be at it. */
export function proofStateOf(asked: ProofKind | undefined, outcome: string, brought: readonly Pick<Proof, "kind">[]): ProofState {
  if (asked === undefined) return "none";
  if (brought.some(({ kind }) => kind === asked)) return "came";
  return outcome === "succeeded" ? "missing" : "asked";
}

/** `740 B`, `86 kB`, `1.2 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
