"""Figures on the structure: effects of job quality and of its dimensions, importance and performance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.marks_labels import place_labels
from jq_models.report.measure import decimals
from jq_models.report.names import score_digits
from jq_models.report.wording import Wording
from jq_models.spec import Construct, Instrument

KINDS = ("direct", "indirect", "total")
CORNERS = {"first": (1, 0), "keep": (1, 1), "later": (0, 0), "leave": (0, 1)}  # fields of a map: right, up
WIDE = 8  # an axis this long, in points of the scale, has whole numbers on it


def effects_figure(effects: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw job quality's direct, indirect and total effect on every outcome with intervals.

    Parameters
    ----------
    effects : DataFrame
        Columns source target kind estimate ci_low ci_high of one source. Effects the model fixes
        (without an interval) are left out; where only one kind is left, it is the total.
    """
    rows = effects[_estimated(effects)]
    outcomes = marks.constructs_in(instrument, rows["target"])
    drawn = pd.concat({c.code: _kinds(rows[rows["target"] == c.code]) for c in outcomes})
    with style.styled():
        figure = marks.new_figure(0.5 + 0.215 * (len(drawn) + 1.4 * len(outcomes)))
        ax = figure.subplots()
        _effect_rows(ax, drawn, outcomes=outcomes, w=w)
        marks.settle(figure)
    total = rows[rows["kind"] == "total"].set_index("target")["estimate"]
    listed = w.join(
        f"{w.of(c.name)} {w.coefficient(total[c.code])}" for c in outcomes if c.code in total.index
    )
    return Drawing(
        name="effects",
        title=w("figure.effects.title"),
        figure=figure,
        alt=w("figure.effects.alt", listed=listed),
        note=w("figure.effects.note"),
    )


def _estimated(effects: pd.DataFrame) -> pd.Series:
    """Say which effects were estimated: one the model fixes has no interval, or one without width."""
    return effects["ci_high"] - effects["ci_low"] > 1e-9


def _kinds(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the effects to draw by kind; a total that equals the only other effect is not repeated."""
    by_kind = rows.set_index("kind")[["estimate", "ci_low", "ci_high"]]
    kept = by_kind.loc[[kind for kind in KINDS if kind in by_kind.index]]
    if len(kept) == 2 and kept.index[1] == "total":
        return kept.iloc[:1].rename(index={kept.index[0]: f"only_{kept.index[0]}"})
    return kept


def _effect_rows(ax: Axes, drawn: pd.DataFrame, *, outcomes: Sequence[Construct], w: Wording) -> None:
    """Draw the effects, each outcome's under its name."""
    at: list[float] = []
    heads: list[float] = []
    y = 0.0
    for outcome in outcomes:
        count = len(drawn.loc[outcome.code])
        heads.append(y)
        at += [y + 1 + k for k in range(count)]
        y += count + 1.4
    kinds = [str(kind) for _, kind in drawn.index]
    colours = [style.INK if kind == "total" or kind.startswith("only") else style.MARK for kind in kinds]
    marks.dots(ax, drawn, at=at, colours=colours)
    names = [w.of(outcome.name) for outcome in outcomes]
    ax.set_yticks([*heads, *at], [*names, *(w(f"figure.effects.{kind}") for kind in kinds)])
    for label in ax.get_yticklabels()[: len(heads)]:
        label.set_fontweight(600)
    ax.set_ylim(y - 0.8, -0.7)
    _zero_line(ax, drawn, w=w)
    ax.set_xlabel(w("figure.effects.axis"))
    marks.beside(ax, marks.estimate_texts(drawn, w), at=at)


def _zero_line(ax: Axes, rows: pd.DataFrame, *, w: Wording) -> None:
    low, high = min(0.0, float(rows["ci_low"].min())), max(0.0, float(rows["ci_high"].max()))
    room = 0.05 * (high - low)
    ax.set_xlim(low - room, high + room)
    marks.value_axis(ax, w)
    ax.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)


