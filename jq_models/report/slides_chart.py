"""Native charts: what a reader clicks on is a chart with its numbers behind it, not a picture of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from jq_models.report import measure, style
from jq_models.report.chart import Chart
from jq_models.report.prose import Run
from jq_models.report.slides_bars import (
    SMALL,
    axis_title,
    draw_bars,
    labelled,
    number_format,
    role_colour,
    round_span,
)
from jq_models.report.slides_deck import Box, Deck, describe, rgb
from jq_models.report.slides_points import label_points, place_plot
from jq_models.report.slides_workbook import put_workbook

TYPES = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "scatter": XL_CHART_TYPE.XY_SCATTER,
}
MOST = {"bar": 20, "stacked": 20, "line": 8, "scatter": 24}  # categories a slide carries


def fits(chart: Chart | None) -> bool:
    """Say whether a slide can carry a chart as a native one."""
    return (
        chart is not None
        and not chart.empty
        and chart.kind in TYPES
        and len(chart.categories) <= MOST[chart.kind]
    )


def add_chart(deck: Deck, slide: Any, chart: Chart, *, box: Box, alt: str, title: str) -> None:
    """Put a native chart into a box; its workbook holds the chart's own numbers and nothing else."""
    chart = labelled(by_role(chart.rounded()), deck.w)
    if chart.kind == "scatter":
        box = _axis_above(deck, slide, chart, box=box)
    code = number_format(chart, deck.w.language)
    data = _points(chart) if chart.kind == "scatter" else _categories(chart, code)
    frame = slide.shapes.add_chart(TYPES[chart.kind], *box.emu, data)
    describe(frame, alt=alt, title=title)
    made = frame.chart
    made.has_title = False
    made.font.size, made.font.name = Pt(SMALL), style.theme().font
    made.font.color.rgb = rgb(style.INK)
    _legend(made, chart)
    if chart.kind == "scatter":
        _scatter(deck, made, chart, box=box)
    else:
        draw_bars(deck, made, chart)
    put_workbook(deck, made, chart)
    _language(made, deck.w.locale)


def _axis_above(deck: Deck, slide: Any, chart: Chart, *, box: Box) -> Box:
    """Say above a chart what its upright axis shows, and return the room below: nobody reads sideways."""
    line = Box(left=box.left, top=box.top, width=box.width, height=2 * SMALL * measure.LINE)
    tall = deck.text(slide, [[Run(text=chart.value_axis)]], box=line, sizes=(SMALL,), colour=style.MUTED)
    return replace(box, top=box.top + tall, height=box.height - tall)


def by_role(chart: Chart) -> Chart:
    """Return a scatter with a series a colour: programs agree on the colours of series, not of points."""
    if chart.kind != "scatter":
        return chart
    parted = []
    for series in chart.series:
        roles = [series.role(place) for place in range(len(series.values))]
        for role in dict.fromkeys(roles):
            keep = [own == role for own in roles]
            parted.append(
                replace(
                    series,
                    x=tuple(x if k else None for x, k in zip(series.x, keep, strict=True)),
                    values=tuple(y if k else None for y, k in zip(series.values, keep, strict=True)),
                    colour=role,
                    colours=(),
                )
            )
    return replace(chart, series=tuple(parted))


def _categories(chart: Chart, code: str) -> Any:
    data: Any = CategoryChartData(number_format=code)  # type: ignore[no-untyped-call]  # python-pptx types no chart data
    data.categories = list(chart.categories)
    for series in chart.series:
        data.add_series(series.name, list(series.values))
    return data


def _points(chart: Chart) -> Any:
    data: Any = XyChartData()  # type: ignore[no-untyped-call]  # the same
    for series in chart.series:
        points = data.add_series(series.name)
        for x, y in zip(series.x, series.values, strict=True):
            if x is not None and y is not None:
                points.add_data_point(x, y)
    return data


def _legend(made: Any, chart: Chart) -> None:
    made.has_legend = len({series.name for series in chart.series}) > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        made.legend.font.size = Pt(SMALL)


def _scatter(deck: Deck, made: Any, chart: Chart, *, box: Box) -> None:
    names, values = made.category_axis, made.value_axis
    for axis in (names, values):
        axis.has_major_gridlines = False
        axis.format.line.color.rgb = rgb(style.FAINT)
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.tick_labels.font.size = Pt(SMALL)
        axis.tick_labels.font.color.rgb = rgb(style.MUTED)
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis_title(names, chart.category_axis)
    spans = _spans(chart)
    for axis, (low, high, unit) in zip((names, values), spans, strict=True):
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = low, high, unit
        digits = 0 if unit >= 1 else 2 if unit < 0.1 else 1
        axis.tick_labels.number_format = number_format(replace(chart, digits=digits), deck.w.language)
        axis.tick_labels.number_format_is_linked = False
    ends = [(low, high) for low, high, _ in spans]
    place_plot(made, box=box)
    label_points(deck, made, chart, box=box, ends=(ends[0], ends[1]), colour=role_colour)
    if chart.crossing is not None:
        # the axes themselves cross at the averages, and so part the fields
        _cross(names, chart.crossing[1])
        _cross(values, chart.crossing[0])


def _cross(axis: Any, value: float) -> None:
    """Let the other axis be crossed by this one at a value."""
    crossed = axis._element
    for old in [*crossed.findall(qn("c:crosses")), *crossed.findall(qn("c:crossesAt"))]:
        at = parse_xml(f'<c:crossesAt {nsdecls("c")} val="{value:.10g}"/>')
        old.getparent().replace(old, at)


def _spans(chart: Chart) -> list[tuple[float, float, float]]:
    """Return (low, high, unit) of both axes: round numbers a little beyond the points."""
    across = [x for series in chart.series for x in series.x if x is not None]
    down = [y for series in chart.series for y in series.values if y is not None]
    return [round_span(across), round_span(down)]


def _language(made: Any, locale: str) -> None:
    space = made._chartSpace
    for old in space.findall(qn("c:lang")):
        space.remove(old)
    language = parse_xml(f'<c:lang {nsdecls("c")} val="{locale}"/>')
    dates = space.find(qn("c:date1904"))
    if dates is None:
        space.insert(0, language)
    else:
        dates.addnext(language)
