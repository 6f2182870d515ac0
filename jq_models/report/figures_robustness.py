"""A figure of the key paths in every variant: small multiples, one panel a path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from jq_models.evaluate.robustness import Robustness, conclusions
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.tables_nesting import path_name
from jq_models.report.tables_robustness import BOUNDS, Path, estimate_of, marked_name, rows_of, short_path
from jq_models.report.wording import Wording
from jq_models.spec import Group, Instrument

ACROSS = 3
ROW = 0.19  # inches


def robustness_figure(
    found: Robustness, w: Wording, *, groups: Sequence[Group], instrument: Instrument
) -> Drawing:
    """Draw every key path in every variant with its interval; left-out groups are dots on one row.

    Parameters
    ----------
    found : Robustness
        As ``evaluate.compare_variants`` returns it, usable.
    """
    names = [marked_name(v, w, groups=groups) for v in found.variants]
    down = -(-len(found.paths) // ACROSS)
    with style.styled():
        figure = marks.new_figure(down * (0.75 + ROW * len(names)))
        grid = figure.subplots(down, ACROSS, squeeze=False, sharey=True, sharex="row")
        panels = grid.ravel()
        for ax, path in zip(panels, found.paths, strict=False):
            _panel(ax, path, found=found, w=w, instrument=instrument)
        for row, ax in enumerate(grid[:, 0]):
            _limits(ax, found, paths=found.paths[row * ACROSS : (row + 1) * ACROSS])
        for ax in panels[len(found.paths) :]:
            ax.set_visible(False)
        panels[0].set_yticks(range(len(names)), names)
        panels[0].set_ylim(len(names) - 0.4, -0.6)
        marks.settle(figure)
    return Drawing(
        name="robustness",
        title=w("figure.robustness.title"),
        figure=figure,
        alt=" ".join(
            _alt(row, found, w=w, instrument=instrument) for _, row in conclusions(found).iterrows()
        ),
        note=w("figure.robustness.note"),
    )


def _panel(ax: Axes, path: Path, *, found: Robustness, w: Wording, instrument: Instrument) -> None:
    rows = pd.DataFrame([estimate_of(v.estimates, path) for v in found.variants], columns=BOUNDS)
    known = np.flatnonzero(rows["estimate"].notna())
    reference = rows.iloc[0]
    ax.axvspan(reference["ci_low"], reference["ci_high"], color=style.GRID, linewidth=0, zorder=0)
    colours = [style.INK if place == 0 else style.MARK for place in known]
    marks.dots(ax, rows.iloc[known], at=[float(place) for place in known], colours=colours, size=18)
    without = rows_of(found.left_out, path)["estimate"].astype(float)
    if len(without):
        last = len(found.variants) - 1
        ax.scatter(without, [last] * len(without), s=9, c=style.MARK, linewidths=0, alpha=0.7, zorder=3)
    ax.set_title(_title(path, w=w, instrument=instrument), fontsize=style.SMALL, linespacing=1.15)
    marks.value_axis(ax, w)
    ax.set_axisbelow(True)
    ax.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)
    ax.set_xlabel(w("figure.robustness.axis"))


def _limits(ax: Axes, found: Robustness, *, paths: Sequence[Path]) -> None:
    """Give the panels of a row one scale with zero on it, so that widths of intervals compare."""
    frames = [rows_of(f, p) for p in paths for f in (*(v.estimates for v in found.variants), found.left_out)]
    bounds = pd.concat([frame[BOUNDS].astype(float) for frame in frames if len(frame)])
    low, high = min(0.0, float(bounds.min().min())), max(0.0, float(bounds.max().max()))
    step = 0.2 if high - low <= 1.0 else 0.5
    ax.set_xticks(np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step)
    ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))


def _title(path: Path, *, w: Wording, instrument: Instrument) -> str:
    """Return the path with short names, broken at its first arrow."""
    return short_path(path, w=w, instrument=instrument).replace(" → ", " →\n", 1)


def _alt(row: pd.Series, found: Robustness, *, w: Wording, instrument: Instrument) -> str:
    path = (str(row["source"]), str(row["target"]), str(row["kind"]))
    return w(
        "figure.robustness.alt",
        path=path_name(path[0], path[1], kind=path[2], instrument=instrument, w=w),
        reference=w.coefficient(estimate_of(found.reference.estimates, path)["estimate"]),
        low=w.coefficient(row["low"]),
        high=w.coefficient(row["high"]),
    )
