"""Chapter 01's figures: ways to a mean, what a mean hides, how far small teams stray."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from jq_models.learn.figures import drawing, label, quiet
from jq_models.learn.worlds_items import clarity_lesson, team_means
from jq_models.report import Drawing, style, wording


def ways_figure(rows: pd.DataFrame) -> Drawing:
    """Draw the mean as computed in each way, with the truth; rows by `ways`, the right one last."""
    w, truth = wording("en"), clarity_lesson().truth
    at = np.arange(len(rows))

    def draw(axes: list[Axes]) -> None:
        ax = axes[0]
        ax.axvline(truth, color=style.MUTED, linestyle="--", linewidth=0.9)
        for k, row in enumerate(rows.to_dict("records")):
            colour = style.ACCENT if k == len(rows) - 1 else style.MARK
            ax.plot([row["low"], row["high"]], [k, k], color=colour, linewidth=2)
            ax.plot(row["Mean"], k, "o", color=colour, markersize=6)
            ax.annotate(
                w.number(row["Mean"]),
                (row["Mean"], k),
                xytext=(0, 6),
                textcoords="offset points",
                ha="center",
                fontsize=style.SMALL,
                bbox={"facecolor": style.SURFACE, "pad": 0.8},
            )
        ax.set_yticks(at, list(rows["Way"]))
        ax.set_ylim(len(rows) - 0.5, -0.7)
        ax.set_xlabel("mean of the scale, with 95% interval")
        label(ax, truth, len(rows) - 0.55, text=" truth", va="bottom")
        quiet(ax)

    listed = "; ".join(f"{row['Way']}: {w.number(row['Mean'])}" for row in rows.to_dict("records"))
    return drawing(
        "ways_to_a_mean",
        title="Four ways to compute one mean",
        alt=f"Dots with intervals. {listed}. The truth is {w.number(truth)}.",
        note=(
            "Dashed: the population's mean, known because the data are simulated. Only the last way finds it."
        ),
        height=2.1,
        panels=1,
        draw=draw,
    )


def teams_figure(teams: pd.DataFrame) -> Drawing:
    """Draw everybody's score in teams side by side, one dot a person, with the team's mean."""
    w = wording("en")

    def draw(axes: list[Axes]) -> None:
        for ax, (name, scores) in zip(axes, teams.items(), strict=True):
            height = scores.groupby(scores).cumcount()
            ax.plot(scores, height, "o", color=style.MARK, markersize=7)
            ax.axvline(scores.mean(), color=style.ACCENT, linewidth=1.2)
            label(ax, scores.mean() + 0.08, 7.6, text=f"mean {w.number(scores.mean())}", colour=style.ACCENT)
            ax.set_title(str(name))
            ax.set_xlim(0.8, 5.2)
            ax.set_ylim(-0.6, 8.4)
            ax.set_xticks(range(1, 6))
            ax.set_xlabel("score")
            quiet(ax, left=False)

    listed = "; ".join(
        f"{name}: mean {w.number(s.mean())}, from {w.number(s.min())} to {w.number(s.max())}"
        for name, s in teams.items()
    )
    return drawing(
        "two_teams",
        title="One mean, two teams",
        alt=f"Every person's score as a dot. {listed}.",
        note=(
            "One dot is one person. Real reports show no distribution of a group this small: it "
            "would give people away."
        ),
        height=1.9,
        panels=teams.shape[1],
        draw=draw,
    )


def team_means_figure(*sizes: int) -> Drawing:
    """Draw where the means of 2,000 equal teams fall, one panel a team size."""
    w = wording("en")
    means = {size: team_means(size) for size in sizes}
    reach = {size: np.quantile(found, [0.025, 0.975]) for size, found in means.items()}
    centre = float(np.mean(means[sizes[0]]))
    # a score moves by 1/4, a mean of 8 by 1/32: bins of two such steps hold equally many values each
    bins = np.arange(2.0 - 1 / 64, 5.05, 1 / 16)

    def draw(axes: list[Axes]) -> None:
        for ax, (size, found) in zip(axes, means.items(), strict=True):
            low, high = reach[size]
            count, edges = np.histogram(found, bins=bins, density=True)
            count = count / count.max()
            inside = (edges[:-1] >= low - 1 / 32) & (edges[1:] <= high + 1 / 32)
            colours = np.where(inside, style.MARK, style.GRID)
            ax.bar(edges[:-1], count, width=0.055, align="edge", color=colours)
            ax.set_title(f"teams of {size}")
            ax.set_ylim(0, 1.25)
            ax.set_xlim(2.7, 5.0)
            ax.set_xlabel("team's mean")
            label(
                ax, centre, 1.08, text=f"{w.number(low)} to {w.number(high)}", colour=style.INK, ha="center"
            )
            quiet(ax, left=False)

    listed = "; ".join(
        f"teams of {size}: 95% of the means from {w.number(low)} to {w.number(high)}"
        for size, (low, high) in reach.items()
    )
    return drawing(
        "team_means",
        title="Where the means of equal teams fall",
        alt=f"Histograms of 2,000 simulated team means. {listed}.",
        note=(
            "Every team is drawn from the same people: all differences are chance. Written: where "
            "95% of the means lie."
        ),
        height=1.9,
        panels=len(sizes),
        draw=draw,
    )
