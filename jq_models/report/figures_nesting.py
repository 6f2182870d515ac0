"""A figure on how alike people of one group are."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.tables_nesting import label_of, rounded
from jq_models.report.wording import Wording
from jq_models.spec import Group, Instrument


def icc_figure(icc: pd.DataFrame, w: Wording, *, groups: Sequence[Group], instrument: Instrument) -> Drawing:
    """Draw ICC(1) of every construct with its interval, one panel a grouping.

    Parameters
    ----------
    icc : DataFrame
        As ``evaluate.icc_table`` returns it.
    """
    # the places of dots can be read out of the drawing; the words name the highest by the exact numbers
    exact, icc = icc.set_index(["grouping", "construct"])["icc1"], rounded(icc)
    constructs = marks.constructs_in(instrument, icc["construct"])
    names = list(dict.fromkeys(icc["grouping"]))
    at = marks.rows_by_role(constructs)
    alts = []
    with style.styled():
        figure = marks.new_figure(0.8 + 0.22 * len(constructs))
        panels = figure.subplots(1, len(names), squeeze=False, sharey=True, sharex=True)[0]
        ends = icc[["icc1", "ci_low", "ci_high"]]  # an estimate may stand without an interval
        low, high = min(0.0, float(ends.min().min())), float(ends.max().max())
        for ax, name in zip(panels, names, strict=True):
            own = icc[icc["grouping"] == name].set_index("construct").loc[[c.code for c in constructs]]
            rows = own[["icc1", "ci_low", "ci_high"]].set_axis(["estimate", "ci_low", "ci_high"], axis=1)
            marks.dots(ax, rows, at=at, colours=[marks.colour_of(c) for c in constructs])
            ax.set_xlim(low - 0.02, high + 0.02)
            marks.value_axis(ax, w)
            ax.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)
            title = _title(name, str(own["within"].iloc[0]), w=w, groups=groups)
            ax.set_title(title)
            ax.set_xlabel(w("figure.nesting.axis"))
            marks.beside(ax, [w.coefficient(value) for value in rows["estimate"]], at=at)
            alts.append(_alt(title, exact.loc[name], instrument=instrument, w=w))
        marks.construct_axis(panels[0], constructs, w=w, at=at)
        marks.settle(figure)
    return Drawing(
        name="icc",
        title=w("figure.nesting.title"),
        figure=figure,
        alt=" ".join(alts),
        note=w("figure.nesting.note"),
    )


def _title(name: str, outer: str, *, w: Wording, groups: Sequence[Group]) -> str:
    label = label_of(name, groups=groups, w=w)
    if outer:
        return w("figure.nesting.panel_within", label=label, outer=label_of(outer, groups=groups, w=w))
    return w("figure.nesting.panel", label=label)


def _alt(title: str, values: pd.Series, *, instrument: Instrument, w: Wording) -> str:
    known = values.dropna()
    if known.empty:
        return ""
    best, worst = (w.of(instrument.construct(str(c)).name) for c in (known.idxmax(), known.idxmin()))
    high, low = w.coefficient(float(known.max())), w.coefficient(float(known.min()))
    return w("figure.nesting.alt", panel=title, best=best, high=high, worst=worst, low=low)
