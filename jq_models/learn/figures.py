"""What the course's figures share: panels in the report's style, and a drawing made of them."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jq_models.report import Drawing, style
from jq_models.report.marks import new_figure, settle


def drawing(
    name: str,
    *,
    title: str,
    alt: str,
    note: str,
    height: float,
    panels: int,
    draw: Callable[[list[Axes]], None],
) -> Drawing:
    """Return a figure of panels side by side, drawn in the report's style.

    Parameters
    ----------
    name, title, alt, note : str
        As for `Drawing`.
    height : float
        Inches.
    panels : int
        How many, side by side, with one vertical axis.
    draw : callable
        Draws into the list of axes.
    """
    with style.styled():
        figure: Figure = new_figure(height)
        axes = figure.subplots(1, panels, sharey=True, squeeze=False)
        draw(list(axes[0]))
        settle(figure)
    return Drawing(name=name, title=title, figure=figure, alt=alt, note=note)


def quiet(ax: Axes, *, left: bool = True) -> None:
    """Take away the frame, and the left axis where its numbers say nothing."""
    for side in ("top", "right", *(() if left else ("left",))):
        ax.spines[side].set_visible(False)
    if not left:
        ax.tick_params(left=False, labelleft=False)


def label(ax: Axes, x: float, y: float, *, text: str, colour: str | None = None, **options: object) -> None:
    """Write a small direct label."""
    ax.text(x, y, text, fontsize=style.SMALL, color=colour or style.MUTED, **options)  # type: ignore[arg-type]
