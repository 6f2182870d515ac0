"""Pictures of chapter 06: leverage and score, ranks and how sure they are, who comes out first."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from jq_models.learn.figures import drawing, label, quiet
from jq_models.learn.worlds_priorities import CODES, NAMES, first_places
from jq_models.report import Drawing, style, wording

FIRST = "SUP"  # what truly comes first, in the accent


def map_figure(points: pd.DataFrame, *, title: str) -> Drawing:
    """Draw every dimension by its mean score and its leverage.

    Parameters
    ----------
    points : DataFrame
        Columns mean, weight, by dimension.
    title : str
    """
    w = wording("en")

    def draw(axes: list[Axes]) -> None:
        ax = axes[0]
        for code, row in points.to_dict("index").items():
            colour = style.ACCENT if code == FIRST else style.MARK
            ax.scatter(row["mean"], row["weight"], color=colour, s=34, zorder=3)
            label(ax, row["mean"] + 0.03, row["weight"] + 0.012, text=NAMES[str(code)], colour=style.INK)
        ax.axvline(points["mean"].mean(), color=style.GRID)
        ax.axhline(points["weight"].mean(), color=style.GRID)
        ax.set(xlabel="Mean score, 1 to 5", ylabel="Weight for satisfaction", xlim=(2.3, 4.4))
        ax.yaxis.set_major_formatter(lambda value, _: w.coefficient(value))
        quiet(ax)

    told = "; ".join(
        f"{NAMES[str(code)]} {w.number(row['mean'])}, {w.coefficient(row['weight'])}"
        for code, row in points.to_dict("index").items()
    )
    return drawing(
        "priority_map",
        title=title,
        alt=f"Six dimensions by mean score and weight for satisfaction. {told}.",
        note="Upper left: matters much, scores low. Grey lines: the averages.",
        height=3.1,
        panels=1,
        draw=draw,
    )


def ranks_figure(panels: dict[str, pd.DataFrame], *, name: str, title: str) -> Drawing:
    """Draw ranks with their simultaneous intervals, a panel a study; columns rank, rank_low, rank_high."""

    def draw(axes: list[Axes]) -> None:
        at = range(len(CODES))
        for ax, (heading, rows) in zip(axes, panels.items(), strict=True):
            own = rows.loc[list(CODES)]
            colours = [style.ACCENT if high <= 2 else style.MARK for high in own["rank_high"]]
            ax.hlines(
                list(at),
                own["rank_low"] - 0.18,
                own["rank_high"] + 0.18,
                colors=colours,
                linewidth=3.2,
                alpha=0.45,
            )
            ax.scatter(own["rank"], list(at), c=colours, s=28, linewidths=0, zorder=3)
            ax.set_title(heading)
            ax.set(xlim=(0.4, len(CODES) + 0.6), xticks=range(1, len(CODES) + 1), xlabel="Rank")
            quiet(ax, left=False)
        axes[0].set_yticks(list(at), list(NAMES.values()))
        axes[0].tick_params(labelleft=True)
        axes[0].set_ylim(len(CODES) - 0.4, -0.6)

    told = [
        f"{heading}: "
        + "; ".join(
            f"{NAMES[code]} {row['rank']:.0f} ({row['rank_low']:.0f} to {row['rank_high']:.0f})"
            for code, row in ((code, rows.loc[code]) for code in CODES)
        )
        for heading, rows in panels.items()
    ]
    return drawing(
        name,
        title=title,
        alt=f"{'. '.join(told)}.",
        note="Dot: rank found. Bar: ranks left possible, all bars true together in 95 of 100 studies.",
        height=2.4,
        panels=len(panels),
        draw=draw,
    )


def first_figure(*sizes: int) -> Drawing:
    """Draw in which share of studies each dimension comes out first, a panel a size."""
    w = wording("en")
    shares = {n: first_places(n) for n in sizes}

    def draw(axes: list[Axes]) -> None:
        at = list(range(len(CODES)))
        for ax, (n, found) in zip(axes, shares.items(), strict=True):
            colours = [style.ACCENT if code == FIRST else style.MARK for code in CODES]
            values = [found[code] for code in CODES]
            ax.barh(at, values, color=colours, height=0.6)
            for y, value in zip(at, values, strict=True):
                label(ax, value + 0.02, y, text=w.percent(value), va="center")
            ax.set_title(f"{n} people")
            ax.set(xlim=(0, 1.1), xticks=[])
            ax.spines["bottom"].set_visible(False)
            quiet(ax, left=False)
        axes[0].set_yticks(at, list(NAMES.values()))
        axes[0].tick_params(labelleft=True)
        axes[0].set_ylim(len(CODES) - 0.4, -0.6)

    told = "; ".join(f"{n} people: {w.percent(found[FIRST])}" for n, found in shares.items())
    return drawing(
        "first_places",
        title="Which dimension comes out first, in 300 studies?",
        alt=(
            f"Share of studies in which the dimension that is truly first ({NAMES[FIRST]}) comes first. "
            f"{told}."
        ),
        note="In the accent: the one that is truly first.",
        height=2.4,
        panels=len(sizes),
        draw=draw,
    )
