/** Photos and signatures as small files, known by the hash of their bytes. */
import { h } from "./dom";

const LONGEST_PX = 1_600;
/** The gateway takes 3 MiB; a photo of this size has 0.3 to 0.6. */
const MOST_BYTES = 3 * 1024 * 1024;
const QUALITIES = [0.82, 0.6, 0.4];

/** The size that a picture is scaled to. */
export function scaled(width: number, height: number, longest: number = LONGEST_PX): readonly [number, number] {
  const factor = Math.min(1, longest / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}

export async function digestOf(content: Blob): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", await content.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function jpegOf(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => { if (blob === null) reject(new Error("no picture")); else resolve(blob); }, "image/jpeg", quality);
  });
}

/** A photo as it is sent: at most 1600 px, turned upright, without what the camera wrote beside it (its place, its owner). */
export async function shrunk(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = h("canvas");
  [canvas.width, canvas.height] = scaled(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of QUALITIES) {
    const jpeg = await jpegOf(canvas, quality);
    if (jpeg.size <= MOST_BYTES) return jpeg;
  }
  throw new Error("the picture is too large");
}

/** Opens the camera; `taken` is called with the photo, and not at all if the driver thinks better of it. */
export function takePhoto(taken: (file: File) => void): void {
  document.querySelector("input.camera")?.remove();
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", class: "camera", hidden: true });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.remove();
    if (file !== undefined) taken(file);
  });
  document.body.append(input); // Safari forgets an input that is not in the page
  input.click();
}
