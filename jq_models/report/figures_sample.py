"""Figures on the answers: their distribution, what is missing, the level of each construct, group sizes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from jq_models.report import answers, marks, style
from jq_models.report.chart import Chart, Series
from jq_models.report.figure import Drawing
from jq_models.report.names import PERCENT, inside_sentence
from jq_models.report.tables_sample import group_rows
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Construct, Group, Instrument, Item

_LABELLED = 0.05  # items with more missing than this are named


def item_distribution_figure(shares: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the answers to every item as bars of 100 %, one panel a construct.

    Parameters
    ----------
    shares : DataFrame
        Index item, one column an answer value, shares of the given answers, reversed items turned; a row of
        NaN (masked) stays empty.
    """
    items = [item for item in instrument.items if item.code in shares.index]
    constructs = marks.constructs_in(instrument, {item.construct for item in items})
    scales = {item.scale.name: item.scale for item in items}
    turned = {name: answers.mostly_turned(items, name) for name in scales}
    by_construct = {c.code: [item for item in items if item.construct == c.code] for c in constructs}
    rows = (len(constructs) + 1) // 2
    depths = [max(len(by_construct[c.code]) for c in constructs[row::rows]) for row in range(rows)]
    with style.styled():
        figure = marks.new_figure(0.4 + 0.3 * rows + 0.142 * sum(depths))
        panels = figure.subplots(rows, 2, squeeze=False, height_ratios=depths).T.ravel()
        marked = any(item.reversed != turned[item.scale.name] for item in items)
        for place, (panel, construct) in enumerate(zip(panels, constructs, strict=False)):
            own = by_construct[construct.code]
            flags = [item.reversed != turned[item.scale.name] for item in own]
            answers.stacked(panel, shares, items=own, flags=flags, w=w)
            answers.panel_title(panel, construct, w=w)
            panel.set_ylim(depths[place % rows] - 0.5, -0.5)
        for panel in panels[len(constructs) :]:
            panel.set_axis_off()
        answers.answer_legend(figure, scales=list(scales.values()), turned=turned, w=w)
        marks.settle(figure)
    # only dimensions: for turnover intention a high answer is not good news
    dimensions = [item for item in items if instrument.construct(item.construct).role == "dimension"]
    top = {item.code: _top_share(shares, item) for item in dimensions or items}
    top = {code: share for code, share in top.items() if not np.isnan(share)}  # NaN: masked
    alt = w("figure.item_distributions.alt_none", items=len(items))
    if top:
        best, worst = max(top, key=top.__getitem__), min(top, key=top.__getitem__)
        alt = w(
            "figure.item_distributions.alt",
            items=len(items),
            best=best,
            best_share=w.percent(top[best]),
            worst=worst,
            worst_share=w.percent(top[worst]),
        )
    return Drawing(
        name="item_distributions",
        title=w("figure.item_distributions.title"),
        figure=figure,
        alt=alt,
        note=w("figure.item_distributions.note")
        + (f" {w('figure.item_distributions.note_turned')}" if marked else ""),
    )


def _top_share(shares: pd.DataFrame, item: Item) -> float:
    """Return the share of answers in the upper half of the scale."""
    upper = [v for v in item.scale.values if v > (item.scale.low + item.scale.high) / 2]
    return float(shares.loc[item.code, upper].to_numpy(dtype=float).sum())


