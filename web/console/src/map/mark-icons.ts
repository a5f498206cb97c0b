import { canvasOf, ICON_PIXEL_RATIO } from "./icons";
import type { Palette } from "./palette";

export const MARK_KINDS = ["open", "past", "depot"] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

const SIDE = 26;

/** A triangle with a cry for a deviation, a house for the depot. */
export function drawMark(kind: MarkKind, palette: Palette): ImageData {
  const side = SIDE * ICON_PIXEL_RATIO;
  const canvas = canvasOf(side);
  canvas.scale(ICON_PIXEL_RATIO, ICON_PIXEL_RATIO);
  canvas.translate(SIDE / 2, SIDE / 2);
  canvas.lineJoin = "round";
  const colour = kind === "open" ? palette.late : kind === "past" ? palette.muted : palette.ink;
  outline(canvas, kind === "depot" ? HOUSE : TRIANGLE);
  canvas.strokeStyle = palette.surface;
  canvas.lineWidth = 3.6;
  canvas.stroke();
  canvas.fillStyle = colour;
  canvas.fill();
  if (kind !== "depot") cry(canvas, palette.surface);
  return canvas.getImageData(0, 0, side, side);
}

type Corner = readonly [number, number];
const TRIANGLE: readonly Corner[] = [[0, -7.5], [8, 6.5], [-8, 6.5]];
const HOUSE: readonly Corner[] = [[0, -7.5], [8, -0.5], [5.5, -0.5], [5.5, 7], [-5.5, 7], [-5.5, -0.5], [-8, -0.5]];

function outline(canvas: CanvasRenderingContext2D, corners: readonly Corner[]): void {
  canvas.beginPath();
  for (const [x, y] of corners) canvas.lineTo(x, y);
  canvas.closePath();
}

function cry(canvas: CanvasRenderingContext2D, colour: string): void {
  canvas.fillStyle = colour;
  canvas.fillRect(-1, -3, 2, 5);
  canvas.fillRect(-1, 3.2, 2, 2);
}
