"""Pictures of chapter 04: three things and their paths, a skewed product, a hidden cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, FancyArrowPatch

from jq_models.learn.worlds_structure import apparent_path, indirect_draws, two_intervals
from jq_models.report import Drawing, marks, style, wording
from jq_models.sem import Bootstrap, SemFit

NAMES = {"JQ": "Job quality", "SAT": "Satisfaction", "COM": "Commitment", "MOOD": "Mood"}
SPOTS = {"JQ": (0.9, 0.5), "SAT": (2.4, 1.75), "COM": (3.9, 0.5), "MOOD": (4.9, 1.75)}
SIZE = (1.35, 0.5)
Paths = Mapping[tuple[str, str], float]


def paths_figure(
    paths: Paths, *, name: str, title: str, truth: Paths | None = None, note: str = ""
) -> Drawing:
    """Draw paths between ovals, each with its number and, in brackets, the true one.

    Parameters
    ----------
    paths : mapping of (target, source) to float
    name, title, note : str
    truth : mapping, optional
        The same, as the people were made.
    """
    w = wording("en")
    with style.styled():
        figure = marks.new_figure(2.2)
        figure.set_layout_engine("none")
        ax = figure.add_axes((0, 0, 1, 1))
        middle = 2.4 if all("MOOD" not in pair for pair in paths) else 3.1
        ax.set(xlim=(middle - style.WIDTH / 2, middle + style.WIDTH / 2), ylim=(0, 2.2))
        ax.set_axis_off()
        for (target, source), value in paths.items():
            true = None if truth is None else truth[target, source]
            text = w.coefficient(value) + ("" if true is None else f" ({w.coefficient(true)})")
            _arrow(ax, source, target, text=text, strong=abs(value) >= 0.005)
        for node in dict.fromkeys(part for pair in paths for part in reversed(pair)):
            _oval(ax, node)
    told = [
        f"{NAMES[source]} to {NAMES[target].lower()} {w.coefficient(value)}"
        + ("" if truth is None else f", in truth {w.coefficient(truth[target, source])}")
        for (target, source), value in paths.items()
    ]
    alt = f"{'; '.join(told)}."
    return Drawing(name=name, title=title, figure=marks.settle(figure), alt=alt, note=note)


def product_figure(fit: SemFit, boot: Bootstrap) -> Drawing:
    """Draw the resampled indirect effects with two intervals: one from a normal curve, one from the draws."""
    draws, row = indirect_draws(fit, boot), two_intervals(fit, boot).to_dict("index")["indirect"]
    estimate = float(row["Estimate"])
    normal = (float(row["Curve low"]), float(row["Curve high"]))
    percentile = (float(row["Bootstrap low"]), float(row["Bootstrap high"]))
    w = wording("en")
    with style.styled():
        figure = marks.new_figure(2.5)
        ax = figure.subplots()
        counts, _, _ = ax.hist(draws, bins=40, color=style.MARK, alpha=0.45)
        top = float(np.max(counts))
        rows = (("normal curve", normal, style.MUTED, 1.08), ("bootstrap", percentile, style.ACCENT, 1.20))
        for label, (low, high), colour, height in rows:
            ax.hlines(height * top, low, high, colors=colour, linewidth=2.4)
            ax.scatter([estimate], [height * top], color=colour, s=22, zorder=3)
            ax.annotate(
                f"{label}: {w.coefficient(low)} to {w.coefficient(high)}",
                (high, height * top),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=colour,
                fontsize=style.SMALL,
            )
        ax.axvline(0, color=style.FAINT, linewidth=0.8)
        ax.xaxis.set_major_formatter(lambda value, _: w.coefficient(value))
        ax.set(xlabel="Indirect effect in each resample", ylim=(0, 1.3 * top), yticks=[])
        ax.spines["left"].set_visible(False)
    return Drawing(
        name="indirect_draws",
        title="What resampling says about the indirect effect",
        figure=marks.settle(figure),
        alt=(
            f"Histogram of {len(draws)} resampled indirect effects, its right tail the longer one. Estimate "
            f"{w.coefficient(estimate)}; normal curve {_span(normal)}, bootstrap {_span(percentile)}."
        ),
        note="The dot is the estimate. A normal interval stands evenly around it; the resamples do not.",
    )


def hidden_cause_figure(strengths: Sequence[float]) -> Drawing:
    """Draw the path SAT -> COM that a model finds, by how much mood colours both; in truth it is zero."""
    w = wording("en")
    found = [apparent_path(strength) for strength in strengths]
    with style.styled():
        figure = marks.new_figure(2.4)
        ax = figure.subplots()
        ax.axhline(0, color=style.MUTED, linewidth=1)
        ax.text(
            strengths[-1],
            -0.015,
            "true path: zero",
            color=style.MUTED,
            fontsize=style.SMALL,
            ha="right",
            va="top",
        )
        between = np.linspace(strengths[0], strengths[-1], 25)
        ax.plot(between, [apparent_path(float(strength)) for strength in between], color=style.ACCENT)
        ax.scatter(strengths, found, color=style.ACCENT, s=20, zorder=3)
        for strength, value in zip(strengths, found, strict=True):
            if value > 0.03:
                ax.annotate(
                    w.coefficient(value),
                    (strength, value),
                    xytext=(-4, 5),
                    textcoords="offset points",
                    ha="right",
                )
        ax.set(
            xlabel="Path of mood to satisfaction and to commitment",
            ylabel="Path found, SAT to COM",
            ylim=(-0.09, max(found) + 0.12),
        )
        ax.xaxis.set_major_formatter(lambda value, _: w.coefficient(value))
        ax.yaxis.set_major_formatter(lambda value, _: w.coefficient(value))
    listed = "; ".join(
        f"{w.coefficient(s)}: {w.coefficient(v)}" for s, v in zip(strengths, found, strict=True)
    )
    return Drawing(
        name="hidden_cause",
        title="A path of zero, as the model sees it",
        figure=marks.settle(figure),
        alt=(
            f"The stronger the hidden mood, the larger the path found, though the true one is zero. {listed}."
        ),
        note="Without sampling error: more people would not help.",
    )


def hidden_cause_case(strength: float) -> Drawing:
    """Draw one such world: the path found, and the hidden cause that makes it."""
    value = apparent_path(strength)
    paths = {("COM", "SAT"): value, ("SAT", "MOOD"): strength, ("COM", "MOOD"): strength}
    truth = {("COM", "SAT"): 0.0, ("SAT", "MOOD"): strength, ("COM", "MOOD"): strength}
    return paths_figure(
        paths,
        name="hidden_cause_case",
        title="What the model finds (and what is true)",
        truth=truth,
        note="The model does not know of mood.",
    )


def _span(interval: tuple[float, float]) -> str:
    w = wording("en")
    return f"{w.coefficient(interval[0])} to {w.coefficient(interval[1])}"


def _oval(ax: Axes, node: str) -> None:
    hidden = node == "MOOD"
    colour = style.ACCENT if hidden else style.INK
    ax.add_patch(
        Ellipse(
            SPOTS[node],
            *SIZE,
            facecolor=style.ACCENT_SOFT if hidden else style.SURFACE,
            edgecolor=colour,
            linestyle="--" if hidden else "-",
            linewidth=1.0,
            zorder=3,
        )
    )
    ax.text(*SPOTS[node], NAMES[node], ha="center", va="center", color=colour, zorder=4)


def _arrow(ax: Axes, source: str, target: str, *, text: str, strong: bool) -> None:
    start, end = np.array(SPOTS[source]), np.array(SPOTS[target])
    run = (end - start) / np.hypot(*(end - start))
    reach = 1 / np.hypot(run[0] / (SIZE[0] / 2), run[1] / (SIZE[1] / 2)) + 0.04
    begin, stop = start + reach * run, end - reach * run
    colour = style.ACCENT if source == "MOOD" else style.INK
    ax.add_patch(
        FancyArrowPatch(
            tuple(begin),
            tuple(stop),
            arrowstyle="-|>",
            mutation_scale=9,
            color=colour,
            linewidth=1.3 if strong else 0.7,
            linestyle="-" if strong else ":",
            shrinkA=0,
            shrinkB=0,
        )
    )
    middle = (begin + stop) / 2
    ax.text(
        float(middle[0]),
        float(middle[1]),
        text,
        ha="center",
        va="center",
        color=colour,
        fontweight=600,
        bbox={"facecolor": style.SURFACE, "edgecolor": "none", "pad": 1.5},
        zorder=5,
    )
