"""Chapter 03's figures: alpha grows with length, noise hides overlap, how far scales overlap."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from jq_models.learn.figures import drawing, label, quiet
from jq_models.learn.worlds_scales import standardised_alpha
from jq_models.report import Drawing, style, wording

LONGEST = 20
CUT, STRICT = 0.85, 0.90  # Henseler, Ringle & Sarstedt (2015)


def length_figure(*correlations: float) -> Drawing:
    """Draw alpha over the number of questions, one panel a mean correlation between them."""
    w = wording("en")
    questions = np.arange(2, LONGEST + 1)
    curves = {r: standardised_alpha(questions, r) for r in correlations}

    def draw(axes: list[Axes]) -> None:
        for ax, (r, alpha) in zip(axes, curves.items(), strict=True):
            ax.axhline(0.7, color=style.FAINT, linestyle="--", linewidth=0.9)
            ax.plot(questions, alpha, "o-", color=style.MARK, markersize=3)
            for k in (4, LONGEST):
                value = float(alpha[questions == k][0])
                ax.plot(k, value, "o", color=style.ACCENT, markersize=5)
                side = "left" if k == 4 else "right"
                label(ax, k, value - 0.06, text=w.coefficient(value), colour=style.INK, ha=side, va="top")
            ax.set_title(f"correlation {w.coefficient(r)}")
            ax.set_ylim(0, 1.05)
            ax.set_xticks([4, 8, 12, 16, 20])
            ax.set_xlabel("number of questions")
            quiet(ax)
        axes[0].set_ylabel("alpha")

    listed = "; ".join(
        f"correlation {w.coefficient(r)}: {w.coefficient(float(a[2]))} with 4 questions, "
        f"{w.coefficient(float(a[-1]))} with {LONGEST}"
        for r, a in curves.items()
    )
    return drawing(
        "alpha_by_length",
        title="Alpha grows with the number of questions, whatever they measure",
        alt=f"Rising curves. {listed}.",
        note=(
            "By Spearman and Brown's formula, for questions that all correlate alike. Dashed: the usual .70."
        ),
        height=2.3,
        panels=len(correlations),
        draw=draw,
    )


def noise_figure(*correlations: float) -> Drawing:
    """Draw how two scores correlate over their reliability, one panel a true correlation."""
    w = wording("en")
    dependable = np.linspace(0.4, 1.0, 61)
    marked = np.array([0.6, 0.8])

    def draw(axes: list[Axes]) -> None:
        for ax, r in zip(axes, correlations, strict=True):
            ax.axhline(CUT, color=style.FAINT, linestyle="--", linewidth=0.9)
            ax.plot(dependable, r * dependable, color=style.MARK)
            for at in marked:
                ax.plot(at, r * at, "o", color=style.ACCENT, markersize=5)
                label(ax, at + 0.02, r * at - 0.02, text=w.coefficient(r * at), colour=style.INK, va="top")
            ax.set_title(f"true correlation {w.coefficient(r)}")
            ax.set_xlim(0.4, 1.0)
            ax.set_ylim(0, 1.0)
            ax.set_xlabel("reliability of both scores")
            quiet(ax)
        axes[0].set_ylabel("correlation of the scores")

    listed = "; ".join(
        f"true correlation {w.coefficient(r)}: scores correlate "
        + ", ".join(f"{w.coefficient(r * at)} at reliability {w.coefficient(at)}" for at in marked)
        for r in correlations
    )
    return drawing(
        "noise_hides_overlap",
        title="Noise makes scales look more different than they are",
        alt=f"Straight lines. {listed}.",
        note=(
            "Correlation of scores = true correlation x reliability, when both are equally reliable. "
            "Dashed: .85."
        ),
        height=2.3,
        panels=len(correlations),
        draw=draw,
    )


def overlap_figure(rows: pd.DataFrame) -> Drawing:
    """Draw every pair's correlation of scores, HTMT with interval, and truth, from `overlap_rows`."""
    w = wording("en")
    at = np.arange(len(rows))

    def draw(axes: list[Axes]) -> None:
        ax = axes[0]
        for cut in (CUT, STRICT):
            ax.axvline(cut, color=style.FAINT, linestyle="--", linewidth=0.9)
        ax.hlines(at, rows["low"], rows["high"], color=style.ACCENT, linewidth=2)
        ax.plot(rows["HTMT"], at, "o", color=style.ACCENT, markersize=6)
        ax.plot(rows["Scores"], at, "s", color=style.MARK, markersize=6)
        ax.plot(
            rows["Truth"],
            at,
            "D",
            markerfacecolor="none",
            markeredgecolor=style.INK,
            markersize=9,
            markeredgewidth=1.3,
        )
        top = rows.iloc[0]
        label(ax, top["Scores"], -0.28, text="scores", ha="center", va="bottom")
        label(ax, top["HTMT"], -0.28, text="HTMT", colour=style.ACCENT, ha="center", va="bottom")
        ax.set_yticks(at, list(rows["Pair"]))
        ax.set_ylim(len(rows) - 0.5, -0.9)
        ax.set_xlim(0.2, 1.05)
        ax.set_xlabel("correlation")
        quiet(ax)

    listed = "; ".join(
        f"{row['Pair']}: scores {w.coefficient(row['Scores'])}, HTMT {w.coefficient(row['HTMT'])} "
        f"{w.coefficient_interval(row['low'], row['high'])}, truth {w.coefficient(row['Truth'])}"
        for row in rows.to_dict("records")
    )
    return drawing(
        "overlap",
        title="How far the scales overlap",
        alt=f"Dots with intervals. {listed}.",
        note=(
            "Squares: correlation of the scores. Dots and lines: HTMT with its 95% interval. "
            "Diamonds: the truth. "
            "Dashed: .85 and .90 (Henseler, Ringle & Sarstedt, 2015)."
        ),
        height=2.0,
        panels=1,
        draw=draw,
    )
