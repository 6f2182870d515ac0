"""Favourable, neutral and unfavourable answers as bars that meet in the middle: by scale, by question."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from jq_models.evaluate.survey import BANDS
from jq_models.report import marks, style
from jq_models.report.chart import Chart, Series
from jq_models.report.figure import Drawing
from jq_models.report.names import question
from jq_models.report.sentences_survey import favourable_item_sentence
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

_ROOM = 0.075  # the smallest share whose percentage fits into its band
_LETTERS = 58  # of a question on one line
_HALF = 24  # questions a figure can hold and still fit a page
_LINE, _GAP = 0.13, 0.065  # inches: a line of a question's text, the space between two questions
ROLES = ("high", "middle", "low")


def favourable_figure(shares: pd.DataFrame, w: Wording, *, instrument: Instrument, alt: str) -> Drawing:
    """Draw favourable, neutral and unfavourable answers of every scale as bars that meet in the middle.

    Parameters
    ----------
    shares : DataFrame
        Index construct; columns favourable, neutral, unfavourable; a row of NaN (masked) stays empty.
    """
    constructs = marks.constructs_in(instrument, shares.index)
    rows = shares.loc[[c.code for c in constructs]]
    at = marks.rows_by_role(constructs)
    with style.styled():
        figure = marks.new_figure(0.55 + 0.225 * len(constructs))
        ax = figure.subplots()
        _diverging(ax, rows, at=at, height=0.76, w=w)
        marks.construct_axis(ax, constructs, w=w, at=at)
        _legend(figure, w)
        marks.settle(figure)
    return Drawing(
        name="favourable",
        title=w("favourable.title"),
        figure=figure,
        alt=alt,
        note=w("favourable.figure_note"),
        chart=Chart(
            kind="stacked",
            categories=tuple(marks.name_of(c, w) for c in constructs),
            series=tuple(
                Series(name=w(f"favourable.{band}"), values=_given(rows[band]), colour=role)
                for band, role in zip(reversed(BANDS), reversed(ROLES), strict=True)
            ),
            percent=True,
            digits=0,
        ),
    )


def favourable_item_figures(shares: pd.DataFrame, w: Wording, *, instrument: Instrument) -> list[Drawing]:
    """Draw the same of every question on the dimensions, the questions in words, in one or two figures.

    Parameters
    ----------
    shares : DataFrame
        Index item; columns construct, favourable, neutral, unfavourable.
    """
    dimensions = [c.code for c in instrument.dimensions if c.code in set(shares["construct"])]
    sizes = [int((shares["construct"] == code).sum()) for code in dimensions]
    parts: list[list[str]] = [[]]
    filled = 0
    for code, size in zip(dimensions, sizes, strict=True):
        if filled + size > max(_HALF, math.ceil(sum(sizes) / 2)) and parts[-1]:
            parts.append([])
            filled = 0
        parts[-1].append(code)
        filled += size
    return [
        _item_figure(shares[shares["construct"].isin(part)], w, instrument=instrument, place=place)
        for place, part in enumerate(parts, start=1)
        if part
    ]


def _item_figure(shares: pd.DataFrame, w: Wording, *, instrument: Instrument, place: int) -> Drawing:
    labels: list[str] = []
    heads: list[bool] = []
    at: list[float] = []
    below = 0.0
    for construct in marks.constructs_in(instrument, shares["construct"]):
        items = [item for item in construct.items if item.code in shares.index]
        texts = [_wrapped(question(item.code, instrument=instrument, w=w)) for item in items]
        for text in (w.of(construct.name), *texts):
            height = _LINE * (text.count("\n") + 1) + _GAP
            labels.append(text)
            at.append(below + height / 2)
            below += height
        heads += [True, *([False] * len(items))]
        below += _GAP
    rows = [y for y, head in zip(at, heads, strict=True) if not head]
    with style.styled():
        figure = marks.new_figure(0.45 + below)
        ax = figure.subplots()
        _diverging(ax, shares, at=rows, height=0.145, w=w)
        ax.set_yticks(at, labels, fontsize=style.SMALL, linespacing=0.95)
        accented = {w.of(c.name) for c in instrument.dimensions if c.new}
        for label, head in zip(ax.get_yticklabels(), heads, strict=True):
            if head:
                label.set(fontweight=600, color=style.ACCENT if label.get_text() in accented else style.INK)
        ax.set_ylim(below, -_GAP)
        _legend(figure, w)
        marks.settle(figure)
    return Drawing(
        name=f"favourable_items_{place}",
        title=w("favourable.title_items"),
        figure=figure,
        alt=favourable_item_sentence(shares, w),
        note=w("favourable.items_note", mark=w("items.reversed")),
    )


def _wrapped(text: str) -> str:
    """Return a question on lines of about equal length."""
    lines = len(textwrap.wrap(text, _LETTERS))
    even = next(k for k in range(len(text) // lines, len(text) + 1) if len(textwrap.wrap(text, k)) <= lines)
    return "\n".join(textwrap.wrap(text, even))


def _diverging(ax: Axes, rows: pd.DataFrame, *, at: Sequence[float], height: float, w: Wording) -> None:
    """Draw one bar a row: unfavourable to the left, favourable to the right, neutral round the middle."""
    bands = [rows[name].fillna(0.0).to_numpy(dtype=float) for name in BANDS]
    up, none, down = bands
    starts = (none / 2, -none / 2, -none / 2 - down)
    colours = (style.HIGH, style.MIDDLE, style.LOW)
    for start, width, colour in zip(starts, bands, colours, strict=True):
        ax.barh(at, width, left=start, height=height, color=colour)
        for y, x, share in zip(at, start, width, strict=True):
            if share >= _ROOM:
                ax.text(
                    x + share / 2,
                    y,
                    w.percent(share),
                    ha="center",
                    va="center_baseline",
                    fontsize=style.SMALL,
                    color=style.readable_on(colour),
                )
    left, right = float((down + none / 2).max()), float((up + none / 2).max())
    ax.set_xlim(-left - 0.01, right + 0.01)
    ax.set_xticks([])
    ax.spines[["left", "bottom"]].set_visible(False)


def _legend(figure: Figure, w: Wording) -> None:
    names = {"unfavourable": style.LOW, "neutral": style.MIDDLE, "favourable": style.HIGH}
    figure.legend(
        handles=[Patch(color=colour, label=w(f"favourable.{name}")) for name, colour in names.items()],
        loc="outside upper right",
        ncols=3,
        handlelength=0.9,
        handletextpad=0.4,
        columnspacing=1.2,
        borderpad=0,
    )


def _given(values: pd.Series) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in values)
