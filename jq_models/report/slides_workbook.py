"""The workbook behind a native chart: the chart's own numbers, worded, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from pptx.oxml.ns import qn

from jq_models.report.chart import Chart, Series
from jq_models.report.harmless import is_formula
from jq_models.report.slides_deck import Deck


def put_workbook(deck: Deck, made: Any, chart: Chart) -> None:
    """Put our own workbook behind the chart: worded, with the intervals' reach, without a trace of ours."""
    book = Workbook()
    page = book.worksheets[0]
    name = deck.w("publish.sheet_name")
    page.title = name
    for row in _rows(chart):
        page.append(list(row))
    for line in page.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # never a formula, also when somebody edits the cell
                cell.quotePrefix = is_formula(cell.value)
    book.properties.creator = "jq_models"
    buffer = io.BytesIO()
    book.save(buffer)
    made.part.chart_workbook.update_from_xlsx_blob(buffer.getvalue())
    for reference in made._chartSpace.iter(qn("c:f")):
        reference.text = (reference.text or "").replace("Sheet1!", f"{name}!")


def _rows(chart: Chart) -> Iterable[tuple[object, ...]]:
    if chart.kind == "scatter":
        for series in chart.series:
            yield (chart.category_axis, series.name, "")
            for x, y, label in zip(series.x, series.values, chart.categories, strict=True):
                if x is not None and y is not None:
                    yield (x, y, label)
            yield ()
        return
    reached = [series for series in chart.series if series.low and series.high]
    heads = [head for series in reached for head in (f"{series.name} +", f"{series.name} −")]
    yield ("", *(series.name for series in chart.series), *heads)
    rows = [row for series in reached for row in (reach(series, up=True), reach(series, up=False))]
    for place, category in enumerate(chart.categories):
        yield (category, *(s.values[place] for s in chart.series), *(row[place] for row in rows))


def reach(own: Series, *, up: bool) -> list[float | None]:
    """Return how far each interval reaches up or down from its value."""
    found: list[float | None] = []
    for place, value in enumerate(own.values):
        ends = own.interval(place)
        found.append(None if value is None or ends is None else abs((ends[1] if up else ends[0]) - value))
    return found


def reference(chart: Chart, *, place: int, part: str) -> str:
    """Return where a series' reach stands in the workbook: `part` is "plus" or "minus"."""
    column = get_column_letter(2 + len(chart.series) + 2 * place + (part == "minus"))
    return f"Sheet1!${column}$2:${column}${len(chart.categories) + 1}"
