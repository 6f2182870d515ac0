"""Sliders beside a figure that stands still, so that nothing is lost on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jq_models.errors import SpecError
from jq_models.report import Drawing, show

Range = tuple[float, float, float] | tuple[float, float, float, float] | tuple[str, ...]


def explore(draw: Callable[..., Drawing], *, static: Drawing, live: bool = False, **ranges: Range) -> None:
    """Show a figure with several values side by side and, in a live notebook, sliders to try others.

    Parameters
    ----------
    draw : callable
        Draws one figure from the sliders' values, given in the order of the ranges.
    static : Drawing
        The same with several values side by side; always shown.
    live : bool
        Whether to show sliders. Stored notebooks have none: a page cannot move them.
    **ranges : (low, high, step), (low, high, step, start), or texts
        One slider each (of whole numbers where all three are whole), or a list to choose from.

    Raises
    ------
    SpecError
        When a range has another form.
    """
    checked = {name: _checked(name, given) for name, given in ranges.items()}
    show(static)
    if live:
        _sliders(draw, checked)


def _checked(name: str, given: Range) -> Range:
    texts = bool(given) and all(isinstance(part, str) for part in given)
    numbers = len(given) in (3, 4) and all(isinstance(part, (int, float)) for part in given)
    if not texts and not (numbers and given[0] < given[1] and given[2] > 0):  # type: ignore[operator]
        raise SpecError(
            f"The range of '{name}' is {given!r}: give (low, high, step), (low, high, step, start) or texts."
        )
    return given


def _sliders(draw: Callable[..., Drawing], ranges: dict[str, Range]) -> None:
    # takes long to load, and only live notebooks need it
    import ipywidgets as widgets  # type: ignore[import-untyped]
    from IPython.display import display

    controls = {name: _control(widgets, name, given) for name, given in ranges.items()}

    def redraw(**values: Any) -> None:
        show(draw(*(values[name] for name in controls)))

    figure = widgets.interactive_output(redraw, controls)
    display(widgets.VBox([*controls.values(), figure]))  # type: ignore[no-untyped-call]


def _control(widgets: Any, name: str, given: Range) -> Any:
    label = name.replace("_", " ")
    if isinstance(given[0], str):
        return widgets.Dropdown(options=list(given), description=label)
    low, high, step, *start = given
    whole = all(isinstance(part, int) for part in (low, high, step))
    slider = widgets.IntSlider if whole else widgets.FloatSlider
    return slider(
        min=low,
        max=high,
        step=step,
        value=start[0] if start else low,
        description=label,
        continuous_update=False,  # draw when the slider rests, not at every step on the way
    )
