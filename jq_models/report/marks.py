"""What the figures share: order and names of constructs, dots with intervals, axes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from jq_models.report import style
from jq_models.report.chart import Chart, Series
from jq_models.report.measure import decimals
from jq_models.report.wording import Wording
from jq_models.spec import Construct, Instrument


def new_figure(height: float) -> Figure:
    """Return an empty figure as wide as the text block, `height` inches high."""
    return Figure(figsize=(style.WIDTH, height), layout="constrained")


def settle(figure: Figure) -> Figure:
    """Lay the figure out once and for all, so that every later save gives the same bytes."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure


def constructs_in(instrument: Instrument, codes: Iterable[str]) -> list[Construct]:
    """Return the constructs with these codes, in the questionnaire's order."""
    wanted = set(codes)
    return [construct for construct in instrument.constructs if construct.code in wanted]


def name_of(construct: Construct, w: Wording, *, width: int = 30) -> str:
    """Return a construct's name; its short name when longer than `width` letters, on two lines if need be."""
    name, short = w.of(construct.name), w.of(construct.short)
    if len(name) <= width:
        return name
    return short if len(short) <= width else "\n".join(textwrap.wrap(short, width, break_long_words=False))


def colour_of(construct: Construct) -> str:
    """Return the accent for a new dimension, the ordinary mark otherwise."""
    return style.ACCENT if construct.new else style.MARK


def construct_axis(ax: Axes, constructs: Sequence[Construct], *, w: Wording, at: Sequence[float]) -> None:
    """Name the rows of `ax` after constructs, top down, the new ones in the accent."""
    ax.set_yticks(at, [name_of(construct, w) for construct in constructs], linespacing=0.9)
    for label, construct in zip(ax.get_yticklabels(), constructs, strict=True):
        if construct.new:
            label.set(color=style.ACCENT, fontweight=600)
    ax.set_ylim(max(at) + 0.6, min(at) - 0.6)


def role_of(construct: Construct) -> str:
    """Return the same colour by its role in a chart."""
    return "accent" if construct.new else "mark"


def interval_chart(
    rows: pd.DataFrame,
    names: Sequence[str],
    *,
    colours: Sequence[str],
    series: str,
    digits: int,
    ends: tuple[float | None, float | None] = (None, None),
) -> Chart:
    """Return estimates with their intervals as a chart of bars, one row a bar.

    Parameters
    ----------
    rows : DataFrame
        Columns estimate, ci_low, ci_high; NaN where nothing may be shown.
    names, colours : sequence of str
        One of each a row: worded, and a role of `chart.ROLES`.
    series : str
        What the numbers are, worded: the axis says it, and the workbook behind the chart.
    digits : int
        Decimals the figure prints.
    ends : (float or None, float or None)
        Of the axis.
    """
    values = (tuple(map(float, rows[name])) for name in ("estimate", "ci_low", "ci_high"))
    estimate, low, high = values
    drawn = Series(name=series, values=estimate, low=low, high=high, colours=tuple(colours))
    return Chart(
        kind="bar",
        categories=tuple(names),
        series=(drawn,),
        value_axis=series,
        digits=digits,
        low=ends[0],
        high=ends[1],
    )


def map_chart(
    points: pd.DataFrame,
    constructs: Sequence[Construct],
    *,
    w: Wording,
    axes: tuple[str, str],
    digits: int,
) -> Chart:
    """Return points named after constructs as a chart, parted at their averages.

    Parameters
    ----------
    points : DataFrame
        Columns across, down; one row a construct, in their order.
    axes : (str, str)
        What the axes say, across and down.
    digits : int
        Decimals the figure prints down its side.
    """
    across, down = (tuple(map(float, points[name])) for name in ("across", "down"))
    series = Series(name=axes[1], values=down, x=across, colours=tuple(map(role_of, constructs)))
    return Chart(
        kind="scatter",
        categories=tuple(w.of(c.short) for c in constructs),
        series=(series,),
        category_axis=axes[0],
        value_axis=axes[1],
        digits=digits,
        crossing=(float(points["across"].mean()), float(points["down"].mean())),
    )


