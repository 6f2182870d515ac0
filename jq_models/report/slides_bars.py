"""Native bars and lines: their axes, numbers in what can be read, intervals as whiskers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from jq_models.report import style
from jq_models.report.chart import Chart, Series
from jq_models.report.slides_deck import Deck, rgb
from jq_models.report.slides_workbook import reach, reference
from jq_models.report.wording import Wording, wording
from jq_models.spec.colour import contrast, mixed

SMALL = 12.0
CROWDED = 16  # bars beyond which a number has no room of its own
READ = 4.5  # contrast of small text (WCAG 2.2, AA)


def role_colour(role: str) -> str:
    """Return the colour of a role of `chart.ROLES` in the house style."""
    colours = {
        "mark": style.MARK,
        "accent": style.ACCENT,
        "muted": "#C3CCD5",
        "low": style.LOW,
        "middle": "#D5D8DB",
        "high": style.HIGH,
    }
    return colours[role]


def bar_colour(role: str) -> str:
    """Return the colour of a bar that carries its number: a role's, so dark that white is read on it."""
    colour = role_colour(role)
    if role != "mark":
        return colour
    darker = (mixed(colour, style.INK, share=share / 20) for share in range(20, -1, -1))
    return next(shade for shade in darker if contrast(shade, style.SURFACE) >= READ)


def number_format(chart: Chart, language: str) -> str:
    """Return how the chart's numbers are written: Excel's code, with the language of its decimal sign."""
    decimals = "." + "0" * chart.digits if chart.digits else ""
    code = f"0{decimals}%" if chart.percent else f"#,##0{decimals}"
    return f"[$-{wording(language).windows_language:X}]{code}"


def labelled(chart: Chart, w: Wording) -> Chart:
    """Return a chart whose bars have no room for their numbers with the numbers beside its names.

    That is where bars lie on both sides of zero, a whisker reaches over it, or many bars lie two by two.
    """
    if not beside_names(chart):
        return chart
    write = w.percent if chart.percent else w.number
    rows = zip(*(series.values for series in chart.series), strict=True)
    names = tuple(
        f"{name}: {' / '.join(write(value, chart.digits) for value in values)}"
        for name, values in zip(chart.categories, rows, strict=True)
    )
    return replace(chart, categories=names)


def beside_names(chart: Chart) -> bool:
    """Say whether a chart's numbers stand beside its names."""
    return struck_out(chart) or paired(chart)


def paired(chart: Chart) -> bool:
    """Say whether a chart has so many bars side by side that they are thinner than a number is tall."""
    return (
        chart.kind == "bar"
        and 1 < len(chart.series) < 4
        and len(chart.series) * len(chart.categories) > CROWDED
    )


def struck_out(chart: Chart) -> bool:
    """Say whether whiskers of a chart's only series reach over zero, or bars lie on both sides of it."""
    if chart.kind != "bar" or len(chart.series) != 1 or not chart.series[0].low:
        return False
    own = chart.series[0]
    ends = [bound for row in (own.low, own.high, own.values) for bound in row if bound is not None]
    return bool(ends) and min(ends) < 0 < max(ends)


