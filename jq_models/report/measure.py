"""How much room words take, for programs that are told sizes instead of finding them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from PIL import ImageFont

from jq_models.report import style
from jq_models.spec.theme import FONTS

_EM = 100  # size the letters are measured at
_FACES = {False: "JQSans-Regular", True: "JQSans-SemiBold"}
_BOLD = 1.04  # office programs set bold where we set semi-bold
LINE = 1.2  # height of a line, of the size of its letters


@cache
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    path = style.FONTS / f"{_FACES[bold]}.ttf"
    return ImageFont.truetype(str(path), _EM, layout_engine=ImageFont.Layout.BASIC)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is in the office font of the house style, in points.

    Letters of our own font are measured, which run a little wider than Arial, and the house style's font is
    taken to run wider or narrower by the same share for all letters.
    """
    own = _face(bold).getlength(text) * (_BOLD if bold else 1.0)
    return float(own * size / _EM * FONTS[style.theme().font])


def words(text: str) -> list[str]:
    """Return what a line's end does not part: words; numbers joined by spaces that do not break."""
    return [word for line in text.split("\n") for word in line.split(" ") if word] or [""]


def widest(texts: Iterable[str], size: float, *, bold: bool = False) -> float:
    """Return the width of the longest of some texts, in points; 0 for none."""
    return max((width(text, size, bold=bold) for text in texts), default=0.0)


def lines(text: str, size: float, *, room: float, bold: bool = False) -> int:
    """Return how many lines a text takes in a column of `room` points."""
    count = 0
    for paragraph in text.split("\n"):
        at, count = 0.0, count + 1
        for word in paragraph.split(" "):
            step = width(word, size, bold=bold)
            space = width(" ", size, bold=bold) if at else 0.0
            if at and at + space + step > room:
                at, count, space = 0.0, count + 1, 0.0
            at += space + step
            while at > room:  # a word longer than the column is broken
                at, count = at - room, count + 1
    return count


def fitting(
    text: str, *, room: tuple[float, float], sizes: Iterable[float], bold: bool = False
) -> float | None:
    """Return the first size at which a text fits into (width, height) points, or None."""
    across, down = room
    for size in sizes:
        if lines(text, size, room=across, bold=bold) * size * LINE <= down:
            return size
    return None


def cut(text: str, size: float, *, room: tuple[float, float], bold: bool = False) -> str:
    """Return as many whole sentences, else words, of a text as fit into (width, height) points."""
    if fitting(text, room=room, sizes=[size], bold=bold):
        return text
    sentences = [part if part.endswith(".") else f"{part}." for part in text.split(". ")]
    for count in range(len(sentences) - 1, 0, -1):
        shorter = " ".join(sentences[:count])
        if fitting(shorter, room=room, sizes=[size], bold=bold):
            return shorter
    parts = text.split(" ")
    for count in range(len(parts) - 1, 0, -1):
        shorter = " ".join(parts[:count]).rstrip(",;:") + " …"
        if fitting(shorter, room=room, sizes=[size], bold=bold):
            return shorter
    return parts[0]


def decimals(ticks: Iterable[float], least: int = 0) -> int:
    """Return how many decimals tell ticks as they are: .25 with one would stand beside .5 as .2."""
    known = [float(tick) for tick in ticks]
    exact = (d for d in range(least, 4) if all(abs(t - round(t, d)) < 1e-9 for t in known))
    return next(exact, 4)
