"""The map of importance and performance, and how predictions do beside plain ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from jq_models.evaluate.composites.cvpat import BENCHMARKS, OVERALL
from jq_models.evaluate.composites.ipma import Ipma
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.figures_structure import CORNERS
from jq_models.report.marks_labels import place_labels
from jq_models.report.names import inline
from jq_models.report.tables_prediction import placed, tested_name, turn
from jq_models.report.wording import Wording
from jq_models.spec import Instrument


def ipma_figure(found: Ipma, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw every dimension by importance for the outcome (x) and performance (y), decided fields filled.

    Where importances are negative on average, the axis runs the other way: the stronger is to the right.
    """
    rows = placed(found, instrument)
    rows = rows[rows["field"] != "unknown"]
    constructs = marks.constructs_in(instrument, rows.index)
    rows = rows.loc[[c.code for c in constructs]]
    target = inline(found.target, instrument=instrument, w=w)
    with style.styled():
        figure = marks.new_figure(4.6)
        ax = figure.subplots()
        _limits(ax, rows)
        _fields(ax, rows, w=w)
        _crosses(ax, rows, colours=[marks.colour_of(c) for c in constructs])
        ax.set_xlabel(w("figure.ipma.x", target=target))
        ax.set_ylabel(w("figure.ipma.y"))
        marks.settle(figure)
        place_labels(
            ax,
            rows[["importance", "performance"]].to_numpy(dtype=float),
            labels=[w.of(c.short) for c in constructs],
            colours=[style.ACCENT if c.new else style.INK for c in constructs],
            avoid=_occupied(ax, rows),
        )
    return Drawing(
        name=f"ipma_{found.target.lower()}",
        title=w("figure.ipma.title", target=target),
        figure=figure,
        alt=_alt(rows, w=w, instrument=instrument, target=target),
        note=w("figure.ipma.note", target=target, level=w.percent(found.level)),
        chart=marks.map_chart(
            rows[["importance", "performance"]].set_axis(["across", "down"], axis=1),
            constructs,
            w=w,
            axes=(w("figure.ipma.x", target=target), w("figure.ipma.y")),
            digits=0,
        ),
    )


def _alt(rows: pd.DataFrame, *, w: Wording, instrument: Instrument, target: str) -> str:
    top = str((rows["importance"] * turn(rows)).idxmax())
    low = str(rows["performance"].idxmin())
    extremes = w(
        "figure.ipma.alt_ends",
        target=target,
        top=inline(top, instrument=instrument, w=w),
        importance=w.coefficient(float(rows["importance"][top])),
        low=inline(low, instrument=instrument, w=w),
        performance=w.number(float(rows["performance"][low]), 0),
    )
    first = rows.index[rows["field"] == "first"]
    names = [inline(str(code), instrument=instrument, w=w) for code in first]
    field = w("figure.ipma.alt", listed=w.join(names)) if names else w("figure.ipma.alt_none")
    open_ = int((rows["field"] == "undecided").sum())
    return f"{field} {w('figure.ipma.alt_open', undecided=open_, all=len(rows))} {extremes}"


