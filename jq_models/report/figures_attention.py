"""Figures on priorities: rank intervals by reading, ranks in every group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from jq_models.evaluate.attention import READINGS
from jq_models.report import marks, style
from jq_models.report.chart import Chart, Series
from jq_models.report.figure import Drawing
from jq_models.report.names import inside_sentence
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Construct, Group, Instrument

WIDEST = 12  # groups side by side in a chart of ranks
CELL = 0.3  # inches


def rank_text(low: float, high: float, w: Wording) -> str:
    """Return ``3`` or ``1–4``; a dash where a rank is hidden."""
    if np.isnan([low, high]).any():
        return DASH
    return w.count(low) if low == high else f"{w.count(low)}–{w.count(high)}"


def attention_ranks_figure(table: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw each dimension's rank in need of attention with its interval, one panel a reading.

    Parameters
    ----------
    table : DataFrame
        ``Attention.table``.
    """
    readings = [reading for reading in READINGS if (table["reading"] == reading).any()]
    constructs = marks.constructs_in(instrument, table["dimension"])
    at = [float(i) for i in range(len(constructs))]
    with style.styled():
        figure = marks.new_figure(0.75 + 0.22 * len(constructs))
        panels = figure.subplots(1, len(readings), squeeze=False, sharey=True)[0]
        for ax, reading in zip(panels, readings, strict=True):
            own = _of(table, reading).reindex([c.code for c in constructs])
            _rank_panel(ax, own, constructs=constructs, at=at, w=w)
            ax.set_title(w(f"attention.reading_{reading}"))
        marks.construct_axis(panels[0], constructs, w=w, at=at)
        panels[0].set_xlabel(w("figure.attention_ranks.axis"))
        marks.settle(figure)
    return Drawing(
        name="attention_ranks",
        title=w("figure.attention_ranks.title"),
        figure=figure,
        alt=" ".join(_first_sentences(table, readings, w=w, instrument=instrument)),
        note=w("figure.attention_ranks.note"),
    )


def _of(table: pd.DataFrame, reading: str) -> pd.DataFrame:
    return table[table["reading"] == reading].set_index("dimension")


def _rank_panel(
    ax: Axes, own: pd.DataFrame, *, constructs: Sequence[Construct], at: Sequence[float], w: Wording
) -> None:
    colours = [marks.colour_of(construct) for construct in constructs]
    ax.hlines(at, own["rank_low"] - 0.18, own["rank_high"] + 0.18, colors=colours, linewidth=3.2, alpha=0.45)
    ax.scatter(own["rank"], at, c=colours, s=26, linewidths=0, zorder=3)
    ax.set_xlim(0.4, len(constructs) + 0.6)
    marks.value_axis(ax, w, digits=0)
    ax.set_xticks(sorted({1, *range(3, len(constructs) + 1, 3)}))
    texts = [rank_text(low, high, w) for low, high in zip(own["rank_low"], own["rank_high"], strict=True)]
    marks.beside(ax, texts, at=at)


