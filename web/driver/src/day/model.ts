/** What the gateway tells a driver's phone (`gateway/driving/view.py`). Times are Unix ms; what is unknown is absent. */
export const REASONS = [
  "absent", "refused", "no_access", "wrong_address", "closed", "damaged", "missing_item", "out_of_time", "vehicle_problem", "other",
] as const;
export const ELSEWHERE = ["neighbour", "safe_place", "locker"] as const;

export type FailureReason = (typeof REASONS)[number];
export type LeftWith = "recipient" | (typeof ELSEWHERE)[number];
export type ProofKind = "photo" | "signature";
export type Execution = "pending" | "en_route" | "arrived" | "departed" | "skipped" | "cancelled";
export type Outcome = "none" | "succeeded" | "failed";

export interface Eta {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

export interface Stop {
  readonly stop: string;
  readonly order: string;
  readonly sequence: number;
  readonly lat: number;
  readonly lon: number;
  readonly planned_arrival: number;
  readonly execution: Execution;
  readonly outcome: Outcome;
  readonly address?: string;
  readonly recipient?: string;
  readonly phone?: string;
  readonly parcels?: number;
  readonly notes?: string;
  readonly instructions?: string;
  readonly window_start?: number;
  readonly window_end?: number;
  readonly eta?: Eta;
  readonly arrived?: number;
  readonly departed?: number;
  readonly left_with?: LeftWith;
  readonly failure?: FailureReason;
  readonly said?: number;
  readonly proof?: ProofKind;
  readonly proofs: number;
}

/** What is heard of the van's own tracker. */
export type VansTracker = "none" | "reports" | "silent";

export interface Route {
  readonly route: string;
  readonly version: number;
  readonly vehicle: string;
  readonly date: string;
  readonly zone: string;
  readonly phase: string;
  readonly start: number;
  readonly planned_end: number;
  readonly stops: readonly Stop[];
  readonly left: readonly string[];
  readonly source?: string;
  readonly tracker: VansTracker;
}

export interface Shift {
  readonly vehicle: string;
  readonly begin: number;
  readonly end: number;
}

export interface Day {
  readonly now: number;
  readonly fleet: string;
  readonly driver: string;
  readonly company: { readonly name: string; readonly phone?: string };
  readonly routes: readonly Route[];
  readonly shift?: Shift;
}

/** What is heard of the tracker of the van that is driven in the shift; a tracker that one of its rounds has heard works. */
export function vansTracker({ routes, shift }: Day): VansTracker {
  const said = new Set(routes.filter(({ vehicle }) => vehicle === shift?.vehicle).map(({ tracker }) => tracker));
  return said.has("reports") ? "reports" : said.has("silent") ? "silent" : "none";
}

/**
 * Whether this phone is to be followed: as its driver chose, and as long as they have not, unless the van's own tracker
 * works. Whoever is seen already need not spend a battery on it.
 */
export function isFollowed(day: Day, chosen: boolean | null): boolean {
  return chosen ?? vansTracker(day) !== "reports";
}

/** Whose day it is: what is queued on the phone belongs to a driver, not to a link, which may be renewed. */
export function whoOf(day: Day): string {
  return `${day.fleet}/${day.driver}`;
}