def _ends(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return estimate and interval of one measure; where there is none, the estimate alone."""
    ends = rows[[name, f"{name}_low", f"{name}_high"]].set_axis(["estimate", "low", "high"], axis=1)
    return ends.assign(low=ends["low"].fillna(ends["estimate"]), high=ends["high"].fillna(ends["estimate"]))


def _limits(ax: Axes, rows: pd.DataFrame) -> None:
    for name, setter in (("importance", ax.set_xlim), ("performance", ax.set_ylim)):
        ends = _ends(rows, name)
        low, high = float(ends["low"].min()), float(ends["high"].max())
        room = 0.1 * max(high - low, 1e-9)
        setter(low - room, high + room)
    if turn(rows) < 0.0:
        ax.invert_xaxis()


def _fields(ax: Axes, rows: pd.DataFrame, *, w: Wording) -> None:
    """Mark the averages, name the four fields and shade the one of what is important and scores low."""
    middle = float(rows["importance"].mean()), float(rows["performance"].mean())
    right, bottom = ax.get_xlim()[1], ax.get_ylim()[0]
    ax.fill_between([middle[0], right], bottom, middle[1], color=style.ACCENT_SOFT, linewidth=0, zorder=0)
    for line in (ax.axvline(middle[0]), ax.axhline(middle[1])):
        line.set(color=style.FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    if min(ax.get_xlim()) < 0.0 < max(ax.get_xlim()):
        ax.axvline(0.0, color=style.GRID, linewidth=0.9, zorder=0.5)
    for name, (across, up) in CORNERS.items():
        ax.text(
            0.985 if across else 0.015,
            0.98 if up else 0.02,
            w(f"ipma.field_{name}"),
            transform=ax.transAxes,
            ha="right" if across else "left",
            va="top" if up else "bottom",
            color=style.MUTED,
        )
    ax.xaxis.set_major_formatter(lambda x, _: w.coefficient(x) if abs(x) > 1e-9 else w.count(0))
    ax.yaxis.set_major_formatter(lambda y, _: w.number(y, 0))
    ax.tick_params(axis="y", labelsize=style.SMALL, labelcolor=style.MUTED)


def _crosses(ax: Axes, rows: pd.DataFrame, *, colours: list[str]) -> None:
    x, y = _ends(rows, "importance"), _ends(rows, "performance")
    for lines in (
        ax.hlines(y["estimate"], x["low"], x["high"], colors=colours),
        ax.vlines(x["estimate"], y["low"], y["high"], colors=colours),
    ):
        lines.set(linewidth=0.7, alpha=0.45, zorder=2)
    filled = [
        style.SURFACE if field == "undecided" else colour
        for field, colour in zip(rows["field"], colours, strict=True)
    ]
    ax.scatter(x["estimate"], y["estimate"], c=filled, edgecolors=colours, s=40, linewidths=1.2, zorder=3)


def _occupied(ax: Axes, rows: pd.DataFrame) -> list[Bbox]:
    """Return where intervals, averages and the fields' names stand, in pixels: labels keep off them."""
    x, y = _ends(rows, "importance"), _ends(rows, "performance")

    boxes = []
    for (_, own_x), (_, own_y) in zip(x.iterrows(), y.iterrows(), strict=True):
        lying = [(own_x["low"], own_y["estimate"]), (own_x["high"], own_y["estimate"])]
        upright = [(own_x["estimate"], own_y["low"]), (own_x["estimate"], own_y["high"])]
        # a line along a word strikes it out; one across it does less harm
        for line, room in ((lying, 1.5), (upright, 0.5)):
            ends = ax.transData.transform(np.array(line, dtype=float))
            boxes.append(Bbox([ends.min(axis=0) - room, ends.max(axis=0) + room]))
    averages = [line.get_window_extent().padded(1) for line in ax.lines]
    return boxes + averages + [text.get_window_extent() for text in ax.texts]


def prediction_figure(tested: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw how much smaller the model's squared errors are than those of plain predictions.

    Parameters
    ----------
    tested : DataFrame
        As ``cvpat`` returns it, with at least one difference.
    """
    panels = [b for b in BENCHMARKS if tested.loc[tested["benchmark"] == b, "difference"].notna().any()]
    known = tested[tested["benchmark"].isin(panels)]
    names = list(dict.fromkeys(known["construct"]))
    at = [k + (0.4 if name == OVERALL else 0.0) for k, name in enumerate(names)]
    low, high = min(0.0, float(known["ci_low"].min())), max(0.0, float(known["ci_high"].max()))
    room = 0.06 * (high - low)
    with style.styled():
        figure = marks.new_figure(0.85 + 0.24 * len(names))
        axes = figure.subplots(1, len(panels), squeeze=False, sharey=True, sharex=True)[0]
        for ax, benchmark in zip(axes, panels, strict=True):
            own = known[known["benchmark"] == benchmark].set_index("construct").loc[names]
            rows = own[["difference", "ci_low", "ci_high"]].set_axis(
                ["estimate", "ci_low", "ci_high"], axis=1
            )
            colours = [style.INK if name == OVERALL else style.MARK for name in names]
            marks.dots(ax, rows, at=at, colours=colours)
            ax.set_xlim(low - room, high + room)
            marks.value_axis(ax, w)
            ax.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)
            ax.set_title(w(f"figure.prediction.beside_{benchmark}"))
            ax.set_xlabel(w("figure.prediction.axis"))
            marks.beside(ax, [w.coefficient(value) for value in rows["estimate"]], at=at)
        axes[0].set_yticks(at, [tested_name(name, w, instrument=instrument) for name in names])
        axes[0].set_ylim(max(at) + 0.6, -0.6)
        marks.settle(figure)
    alts = [_compared(known[known["benchmark"] == b], b, w=w, instrument=instrument) for b in panels]
    return Drawing(
        name="prediction",
        title=w("figure.prediction.title"),
        figure=figure,
        alt=" ".join(alts),
        note=w("figure.prediction.note"),
    )


def _compared(rows: pd.DataFrame, benchmark: str, *, w: Wording, instrument: Instrument) -> str:
    listed = [
        f"{tested_name(str(name), w, instrument=instrument)} {w.coefficient(value)}"
        for name, value in zip(rows["construct"], rows["difference"], strict=True)
    ]
    return w("figure.prediction.alt", beside=w(f"prediction.benchmark_{benchmark}"), listed=w.join(listed))