def direct_paths_figure(
    effects: pd.DataFrame, w: Wording, *, instrument: Instrument, kind: str = "direct"
) -> Drawing:
    """Draw the effect of every dimension on every outcome, one panel an outcome, with intervals.

    Parameters
    ----------
    effects : DataFrame
        Columns source target kind estimate ci_low ci_high; sources are the dimensions.
    kind : {"direct", "indirect", "total"}
        Which effect to draw.
    """
    rows = effects[(effects["kind"] == kind) & _estimated(effects)]
    sources = marks.constructs_in(instrument, rows["source"])
    outcomes = marks.constructs_in(instrument, rows["target"])
    at = [float(i) for i in range(len(sources))]
    colours = [marks.colour_of(c) for c in sources]
    sentences = []
    with style.styled():
        figure = marks.new_figure(0.75 + 0.22 * len(sources))
        panels = figure.subplots(1, len(outcomes), squeeze=False, sharey=True)[0]
        for ax, outcome in zip(panels, outcomes, strict=True):
            own = rows[rows["target"] == outcome.code].set_index("source").reindex([c.code for c in sources])
            marks.dots(ax, own, at=at, colours=colours, size=22)
            _zero_line(ax, rows, w=w)
            ax.set_title(w.of(outcome.name))
            marks.beside(ax, [w.coefficient(value) for value in own["estimate"]], at=at)
            ax.set_xlabel(w("figure.effects.axis"))
            sentences.append(_clear_sentence(own, sources=sources, outcome=outcome, w=w))
        marks.construct_axis(panels[0], sources, w=w, at=at)
        marks.settle(figure)
    return Drawing(
        name=f"{kind}_paths",
        title=w("figure.direct_paths.title", kind=w(f"figure.effects.{kind}")),
        figure=figure,
        alt=" ".join(sentences),
        note=w("figure.direct_paths.note"),
    )


def _clear_sentence(
    own: pd.DataFrame, *, sources: Sequence[Construct], outcome: Construct, w: Wording
) -> str:
    """Name the dimensions whose interval leaves out zero."""
    leaves_out_zero = (own["ci_low"] > 0) | (own["ci_high"] < 0)
    clear = [c for c in sources if leaves_out_zero[c.code]]
    name = w.of(outcome.name)
    if not clear:
        return w("figure.direct_paths.alt_none", outcome=name)
    listed = w.join(f"{w.of(c.name)} {w.coefficient(own['estimate'][c.code])}" for c in clear)
    return w("figure.direct_paths.alt", outcome=name, listed=listed)


def urgent_dimensions(
    summary: pd.DataFrame, *, importance: pd.DataFrame, instrument: Instrument
) -> list[str]:
    """Return the dimensions whose estimates lie above average in importance and below in performance.

    Parameters
    ----------
    summary, importance : DataFrame
        As for `importance_performance_figure`.
    """
    constructs, *both = _placed(summary, importance, instrument=instrument)
    x, y = (rows["estimate"] for rows in both)
    return [c.code for c in constructs if x[c.code] > x.mean() and y[c.code] < y.mean()]


def _placed(
    summary: pd.DataFrame, importance: pd.DataFrame, *, instrument: Instrument
) -> tuple[list[Construct], pd.DataFrame, pd.DataFrame]:
    """Return the dimensions that have both, with their importance and their performance."""
    codes = [code for code in importance.index if code in summary.index]
    constructs = [c for c in marks.constructs_in(instrument, codes) if c.role == "dimension"]
    return constructs, importance.loc[[c.code for c in constructs]], marks.estimates(summary, constructs)


def importance_performance_figure(
    summary: pd.DataFrame,
    w: Wording,
    *,
    importance: pd.DataFrame,
    instrument: Instrument,
    measure: str,
    marked: Sequence[str] = (),
) -> Drawing:
    """Draw every dimension by importance (x) and score (y), as `ipma_figure` does; priorities are marked.

    Parameters
    ----------
    summary : DataFrame
        Index construct; columns ``mean``, ``ci_low``, ``ci_high``: drawn on the scores' own scale.
    importance : DataFrame
        Index construct; columns ``estimate``, ``ci_low``, ``ci_high``.
    measure : {"total", "relative", "lmg"}
        What importance is: one of ``evaluate.attention``'s methods.
    marked : sequence of str
        The priorities, in their order: they are ringed and numbered.
    """
    constructs, x, y = _placed(summary, importance, instrument=instrument)
    middle = float(x["estimate"].mean()), float(y["estimate"].mean())
    decided = (x["ci_low"] > middle[0]) & (y["ci_high"] < middle[1])
    clear = [w.of(c.name) for c in constructs if decided[c.code]]
    low, high = (w.count(end) for end in instrument.score_range)
    across = w(f"figure.importance_performance.x_{measure}")
    axes = across, w("figure.importance_performance.y", low=low, high=high)
    with style.styled():
        figure = marks.new_figure(3.5)
        ax = figure.subplots()
        _quadrants(ax, x, y=y, middle=middle, w=w)
        _points(ax, x, y=y, constructs=constructs)
        _ring(ax, x, y=y, marked=marked)
        ax.set(xlabel=axes[0], ylabel=axes[1])
        marks.settle(figure)
        points = np.column_stack([x["estimate"], y["estimate"]])
        colours = [style.ACCENT if c.new else style.INK for c in constructs]
        names = [_numbered(c, marked, w) for c in constructs]
        place_labels(ax, points, labels=names, colours=colours, avoid=_whiskers(ax, x, y=y))
    notes = [f"note_{measure}", *(["note_marked"] if marked else []), "note"]
    return Drawing(
        name="importance_performance",
        title=w("figure.importance_performance.title"),
        figure=figure,
        alt=w(f"figure.importance_performance.{'alt' if clear else 'alt_none'}", listed=w.join(clear)),
        note=" ".join(w(f"figure.importance_performance.{note}") for note in notes),
        chart=marks.map_chart(
            pd.DataFrame({"across": x["estimate"], "down": y["estimate"]}),
            constructs,
            w=w,
            axes=axes,
            digits=score_digits(instrument),
        ),
    )