def round_span(values: Sequence[float]) -> tuple[float, float, float]:
    """Return (low, high, unit) of an axis: round numbers a little beyond some values."""
    low, high = min(values), max(values)
    room = 0.12 * (high - low) or 1.0
    raw = (high - low + 2 * room) / 6
    power = 10.0 ** int(f"{raw:e}".split("e")[1])
    unit = next(step * power for step in (1, 2, 5, 10) if step * power >= raw)
    begin, end = unit * ((low - room) // unit), unit * -(-(high + room) // unit)
    return round(begin, 10), round(end, 10), round(unit, 10)


def draw_bars(deck: Deck, made: Any, chart: Chart) -> None:
    """Draw bars, bands of 100 % or lines into a chart just made."""
    lying = chart.kind in ("bar", "stacked")
    names, values = made.category_axis, made.value_axis
    names.reverse_order = lying
    names.format.line.color.rgb = rgb(style.FAINT)
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # beside the axis even where bars go below zero
    names.tick_labels.font.size = Pt(SMALL)
    _value_axis(values, chart, language=deck.w.language, bottom=lying)
    if chart.kind == "stacked":
        values.minimum_scale, values.maximum_scale = 0.0, 1.0
        values.visible = False
        values.has_major_gridlines = False
    plot = made.plots[0]
    if chart.kind != "line":
        plot.gap_width = 45 if len(chart.series) == 1 or chart.kind == "stacked" else 40
        plot.overlap = 100 if chart.kind == "stacked" else 0
    for series, own in zip(plot.series, chart.series, strict=True):
        _draw(deck, series, own, chart=chart)


def _value_axis(axis: Any, chart: Chart, *, language: str, bottom: bool) -> None:
    axis.major_gridlines.format.line.color.rgb = rgb(style.GRID)
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.font.size = Pt(SMALL)
    axis.tick_labels.font.color.rgb = rgb(style.MUTED)
    whole = chart.low is not None and chart.high is not None and not chart.percent
    digits = 0 if whole else min(chart.digits, 2)
    axis.tick_labels.number_format = number_format(replace(chart, digits=digits), language)
    axis.tick_labels.number_format_is_linked = False
    if bottom:  # categories run downwards, which would put the numbers on top
        axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    low, high = _reached(chart)
    if chart.low is None and chart.high is None and low is not None:
        axis.minimum_scale, axis.maximum_scale = low, high
    if chart.low is not None:
        axis.minimum_scale = chart.low
    if chart.high is not None:
        axis.maximum_scale = chart.high
        span = chart.high - (chart.low or 0.0)
        axis.major_unit = 1.0 if span <= 10 and not chart.percent else span / 4
    if chart.value_axis:
        axis_title(axis, chart.value_axis)


def _reached(chart: Chart) -> tuple[float | None, float | None]:
    """Return round ends of an axis that whiskers do not leave; nothing without whiskers."""
    ends = [b for s in chart.series for row in (s.low, s.high, s.values) for b in row if b is not None]
    if not ends or not any(series.low for series in chart.series):
        return None, None
    low, high, _ = round_span([0.0, *ends])
    return (low if min(ends) < 0 else 0.0), high


def axis_title(axis: Any, text: str) -> None:
    """Say what an axis shows."""
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = text
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold, font.color.rgb = Pt(SMALL), False, rgb(style.MUTED)


def _draw(deck: Deck, series: Any, own: Series, *, chart: Chart) -> None:
    if chart.kind == "line":
        colour = role_colour(own.colour)
        series.format.line.color.rgb, series.format.line.width = rgb(colour), Pt(2.25)
        series.smooth = False
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 8
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = rgb(colour)
    else:
        paint = bar_colour if _inside(own, chart) else role_colour
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(paint(own.colour))
        series.invert_if_negative = False
        for place in range(len(chart.categories)):
            if own.role(place) != own.colour:
                fill = series.points[place].format.fill
                fill.solid()
                fill.fore_color.rgb = rgb(paint(own.role(place)))
    _labels(deck, series, own, chart=chart)
    _error_bars(series, own, chart=chart)


def _inside(own: Series, chart: Chart) -> bool:
    """Say whether the numbers of a series stand in its bars: a whisker takes the place beyond their ends."""
    return chart.kind == "bar" and bool(own.low and own.high) and not beside_names(chart)


def _labels(deck: Deck, series: Any, own: Series, *, chart: Chart) -> None:
    code = number_format(chart, deck.w.language)
    labels = series.data_labels
    if beside_names(chart):
        return
    labels.show_value = True
    labels.font.size = Pt(SMALL)
    labels.number_format_is_linked = False
    labels.number_format = code
    if chart.kind == "stacked":  # a number that is wider than its band is left out
        labels.number_format = f"[>=0.055]{code};;"
        labels.position = XL_LABEL_POSITION.CENTER
    elif chart.kind == "line":
        labels.position = XL_LABEL_POSITION.BELOW if own is not chart.series[0] else XL_LABEL_POSITION.ABOVE
    else:
        inside = _inside(own, chart)
        labels.position = XL_LABEL_POSITION.INSIDE_BASE if inside else XL_LABEL_POSITION.OUTSIDE_END
    if chart.kind in ("stacked", "bar") and not (chart.kind == "bar" and not own.low):
        colour = bar_colour if _inside(own, chart) else role_colour
        labels.font.color.rgb = rgb(style.readable_on(colour(own.colour)))
        for place in range(len(chart.categories)):
            if chart.kind == "bar" and own.role(place) != own.colour:
                _label_colour(series, place, own=own, code=code)


def _label_colour(series: Any, place: int, *, own: Series, code: str) -> None:
    """Write a label in what can be read on its own bar."""
    label = series.points[place].data_label
    label.font.color.rgb = rgb(style.readable_on(bar_colour(own.role(place))))
    label.font.size = Pt(SMALL)
    label.position = XL_LABEL_POSITION.INSIDE_BASE
    number = parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="{escape(code)}" sourceLinked="0"/>')
    label._dLbl.find(qn("c:idx")).addnext(number)


def _error_bars(series: Any, own: Series, *, chart: Chart) -> None:
    """Draw intervals as error bars that refer to the workbook: who edits a number sees its interval move."""
    if not (own.low and own.high):
        return
    place = chart.series.index(own)
    plus, minus = reach(own, up=True), reach(own, up=False)
    refs = [reference(chart, place=place, part=part) for part in ("plus", "minus")]
    direction = '<c:errDir val="y"/>' if chart.kind == "line" else ""
    xml = (
        f'<c:errBars {nsdecls("c", "a")}>{direction}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus>{_numbers(plus, refs[0])}</c:plus>'
        f"<c:minus>{_numbers(minus, refs[1])}</c:minus>"
        '<c:spPr><a:ln w="15875"><a:solidFill>'
        f'<a:srgbClr val="{style.INK[1:]}"/></a:solidFill></a:ln></c:spPr>'
        "</c:errBars>"
    )
    before = series._element.find(qn("c:cat"))
    before.addprevious(parse_xml(xml))


def _numbers(values: Sequence[float | None], reference: str) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{value:.10g}</c:v></c:pt>'
        for place, value in enumerate(values)
        if value is not None
    )
    cache = f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}'
    return f"<c:numRef><c:f>{reference}</c:f><c:numCache>{cache}</c:numCache></c:numRef>"
