"""Figures on hypotheses: effects with bootstrap intervals, and simple slopes of a moderation."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MultipleLocator

from jq_models.evaluate.hypotheses import Mediation, Moderation
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.figures_structure import effects_figure
from jq_models.report.names import inline
from jq_models.report.tables_hypotheses import mediation_note
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

REACH = 2.0  # standard deviations of the dimension that the lines span
DASHES = ((0, (1.5, 1.5)), (0, (5, 2)), "solid")  # told apart in grey, too


def _colours() -> tuple[str, str, str]:
    return (style.FAINT, style.MARK, style.ACCENT)


def mediation_figure(found: Mediation, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw job quality's direct, indirect and total effects with bootstrap intervals."""
    effects = found.effects[found.effects["kind"] != "specific"].assign(source="JQ")
    if not found.enough:
        effects = effects.assign(ci_low=effects["delta_low"], ci_high=effects["delta_high"])
        note = w("mediation.draws.figure", asked=found.asked, kept=found.draws)
        return replace(effects_figure(effects, w, instrument=instrument), note=note)
    drawing = effects_figure(effects, w, instrument=instrument)
    return replace(drawing, note=mediation_note(found, w, place="figure"))


def slopes_figure(found: Moderation, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the outcome over the dimension at three levels of customer contact, and the three slopes."""
    slopes = found.slopes
    shares = [w.percent(value / 100) for value in slopes["moderator"]]
    names = {
        "source": inline(found.source, instrument=instrument, w=w),
        "target": inline(found.target, instrument=instrument, w=w),
    }
    with style.styled():
        figure = marks.new_figure(2.9)
        left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
        _lines(left, slopes, own=found.own)
        left.set_xlabel(w("figure.slopes.x", **names))
        left.set_ylabel(w("figure.slopes.y", **names))
        left.set_title(w("figure.slopes.lines"))
        right.set_title(w("figure.slopes.slopes"))
        at = [2.0, 1.0, 0.0]
        marks.dots(right, slopes, at=at, colours=_colours())
        right.set_yticks(at, [w("figure.slopes.level", share=share) for share in shares])
        right.set_ylim(2.6, -0.6)
        low, high = min(0.0, float(slopes["ci_low"].min())), max(0.0, float(slopes["ci_high"].max()))
        room = 0.05 * (high - low)
        right.set_xlim(low - room, high + room)
        right.xaxis.set_major_locator(MultipleLocator(0.2))
        marks.value_axis(right, w)
        right.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)
        right.set_xlabel(w("figure.effects.axis"))
        marks.beside(right, marks.estimate_texts(slopes, w), at=at)
        left.xaxis.set_major_formatter(lambda value, _: w.number(value, 0))
        left.yaxis.set_major_formatter(lambda value, _: w.number(value, 0))
        engine = figure.get_layout_engine()
        if isinstance(engine, ConstrainedLayoutEngine):
            engine.set(wspace=0.16)  # room for the names of the lines
        marks.settle(figure)
        _name_lines(left, slopes, own=found.own, shares=shares)
    listed = w.join(
        w("figure.slopes.one", share=share, value=w.coefficient(value))
        for share, value in zip(shares, slopes["estimate"], strict=True)
    )
    return Drawing(
        name="slopes",
        title=w("figure.slopes.title", **names),
        figure=figure,
        alt=w("figure.slopes.alt", listed=listed, **names),
        note=w(f"figure.slopes.note_{found.main}"),
    )


def _lines(ax: Axes, slopes: pd.DataFrame, *, own: float) -> None:
    """Draw the three lines, each within the interval of its slope."""
    x = np.linspace(-REACH, REACH, 41)
    for (level, row), colour, dash in zip(slopes.iterrows(), _colours(), DASHES, strict=True):
        middle = own * float(str(level))
        ends = np.array([row["ci_low"] * x, row["ci_high"] * x]) + middle
        ax.fill_between(x, ends.min(axis=0), ends.max(axis=0), color=colour, alpha=0.14, linewidth=0)
        ax.plot(x, row["estimate"] * x + middle, color=colour, linestyle=dash)
    ax.set_xlim(-REACH, REACH)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MultipleLocator(1))
    ax.grid(axis="y", zorder=0)
    ax.set_axisbelow(True)


def _name_lines(ax: Axes, slopes: pd.DataFrame, *, own: float, shares: list[str]) -> None:
    """Write the share of contact at the end of each line, far enough apart to be read."""
    ends = [own * float(str(level)) + REACH * float(row["estimate"]) for level, row in slopes.iterrows()]
    bottom, top = ax.get_ylim()
    least = 0.07 * (top - bottom)
    order = np.argsort(ends)
    places = np.array(ends, dtype=float)
    for lower, upper in pairwise(order):
        places[upper] = max(places[upper], places[lower] + least)
    places += np.mean(ends) - places.mean()
    for place, share, colour in zip(places, shares, _colours(), strict=True):
        ax.annotate(
            share,
            (REACH, place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=style.SMALL,
            color=style.MUTED if colour != style.ACCENT else colour,
            annotation_clip=False,
        )
