"""The path diagram of the second-order model: dimensions, job quality, outcomes, with their estimates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, FancyArrowPatch
from matplotlib.text import Text

from jq_models.errors import SpecError
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.wording import Wording
from jq_models.spec import Construct, Instrument
from jq_models.spec.model import JOB_QUALITY

# inches: centre and size of the ellipses
_STEP = 0.365
_DIMENSION_X, _DIMENSION_SIZE = 1.60, (1.86, 0.325)
_JQ_X, _JQ_SIZE = 3.52, (0.98, 0.86)
_OUTCOME_SIZE = (1.28, 0.70)
_BETWEEN_X, _LAST_X = 4.72, 5.62  # mediating outcomes, final outcome
_ALONE_X = 5.40  # mediating outcomes when there is no final one
_LOADING_X = 2.74  # loadings stand in a column right of the dimensions

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One standardised path or loading with its interval (NaN when the model fixes it)."""

    source: str
    target: str
    estimate: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def path_diagram(
    standardized: pd.DataFrame, w: Wording, *, r_squared: pd.Series, instrument: Instrument
) -> Drawing:
    """Draw the second-order model: ellipses are latent variables, arrows carry standardised estimates.

    Parameters
    ----------
    standardized : DataFrame
        Columns lhs op rhs est_std ci_low ci_high.
    r_squared : Series
        Explained variance by latent variable.

    Raises
    ------
    SpecError
        When the model has no second-order job quality.
    """
    loadings = _arrows(standardized[standardized["lhs"] == JOB_QUALITY], op="=~")
    if not loadings:
        raise SpecError("The path diagram needs a model with second-order job quality; draw effects instead.")
    dimensions = marks.constructs_in(instrument, [arrow.target for arrow in loadings])
    paths = _arrows(standardized, op="~")
    outcomes = [c for c in instrument.outcomes if c.code in {arrow.target for arrow in paths}]
    height = max(0.2 + _STEP * len(dimensions), 3.4)
    with style.styled():
        figure = marks.new_figure(height)
        figure.set_layout_engine("none")
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, style.WIDTH), ylim=(0, height))
        ax.set_axis_off()
        top = height / 2 + _STEP * (len(dimensions) - 1) / 2
        rows = {c.code: top - _STEP * i for i, c in enumerate(dimensions)}
        spots = {JOB_QUALITY: (_JQ_X, height / 2), **_outcome_spots(outcomes, height)}
        _measurement(ax, dimensions, loadings=loadings, rows=rows, middle=height / 2, w=w)
        arcs = _residual_arcs(ax, standardized, rows=rows, w=w)
        for arrow in paths:
            _path(ax, arrow, spots=spots, w=w)
        _ellipse(ax, spots[JOB_QUALITY], size=_JQ_SIZE, text=w("figure.path_diagram.jq"), strong=True)
        for outcome in outcomes:
            explained = w("figure.path_diagram.r2", value=w.coefficient(r_squared.get(outcome.code, np.nan)))
            text = f"{marks.name_of(outcome, w, width=17)}\n{explained}"
            _ellipse(ax, spots[outcome.code], size=_OUTCOME_SIZE, text=text)
    notes = [w("figure.path_diagram.note"), *([w("figure.path_diagram.note_arcs")] if arcs else [])]
    return Drawing(
        name="path_diagram",
        title=w("figure.path_diagram.title"),
        figure=marks.settle(figure),
        alt=_alt(paths, loadings, instrument=instrument, w=w),
        note=" ".join(notes),
    )


def _arrows(standardized: pd.DataFrame, *, op: str) -> list[Arrow]:
    """Return the loadings (``=~``) or paths (``~``) of a parameter table, in its order."""
    rows = standardized[standardized["op"] == op]
    columns = rows[["lhs", "rhs", "est_std", "ci_low", "ci_high"]]
    return [
        Arrow(
            source=lhs if op == "=~" else rhs,
            target=rhs if op == "=~" else lhs,
            estimate=estimate,
            low=low,
            high=high,
        )
        for lhs, rhs, estimate, low, high in columns.itertuples(index=False)
    ]


