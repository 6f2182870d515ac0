"""Estimates with their intervals as dots and lines, several readings side by side, the truth beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from jq_models.learn.figures import drawing, quiet
from jq_models.report import Drawing, style, wording


def dots_figure(
    panels: Mapping[str, pd.DataFrame],
    *,
    name: str,
    title: str,
    axis: str,
    names: Mapping[str, str],
    truth: Mapping[str, float] | None = None,
    marked: Sequence[str] = (),
    note: str = "",
) -> Drawing:
    """Draw estimates and intervals, one panel a reading, one row a name.

    Parameters
    ----------
    panels : mapping of title to DataFrame
        Columns estimate, ci_low, ci_high, by code.
    name, title, note : str
    axis : str
        What the numbers are.
    names : mapping of code to str
        The rows from top to bottom, as a reader sees them.
    truth : mapping of code to float, optional
        Drawn as hollow diamonds.
    marked : sequence of str
        Rows in the accent colour.
    """
    w = wording("en")

    ends = pd.concat([rows[["ci_low", "ci_high"]] for rows in panels.values()]).to_numpy(dtype=float)
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    room = 0.05 * (high - low)

    def draw(axes: list[Axes]) -> None:
        for ax, (heading, rows) in zip(axes, panels.items(), strict=True):
            _panel(ax, rows.reindex(list(names)), marked=marked, truth=truth)
            ax.set_title(heading)
            ax.set_xlim(low - room, high + room)
            ax.xaxis.set_major_formatter(lambda value, _: w.coefficient(value))
            ax.set_xlabel(axis)
            quiet(ax, left=False)
        axes[0].set_yticks(range(len(names)), list(names.values()))
        axes[0].tick_params(labelleft=True)
        axes[0].set_ylim(len(names) - 0.4, -0.6)

    told = [
        f"{heading or title}: "
        + "; ".join(
            f"{names[str(code)]} {w.coefficient(row['estimate'])} "
            f"({w.coefficient(row['ci_low'])} to {w.coefficient(row['ci_high'])})"
            for code, row in rows.reindex(list(names)).iterrows()
        )
        for heading, rows in panels.items()
    ]
    true = "" if truth is None else " In truth: " + ", ".join(w.coefficient(truth[c]) for c in names) + "."
    return drawing(
        name,
        title=title,
        alt=f"{'. '.join(told)}.{true}",
        note=note,
        height=0.75 + 0.24 * len(names),
        panels=len(panels),
        draw=draw,
    )


def _panel(ax: Axes, rows: pd.DataFrame, *, marked: Sequence[str], truth: Mapping[str, float] | None) -> None:
    at = range(len(rows))
    colours = [style.ACCENT if str(code) in marked else style.MARK for code in rows.index]
    ax.axvline(0, color=style.FAINT, linewidth=0.8)
    ax.hlines(list(at), rows["ci_low"], rows["ci_high"], colors=colours, linewidth=1.6)
    ax.scatter(rows["estimate"], list(at), c=colours, s=24, linewidths=0, zorder=3)
    if truth is not None:
        true = [truth[str(code)] for code in rows.index]
        ax.scatter(true, list(at), marker="D", s=34, facecolors="none", edgecolors=style.INK, zorder=4)
