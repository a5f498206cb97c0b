"""What is on a screenshot: where a colour is. Decoded by the browser itself, in a page of its own."""

import base64
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

MOVING = "#0f7a5a"
STOPPED = "#3a5fc8"
SILENT = "#a64d08"
MOVING_AT_NIGHT = "#2fb489"
GRADES = ("#b3161f", "#a86400", "#0f7a5a", "#5f6874")
"""Of vehicles with a route: needs action, worth a look, on plan, not begun or over."""
STALE = "#7b8490"
TRACK = ("#8a4fc7", "#3f74d9", "#12a3a3", "#76bd3e", "#f5a623")

SIDE = 16
"""A patch: about a vehicle's disc."""
LEAST_PIXELS = 40
"""Of one colour in a patch: text and roads have fewer."""

FIND = """
async ([png, colours, side]) => {
  const bytes = Uint8Array.from(atob(png), (char) => char.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const wanted = colours.map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
  const patches = new Map();
  for (let at = 0; at < data.length; at += 4) {
    if (!wanted.some((rgb) => rgb.every((value, channel) => Math.abs(data[at + channel] - value) <= 6))) continue;
    const pixel = at / 4;
    const [x, y] = [pixel % image.width, Math.floor(pixel / image.width)];
    const key = `${Math.floor(x / side)} ${Math.floor(y / side)}`;
    const patch = patches.get(key) ?? { x: 0, y: 0, pixels: 0 };
    patches.set(key, { x: patch.x + x, y: patch.y + y, pixels: patch.pixels + 1 });
  }
  return [...patches.values()].map(({ x, y, pixels }) => [x / pixels, y / pixels, pixels]);
}
"""


@dataclass(frozen=True)
class Patch:
    """The middle of the pixels of a colour within a square, relative to the picture, and how many they are."""

    x: float
    y: float
    pixels: int


class Eye:
    """Looks at screenshots."""

    def __init__(self, browser: Browser) -> None:
        self._page: Page = browser.new_page()

    def find(self, png: bytes, *colours: str) -> list[Patch]:
        """Return the patches with at least `LEAST_PIXELS` of one of the colours, the fullest first."""
        found = self._page.evaluate(FIND, [base64.b64encode(png).decode(), list(colours), SIDE])
        patches = [Patch(x, y, int(pixels)) for x, y, pixels in found if pixels >= LEAST_PIXELS]
        return sorted(patches, key=lambda patch: -patch.pixels)

    def close(self) -> None:
        self._page.close()
