import { canvasOf, ICON_PIXEL_RATIO } from "./icons";
import type { Palette } from "./palette";
import type { StopVariant } from "./stop-icon-name";

/** Radius of the mark, in CSS pixels; its edge and a ring for lateness lie around it. */
const RADIUS = { dot: 4.2, badge: 9.5 } as const;
const EDGE = { dot: 1.2, badge: 1.6 } as const;
const RING = { dot: 1.8, badge: 2.4 } as const;
const AROUND = 4;

/** Draws a stop: a hollow disc while pending, a full one on the way and completed, a diamond with an incident. */
export function drawStop({ label, lateness, size }: StopVariant, palette: Palette): ImageData {
  const half = RADIUS[size] * (label === "incident" ? 1.18 : 1) + EDGE[size] + RING[size] + AROUND;
  const side = Math.ceil(2 * half * ICON_PIXEL_RATIO);
  const canvas = canvasOf(side);
  canvas.translate(side / 2, side / 2);
  canvas.scale(ICON_PIXEL_RATIO, ICON_PIXEL_RATIO);
  canvas.lineJoin = "round";
  const layers: [number, string][] = [[EDGE[size], palette.surface], [0, palette.label[label]]];
  if (lateness !== null) layers.unshift([EDGE[size] + RING[size], lateness === "late" ? palette.late : palette.atRisk]);
  for (const [grow, colour] of layers) fill(canvas, label === "incident", RADIUS[size] + grow, colour);
  if (label === "pending") fill(canvas, false, RADIUS[size] - (size === "dot" ? 1.8 : 1.9), palette.surface);
  return canvas.getImageData(0, 0, side, side);
}

function fill(canvas: CanvasRenderingContext2D, diamond: boolean, radius: number, colour: string): void {
  canvas.beginPath();
  if (diamond) {
    const far = radius * 1.18;
    for (const [x, y] of [[0, -far], [far, 0], [0, far], [-far, 0]] as const) canvas.lineTo(x, y);
    canvas.closePath();
  } else canvas.arc(0, 0, radius, 0, 2 * Math.PI);
  canvas.fillStyle = colour;
  canvas.fill();
}
