/** Speed as colour: five steps that a town's streets tell apart, from dark to light for every kind of eye. Pure. */
export interface SpeedStep {
  /** Lower edge, km/h. */
  readonly from: number;
  readonly colour: string;
}

export const SPEED_STEPS: readonly SpeedStep[] = [
  { from: 0, colour: "#8a4fc7" },
  { from: 10, colour: "#3f74d9" },
  { from: 30, colour: "#12a3a3" },
  { from: 50, colour: "#76bd3e" },
  { from: 80, colour: "#f5a623" },
];

/** Which step a speed (m/s) is in; an unknown speed is -1. */
export function speedStep(speed: number | undefined): number {
  if (speed === undefined) return -1;
  return Math.max(0, SPEED_STEPS.findLastIndex((step) => speed * 3.6 >= step.from));
}
