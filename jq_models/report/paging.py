"""How the printed report fills its pages: a figure that would leave a page half empty gives way.

A page is laid out once without end, which gives the height of every part; from these the page breaks follow.
Where a figure does not fit and much of a page would stay empty, it is set smaller, as far as it can still be
read; else the texts and tables behind it go first, up to the next heading. The first page is the board's:
its picture is set as small as it must be for everything to stand on that page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

PART = "<!--part-->"  # stands before every part of a page that is to be printed
ENDLESS = "@page{size:210mm 60000mm}@page:first{size:210mm 60000mm}.board{break-after:auto!important}"
MM = 96 / 25.4  # CSS pixels
HEIGHT = (297 - 24 - 22) * MM  # of a page's text, as the stylesheet sets it
FIRST = (297 - 18) * MM  # bottom of the first page's text
LINE = 9.6 * 1.5 / 72 * 96  # of running text
SMALLEST = 0.74  # a figure's type is printed at 8 points, and so at 6 or more
BOARD = 42 * MM  # the board's picture is at least this tall
EMPTY = 0.16  # of a page that may stay empty below the last part
SLACK = 3 * MM  # measured heights and page breaks may differ by so much
KEPT = 3  # lines of a paragraph that stay together, as the stylesheet's orphans and widows
ROWS_ABOVE, ROWS_BELOW = 3, 4  # of a table, as the stylesheet keeps them

_MEASURED = re.compile(r"<(tr|p|li|h[2-4]|figcaption|pre|nav|img)\b(?![^>]*\bid=)")
_IDS = re.compile(r'<(\w+)\b[^>]*?\bid="([^"]+)"[^>]*>')
_SECTION_ROW = re.compile(r'class="[^"]*\b(?:gt_group_heading_row|section)\b')
_BODY = re.compile(r"<tbody\b.*?</tbody>", re.DOTALL)
_IMAGE = re.compile(r"<img\b")
Box = tuple[float, float]  # top and bottom
Layout = Callable[[str], Mapping[str, Box]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A text, table or figure with its measures in CSS pixels.

    Attributes
    ----------
    kind : {"text", "table", "figure"}
    height : float
        From its top to its bottom.
    space : float
        From its bottom to the next part's top.
    breaks : tuple of float
        How far below its top a new page may begin; none for what stays in one piece.
    head : float
        What a table repeats on every page.
    image : float
        Of a figure: the height of its picture.
    heading : bool
        Whether a heading stands in it: it stays with what follows, and nothing from behind it goes before it.
    """

    kind: str
    height: float
    space: float = 0.0
    breaks: tuple[float, ...] = ()
    head: float = 0.0
    image: float = 0.0
    heading: bool = False


def fitted(page: str, layout: Layout) -> str:
    """Return a page whose figures leave no printed page needlessly empty.

    Parameters
    ----------
    page : str
        HTML with `PART` before every part.
    layout : callable
        HTML -> top and bottom of every element with an id, on one page; nothing when that is too short.
    """
    texts = page.split(PART)
    marked = [_marked(text, place) for place, text in enumerate(texts)]
    boxes = layout(PART.join(marked).replace("</head>", f"<style>{ENDLESS}</style></head>", 1))
    if not boxes:
        return page
    begin = 1 + max((k for k, text in enumerate(texts) if "</section>" in text), default=0)
    if begin > 1:
        texts[begin - 1] = _on_first_page(texts[begin - 1], _spots(marked[begin - 1], boxes))
    spots = [_spots(text, boxes) for text in marked[begin:]]
    if not spots or not all(spots):  # a part in which nothing can be measured: leave them where they are
        return PART.join(texts)
    tops = [min(top for _, (top, _) in own) for own in spots]
    bottoms = [max(bottom for _, (_, bottom) in own) for own in spots]
    ends = [*tops[1:], *bottoms[-1:]]
    parts = [
        _part(text, own, boxes, frame=(top, bottom), space=max(end - bottom, 0.0))
        for text, own, top, bottom, end in zip(marked[begin:], spots, tops, bottoms, ends, strict=True)
    ]
    order, heights = filled(parts)
    kept = [_resized(texts[begin + place], heights.get(place)) for place in order]
    return PART.join([*texts[:begin], *kept])


def filled(parts: Sequence[Part]) -> tuple[list[int], dict[int, float]]:
    """Return the order in which parts fill the pages, and the heights of pictures that are set smaller."""
    order: list[int] = []
    heights: dict[int, float] = {}
    todo = list(range(len(parts)))
    y = 0.0
    while todo:
        place = todo.pop(0)
        part = parts[place]
        end = _placed(part, y)
        if end is None and HEIGHT - y > EMPTY * HEIGHT:
            smaller = _smaller(part, HEIGHT - y)
            if smaller is not None:
                heights[place] = smaller.image
                part, end = smaller, _placed(smaller, y)
            else:
                first = _ahead(parts, place, todo, y)
                todo = [other for other in todo if other not in first]
                y += sum(parts[other].height + parts[other].space for other in first)
                order += first
        if end is None:
            above = parts[order[-1]] if order else None
            end = _begun(part, above.height + above.space if above is not None and above.heading else 0.0)
        order.append(place)
        y = end
    return order, heights


