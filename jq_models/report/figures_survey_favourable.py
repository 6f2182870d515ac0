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
from jq_models.spec import Construct, Instrument

_ROOM = 0.075  # the smallest share whose percentage fits into its band
_LETTERS = 58  # of a question on one line
TALLEST = (
    4.3  # inches of questions in a figure: two such figures stand on a page, their words not set smaller
)
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
    """Draw the same of every question on the dimensions, in words, in as many figures as it takes.

    Parameters
    ----------
    shares : DataFrame
        Index item; columns construct, favourable, neutral, unfavourable.
    """
    dimensions = [c for c in instrument.dimensions if c.code in set(shares["construct"])]
    if not dimensions:
        return []
    heights = [_below(c, shares, instrument=instrument, w=w) for c in dimensions]
    parts = math.ceil(sum(heights) / TALLEST)
    middles = np.cumsum(heights) - np.array(heights) / 2
    own = np.minimum((middles * parts / sum(heights)).astype(int), parts - 1)
    codes = [[c.code for c, part in zip(dimensions, own, strict=True) if part == k] for k in range(parts)]
    codes = [part for part in codes if part]
    return [
        _item_figure(
            shares[shares["construct"].isin(part)], w, instrument=instrument, place=(place, len(codes))
        )
        for place, part in enumerate(codes, start=1)
    ]


def _below(construct: Construct, shares: pd.DataFrame, *, instrument: Instrument, w: Wording) -> float:
    """Return how tall a dimension's name and questions stand below each other, in inches."""
    texts = _texts(construct, shares, instrument=instrument, w=w)
    return sum(_LINE * (text.count("\n") + 1) + _GAP for text in texts) + _GAP


def _texts(construct: Construct, shares: pd.DataFrame, *, instrument: Instrument, w: Wording) -> list[str]:
    items = [item.code for item in construct.items if item.code in shares.index]
    return [w.of(construct.name), *(_wrapped(question(code, instrument=instrument, w=w)) for code in items)]


def _item_figure(
    shares: pd.DataFrame, w: Wording, *, instrument: Instrument, place: tuple[int, int]
) -> Drawing:
    labels: list[str] = []
    heads: list[bool] = []
    at: list[float] = []
    below = 0.0
    for construct in marks.constructs_in(instrument, shares["construct"]):
        texts = _texts(construct, shares, instrument=instrument, w=w)
        for text in texts:
            height = _LINE * (text.count("\n") + 1) + _GAP
            labels.append(text)
            at.append(below + height / 2)
            below += height
        heads += [True, *([False] * (len(texts) - 1))]
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
    part, parts = place
    key = "title_items" if parts == 1 else "title_items_part"
    return Drawing(
        name=f"favourable_items_{part}",
        title=w(f"favourable.{key}", part=part, parts=parts),
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
