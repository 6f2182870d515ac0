"""Whether colours can be read and told apart: contrast, colour-blind eyes, prints in grey."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator

Rgb = tuple[float, float, float]

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB
_BLIND = {
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
}
VISIONS = ("normal", *_BLIND, "grey")
# sRGB (D65) to XYZ, each row divided by the white point
_XYZ = (
    (0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505),
    (0.2126, 0.7152, 0.0722),
    (0.0193 / 1.0890, 0.1192 / 1.0890, 0.9505 / 1.0890),
)


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB``, 0 to 1 (WCAG 2.2)."""
    return _times(_XYZ, _linear(colour))[1]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, *, vision: str = "normal") -> float:
    """Return how far two colours are apart to an eye: CIE 1976 distance in L*a*b*.

    Parameters
    ----------
    vision : {"normal", "deuteranopia", "protanopia", "grey"}
        Who looks; ``"grey"`` is a print without colour.
    """
    a, b = _lab(_seen(one, vision)), _lab(_seen(other, vision))
    return float(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5)


def mixed(colour: str, ground: str, *, share: float) -> str:
    """Return `share` of a colour on a ground, as paint is thinned."""
    parts = (
        round(share * a + (1 - share) * b)
        for a, b in zip(bytes.fromhex(colour[1:]), bytes.fromhex(ground[1:]), strict=True)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)


def shades(colour: str) -> Iterator[str]:
    """Yield the colour lighter and darker, hue kept: the nearest first."""
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in bytes.fromhex(colour[1:])))
    for other in sorted((k / 100 for k in range(8, 93)), key=lambda level: abs(level - light)):
        rgb = colorsys.hls_to_rgb(hue, other, saturation)
        yield "#" + "".join(f"{round(255 * part):02X}" for part in rgb)


def _linear(colour: str) -> Rgb:
    red, green, blue = (part / 255 for part in bytes.fromhex(colour[1:]))
    return _curve(red), _curve(green), _curve(blue)


def _curve(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _seen(colour: str, vision: str) -> Rgb:
    rgb = _linear(colour)
    if vision == "grey":
        y = luminance(colour)
        return y, y, y
    if vision in _BLIND:
        red, green, blue = (min(max(part, 0.0), 1.0) for part in _times(_BLIND[vision], rgb))
        return red, green, blue
    return rgb


def _lab(rgb: Rgb) -> Rgb:
    x, y, z = (_root(part) for part in _times(_XYZ, rgb))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(part: float) -> float:
    return part ** (1 / 3) if part > (6 / 29) ** 3 else part / (3 * (6 / 29) ** 2) + 4 / 29


def _times(matrix: tuple[Rgb, ...], vector: Rgb) -> Rgb:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third
