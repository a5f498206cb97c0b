import { STATES, type VehicleState } from "../api/model";

/** The image of a vehicle: its state, whether its heading is known, whether the stream is down. */
export function iconName(state: VehicleState, heading: boolean, stale: boolean): string {
  return `vehicle-${state}${heading ? "-heading" : ""}${stale ? "-stale" : ""}`;
}

export interface IconVariant {
  readonly name: string;
  readonly state: VehicleState;
  readonly heading: boolean;
  readonly stale: boolean;
}

/** Every image that `iconName` may name. */
export function iconVariants(): IconVariant[] {
  const both = [false, true];
  return STATES.flatMap((state) =>
    both.flatMap((heading) => both.map((stale) => ({ name: iconName(state, heading, stale), state, heading, stale }))),
  );
}
