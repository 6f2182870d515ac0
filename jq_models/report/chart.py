"""A drawing's data, for programs that draw it themselves: a chart on a slide can then be edited.

A chart holds what its drawing shows and nothing more: a workbook lies behind every native chart, and a reader
opens it. Values are therefore rounded to the decimals that the drawing prints when they are stored.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from jq_models.errors import RunError

KINDS = ("bar", "stacked", "scatter", "line", "heat")
ROLES = ("mark", "accent", "muted", "low", "middle", "high")
Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of bars, points or cells.

    Attributes
    ----------
    name : str
        Worded.
    values : tuple of float or None
        One a category; None where nothing may be shown or there is nothing.
    low, high : tuple of float or None
        Bounds of the intervals; empty without intervals.
    x : tuple of float or None
        Of a scatter only: where a point stands across.
    colour : str
        One of `ROLES`.
    colours : tuple of str
        One of `ROLES` a category; wins over `colour`.
    cells : tuple of str
        Of a heat map only: what stands in a cell instead of its value, worded; empty for the values.
    """

    name: str
    values: Values
    low: Values = ()
    high: Values = ()
    x: Values = ()
    colour: str = "mark"
    colours: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    def role(self, place: int) -> str:
        """Return the role that colours the mark of a category."""
        return self.colours[place] if self.colours else self.colour

    def interval(self, place: int) -> tuple[float, float] | None:
        """Return the bounds of a category's interval, or None where it has none."""
        if not (self.low and self.high):
            return None
        low, high = self.low[place], self.high[place]
        return None if low is None or high is None else (low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What a native chart needs.

    Attributes
    ----------
    kind : {"bar", "stacked", "scatter", "line", "heat"}
        Lying bars with intervals; bands of 100 %; labelled points; one line a series over categories; a table
        whose cells are coloured by value, or by `Series.colours`.
    categories : tuple of str
        Worded: rows from the top, labels of points, waves, or rows of a heat map.
    series : tuple of Series
    value_axis, category_axis : str
        What the axes say; of a scatter: down and across.
    digits : int
        Decimals printed.
    percent : bool
        Whether values are shares from 0 to 1, printed as percentages.
    low, high : float or None
        Ends of the value axis.
    crossing : (float, float) or None
        Of a scatter: where its two mean lines cross, across and down.
    reading : str
        How to read the chart, where the drawing's own note does not fit it.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    value_axis: str = ""
    category_axis: str = ""
    digits: int = 2
    percent: bool = False
    low: float | None = None
    high: float | None = None
    crossing: tuple[float, float] | None = None
    reading: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise RunError(f"A chart cannot be of the kind '{self.kind}'. Take one of {', '.join(KINDS)}.")
        size = len(self.categories)
        for series in self.series:
            given = (series.values, series.low, series.high, series.x, series.colours, series.cells)
            if len(series.values) != size or any(len(row) not in (0, size) for row in given):
                raise RunError(f"A chart has {size} categories; every series needs a value for each.")
            unknown = {series.colour, *series.colours} - set(ROLES)
            if unknown:
                raise RunError(f"A chart has no colour '{min(unknown)}'. Take one of {', '.join(ROLES)}.")
            if self.kind == "scatter" and not series.x:
                raise RunError("A scatter needs 'x' in every series.")

    @property
    def decimals(self) -> int:
        """Decimals that stored values keep."""
        return self.digits + 2 if self.percent else self.digits

    @property
    def empty(self) -> bool:
        """Whether no series has a value to draw."""
        return not any(value is not None for series in self.series for value in series.values)

    @property
    def shaded(self) -> bool:
        """Whether it is a heat map whose cells have the colours of its drawing, not those of their values."""
        return self.kind == "heat" and any(series.colours for series in self.series)

    def rounded(self) -> Chart:
        """Return the chart with every value as its drawing shows it; NaN becomes None."""
        series = tuple(
            replace(
                s,
                values=_rounded(s.values, self.decimals),
                low=_rounded(s.low, self.decimals),
                high=_rounded(s.high, self.decimals),
                # a scatter's two axes need not share a unit: three decimals place a point, and tell no more
                x=_rounded(s.x, max(self.decimals, 3)),
            )
            for s in self.series
        )
        return replace(self, series=series)


def save_chart(chart: Chart, path: Path) -> None:
    """Store a chart, rounded, so that a later process can draw it."""
    text = json.dumps(asdict(chart.rounded()), ensure_ascii=False, allow_nan=False)
    path.write_text(text, encoding="utf-8", newline="\n")


def load_charts(folder: Path) -> dict[str, Chart]:
    """Return the charts a run has stored in `folder`, by the name of their drawing; none without folder."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.json"))}


def _read(path: Path) -> Chart:
    content = json.loads(path.read_text(encoding="utf-8"))
    series = tuple(Series(**_frozen(entry)) for entry in content.pop("series"))
    return Chart(series=series, **_frozen(content))


def _frozen(content: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in content.items()}


def _rounded(values: Sequence[float | None], decimals: int) -> Values:
    return tuple(
        None if value is None or math.isnan(value) else round(float(value), decimals) for value in values
    )
