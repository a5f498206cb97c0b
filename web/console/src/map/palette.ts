import type { VehicleState } from "../api/model";

/** The map's own colours; the same as the style sheet's, which canvases and WebGL cannot read. */
export interface Palette {
  readonly state: Readonly<Record<VehicleState, string>>;
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
