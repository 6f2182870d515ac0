"""Figures on second-order job quality: what it is made of, and how much the model explains."""

from __future__ import annotations

import pandas as pd

from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.figures_measurement import MINIMUM, WANTED, loadings_of
from jq_models.report.wording import Wording
from jq_models.spec import Instrument
from jq_models.spec.model import JOB_QUALITY


def second_order_figure(standardized: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw how strongly each dimension stands for job quality: second-order loadings with intervals.

    Parameters
    ----------
    standardized : DataFrame
        Columns lhs op rhs est_std ci_low ci_high of a model with second-order job quality.
    """
    rows = loadings_of(standardized, JOB_QUALITY)
    constructs = marks.constructs_in(instrument, rows.index)
    rows = rows.loc[[c.code for c in constructs]]
    at = [float(i) for i in range(len(constructs))]
    with style.styled():
        figure = marks.new_figure(0.6 + 0.22 * len(constructs))
        ax = figure.subplots()
        marks.dots(ax, rows, at=at, colours=[marks.colour_of(c) for c in constructs])
        marks.construct_axis(ax, constructs, w=w, at=at)
        marks.value_axis(ax, w)
        ax.set_xlim(
            min(0.0, float(rows["ci_low"].min()) - 0.02), max(1.0, float(rows["ci_high"].max()) + 0.01)
        )
        for x in (MINIMUM, WANTED):
            ax.axvline(x, color=style.FAINT, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
        ax.set_xlabel(w("figure.second_order_loadings.axis"))
        marks.beside(ax, marks.estimate_texts(rows, w), at=at)
        marks.settle(figure)
    names = {c.code: w.of(c.name) for c in constructs}
    loadings = rows["estimate"]
    alt = w(
        "figure.second_order_loadings.alt",
        best=names[str(loadings.idxmax())],
        high=w.coefficient(loadings.max()),
        worst=names[str(loadings.idxmin())],
        low=w.coefficient(loadings.min()),
    )
    note = w(
        "figure.second_order_loadings.note", minimum=w.coefficient(MINIMUM), wanted=w.coefficient(WANTED)
    )
    title = w("figure.second_order_loadings.title")
    return Drawing(name="second_order_loadings", title=title, figure=figure, alt=alt, note=note)


def r_squared_figure(r_squared: pd.Series, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the explained variance of every latent variable that the model explains.

    Parameters
    ----------
    r_squared : Series
        By variable; items are left out.
    """
    constructs = marks.constructs_in(instrument, r_squared.index)
    values = r_squared.loc[[c.code for c in constructs]].to_numpy(dtype=float)
    at = marks.rows_by_role(constructs)
    with style.styled():
        figure = marks.new_figure(0.5 + 0.21 * len(constructs))
        ax = figure.subplots()
        ax.barh(at, values, height=0.66, color=[marks.colour_of(c) for c in constructs])
        marks.construct_axis(ax, constructs, w=w, at=at)
        marks.value_axis(ax, w, percent=True)
        ax.set_xlim(0, 1)
        ax.set_xlabel(w("figure.r_squared.axis"))
        marks.beside(ax, [w.percent(value) for value in values], at=at)
        marks.settle(figure)
    listed = w.join(f"{w.of(c.name)} {w.percent(v)}" for c, v in zip(constructs, values, strict=True))
    return Drawing(
        name="r_squared",
        title=w("figure.r_squared.title"),
        figure=figure,
        alt=w("figure.r_squared.alt", listed=listed),
        note=w("figure.r_squared.note"),
    )
