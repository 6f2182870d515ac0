"""Pictures of chapter 05: what it takes for a question to mean the same to two groups."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from jq_models.learn.figures import drawing, quiet
from jq_models.report import Drawing, style

# slope and height of the second group's line against the first's, and what may then be compared
STEPS = {
    "only the form is the same": (0.45, -0.5, "compare nothing"),
    "slopes equal (metric)": (0.8, -0.6, "compare relations"),
    "slopes and heights equal (scalar)": (0.8, 0.0, "compare means as well"),
}
SLOPE = 0.8


def ladder_figure() -> Drawing:
    """Draw three steps of equality side by side: the answer that people of two groups give, by standing."""

    def draw(axes: list[Axes]) -> None:
        for ax, (heading, (slope, shift, may)) in zip(axes, STEPS.items(), strict=True):
            _lines(ax, slope=slope, shift=shift)
            ax.set_title(heading, fontsize=style.SMALL)
            ax.text(-2, 5.3, may, fontsize=style.SMALL, color=style.MUTED)
        axes[0].set_ylabel("Answer expected")

    return drawing(
        "same_question",
        title="When does a question mean the same to two groups?",
        alt=(
            "Three panels of two lines, permanent and flexible staff. Different slopes: compare nothing. "
            "Parallel lines at different heights: compare relations. One line: compare means as well."
        ),
        note="Across: where people stand on the dimension. Solid: permanent staff; dashed: flexible staff.",
        height=2.3,
        panels=3,
        draw=draw,
    )


def item_figure(slope: float, shift: float) -> Drawing:
    """Draw one item in two groups; slope and height of the second group's line are given."""
    apart = f"{shift:+.1f}".replace("-", "−")
    return drawing(
        "one_item",
        title=f"People who stand at the average, yet their answers differ by {apart}",
        alt=f"Two lines; at an average standing flexible staff answer {apart} higher than permanent staff.",
        note="Solid: permanent staff; dashed: flexible staff.",
        height=2.3,
        panels=1,
        draw=lambda axes: _lines(axes[0], slope=slope, shift=shift),
    )


def _lines(ax: Axes, *, slope: float, shift: float) -> None:
    standing = np.array([-2.0, 2.0])
    ax.plot(standing, 3.3 + SLOPE * standing, color=style.MARK, linewidth=2)
    ax.plot(standing, 3.3 + shift + slope * standing, color=style.ACCENT, linewidth=2, linestyle="--")
    ax.set(ylim=(1, 5.6), xlim=(-2.2, 2.2), yticks=range(1, 6), xticks=[-2, 0, 2])
    ax.set_xticklabels(["low", "average", "high"])
    quiet(ax)
