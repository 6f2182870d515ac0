"""Figures on planning: power and precision over the number of respondents, one small panel a path."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.names import inside_sentence, name_of
from jq_models.report.tables_planning import over_n, path_name
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

if TYPE_CHECKING:
    from jq_models.evaluate.power import PowerStudy

ACROSS = 4
POWER, HALF_WIDTH = 0.80, 0.10
Z = 1.959963984540054
APART = 0.25  # of the axis, between labels of n
Numbers = np.ndarray


def planning_power_figure(
    study: PowerStudy, w: Wording, *, expected: pd.DataFrame, n: int, instrument: Instrument
) -> Drawing:
    """Draw the power of every path over n: simulated with its Monte Carlo error, and expected.

    Parameters
    ----------
    study : PowerStudy
    expected : DataFrame
        From ``expected_rows`` at any n.
    n : int
        That n.
    """
    # imported here: a table of the same module does not need it
    from jq_models.evaluate.power import wald_power

    low, value, high = (over_n(study, name) for name in ("power_low", "power", "power_high"))

    def curve(row: pd.Series, at: Numbers) -> Numbers:
        return wald_power(row["truth"], row["se"] * math.sqrt(n) / np.sqrt(at))

    panels = _Panels(study, w, expected=expected, instrument=instrument, curve=curve)
    figure, listed = panels.draw(
        value, low=low, high=high, line=POWER, label=w("figure.planning_power.line"), write=w.percent
    )
    return Drawing(
        name="planning_power",
        title=w("figure.planning_power.title"),
        figure=figure,
        alt=w("figure.planning_power.alt", count=len(expected), listed=listed),
        note=w("figure.planning_power.note"),
    )


def planning_precision_figure(
    study: PowerStudy, w: Wording, *, expected: pd.DataFrame, n: int, instrument: Instrument
) -> Drawing:
    """Draw the half width of every path's 95 % interval over n; arguments as `planning_power_figure`.

    Parameters
    ----------
    expected : DataFrame
        As ``expected_rows`` returns it, for several n.
    """
    value = over_n(study, "width") / 2

    def curve(row: pd.Series, at: Numbers) -> Numbers:
        return np.asarray(Z * row["se"] * math.sqrt(n) / np.sqrt(at))

    panels = _Panels(study, w, expected=expected, instrument=instrument, curve=curve)
    label = w("figure.planning_precision.line", width=w.coefficient(HALF_WIDTH))
    figure, listed = panels.draw(
        value, low=value, high=value, line=HALF_WIDTH, label=label, write=w.coefficient
    )
    return Drawing(
        name="planning_precision",
        title=w("figure.planning_precision.title"),
        figure=figure,
        alt=w("figure.planning_precision.alt", count=len(expected), listed=listed),
        note=w("figure.planning_precision.note"),
    )


class _Panels:
    """One panel a path, all with the same axes."""

    def __init__(
        self,
        study: PowerStudy,
        w: Wording,
        *,
        expected: pd.DataFrame,
        instrument: Instrument,
        curve: Callable[[pd.Series, Numbers], Numbers],
    ) -> None:
        self.sizes = np.array(sorted(study.paths["n"].unique()), dtype=float)
        self.w, self.expected, self.instrument, self.curve = w, expected, instrument, curve

    def draw(
        self,
        value: pd.DataFrame,
        *,
        low: pd.DataFrame,
        high: pd.DataFrame,
        line: float,
        label: str,
        write: Callable[[float], str],
    ) -> tuple[Figure, str]:
        """Return the figure and one sentence a path."""
        down = -(-len(self.expected) // ACROSS)
        listed = []
        with style.styled():
            figure = marks.new_figure(0.35 + 1.75 * down)
            grid = figure.subplots(down, ACROSS, squeeze=False, sharex=True, sharey=True)
            for k, (ax, (_, row)) in enumerate(zip(grid.flat, self.expected.iterrows(), strict=False)):
                own = pd.DataFrame({"value": value.iloc[k], "low": low.iloc[k], "high": high.iloc[k]})
                self._panel(ax, row, own=own, line=line, label=label if k == 0 else "")
                listed.append(self._sentence(row, own, write=write))
            top = max(1.02 if write == self.w.percent else 0.0, np.nanmax([high.max().max(), line]) * 1.05)
            for ax in grid.flat[len(self.expected) :]:
                ax.set_visible(False)
            self._axes(grid, top=top, write=write)
            marks.settle(figure)
        return figure, " ".join(listed)

    def _panel(self, ax: Axes, row: pd.Series, *, own: pd.DataFrame, line: float, label: str) -> None:
        at = np.linspace(self.sizes.min() * 0.9, self.sizes.max() * 1.06, 120)
        ax.axhline(line, color=style.MUTED, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        if label:
            ax.annotate(
                label,
                (1, line),
                xycoords=("axes fraction", "data"),
                xytext=(0, -2),
                textcoords="offset points",
                ha="right",
                va="top",
                fontsize=style.SMALL,
                color=style.MUTED,
            )
        ax.plot(at, self.curve(row, at), color=style.MARK, linewidth=1.2, zorder=2)
        ax.vlines(own.index, own["low"], own["high"], color=style.INK, linewidth=1.6, zorder=3)
        ax.scatter(own.index, own["value"], color=style.INK, s=16, linewidths=0, zorder=4)
        ax.set_title(self._title(row), fontsize=style.SMALL, linespacing=1.0)

    def _title(self, row: pd.Series) -> str:
        """Return the path on three lines, the last one its value."""
        source, target = self._short(row["source"]), inside_sentence(self._short(row["target"]))
        arrow = self.w("paths.arrow", source=f"{source}\n", target=target).replace("\n ", "\n")
        value = self.w.coefficient(row["truth"])
        return f"{arrow}\n" + (value if row["kind"] == "direct" else self.w("planning.through", path=value))

    def _short(self, code: str) -> str:
        known = marks.constructs_in(self.instrument, [code])
        return self.w.of(known[0].short) if known else name_of(code, instrument=self.instrument, w=self.w)

    def _ticks(self) -> list[float]:
        """Return the sizes whose labels keep apart: the largest, then downwards."""
        kept: list[float] = []
        for size in self.sizes[::-1]:
            if not kept or kept[-1] - size >= APART * self.sizes.max():
                kept.append(float(size))
        return kept[::-1]

    def _axes(self, grid: np.ndarray, *, top: float, write: Callable[[float], str]) -> None:
        first = grid[0, 0]
        first.set_ylim(0, top)
        first.set_xlim(0, self.sizes.max() * 1.08)
        first.set_xticks(self._ticks())
        for ax in grid.flat:
            ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: self.w.count(round(x))))
            ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: write(y)))
            ax.grid(axis="y", zorder=0)
            ax.set_axisbelow(True)
            ax.tick_params(labelsize=style.SMALL)
        percent = write == self.w.percent
        key = "figure.planning_power.share" if percent else "figure.planning_precision.share"
        for row in grid:
            row[0].set_ylabel(self.w(key))
        # the lowest panel of each column carries the axis
        for column in grid.T:
            shown = [ax for ax in column if ax.get_visible()]
            if shown:
                shown[-1].tick_params(labelbottom=True)
                shown[-1].set_xlabel(self.w("figure.planning_power.axis"))

    def _sentence(self, row: pd.Series, own: pd.DataFrame, *, write: Callable[[float], str]) -> str:
        there = own["value"].dropna()
        if there.empty:
            return ""
        return self.w(
            "figure.planning_power.one",
            path=path_name(row, self.w, instrument=self.instrument),
            low=write(float(there.iloc[0])),
            first=int(there.index[0]),
            high=write(float(there.iloc[-1])),
            last=int(there.index[-1]),
        )
