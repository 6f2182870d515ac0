"""A figure of the paths in two groups: one row a path, one mark a group."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from jq_models.evaluate.composites.multigroup import PlsGroups
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.tables_composite_groups import SIDES, arrow_words
from jq_models.report.tables_invariance import file_name
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

APART = 0.17  # of a row: each group's mark from the middle of the row
WIDE = 1.8  # from here ticks stand at every half
ABOVE = -0.62  # of a row: where the heading of the differences stands
LETTERS = 34  # of a path's name on one line
BOUNDS = ["estimate", "ci_low", "ci_high"]


def group_paths_figure(
    paths: PlsGroups, w: Wording, *, group: str, label: str, instrument: Instrument
) -> Drawing:
    """Draw every path with its interval in both groups of the first pair, the difference beside it."""
    pair = next(iter(paths.sizes))
    table = paths.table
    rows = table[(table["first"] == pair[0]) & (table["second"] == pair[1])].reset_index(drop=True)
    arrows = arrow_words(rows, w, instrument=instrument)
    at = np.arange(len(rows), dtype=float)
    with style.styled():
        figure = marks.new_figure(0.85 + 0.42 * len(rows))
        ax = figure.subplots()
        for side, offset, colour in zip(SIDES, (-APART, APART), (style.HIGH, style.INK), strict=True):
            frame = rows[[f"est_{side}", f"low_{side}", f"high_{side}"]].set_axis(BOUNDS, axis=1)
            marks.dots(ax, frame, at=list(at + offset), colours=[colour] * len(rows), size=30)
            if side == "second":
                ax.scatter(frame["estimate"], at + offset, c=style.SURFACE, s=11, linewidths=0, zorder=4)
            _name(ax, str(pair[SIDES.index(side)]), frame.iloc[0], y=float(offset), colour=colour)
        ax.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)
        marks.value_axis(ax, w)
        low, high = ax.get_xlim()
        ax.xaxis.set_major_locator(MultipleLocator(0.2 if high - low < WIDE else 0.5))
        ax.set_yticks(at, [_broken(arrow) for arrow in arrows], linespacing=1.1)
        ax.set_ylim(len(rows) - 0.5, -0.75)
        ax.set_xlabel(w("composite_groups.axis"))
        differences = rows[["difference", "ci_low", "ci_high"]].set_axis(BOUNDS, axis=1)
        heading = w("composite_groups.difference")
        marks.beside(ax, [heading, *marks.estimate_texts(differences, w)], at=[ABOVE, *at])
        marks.settle(figure)
    return Drawing(
        name=file_name("group_paths", group),
        title=w("composite_groups.figure_title", label=label),
        figure=figure,
        alt=" ".join(_alt(row, arrow, w) for arrow, (_, row) in zip(arrows, rows.iterrows(), strict=True)),
        note=w("composite_groups.figure_note", first=pair[0], second=pair[1]),
    )


def _name(ax: Axes, name: str, row: pd.Series, *, y: float, colour: str) -> None:
    """Print the group's name at its first mark: above the upper one, below the lower one."""
    if not np.isfinite(float(row["estimate"])):
        return
    ax.annotate(
        name,
        (float(row["estimate"]), y),
        xytext=(0, 6 if y < 0 else -6),
        textcoords="offset points",
        ha="center",
        va="bottom" if y < 0 else "top",
        fontsize=style.SMALL,
        color=colour,
    )


def _broken(arrow: str) -> str:
    """Put what an arrow leads to on a line of its own where the path's name is long."""
    return arrow if len(arrow) <= LETTERS else arrow.replace(" →", "\n→", 1)


def _alt(row: pd.Series, arrow: str, w: Wording) -> str:
    return w(
        "composite_groups.alt",
        path=arrow,
        first=str(row["first"]),
        second=str(row["second"]),
        one=w.coefficient(float(row["est_first"])),
        two=w.coefficient(float(row["est_second"])),
        difference=f"{w.coefficient(float(row['difference']))} "
        f"{w.coefficient_interval(float(row['ci_low']), float(row['ci_high']))}",
    )
