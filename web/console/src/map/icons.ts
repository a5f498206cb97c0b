import type { VehicleState } from "../api/model";
import type { IconVariant } from "./icon-name";
import type { Palette } from "./palette";

/** Side of an image in CSS pixels, and how many image pixels one of them has. */
const SIDE = 34;
export const ICON_PIXEL_RATIO = 3;

type Paint = (canvas: CanvasRenderingContext2D, palette: Palette) => void;

/** What is inside the disc. */
const INSIDE: Record<VehicleState, Paint> = {
  moving: (canvas, { surface }) => { fillPath(canvas, surface, [[0, -5], [4, 4], [0, 2.1], [-4, 4]]); },
  stopped: (canvas, { surface }) => { fillPath(canvas, surface, [[-3, -3], [3, -3], [3, 3], [-3, 3]]); },
  silent: (canvas, { surface }) => { fillPath(canvas, surface, [[-3.800, -1.100], [3.800, -1.100], [3.800, 1.100], [-3.800, 1.100]]); },
};

/** Draws a vehicle heading north: a disc with a beak, in the colour of its route's grade, else of its state. */
export function drawIcon({ state, heading, stale, grade }: IconVariant, palette: Palette): ImageData {
  const side = SIDE * ICON_PIXEL_RATIO;
  const canvas = canvasOf(side);
  const colour = stale ? palette.stale : grade === null ? palette.state[state] : palette.grade[grade];
  canvas.scale(ICON_PIXEL_RATIO, ICON_PIXEL_RATIO);
  canvas.translate(SIDE / 2, SIDE / 2);
  canvas.lineJoin = "round";
  drawBody(canvas, heading, colour, palette.surface);
  INSIDE[state](canvas, palette);
  return canvas.getImageData(0, 0, side, side);
}

/** A canvas of `side` image pixels to draw on. */
export function canvasOf(side: number): CanvasRenderingContext2D {
  const element = document.createElement("canvas");
  element.width = side;
  element.height = side;
  const context = element.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser draws no canvas");
  return context;
}

/** First the white edge with its shadow, then the colour. */
function drawBody(canvas: CanvasRenderingContext2D, heading: boolean, colour: string, edge: string): void {
  canvas.shadowColor = "rgb(0 0 0 / 0.35)";
  canvas.shadowBlur = 3 * ICON_PIXEL_RATIO;
  canvas.shadowOffsetY = ICON_PIXEL_RATIO;
  outline(canvas, heading);
  canvas.strokeStyle = edge;
  canvas.lineWidth = 3.4;
  canvas.stroke();
  canvas.shadowColor = "transparent";
  canvas.fillStyle = colour;
  canvas.fill();
}

/** A circle, or a drop whose tip points north. */
function outline(canvas: CanvasRenderingContext2D, heading: boolean): void {
  const radius = 8.2;
  const open = heading ? 0.62 : 0;
  canvas.beginPath();
  if (heading) canvas.moveTo(0, -13.4);
  canvas.arc(0, 0, radius, -Math.PI / 2 + open, 1.5 * Math.PI - open);
  canvas.closePath();
}

function fillPath(canvas: CanvasRenderingContext2D, colour: string, corners: readonly (readonly [number, number])[]): void {
  canvas.beginPath();
  for (const [x, y] of corners) canvas.lineTo(x, y);
  canvas.closePath();
  canvas.fillStyle = colour;
  canvas.fill();
}
