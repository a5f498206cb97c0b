/** Which part of the world a style draws, and whether it is in view. Pure. */

/** West, south, east, north; degrees. */
export type Box = readonly [number, number, number, number];

/** Where a style of the gateway says that it ends. */
const BOUNDS = "milepost:bounds";

/** Reads a style's metadata; null: it does not say, and may draw everything. */
export function drawnPart(metadata: unknown): Box | null {
  if (typeof metadata !== "object" || metadata === null) return null;
  const bounds = (metadata as Record<string, unknown>)[BOUNDS];
  if (!Array.isArray(bounds) || bounds.length !== 4 || !bounds.every((degrees) => typeof degrees === "number")) return null;
  return bounds as unknown as Box;
}

/** Whether two boxes have a place in common. */
export function meets(one: Box, other: Box): boolean {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];
}
