"""Chapter 02's figures: loadings found again, when a wrong model is noticed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from jq_models.learn.figures import drawing, label, quiet
from jq_models.learn.worlds_fit import detection
from jq_models.report import Drawing, style, wording

MOST = 1000  # people


def recovery_figure(rows: pd.DataFrame, *, name: str = "loadings_found_again") -> Drawing:
    """Draw estimates with intervals beside the truth; columns Item, Estimate, low, high, Truth."""
    w = wording("en")
    at = np.arange(len(rows))
    held = int(((rows["low"] <= rows["Truth"]) & (rows["Truth"] <= rows["high"])).sum())

    def draw(axes: list[Axes]) -> None:
        ax = axes[0]
        ax.hlines(at, rows["low"], rows["high"], color=style.MARK, linewidth=2)
        ax.plot(rows["Estimate"], at, "o", color=style.MARK, markersize=6)
        ax.plot(
            rows["Truth"],
            at,
            "D",
            markerfacecolor="none",
            markeredgecolor=style.ACCENT,
            markersize=8,
            markeredgewidth=1.4,
        )
        ax.set_yticks(at, list(rows["Item"]))
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlabel("standardised loading, with 95% interval")
        quiet(ax)

    listed = "; ".join(
        f"{row['Item']} {w.coefficient(row['Estimate'])} (truth {w.coefficient(row['Truth'])})"
        for row in rows.to_dict("records")
    )
    return drawing(
        name,
        title="The loadings, found again",
        alt=f"Estimated and true loadings. {listed}. {held} of {len(rows)} intervals hold the truth.",
        note="Dots and lines: estimates with their intervals. Diamonds: the truth.",
        height=0.6 + 0.25 * len(rows),
        panels=1,
        draw=draw,
    )


def noticed_figure(*correlations: float) -> Drawing:
    """Draw how often the chi-square test notices two scales taken for one, one panel a true correlation."""
    w = wording("en")
    sizes = np.linspace(20, MOST, 197)
    marked = np.array([60.0, 200.0, 600.0])
    curves = {r: detection(r, sizes) for r in correlations}
    points = {r: detection(r, marked) for r in correlations}

    def draw(axes: list[Axes]) -> None:
        for ax, r in zip(axes, correlations, strict=True):
            ax.axhline(0.8, color=style.GRID, linewidth=0.9)
            ax.plot(sizes, curves[r], color=style.MARK)
            ax.plot(marked, points[r], "o", color=style.ACCENT, markersize=5)
            for n, share in zip(marked, points[r], strict=True):
                label(ax, n + 15, share - 0.04, text=w.percent(share), colour=style.INK, va="top")
            ax.set_title(f"true correlation {w.coefficient(r)}")
            ax.set_ylim(-0.08, 1.1)
            ax.set_xlim(0, MOST)
            ax.set_yticks([0, 0.2, 0.8, 1.0], ["0%", "20%", "80%", "100%"])
            ax.set_xlabel("people")
            quiet(ax)

    listed = "; ".join(
        f"correlation {w.coefficient(r)}: "
        + ", ".join(
            f"{w.percent(s)} with {w.count(n)} people" for n, s in zip(marked, points[r], strict=True)
        )
        for r in correlations
    )
    return drawing(
        "noticed",
        title="How often the chi-square test notices that two scales were taken for one",
        alt=f"Curves that rise with the number of people. {listed}.",
        note=(
            "Computed from the noncentral chi-square distribution (Satorra & Saris, 1985). Dots: 60, "
            "200, 600 people."
        ),
        height=2.3,
        panels=len(correlations),
        draw=draw,
    )
