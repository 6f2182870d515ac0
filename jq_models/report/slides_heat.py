"""A heat map on a slide: a native table whose cells are coloured by their values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from jq_models.report import measure, style
from jq_models.report.chart import Chart, Series
from jq_models.report.slides_bars import role_colour
from jq_models.report.slides_deck import READABLE, Box, Deck, describe, rgb
from jq_models.spec.colour import mixed

ROWS, COLUMNS = 16, 12  # of the largest table that can be read from the back of a room
SIZES = (14.0, 13.0, READABLE)
TALLEST, WIDEST = 34.0, 130.0  # points of a row and a column
PAD, SIDE = 1.0, 4.0  # points above and beside what stands in a cell
ROW = 1.35  # height of a row of a table, of the size of its letters: programs differ
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
    texts = [_texts(deck, chart, series) for series in chart.series]
    plan = _planned(chart, texts, box=box)
    place = Box(
        left=box.left,
        top=box.top,
        width=plan.first + plan.wide * columns,
        height=plan.high + plan.tall * rows,
    )
    frame = slide.shapes.add_table(rows + 1, columns + 1, *place.emu)
    describe(frame, alt=alt, title=title)
    table = frame.table
    _plain_style(frame)
    for column, width in zip(table.columns, [plan.first, *[plan.wide] * columns], strict=True):
        column.width = Emu(round(12700 * width))
    for row, height in zip(table.rows, [plan.high, *[plan.tall] * rows], strict=True):
        row.height = Emu(round(12700 * height))
    _heads(deck, table, [series.name for series in chart.series], plan=plan)
    ends = _ends(chart)
    for r, category in enumerate(chart.categories, start=1):
        _cell(deck, table.cell(r, 0), category, size=plan.size, right=False)
        for k, series in enumerate(chart.series, start=1):
            value = series.values[r - 1]
            if value is None:
                ground = style.SURFACE
            elif series.colours:
                role = series.role(r - 1)
                ground = style.MIDDLE if role == "middle" else role_colour(role)
            else:
                ground = ground_of(value, ends)
            _cell(deck, table.cell(r, k), texts[k - 1][r - 1], size=plan.size, ground=ground)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Measures of a table in points; `upright` names stand in `lines` lines."""

    size: float
    first: float
    wide: float
    high: float
    tall: float
    upright: bool
    lines: int


def _planned(chart: Chart, texts: Sequence[Sequence[str]], *, box: Box) -> _Plan:
    """Return the largest letters at which names, numbers and rows have their room.

    Names stand in one line if letters of some size allow that: not every program breaks what stands.
    """
    plans = [_plan(chart, texts, box=box, size=size, most=most) for most in (1, 3) for size in SIZES]
    return next((plan for plan, enough in plans if enough), plans[-1][0])


def _plan(
    chart: Chart, texts: Sequence[Sequence[str]], *, box: Box, size: float, most: int
) -> tuple[_Plan, bool]:
    """Return the measures at a size, with names that stand in at most so many lines, and whether they do."""
    rows, names = len(chart.categories), [series.name for series in chart.series]
    line = size * measure.LINE
    first = min(measure.widest(chart.categories, size) + 14, box.width * 0.36)
    wide = min((box.width - first) / len(names), WIDEST)
    room = box.height - rows * (ROW * size + 2 * PAD)
    inner = wide - 2 * SIDE
    level = next((k for k in (1, 2) if _level(names, size, width=inner, lines=k)), 0)
    lines = level or max(1, min(most, int(inner / line)))
    high = (level * line + 6) if level else _standing(names, size, lines=lines)
    enough = high <= min(room, UPRIGHT) and all(measure.widest(column, size) <= inner for column in texts)
    high = min(high, max(room, line + 6))
    tall = min(TALLEST, (box.height - high) / rows)
    plan = _Plan(size=size, first=first, wide=wide, high=high, tall=tall, upright=not level, lines=lines)
    return plan, enough


def _level(names: Sequence[str], size: float, *, width: float, lines: int) -> bool:
    """Say whether names fit above their columns in so many lines, no word broken."""
    words = measure.widest((word for name in names for word in name.split()), size, bold=True)
    return words <= width and all(measure.lines(n, size, room=width, bold=True) <= lines for n in names)


def _standing(names: Sequence[str], size: float, *, lines: int) -> float:
    """Return how tall names are that stand in so many lines, no word broken."""
    least = measure.widest((word for name in names for word in name.split()), size, bold=True)
    longest = measure.widest(names, size, bold=True)
    steps = (least + (longest - least) * step / 20 for step in range(21))
    fits = (
        room for room in steps if all(measure.lines(n, size, room=room, bold=True) <= lines for n in names)
    )
    return next(fits, longest) + 14


def _heads(deck: Deck, table: Any, names: Sequence[str], *, plan: _Plan) -> None:
    """Name the columns: from bottom to top where a name is longer than its column is wide."""
    _cell(deck, table.cell(0, 0), "", size=plan.size, right=False)
    room = plan.high - 12 if plan.upright else plan.wide - 2 * SIDE
    for k, name in enumerate(names, start=1):
        cell = table.cell(0, k)
        down = plan.lines * plan.size * measure.LINE + 1
        short = measure.cut(name, plan.size, room=(room, down), bold=True)
        _cell(deck, cell, short, size=plan.size, bold=True, right=not plan.upright)
        if plan.upright:
            cell._tc.get_or_add_tcPr().set("vert", "vert270")


def ground_of(value: float, ends: tuple[float, float]) -> str:
    """Return the ground of a value: around zero warm below and cool above, else pale to strong.

    Ends the other way round make the lowest value the strongest.
    """
    low, high = ends
    if low < 0 < high:
        reach = max(-low, high)
        colour = style.HIGH if value >= 0 else style.LOW
        return mixed(colour, style.SURFACE, share=STRONGEST * abs(value) / reach)
    share = (value - low) / (high - low) if high != low else 0.5
    return mixed(style.HIGH, style.SURFACE, share=STRONGEST * share)


def _ends(chart: Chart) -> tuple[float, float]:
    known = [value for series in chart.series for value in series.values if value is not None]
    return (
        min(known) if chart.low is None else chart.low,
        max(known) if chart.high is None else chart.high,
    )


def _texts(deck: Deck, chart: Chart, series: Series) -> tuple[str, ...]:
    """Return what stands in a column's cells."""
    write = deck.w.percent if chart.percent else deck.w.number
    return series.cells or tuple(write(value, chart.digits) for value in series.values)


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
    cell.margin_left = cell.margin_right = Pt(SIDE)
    cell.margin_top = cell.margin_bottom = Pt(PAD)
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
