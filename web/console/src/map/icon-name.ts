import { STATES, type VehicleState } from "../api/model";
import { GRADES, type Grade } from "../routes/words";

/** What a vehicle's image says: its state, whether its heading is known, how its route stands, whether the stream is down. */
export interface IconLook {
  readonly state: VehicleState;
  readonly heading: boolean;
  readonly stale: boolean;
  /** Null for a vehicle without a route. */
  readonly grade: Grade | null;
}

/** The image of a vehicle; what is stale is grey whatever its route is like. */
export function iconName({ state, heading, stale, grade }: IconLook): string {
  const tint = stale ? "-stale" : grade === null ? "" : `-${grade}`;
  return `vehicle-${state}${heading ? "-heading" : ""}${tint}`;
}

export interface IconVariant extends IconLook {
  readonly name: string;
}

/** Every image that `iconName` may name. */
export function iconVariants(): IconVariant[] {
  const tints: Pick<IconLook, "stale" | "grade">[] = [
    { stale: true, grade: null },
    ...[null, ...GRADES].map((grade) => ({ stale: false, grade })),
  ];
  const looks = STATES.flatMap((state) => [false, true].flatMap((heading) => tints.map((tint) => ({ state, heading, ...tint }))));
  return looks.map((look) => ({ ...look, name: iconName(look) }));
}