def _quadrants(
    ax: Axes, x: pd.DataFrame, *, y: pd.DataFrame, middle: tuple[float, float], w: Wording
) -> None:
    """Set the limits, mark the averages and name the four fields, none as if it were the priority."""
    for low, high, setter in (
        (x["ci_low"], x["ci_high"], ax.set_xlim),
        (y["ci_low"], y["ci_high"], ax.set_ylim),
    ):
        room = 0.09 * float(high.max() - low.min())
        setter(float(low.min()) - room, float(high.max()) + room)
    ax.axvline(middle[0], color=style.FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    ax.axhline(middle[1], color=style.FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    for name, (right, up) in CORNERS.items():
        ax.text(
            0.985 if right else 0.015,
            0.98 if up else 0.02,
            w(f"ipma.field_{name}"),
            transform=ax.transAxes,
            ha="right" if right else "left",
            va="top" if up else "bottom",
            color=style.MUTED,
        )
    tall = ax.get_ylim()[1] - ax.get_ylim()[0] > WIDE
    ax.xaxis.set_major_formatter(lambda value, _: w.coefficient(value, decimals(ax.get_xticks(), 2)))
    ax.yaxis.set_major_formatter(lambda value, _: w.number(value, decimals(ax.get_yticks(), int(not tall))))
    ax.tick_params(axis="y", labelsize=style.SMALL, labelcolor=style.MUTED)


def _whiskers(ax: Axes, x: pd.DataFrame, *, y: pd.DataFrame) -> list[Bbox]:
    """Return where intervals and the fields' names stand, in pixels: labels should keep off them."""
    keys = ("ci_low", "ci_high", "estimate")
    low, high, spots = (ax.transData.transform(np.column_stack([x[key], y[key]])) for key in keys)
    spans = list(zip(low, high, spots, strict=True))
    lying = [Bbox.from_extents(a[0], s[1] - 1, b[0], s[1] + 1) for a, b, s in spans]
    upright = [Bbox.from_extents(s[0] - 1, a[1], s[0] + 1, b[1]) for a, b, s in spans]
    averages = [line.get_window_extent().padded(8) for line in ax.lines]
    return lying + upright + [text.get_window_extent() for text in ax.texts] + averages


def _numbered(construct: Construct, marked: Sequence[str], w: Wording) -> str:
    name = w.of(construct.short)
    return f"{marked.index(construct.code) + 1} {name}" if construct.code in marked else name


def _ring(ax: Axes, x: pd.DataFrame, *, y: pd.DataFrame, marked: Sequence[str]) -> None:
    """Ring the priorities: a mark that stays when the page is printed in grey."""
    codes = [code for code in marked if code in x.index]
    ax.scatter(
        x.loc[codes, "estimate"],
        y.loc[codes, "estimate"],
        s=130,
        facecolors="none",
        edgecolors=style.INK,
        linewidths=1.1,
        zorder=4,
    )


def _points(ax: Axes, x: pd.DataFrame, *, y: pd.DataFrame, constructs: Sequence[Construct]) -> None:
    colours = [marks.colour_of(c) for c in constructs]
    for lines in (
        ax.hlines(y["estimate"], x["ci_low"], x["ci_high"], colors=colours),
        ax.vlines(x["estimate"], y["ci_low"], y["ci_high"], colors=colours),
    ):
        lines.set(linewidth=0.7, alpha=0.45, zorder=2)
    ax.scatter(x["estimate"], y["estimate"], c=colours, s=40, linewidths=0, zorder=3)
