"""Pictures of chapter 07: many studies of one size, and what few organisations leave of many people."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from jq_models.learn.figures import drawing, label, quiet
from jq_models.learn.worlds_design import EFFECT, effective_n, power_of, published_mean, studies
from jq_models.report import Drawing, style, wording

ORGANISATIONS = (4, 8, 15, 30, 60, 100)


def studies_figure(*sizes: int) -> Drawing:
    """Draw the estimates of two thousand studies, a panel a size; the significant ones in the accent."""
    w = wording("en")
    edges = np.linspace(-0.4, 0.7, 45)

    def draw(axes: list[Axes]) -> None:
        for ax, n in zip(axes, sizes, strict=True):
            done = studies(n)
            found = done["found"]
            stacked = [done.loc[~found, "estimate"].to_numpy(), done.loc[found, "estimate"].to_numpy()]
            ax.hist(stacked, bins=list(edges), stacked=True, color=[style.MARK, style.ACCENT], linewidth=0)
            ax.axvline(EFFECT, color=style.INK, linewidth=1)
            ax.set_title(f"{n} people: found in {w.percent(power_of(n))}")
            ax.set(xlabel="Correlation found", yticks=[])
            ax.xaxis.set_major_formatter(lambda value, _: w.coefficient(value))
            quiet(ax, left=False)

    told = "; ".join(
        f"{n} people: found in {w.percent(power_of(n))}, those at {w.coefficient(published_mean(n))} "
        "on average"
        for n in sizes
    )
    return drawing(
        "many_studies",
        title="The same study, two thousand times",
        alt=(
            f"Histograms of estimates, the significant ones marked; the truth is {w.coefficient(EFFECT)}. "
            f"{told}."
        ),
        note="Accent: studies whose interval leaves out zero. Line: the truth.",
        height=2.2,
        panels=len(sizes),
        draw=draw,
    )


def effective_figure(*iccs: float, n: int = 600) -> Drawing:
    """Draw how many independent people a study of n is worth, by the number of organisations."""
    w = wording("en")
    at = list(range(len(ORGANISATIONS)))
    worth = {icc: [effective_n(n, organisations=k, icc=icc) for k in ORGANISATIONS] for icc in iccs}

    def draw(axes: list[Axes]) -> None:
        for ax, (icc, values) in zip(axes, worth.items(), strict=True):
            ax.plot(at, values, color=style.ACCENT, marker="o", markersize=4)
            for x, value in zip(at, values, strict=True):
                label(ax, x, value + 0.03 * n, text=w.count(round(value)), ha="right")
            ax.axhline(n, color=style.FAINT, linestyle=":")
            ax.set_title(f"ICC {w.coefficient(icc)}")
            ax.set_xticks(at, [w.count(k) for k in ORGANISATIONS])
            ax.set(xlabel="Organisations", xlim=(-0.6, len(at) - 0.6), ylim=(0, 1.12 * n))
            quiet(ax)
        axes[0].set_ylabel("Worth, in independent people")

    told = "; ".join(
        f"ICC {w.coefficient(icc)}: "
        + ", ".join(
            f"{k} organisations {w.count(round(v))}" for k, v in zip(ORGANISATIONS, values, strict=True)
        )
        for icc, values in worth.items()
    )
    return drawing(
        "effective_people",
        title=f"What {n} people are worth for a mean",
        alt=f"{told}.",
        note=f"Dotted: {n} people who have nothing in common.",
        height=2.5,
        panels=len(iccs),
        draw=draw,
    )