def _first_sentences(
    table: pd.DataFrame, readings: Sequence[str], *, w: Wording, instrument: Instrument
) -> Iterator[str]:
    """Say which dimensions each reading certainly puts in the first third."""
    for reading in readings:
        rows = _of(table, reading)
        third = -(-len(rows) // 3)
        first = rows[rows["rank_high"] <= third].sort_values("rank", kind="stable").index
        names = [inside_sentence(w.of(instrument.construct(str(code)).name)) for code in first]
        yield w(
            "figure.attention_ranks.alt" if names else "figure.attention_ranks.alt_none",
            reading=w(f"attention.reading_{reading}"),
            third=third,
            listed=w.join(names),
        )


def group_ranks_figure(frame: pd.DataFrame, w: Wording, *, group: Group, instrument: Instrument) -> Drawing:
    """Draw every group's rank order of need of attention: a column a group, a row a dimension.

    Parameters
    ----------
    frame : DataFrame
        One reading of ``evaluate.group_attention``, hidden groups taken out; at most 12 groups.
    """
    constructs = marks.constructs_in(instrument, frame["dimension"])
    names = list(dict.fromkeys(frame["group"]))
    with style.styled():
        figure = marks.new_figure(0.9 + CELL * len(constructs))
        ax = figure.subplots()
        for x, name in enumerate(names):
            own = frame[frame["group"] == name].set_index("dimension").reindex([c.code for c in constructs])
            _rank_column(ax, own, x=x, count=len(constructs), w=w)
        at = [float(i) for i in range(len(constructs))]
        marks.construct_axis(ax, constructs, w=w, at=at)
        _group_axis(ax, names)
        marks.settle(figure)
    return Drawing(
        name=f"attention_by_{group.name.replace('-', '_')}",
        title=w("figure.attention_groups.title", label=inside_sentence(w.of(group.label))),
        figure=figure,
        alt=_groups_alt(frame, w, instrument=instrument),
        note=w("figure.attention_groups.note"),
        chart=_ranks_chart(frame, w, names=names, constructs=constructs),
    )


def _ranks_chart(
    frame: pd.DataFrame, w: Wording, *, names: Sequence[str], constructs: Sequence[Construct]
) -> Chart:
    """Return the same as a table of shades: each cell its rank and, in brackets, the ranks left possible."""
    series = []
    for name in names:
        own = frame[frame["group"] == name].set_index("dimension").reindex([c.code for c in constructs])
        cells = tuple(
            DASH if np.isnan(rank) else f"{w.count(rank)} ({rank_text(low, high, w)})"
            for rank, low, high in own[["rank", "rank_low", "rank_high"]].itertuples(index=False)
        )
        ranks = tuple(None if np.isnan(rank) else float(rank) for rank in own["rank"])
        series.append(Series(name=name, values=ranks, cells=cells))
    return Chart(
        kind="heat",
        categories=tuple(marks.name_of(construct, w) for construct in constructs),
        series=tuple(series),
        digits=0,
        low=float(len(constructs)),  # the first rank is the darkest
        high=1.0,
        reading=w("figure.attention_groups.chart_note"),
    )


def _rank_column(ax: Axes, own: pd.DataFrame, *, x: int, count: int, w: Wording) -> None:
    for y, (_, row) in enumerate(own.iterrows()):
        if pd.isna(row["rank"]):  # a dimension that takes no part in this group's ranks
            continue
        share = 1.0 - (float(row["rank"]) - 1) / max(count - 1, 1)
        ground = style.sheet(share)
        ax.add_patch(marks.square(x, y, ground))
        ink = style.readable_on(ground)
        ax.text(x, y - 0.14, w.count(row["rank"]), ha="center", va="center", color=ink, fontweight=600)
        spread = rank_text(row["rank_low"], row["rank_high"], w)
        ax.text(x, y + 0.25, spread, ha="center", va="center", color=ink, fontsize=style.SMALL)


def _group_axis(ax: Axes, names: Sequence[str]) -> None:
    ax.set_xlim(-0.55, len(names) - 0.45)
    long = max(len(name) for name in names) > 60 / len(names)
    ax.set_xticks(range(len(names)), names, rotation=35 if long else 0, ha="left" if long else "center")
    ax.xaxis.tick_top()
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.tick_params(axis="x", labelsize=style.SMALL, labelcolor=style.INK)


def _groups_alt(frame: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    first = frame[frame["rank"] <= 3].groupby("dimension", sort=False).size()
    counts = [
        w(
            "figure.attention_groups.alt_one",
            name=inside_sentence(w.of(instrument.construct(str(code)).name)),
            groups=int(first[code]),
        )
        for code in first.sort_values(ascending=False, kind="stable").index[:3]
    ]
    return w("figure.attention_groups.alt", groups=frame["group"].nunique(), listed=w.join(counts))
