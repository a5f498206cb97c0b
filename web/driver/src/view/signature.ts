import { text } from "../strings";
import { button, h } from "./dom";
import { jpegOf } from "./picture";
import { openSheet } from "./sheet";

const PAPER = "#ffffff";
const INK = "#10182a";
const PEN_PX = 3;

/** A box to sign in. It is paper in the dark, too: a signature is black on white. */
class Pad {
  readonly canvas = h("canvas", { class: "pad", "aria-label": text.signHint });
  isEmpty = true;
  #at: { readonly x: number; readonly y: number } | null = null;

  constructor(changed: () => void) {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#at = { x: event.offsetX, y: event.offsetY };
    });
    canvas.addEventListener("pointermove", (event) => {
      const points = event.getCoalescedEvents();
      for (const point of points.length > 0 ? points : [event]) this.#line(point.offsetX, point.offsetY);
      if (this.#at !== null) changed();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { this.#at = null; });
  }

  /** To be called once the box has its size. */
  clear(): void {
    const ratio = devicePixelRatio;
    const { clientWidth, clientHeight } = this.canvas;
    [this.canvas.width, this.canvas.height] = [clientWidth * ratio, clientHeight * ratio];
    const pen = this.#pen();
    pen?.scale(ratio, ratio);
    if (pen !== null) pen.fillStyle = PAPER;
    pen?.fillRect(0, 0, clientWidth, clientHeight);
    this.isEmpty = true;
  }

  #pen(): CanvasRenderingContext2D | null {
    return this.canvas.getContext("2d");
  }

  #line(x: number, y: number): void {
    const pen = this.#pen();
    if (this.#at === null || pen === null) return;
    Object.assign(pen, { lineWidth: PEN_PX, lineCap: "round", lineJoin: "round", strokeStyle: INK });
    pen.beginPath();
    pen.moveTo(this.#at.x, this.#at.y);
    pen.lineTo(x, y);
    pen.stroke();
    this.#at = { x, y };
    this.isEmpty = false;
  }
}

/** Lets the recipient sign; `signed` is called with the picture. */
export function askSignature(signed: (content: Blob) => void): void {
  const confirm = button("done", text.done, () => undefined);
  const pad = new Pad(() => { confirm.disabled = pad.isEmpty; });
  const clear = (): void => { pad.clear(); confirm.disabled = true; };
  openSheet(text.sign, (close) => {
    confirm.addEventListener("click", () => { void jpegOf(pad.canvas, 0.8).then(signed).finally(close); });
    return [h("p", { class: "hint" }, text.signHint), pad.canvas, button("quiet", text.clear, clear), confirm];
  });
  clear();
}
