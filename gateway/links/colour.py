"""The company's colour, made readable: WCAG 2.2's contrast, by going lighter or darker and keeping the hue."""

from colorsys import hls_to_rgb, rgb_to_hls

READABLE = 4.5
"""WCAG 2.2, 1.4.3 (AA): text against its ground."""

_STEPS = 100


def readable(colour: str, ground: str) -> str:
    """Return the colour nearest in lightness to `colour` that can be read on `ground`; both #rrggbb."""
    if contrast(colour, ground) >= READABLE:
        return colour
    hue, lightness, saturation = rgb_to_hls(*_channels(colour))
    darker = _luminance(ground) > _MIDDLE
    for step in range(1, _STEPS + 1):
        there = lightness * (1 - step / _STEPS) if darker else lightness + (1 - lightness) * step / _STEPS
        shade = _hex(*hls_to_rgb(hue, there, saturation))
        if contrast(shade, ground) >= READABLE:
            return shade
    return "#000000" if darker else "#ffffff"


def ink_on(ground: str) -> str:
    """Return black or white, whichever can be read better on `ground`."""
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, ground))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


_MIDDLE = 0.179
"""The luminance from which on black is read better than white: (L + 0.05)² = 1.05 · 0.05."""


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in (red, green, blue))
