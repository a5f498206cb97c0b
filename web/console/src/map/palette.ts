import type { VehicleState } from "../api/model";
import type { Label } from "../api/route-model";
import type { Grade } from "../routes/words";

/** The map's own colours; the same as the style sheet's, which canvases and WebGL cannot read. */
export interface Palette {
  readonly state: Readonly<Record<VehicleState, string>>;
  readonly grade: Readonly<Record<Grade, string>>;
  readonly label: Readonly<Record<Label, string>>;
  readonly late: string;
  readonly atRisk: string;
  /** The planned line. */
  readonly plan: string;
  readonly stale: string;
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly halo: string;
  readonly accent: string;
  readonly gap: string;
  readonly casing: string;
  readonly background: string;
}

export const LIGHT: Palette = {
  state: { moving: "#0f7a5a", stopped: "#3a5fc8", silent: "#a64d08" },
  grade: { bad: "#b3161f", watch: "#a86400", fine: "#0f7a5a", idle: "#5f6874", done: "#5f6874" },
  label: { pending: "#5f6874", on_track: "#1d5fd1", completed: "#0f7a5a", incident: "#b3161f" },
  late: "#b3161f",
  atRisk: "#d98200",
  plan: "#4a6fa8",
  stale: "#7b8490",
  surface: "#ffffff",
  ink: "#17202b",
  muted: "#4b5765",
  halo: "#ffffff",
  accent: "#1d5fd1",
  gap: "#6b7480",
  casing: "#ffffff",
  background: "#eef0ee",
};

export const DARK: Palette = {
  state: { moving: "#2fb489", stopped: "#7d9cf5", silent: "#ee9440" },
  grade: { bad: "#ff7a72", watch: "#e8a345", fine: "#2fb489", idle: "#98a2ae", done: "#98a2ae" },
  label: { pending: "#98a2ae", on_track: "#78a6ff", completed: "#2fb489", incident: "#ff7a72" },
  late: "#ff7a72",
  atRisk: "#e8a345",
  plan: "#7f9ccb",
  stale: "#848d99",
  surface: "#12161c",
  ink: "#f2f5f8",
  muted: "#b3bdc9",
  halo: "#0d1117",
  accent: "#78a6ff",
  gap: "#98a2ae",
  casing: "#0d1117",
  background: "#171b21",
};

export type Theme = "light" | "dark";

export function paletteOf(theme: Theme): Palette {
  return theme === "dark" ? DARK : LIGHT;
}