def _outcome_spots(outcomes: Sequence[Construct], height: float) -> dict[str, Point]:
    """Place the first outcome above, the second below, a third at the right between them."""
    x = _BETWEEN_X if len(outcomes) > 2 else _ALONE_X
    rise = min(1.35, height / 2 - 0.42)
    places = [(x, height / 2 + rise), (x, height / 2 - rise), (_LAST_X, height / 2)]
    return {outcome.code: place for outcome, place in zip(outcomes, places, strict=False)}


def _ellipse(
    ax: Axes, centre: Point, *, size: Point, text: str, strong: bool = False, new: bool = False
) -> None:
    edge = style.ACCENT if new else style.INK
    ground = style.ACCENT_SOFT if new else style.SURFACE
    ax.add_patch(
        Ellipse(centre, *size, facecolor=ground, edgecolor=edge, linewidth=1.4 if strong else 0.8, zorder=3)
    )
    ax.text(
        *centre,
        text,
        ha="center",
        va="center",
        fontsize=style.BASE if strong else style.SMALL,
        fontweight=600 if strong else "normal",
        color=edge,
        linespacing=1.05,
        zorder=4,
    )


def _edge(centre: Point, *, size: Point, towards: Point) -> Point:
    """Return where the line from the centre of an ellipse towards a point leaves the ellipse."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    scale = 1 / np.hypot(dx / (size[0] / 2), dy / (size[1] / 2))
    return centre[0] + dx * scale, centre[1] + dy * scale


def _size(code: str) -> Point:
    return _JQ_SIZE if code == JOB_QUALITY else _OUTCOME_SIZE


def _arrow(ax: Axes, start: Point, end: Point, *, width: float, clear: bool, colour: str = "") -> None:
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>,head_length=3.2,head_width=1.7",
            mutation_scale=1.0,
            shrinkA=0,
            shrinkB=0.5,
            linewidth=width,
            linestyle="-" if clear else (0, (3, 2)),
            color=(colour or style.INK) if clear else style.FAINT,
            zorder=2,
        )
    )


def _label(ax: Axes, spot: Point, *, text: str, zorder: float = 5, **place: object) -> Text:
    ground = {"facecolor": style.SURFACE, "edgecolor": "none", "pad": 0.8}
    shown = ax.text(*spot, text, zorder=zorder, linespacing=1.0)
    shown.set(**{"ha": "center", "va": "center", "fontsize": style.SMALL, "bbox": ground, **place})
    return shown


def _measurement(
    ax: Axes,
    dimensions: Sequence[Construct],
    *,
    loadings: Sequence[Arrow],
    rows: dict[str, float],
    middle: float,
    w: Wording,
) -> None:
    """Draw the dimensions and the arrows from job quality to them, with their loadings."""
    by_target = {arrow.target: arrow for arrow in loadings}
    for construct in dimensions:
        y = rows[construct.code]
        loading = by_target[construct.code]
        end = (_DIMENSION_X + _DIMENSION_SIZE[0] / 2, y)
        start = _edge((_JQ_X, middle), size=_JQ_SIZE, towards=end)
        colour = style.ACCENT if construct.new else style.MUTED
        _arrow(ax, start, end, width=0.8, clear=loading.clear, colour=colour)
        share = (_LOADING_X - end[0]) / (start[0] - end[0])
        _label(ax, (_LOADING_X, y + share * (start[1] - y)), text=w.coefficient(loading.estimate))
        text = marks.name_of(construct, w, width=28)
        _ellipse(ax, (_DIMENSION_X, y), size=_DIMENSION_SIZE, text=text, new=construct.new)


def _residual_arcs(ax: Axes, standardized: pd.DataFrame, *, rows: dict[str, float], w: Wording) -> int:
    """Draw what dimensions share beyond job quality as arcs at their left, longer ones further out."""
    drawn = 0
    covariances = standardized[(standardized["op"] == "~~") & (standardized["lhs"] != standardized["rhs"])]
    left = _DIMENSION_X - _DIMENSION_SIZE[0] / 2
    columns = covariances[["lhs", "rhs", "est_std", "ci_low", "ci_high"]]
    for lhs, rhs, value, low, high in columns.itertuples(index=False):
        if lhs not in rows or rhs not in rows:
            continue
        drawn += 1
        top, bottom = max(rows[lhs], rows[rhs]), min(rows[lhs], rows[rhs])
        span = round((top - bottom) / _STEP)
        bulge = 0.13 + 0.38 * (span - 1)
        inset = 0.05 if span == 1 else -0.02
        ax.add_patch(
            FancyArrowPatch(
                (left + 0.01, top - inset),
                (left + 0.01, bottom + inset),
                # a quadratic curve reaches half as far as its control point
                connectionstyle=f"arc3,rad={2 * bulge / (top - bottom - 2 * inset)}",
                arrowstyle="<|-|>,head_length=2.4,head_width=1.3",
                mutation_scale=1.0,
                shrinkA=0,
                shrinkB=0,
                linewidth=0.8,
                linestyle="-" if low > 0 or high < 0 else (0, (3, 2)),
                color=style.ACCENT if low > 0 or high < 0 else style.FAINT,
                zorder=2,
            )
        )
        spot = (left - bulge - 0.02, (top + bottom) / 2)
        turned = {"rotation": 90, "ha": "right"} if span > 1 else {"ha": "right"}
        _label(ax, spot, text=w.coefficient(value), color=style.ACCENT, **turned)
    return drawn


def _path(ax: Axes, arrow: Arrow, *, spots: dict[str, Point], w: Wording) -> None:
    """Draw one structural path; its width follows the estimate, a dashed line has zero in its interval."""
    source, target = spots[arrow.source], spots[arrow.target]
    start = _edge(source, size=_size(arrow.source), towards=target)
    end = _edge(target, size=_size(arrow.target), towards=source)
    _arrow(ax, start, end, width=0.7 + 1.8 * min(abs(arrow.estimate), 1.0), clear=arrow.clear)
    text = w.coefficient(arrow.estimate)
    if np.isfinite(arrow.low):
        text += "\n" + w.coefficient_interval(arrow.low, arrow.high)
    middle = np.array([start[0] + end[0], start[1] + end[1]]) / 2
    across = np.array([start[1] - end[1], end[0] - start[0]]) / np.hypot(end[0] - start[0], end[1] - start[1])
    if abs(across[0]) < 0.2:  # level: the direct path across the diagram
        _label(ax, (start[0] + 0.12, middle[1] + 0.05), text=text, va="bottom", ha="left")
        return
    # labels of job quality's paths stand left of them, the others right; upright ones left too
    leftward = arrow.source == JOB_QUALITY or abs(across[1]) < 0.2
    across = across if (across[0] < 0) == leftward else -across
    spot = middle + 0.07 * across
    va = "center" if abs(across[1]) < 0.2 else ("bottom" if across[1] > 0 else "top")
    _label(ax, (spot[0], spot[1]), text=text, ha="right" if leftward else "left", va=va)


def _alt(paths: Sequence[Arrow], loadings: Sequence[Arrow], *, instrument: Instrument, w: Wording) -> str:
    names = {c.code: w.of(c.name) for c in instrument.constructs}
    names[JOB_QUALITY] = w("figure.path_diagram.jq_line")
    listed = w.join(f"{names[a.source]} → {names[a.target]} {w.coefficient(a.estimate)}" for a in paths)
    sizes = [arrow.estimate for arrow in loadings]
    low, high = w.coefficient(min(sizes)), w.coefficient(max(sizes))
    return w("figure.path_diagram.alt", dimensions=len(loadings), low=low, high=high, listed=listed)