def missing_figure(statistics: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the share of missing answers of every item, one row a construct; no respondent is visible.

    Parameters
    ----------
    statistics : DataFrame
        Index item; columns ``construct`` and ``missing_share``, NaN where it may not be shown: such an item
        is not drawn.
    """
    shares = statistics["missing_share"]
    constructs = marks.constructs_in(instrument, statistics["construct"])
    order = [construct.code for construct in constructs]
    missing = shares.to_numpy(dtype=float)
    at = marks.rows_by_role(constructs)
    where = np.array([at[order.index(code)] for code in statistics["construct"]])
    means = shares.groupby(statistics["construct"]).mean().reindex(order)
    with style.styled():
        figure = marks.new_figure(0.55 + 0.215 * len(constructs))
        ax = figure.subplots()
        colours = [marks.colour_of(construct) for construct in constructs]
        ax.barh(at, means, height=0.62, color=colours, alpha=0.28)
        by_item = [marks.colour_of(instrument.construct(code)) for code in statistics["construct"]]
        ax.scatter(
            missing, where, c=by_item, s=20, linewidths=0.6, edgecolors=style.SURFACE, zorder=3, clip_on=False
        )
        marks.construct_axis(ax, constructs, w=w, at=at)
        marks.value_axis(ax, w, percent=True)
        right = max(0.02, float(shares.fillna(0.0).max()) * 1.15)
        ax.set_xlim(-0.012 * right, right)
        marks.percent_ticks(ax)
        ax.set_xlabel(w("figure.missing_by_item.axis"))
        _name_largest(ax, statistics, where=where)
        marks.settle(figure)
    alt = w("figure.missing_by_item.alt_none")
    if shares.notna().any():
        alt = w(
            "figure.missing_by_item.alt",
            item=str(shares.idxmax()),
            share=w.percent(float(shares.max()), 1),
            mean=w.percent(float(shares.mean()), 1),
        )
    return Drawing(
        name="missing_by_item",
        title=w("figure.missing_by_item.title"),
        figure=figure,
        alt=alt,
        note=w("figure.missing_by_item.note", limit=w.percent(_LABELLED)),
    )


def _name_largest(ax: Axes, statistics: pd.DataFrame, *, where: np.ndarray) -> None:
    """Name a row's worst item when more than the limit is missing; one name a row keeps them apart."""
    shares = statistics["missing_share"].dropna()
    worst = shares.groupby(statistics["construct"].reindex(shares.index), sort=False).idxmax()
    for code in worst:
        if shares[code] > _LABELLED:
            spot = (shares[code], where[statistics.index.get_loc(code)])
            ax.annotate(
                code,
                spot,
                xytext=(5, 0),
                textcoords="offset points",
                va="center_baseline",
                fontsize=style.SMALL,
            )


def construct_means_figure(summary: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the mean of every construct with its 95 % interval over the range of the scale.

    Parameters
    ----------
    summary : DataFrame
        Index construct; columns ``mean``, ``ci_low``, ``ci_high``, within ``instrument.score_range``; a row
        of NaN (masked) stays empty.
    """
    constructs = marks.constructs_in(instrument, summary.index)
    low, high = instrument.score_range
    raw = high < PERCENT
    rows = marks.estimates(summary, constructs)
    at = marks.rows_by_role(constructs)
    digits = 2 if raw else 0
    texts = [
        DASH if pd.isna(e) else f"{w.number(e, digits)} {w.interval(a, b, digits)}"
        for e, a, b in rows.itertuples(index=False)
    ]
    with style.styled():
        figure = marks.new_figure(0.6 + 0.22 * len(constructs))
        ax = figure.subplots()
        marks.dots(ax, rows, at=at, colours=[marks.colour_of(construct) for construct in constructs])
        marks.construct_axis(ax, constructs, w=w, at=at)
        ax.set_xlim(low, high)
        marks.value_axis(ax, w, digits=0)
        ax.set_xticks(np.arange(low, high + 1) if raw else np.arange(0, 101, 25))
        key = "raw" if raw else "percent"
        axis = w(f"figure.construct_means.axis_{key}", low=w.count(low), high=w.count(high))
        ax.set_xlabel(axis)
        marks.beside(ax, texts, at=at)
        marks.settle(figure)
    return Drawing(
        name="construct_means",
        title=w("figure.construct_means.title"),
        figure=figure,
        alt=_means_alt(rows, constructs, w=w, digits=digits),
        note=w("figure.construct_means.note"),
        chart=marks.interval_chart(
            rows,
            [w.of(c.name) for c in constructs],
            colours=[marks.role_of(c) for c in constructs],
            series=axis,
            digits=digits,
            ends=(low, high),
        ),
    )


def _means_alt(rows: pd.DataFrame, constructs: Sequence[Construct], *, w: Wording, digits: int) -> str:
    known = rows.index[rows["estimate"].notna()]
    dimensions = [c for c in constructs if c.role == "dimension" and c.code in known]
    if not dimensions:
        return w("figure.construct_means.alt_none")
    means = rows.loc[[c.code for c in dimensions], "estimate"]
    names = {c.code: inside_sentence(w.of(c.name)) for c in dimensions}
    alt = w(
        "figure.construct_means.alt",
        best=names[str(means.idxmax())],
        best_mean=w.number(means.max(), digits),
        worst=names[str(means.idxmin())],
        worst_mean=w.number(means.min(), digits),
    )
    new = [c.code for c in dimensions if c.new]
    if new and len(new) < len(dimensions):
        old = [c.code for c in dimensions if not c.new]
        alt += " " + w(
            "figure.construct_means.alt_new_one" if len(new) == 1 else "figure.construct_means.alt_new",
            new=w.number(means[new].mean(), digits),
            old=w.number(means[old].mean(), digits),
        )
    return alt


def group_sizes_figure(sizes: pd.Series, w: Wording, *, group: Group, minimum: int) -> Drawing:
    """Draw the number of respondents of every group; what may not be shown is not in the drawing.

    Parameters
    ----------
    sizes : Series
        Persons by group; NaN where the number may not be shown.
    group : Group
        The grouping variable with its labels.
    minimum : int
        The smallest group that may be shown: smaller ones are joined, and not named.
    """
    rows = group_rows(sizes, w, group=group, minimum=minimum)
    labels, counts = rows["label"].to_list(), rows["n"].to_numpy(dtype=float)
    shown = counts >= minimum  # False for NaN
    at = np.arange(len(rows), dtype=float)
    hidden = w("figure.group_sizes.hidden")
    texts = [w.count(n) if show else hidden for n, show in zip(counts, shown, strict=True)]
    with style.styled():
        many = len(rows) > 20
        figure = marks.new_figure(0.35 + (0.15 if many else 0.24) * len(rows))
        ax = figure.subplots()
        ax.barh(at[shown], counts[shown], height=0.66, color=style.MARK)
        for y, n, text in zip(at, np.where(shown, counts, 0.0), texts, strict=True):
            muted = style.INK if n else style.MUTED
            ax.annotate(
                text,
                (n, y),
                xytext=(4, 0),
                textcoords="offset points",
                va="center_baseline",
                fontsize=style.SMALL,
                color=muted,
            )
        ax.set_yticks(at, labels, fontsize=style.SMALL if many else style.BASE)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, max(counts[shown].max() if shown.any() else 0, minimum) * 1.12)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
        marks.settle(figure)
    alt = w("figure.group_sizes.alt", groups=len(sizes))
    if not shown.all():  # all of those are one row
        alt += " " + w("figure.group_sizes.alt_hidden", hidden=len(sizes) - int(shown.sum()))
    if shown.any():
        largest = int(np.argmax(np.where(shown, counts, -1)))
        alt += " " + w("figure.group_sizes.alt_largest", group=labels[largest], n=w.count(counts[largest]))
    return Drawing(
        name=f"group_sizes_{group.name.replace('-', '_')}",
        title=w("figure.group_sizes.title", label=inside_sentence(w.of(group.label))),
        figure=figure,
        alt=alt,
        note="" if shown.all() else w("figure.group_sizes.note", minimum=minimum),
        chart=_sizes_chart(labels, np.where(shown, counts, np.nan), w=w),
    )


def _sizes_chart(labels: Sequence[str], counts: np.ndarray, *, w: Wording) -> Chart:
    """Return the groups that are shown; of the others a chart does not even tell the rank."""
    known = [(label, float(n)) for label, n in zip(labels, counts, strict=True) if not np.isnan(n)]
    series = Series(name=w("html.respondents"), values=tuple(n for _, n in known))
    names = tuple(label for label, _ in known)
    return Chart(kind="bar", categories=names, series=(series,), digits=0, low=0.0)
