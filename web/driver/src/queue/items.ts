import type { FailureReason, LeftWith, ProofKind } from "../day/model";

export type Said = "succeeded" | "failed" | "undone";

export interface Place {
  readonly lat: number;
  readonly lon: number;
}

interface Queued {
  /** The order in which things were said on this phone; given by the store. */
  readonly n: number;
  readonly id: string;
  readonly who: string;
  readonly route: string;
  readonly stop: string;
  /** By this phone's clock. */
  readonly time: number;
  /** Not sent before: until then it can be undone. */
  readonly due: number;
  readonly state: "waiting" | "taken" | "refused";
  /** When the gateway answered, by this phone's clock. */
  readonly settled?: number;
  readonly refusal?: string;
}

/** What the driver said of a stop. */
export interface QueuedTap extends Queued {
  readonly kind: "tap";
  readonly said: Said;
  readonly left_with?: LeftWith;
  readonly reason?: FailureReason;
  readonly place?: Place;
  readonly accuracy?: number;
}

/** A photo or a signature; its bytes go once the gateway has them. */
export interface QueuedProof extends Queued {
  readonly kind: "proof";
  readonly proof: ProofKind;
  readonly digest: string;
  readonly content: Blob | null;
}

export type Item = QueuedTap | QueuedProof;
export type NewItem = Omit<QueuedTap, "n"> | Omit<QueuedProof, "n">;
