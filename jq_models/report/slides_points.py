"""The points of a native scatter: each in its colour, each with its name, names beside each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from jq_models.report import measure, style
from jq_models.report.chart import Chart
from jq_models.report.slides_deck import Box, Deck, rgb
from jq_models.report.slides_template import spoken

# number of a series, by its colour: who colours series by the theme's accents then takes the same ones
_ORDER = {"accent": 0, "mark": 1, "high": 2, "low": 3, "muted": 4, "middle": 5}
SIZE = 12.0
MARKER = 10
COVERED = 3  # times as bad to cover a point as to cross a line or a name's edge
_PLACES = (
    (XL_LABEL_POSITION.RIGHT, 1, 0),
    (XL_LABEL_POSITION.LEFT, -1, 0),
    (XL_LABEL_POSITION.ABOVE, 0, -1),
    (XL_LABEL_POSITION.BELOW, 0, 1),
)
_EDGES = (46.0, 8.0, 10.0, 50.0)  # points left, above, right and below of the plot: numbers and a title
Frame = tuple[float, float, float, float]


def label_points(
    deck: Deck,
    made: Any,
    chart: Chart,
    *,
    box: Box,
    ends: tuple[tuple[float, float], tuple[float, float]],
    colour: Callable[[str], str],
) -> None:
    """Colour and name the points of a scatter.

    Parameters
    ----------
    ends : two (low, high)
        Of the axes, across and down.
    colour : callable
        Role -> colour.
    """
    taken = _lines(chart, box=box, ends=ends)
    every = [
        (x, y)
        for own in chart.series
        for x, y in zip(own.x, own.values, strict=True)
        if x is not None and y is not None
    ]
    spots = {point: _spot(*point, box=box, ends=ends) for point in every}
    marks = {point: (a - 8, b - 8, a + 8, b + 8) for point, (a, b) in spots.items()}
    frame = _frame(box)
    for series, own in zip(made.plots[0].series, chart.series, strict=True):
        series._element.find(qn("c:idx")).set("val", str(_ORDER[own.colour]))
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, MARKER
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = rgb(colour(own.colour))
        series.marker.format.line.fill.background()
        known = [
            (x, y, label, own.role(k))
            for k, (x, y, label) in enumerate(zip(own.x, own.values, chart.categories, strict=True))
            if x is not None and y is not None
        ]
        for place, (x, y, label, role) in enumerate(known):
            others = [*taken, *COVERED * [mark for point, mark in marks.items() if point != (x, y)]]
            position, own_frame = _best(spots[x, y], label, others=others, frame=frame)
            taken.append(own_frame)
            point = series.points[place]
            point.marker.style, point.marker.size = XL_MARKER_STYLE.CIRCLE, MARKER
            point.marker.format.fill.solid()
            point.marker.format.fill.fore_color.rgb = rgb(colour(role))
            point.marker.format.line.fill.background()
            point.format.fill.solid()  # where a program colours points by this and not by their marker
            point.format.fill.fore_color.rgb = rgb(colour(role))
            text = point.data_label.text_frame
            text.text, text.word_wrap = label, False
            font = text.paragraphs[0].runs[0].font
            font.size, font.bold = Pt(SIZE), role == "accent"
            font.color.rgb = rgb(style.ACCENT if role == "accent" else style.INK)
            font.name, font.language_id = style.theme().font, spoken(deck.w)
            point.data_label.position = position


def _lines(chart: Chart, *, box: Box, ends: tuple[tuple[float, float], tuple[float, float]]) -> list[Frame]:
    """Return where the lines of the averages run: names keep off them."""
    if chart.crossing is None:
        return []
    x, y = _spot(*chart.crossing, box=box, ends=ends)
    _, _, width, height = _frame(box)
    return [(x - 4, 0.0, x + 4, height), (0.0, y - 4, width, y + 4)]


def place_plot(made: Any, *, box: Box) -> None:
    """Say where the plot stands in its chart: every program then puts the points where we reckon them."""
    left, above, _, _ = _EDGES
    _, _, width, height = _frame(box)
    shares = {
        "x": left / box.width,
        "y": above / box.height,
        "w": width / box.width,
        "h": height / box.height,
    }
    modes = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    values = "".join(f'<c:{name} val="{share:.6f}"/>' for name, share in shares.items())
    layout = parse_xml(
        f"<c:layout {nsdecls('c')}><c:manualLayout>{modes}{values}</c:manualLayout></c:layout>"
    )
    area = made._chartSpace.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(0, layout)


def _frame(box: Box) -> Frame:
    left, above, right, below = _EDGES
    return 0.0, 0.0, box.width - left - right, box.height - above - below


def _spot(
    x: float, y: float, *, box: Box, ends: tuple[tuple[float, float], tuple[float, float]]
) -> tuple[float, float]:
    """Return where a point stands in the plot, in points from its upper left corner."""
    (left, right), (low, high) = ends
    _, _, width, height = _frame(box)
    return (x - left) / (right - left) * width, (high - y) / (high - low) * height


def _best(
    spot: tuple[float, float], label: str, *, others: list[Frame], frame: Frame
) -> tuple[XL_LABEL_POSITION, Frame]:
    """Return the place of a label that covers least, the right side where several cover nothing."""
    wide, tall = 1.06 * measure.width(label, SIZE), SIZE * measure.LINE  # programs' letters differ
    found = []
    for rank, (position, dx, dy) in enumerate(_PLACES):
        x, y = spot[0] + dx * (wide / 2 + 9), spot[1] + dy * (tall / 2 + 7)
        own = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
        outside = wide * tall - _shared(own, frame)
        cost = sum(_shared(own, other) for other in others) + 3 * outside + rank
        found.append((cost, rank, position, own))
    _, _, position, own = min(found, key=lambda entry: entry[:2])
    return position, own


def _shared(a: Frame, b: Frame) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return max(width, 0.0) * max(height, 0.0)
