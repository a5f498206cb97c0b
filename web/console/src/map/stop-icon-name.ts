import { LABELS, type Label } from "../api/route-model";
import { LATENESSES, type Lateness } from "../store/route-view";

/** A dot where there is no room, a badge where a number fits. */
export const STOP_SIZES = ["dot", "badge"] as const;
export type StopSize = (typeof STOP_SIZES)[number];

export interface StopLook {
  readonly label: Label;
  readonly lateness: Lateness | null;
}

/** The image of a stop in one of the two sizes. */
export function stopIconName({ label, lateness }: StopLook, size: StopSize): string {
  return `stop-${size}-${label}${lateness === null ? "" : `-${lateness}`}`;
}

export interface StopVariant extends StopLook {
  readonly name: string;
  readonly size: StopSize;
}

/** Every image that `stopIconName` may name. */
export function stopVariants(): StopVariant[] {
  const looks = LABELS.flatMap((label) => [null, ...LATENESSES].map((lateness) => ({ label, lateness })));
  return looks.flatMap((look) => STOP_SIZES.map((size) => ({ ...look, size, name: stopIconName(look, size) })));
}
