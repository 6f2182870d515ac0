"""A heat map on a slide: a native table whose cells are coloured by their values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from jq_models.report import measure, style
from jq_models.report.chart import Chart
from jq_models.report.slides_bars import role_colour
from jq_models.report.slides_deck import Box, Deck, describe, rgb
from jq_models.report.wording import DASH
from jq_models.spec.colour import mixed

ROWS, COLUMNS = 16, 12  # of the largest table that can be read from the back of a room
SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
TALLEST, WIDEST = 26.0, 110.0  # points of a row and a column
UPRIGHT = 190.0  # points of a row of names that stand
_PART = re.compile(r"_\d+$")
STRONGEST = 0.75  # share of the colour at the end of the range


def fits_heat(chart: Chart | None) -> bool:
    """Say whether a slide can carry a heat map as a native table."""
    return (
        chart is not None
        and chart.kind == "heat"
        and not chart.empty
        and len(chart.categories) <= ROWS
        and len(chart.series) <= COLUMNS
    )


def too_large(charts: Mapping[str, Chart]) -> set[str]:
    """Return the names of the heat maps that nobody can read on a slide, as a table or as a picture."""
    heats = {name: chart for name, chart in charts.items() if chart.kind == "heat" and not chart.empty}
    large = {name for name, chart in heats.items() if not fits_heat(chart)}
    return large | {name for name in heats if _PART.sub("", name) in large}  # the rest of one is no finding


def add_heat(deck: Deck, slide: Any, chart: Chart, *, box: Box, alt: str, title: str) -> None:
    """Put a heat map into a box; what is hidden is a dash on white."""
    chart = chart.rounded()
    rows, columns = len(chart.categories), len(chart.series)
    size = next((size for size in SIZES if _readable(chart, size, room=box.height)), SIZES[-1])
    first = min(max(measure.width(name, size) for name in chart.categories) + 14, box.width * 0.36)
    wide = min((box.width - first) / columns, WIDEST)
    names = [series.name for series in chart.series]
    level = (wide - 8, 2 * size * measure.LINE)
    broken = measure.widest((word for name in names for word in name.split()), size, bold=True) > level[0]
    upright = broken or any(measure.fitting(n, room=level, sizes=(size,), bold=True) is None for n in names)
    longest = measure.widest(names, size, bold=True) + 14
    high = min(longest, UPRIGHT) if upright else TALLEST * 1.4
    tall = min(TALLEST, (box.height - high) / rows)
    place = Box(left=box.left, top=box.top, width=first + wide * columns, height=high + tall * rows)
    frame = slide.shapes.add_table(rows + 1, columns + 1, *place.emu)
    describe(frame, alt=alt, title=title)
    table = frame.table
    _plain_style(frame)
    for column, width in zip(table.columns, [first, *[wide] * columns], strict=True):
        column.width = Emu(round(12700 * width))
    for row, height in zip(table.rows, [high, *[tall] * rows], strict=True):
        row.height = Emu(round(12700 * height))
    _heads(deck, table, names, size=size, room=(high - 12 if upright else wide - 8), upright=upright)
    ends = _ends(chart)
    for r, category in enumerate(chart.categories, start=1):
        _cell(deck, table.cell(r, 0), category, size=size, right=False)
        for k, series in enumerate(chart.series, start=1):
            value = series.values[r - 1]
            if value is None:
                ground = style.SURFACE
            elif series.colours:
                role = series.role(r - 1)
                ground = style.MIDDLE if role == "middle" else role_colour(role)
            else:
                ground = ground_of(value, ends)
            _cell(deck, table.cell(r, k), _text(deck, chart, value), size=size, ground=ground)


def _readable(chart: Chart, size: float, *, room: float) -> bool:
    """Say whether rows of this size fit below names that stand."""
    names = measure.widest((series.name for series in chart.series), size, bold=True) + 14
    return size * measure.LINE + 4 <= (room - min(names, UPRIGHT)) / len(chart.categories)


def _heads(deck: Deck, table: Any, names: Sequence[str], *, size: float, room: float, upright: bool) -> None:
    """Name the columns: from bottom to top where a name is longer than its column is wide."""
    _cell(deck, table.cell(0, 0), "", size=size, right=False)
    for k, name in enumerate(names, start=1):
        cell = table.cell(0, k)
        # what stands takes one line: a second would make the row taller
        down = (1 if upright else 2) * size * measure.LINE
        short = measure.cut(name, size, room=(room, down), bold=True)
        _cell(deck, cell, short, size=size, bold=True, right=not upright)
        if upright:
            cell._tc.get_or_add_tcPr().set("vert", "vert270")


def ground_of(value: float, ends: tuple[float, float]) -> str:
    """Return the ground of a value: around zero warm below and cool above, else pale to strong."""
    low, high = ends
    if low < 0 < high:
        reach = max(-low, high)
        colour = style.HIGH if value >= 0 else style.LOW
        return mixed(colour, style.SURFACE, share=STRONGEST * abs(value) / reach)
    share = (value - low) / (high - low) if high > low else 0.5
    return mixed(style.HIGH, style.SURFACE, share=STRONGEST * share)


def _ends(chart: Chart) -> tuple[float, float]:
    known = [value for series in chart.series for value in series.values if value is not None]
    return (
        min(known) if chart.low is None else chart.low,
        max(known) if chart.high is None else chart.high,
    )


def _text(deck: Deck, chart: Chart, value: float | None) -> str:
    if value is None:
        return DASH
    return deck.w.percent(value, chart.digits) if chart.percent else deck.w.number(value, chart.digits)


def _cell(
    deck: Deck,
    cell: Any,
    text: str,
    *,
    size: float,
    right: bool = True,
    bold: bool = False,
    ground: str = style.SURFACE,
) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(ground)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Pt(4)
    cell.margin_top = cell.margin_bottom = Pt(1)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER if right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    deck.look(run.font, size=size, colour=style.readable_on(ground), bold=bold)


def _plain_style(frame: Any) -> None:
    """Take the template's striped look away; the first row stays the header for readers aloud."""
    table = frame.table
    table.horz_banding, table.first_row, table.first_col = False, True, True
    name = frame._element.find(f".//{qn('a:tableStyleId')}")
    name.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's own "no style, no grid"
