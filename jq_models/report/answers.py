"""Bars of 100 % for the answers to items: one panel a construct, one legend a figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from jq_models.report import style
from jq_models.report.wording import Wording
from jq_models.spec import Construct, Item, Scale

_ROOM = 0.095  # the smallest share whose percentage fits into its segment


def mostly_turned(items: Sequence[Item], scale: str) -> bool:
    """Say whether the legend of a scale must run the other way: most of its items are reversed."""
    flags = [item.reversed for item in items if item.scale.name == scale]
    return 2 * sum(flags) > len(flags)


def stacked(
    ax: Axes, shares: pd.DataFrame, *, items: Sequence[Item], flags: Sequence[bool], w: Wording
) -> None:
    """Draw the answers to the items of one construct, one bar of 100 % each; flagged items are marked."""
    for row, item in enumerate(items):
        values = shares.loc[item.code, list(item.scale.values)].to_numpy(dtype=float)
        starts = np.concatenate([[0.0], np.cumsum(values)[:-1]])
        colours = style.steps(len(values))
        ax.barh([row] * len(values), values, left=starts, height=0.82, color=colours, clip_on=False)
        for start, share, colour in zip(starts, values, colours, strict=True):
            if share >= _ROOM:
                ax.text(
                    start + share / 2,
                    row,
                    w.number(100 * share, 0),
                    ha="center",
                    va="center_baseline",
                    fontsize=style.SMALL,
                    color=style.readable_on(colour),
                )
    marked = [f"{item.code} ↔" if flag else item.code for item, flag in zip(items, flags, strict=True)]
    ax.set_yticks(range(len(items)), marked, fontsize=style.SMALL)
    ax.set_xlim(0, 1)
    ax.set_xticks([])
    ax.spines[["left", "bottom"]].set_visible(False)


def panel_title(ax: Axes, construct: Construct, *, w: Wording) -> None:
    """Name the construct above its panel, a new dimension in the accent."""
    colour = style.ACCENT if construct.new else style.INK
    ax.set_title(w.of(construct.name), color=colour, fontsize=style.BASE, pad=2)


def answer_legend(figure: Figure, *, scales: Sequence[Scale], turned: dict[str, bool], w: Wording) -> None:
    """Explain the colours: by the scale's own words, or by low to high where scales differ."""
    if len(scales) == 1:
        words = list(scales[0].labels[w.language])
        words = words[::-1] if turned[scales[0].name] else words
        colours = style.steps(len(words))
    else:
        words = [w("figure.item_distributions.low"), w("figure.item_distributions.high")]
        colours = (style.LOW, style.HIGH)
    handles = [Patch(color=colour, label=word) for colour, word in zip(colours, words, strict=True)]
    figure.legend(
        handles=handles,
        loc="outside upper center",
        ncols=len(words),
        handlelength=0.9,
        handletextpad=0.4,
        columnspacing=0.9,
        borderpad=0,
    )