def _placed(part: Part, y: float) -> float | None:
    """Return where the page stands behind a part that begins at `y`; None when it goes to the next page."""
    room = HEIGHT - y
    if part.height <= room:
        return y + part.height + part.space
    fitting = [cut for cut in part.breaks if cut <= room]
    if not fitting:
        return None
    moved = part.head - fitting[-1]
    breaks = tuple(cut + moved for cut in part.breaks if cut > fitting[-1])
    return _begun(replace(part, height=part.height + moved, breaks=breaks), 0.0)


def _begun(part: Part, y: float) -> float:
    """Return where the page stands behind a part on a new page; what fits none runs over."""
    end = _placed(part, y)
    return (y + part.height) % HEIGHT + part.space if end is None else end


def _smaller(part: Part, room: float) -> Part | None:
    """Return a figure that fits into what is left of a page, or None when it could not be read there."""
    image = part.image - (part.height + SLACK - room)
    if part.kind != "figure" or image < SMALLEST * part.image:
        return None
    return replace(part, height=part.height - part.image + image, image=image)


def _ahead(parts: Sequence[Part], place: int, todo: Sequence[int], y: float) -> list[int]:
    """Return what goes before a part that does not fit: whole texts and other kinds, up to a heading."""
    found: list[int] = []
    # the last part holds the end of the page: nothing goes behind it
    for other in todo[:-1] if parts[place].kind != "text" else ():
        part = parts[other]
        if part.heading or part.kind == parts[place].kind or y + part.height + SLACK > HEIGHT:
            break
        y += part.height + part.space
        found.append(other)
    return found


def _marked(text: str, place: int) -> str:
    """Give every element whose place tells something an id, in the order of the text."""
    count = iter(range(len(text)))
    return _MEASURED.sub(lambda m: f'<{m[1]} id="jq-{place}-{next(count)}"', text)


def _spots(text: str, boxes: Mapping[str, Box]) -> list[tuple[str, Box]]:
    """Return the measured elements of a text, in its order, with where they stand."""
    return [(name, boxes[key]) for name, key in _IDS.findall(text) if key in boxes]


def _part(
    text: str, spots: Sequence[tuple[str, Box]], boxes: Mapping[str, Box], *, frame: Box, space: float
) -> Part:
    top, bottom = frame
    found = Part(
        kind="text", height=bottom - top, space=space, heading=any(name in ("h2", "h3") for name, _ in spots)
    )
    body = _BODY.search(text)
    if "<figure" in text:
        image = next((below - above for name, (above, below) in spots if name == "img"), 0.0)
        return replace(found, kind="figure", image=image)
    if body is None:
        return found if "<pre" in text or "<nav" in text else replace(found, breaks=_lines(spots, top))
    rows = [above - top for name, (above, _) in _spots(body[0], boxes) if name == "tr"]
    sections = [bool(_SECTION_ROW.search(row)) for row in re.findall(r"<tr\b[^>]*>", body[0])]
    cuts = [
        row
        for k, row in enumerate(rows)
        if ROWS_ABOVE <= k < len(rows) - ROWS_BELOW and not sections[k - 1] and "jq-table short" not in text
    ]
    return replace(found, kind="table", breaks=tuple(cuts), head=min(rows, default=0.0))


def _lines(spots: Sequence[tuple[str, Box]], top: float) -> tuple[float, ...]:
    """Return where a text may be cut: before a paragraph, and in a long one between its lines."""
    cuts = []
    for k, (name, (above, below)) in enumerate(spots):
        if name not in ("p", "li"):
            continue
        if k and spots[k - 1][0] in ("p", "li"):
            cuts.append(above - top)
        lines = round((below - above) / LINE)
        cuts += [above - top + LINE * line for line in range(KEPT, lines - KEPT + 1)]
    return tuple(cuts)


def _on_first_page(text: str, spots: Sequence[tuple[str, Box]]) -> str:
    """Set the board's picture so small that all the board reads stands on the first page."""
    images = [below - above for name, (above, below) in spots if name == "img"]
    over = max((below for _, (_, below) in spots), default=0.0) + SLACK - FIRST
    return _resized(text, max(images[0] - over, BOARD)) if images and over > 0 else text


def _resized(text: str, height: float | None) -> str:
    return text if height is None else _IMAGE.sub(f'<img style="max-height:{height:.0f}px"', text, count=1)