def as_estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return standardised parameters as columns estimate, ci_low, ci_high."""
    return rows[["est_std", "ci_low", "ci_high"]].set_axis(["estimate", "ci_low", "ci_high"], axis=1)


def estimates(summary: pd.DataFrame, constructs: Sequence[Construct]) -> pd.DataFrame:
    """Return the constructs' means as columns estimate, ci_low, ci_high, in the questionnaire's order."""
    rows = summary.loc[[c.code for c in constructs], ["mean", "ci_low", "ci_high"]]
    return rows.set_axis(["estimate", "ci_low", "ci_high"], axis=1)


def rows_by_role(constructs: Sequence[Construct]) -> list[float]:
    """Return row positions with a gap between dimensions and outcomes."""
    mixed = len({construct.role for construct in constructs}) > 1
    return [i + (0.5 if mixed and c.role == "outcome" else 0.0) for i, c in enumerate(constructs)]


def dots(
    ax: Axes, rows: pd.DataFrame, *, at: Sequence[float], colours: Sequence[str], size: float = 26
) -> None:
    """Draw an estimate with its interval a row: columns estimate, ci_low, ci_high."""
    ax.hlines(at, rows["ci_low"], rows["ci_high"], colors=list(colours), linewidth=1.6)
    ax.scatter(rows["estimate"], at, c=list(colours), s=size, linewidths=0, zorder=3)


def beside(
    ax: Axes, texts: Sequence[str], *, at: Sequence[float], bold: Iterable[bool] | None = None
) -> None:
    """Print one text a row in a column right of the axes, aligned at its right edge; some of them bold."""
    heavy = [False] * len(texts) if bold is None else [bool(one) for one in bold]
    column = [
        ax.annotate(
            text,
            (1, y),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=style.SMALL,
            fontweight=600 if mark else "normal",
            annotation_clip=False,
        )
        for y, text, mark in zip(at, texts, heavy, strict=True)
    ]
    figure = ax.get_figure(root=True)
    assert figure is not None  # axes are always made by a figure here
    width = max(text.get_window_extent().width for text in column) * 72 / figure.dpi
    for text in column:
        text.set(ha="right", position=(4 + width, 0))


def value_axis(ax: Axes, w: Wording, *, digits: int = 1, percent: bool = False) -> None:
    """Write the x axis the way the language does, with `digits` or what the ticks need; draw light lines."""

    def write(x: float, _: int) -> str:
        if abs(x) < 1e-9 and not percent:
            return w.count(0)
        return w.percent(x) if percent else w.coefficient(x, decimals(ax.get_xticks(), digits))

    ax.xaxis.set_major_formatter(FuncFormatter(write))
    ax.grid(axis="x", zorder=0)
    ax.set_axisbelow(True)
    ax.spines["left"].set_visible(False)


def percent_ticks(ax: Axes) -> None:
    """Set at most about six ticks at whole percentages over the limits of the x axis."""
    span = ax.get_xlim()[1] - max(ax.get_xlim()[0], 0)
    step = next((step for step in (0.01, 0.02, 0.05, 0.10) if span <= 6 * step), 0.20)
    ax.set_xticks(step * np.arange(int(span / step) + 1))


def estimate_texts(rows: pd.DataFrame, w: Wording) -> list[str]:
    """Return ``.72 [.66, .78]`` for every row, or the estimate alone where the interval is missing."""
    texts = []
    for estimate, low, high in rows[["estimate", "ci_low", "ci_high"]].itertuples(index=False):
        interval = f" {w.coefficient_interval(low, high)}" if np.isfinite([low, high]).all() else ""
        texts.append(f"{w.coefficient(estimate)}{interval}")
    return texts


def square(x: float, y: float, colour: str) -> Rectangle:
    """Return the ground of a cell of a grid whose cells lie at whole numbers."""
    return Rectangle((x - 0.48, y - 0.47), 0.96, 0.94, facecolor=colour, edgecolor="none", zorder=1)
