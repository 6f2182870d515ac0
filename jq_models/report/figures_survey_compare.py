"""Figures that hold scores against something: a norm, the wave before, the rest of the people."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from jq_models.evaluate.invariance.lines import ALPHA
from jq_models.report import marks, style
from jq_models.report.chart import Chart, Series
from jq_models.report.figure import Drawing
from jq_models.report.figures_invariance import name_columns, shade
from jq_models.report.names import PERCENT, inline, score_digits
from jq_models.report.tables_invariance import file_name
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Construct, Group, Instrument


def norm_figure(rows: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw every compared score beside its norm.

    Parameters
    ----------
    rows : DataFrame
        Index construct; columns mean, norm_mean, difference, ci_low, ci_high, p_holm.
    """
    frame = rows.rename(columns={"norm_mean": "reference"})
    return _beside(frame, w, instrument=instrument, name="norm", names=(w("norm.mean"), w("norm.own")))


def trend_figure(rows: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw every compared score beside that of the wave before.

    Parameters
    ----------
    rows : DataFrame
        Index construct; columns mean, mean_before, difference, ci_low, ci_high, p_holm.
    """
    frame = rows.rename(columns={"mean_before": "reference"})
    return _beside(
        frame, w, instrument=instrument, name="trend", names=(w("trend.wave_before"), w("trend.now"))
    )


def _beside(
    frame: pd.DataFrame, w: Wording, *, instrument: Instrument, name: str, names: tuple[str, str]
) -> Drawing:
    """Draw a reference and a score a row, with the interval of their difference round the score."""
    constructs = marks.constructs_in(instrument, frame.index)
    rows = frame.loc[[c.code for c in constructs]]
    at = marks.rows_by_role(constructs)
    digits = score_digits(instrument)
    texts = [
        f"{w.number(d, digits)} {w.interval(low, high, digits)}"
        for d, low, high in rows[["difference", "ci_low", "ci_high"]].itertuples(index=False)
    ]
    with style.styled():
        figure = marks.new_figure(0.85 + 0.225 * len(constructs))
        ax = figure.subplots()
        _marks(ax, rows, constructs=constructs, at=at, tick=name == "norm")
        marks.construct_axis(ax, constructs, w=w, at=at)
        _limits(ax, rows, instrument=instrument)
        marks.value_axis(ax, w, digits=1 if instrument.score_range[1] < PERCENT else 0)
        low, high = instrument.score_range
        key = "raw" if high < PERCENT else "percent"
        ax.set_xlabel(w(f"figure.construct_means.axis_{key}", low=w.count(low), high=w.count(high)))
        marks.beside(ax, texts, at=at, bold=rows["p_holm"] < ALPHA)
        reference, own = names
        figure.legend(
            handles=[_handle(reference, tick=name == "norm"), _own(own)],
            loc="outside upper right",
            ncols=2,
            borderpad=0,
            columnspacing=1.4,
            handletextpad=0.5,
            handlelength=1.3,
        )
        marks.settle(figure)
    return Drawing(
        name=name,
        title=w(f"{name}.title"),
        figure=figure,
        alt=_furthest(rows["difference"], w, instrument=instrument, key=f"{name}.alt"),
        note=w(f"{name}.figure_note"),
        chart=_chart(rows, w, names=names, instrument=instrument),
    )


def _marks(ax: Axes, rows: pd.DataFrame, *, constructs: list[Construct], at: list[float], tick: bool) -> None:
    colours = [marks.colour_of(construct) for construct in constructs]
    around = rows[["ci_low", "ci_high"]].add(rows["reference"], axis=0)
    dots = around.assign(estimate=rows["mean"])[["estimate", "ci_low", "ci_high"]]
    marks.dots(ax, dots, at=at, colours=colours, size=34)
    if tick:
        places = np.asarray(at)
        ax.vlines(rows["reference"], places - 0.32, places + 0.32, colors=style.INK, linewidth=1.6, zorder=4)
    else:
        ax.scatter(
            rows["reference"],
            at,
            s=30,
            facecolors=style.SURFACE,
            edgecolors=style.INK,
            linewidths=1.1,
            zorder=4,
        )


def _limits(ax: Axes, rows: pd.DataFrame, *, instrument: Instrument) -> None:
    """Show the part of the scale where the scores lie, in steps of an eighth of it."""
    low, high = instrument.score_range
    step = (high - low) / 8
    values = np.concatenate([rows["reference"] + rows["ci_low"], rows["reference"] + rows["ci_high"]])
    values = np.concatenate([values, rows["reference"], rows["mean"]])
    first, last = np.floor((values.min() - low) / step), np.ceil((values.max() - low) / step)
    first, last = max(first, 0.0), min(last, 8.0)
    ax.set_xlim(low + step * first, low + step * last)
    ax.set_xticks(low + step * np.arange(first, last + 1.0))


def _handle(label: str, *, tick: bool) -> Line2D:
    if tick:
        return Line2D(
            [], [], marker="|", color=style.INK, linestyle="", markersize=9, markeredgewidth=1.6, label=label
        )
    return Line2D(
        [],
        [],
        marker="o",
        markerfacecolor=style.SURFACE,
        markeredgecolor=style.INK,
        linestyle="",
        label=label,
    )


def _own(label: str) -> Line2D:
    return Line2D([], [], marker="o", color=style.MARK, linewidth=1.6, markersize=5.5, label=label)


def _furthest(differences: pd.Series, w: Wording, *, instrument: Instrument, key: str) -> str:
    digits = score_digits(instrument)
    best, worst = str(differences.idxmax()), str(differences.idxmin())
    return w(
        key,
        best=inline(best, instrument=instrument, w=w),
        best_value=w.number(float(differences.max()), digits),
        worst=inline(worst, instrument=instrument, w=w),
        worst_value=w.number(float(differences.min()), digits),
    )


def _chart(rows: pd.DataFrame, w: Wording, *, names: tuple[str, str], instrument: Instrument) -> Chart:
    constructs = marks.constructs_in(instrument, rows.index)

    def values(column: pd.Series) -> tuple[float | None, ...]:
        return tuple(float(value) for value in column)

    around = rows[["ci_low", "ci_high"]].add(rows["reference"], axis=0)
    return Chart(
        kind="bar",
        categories=tuple(marks.name_of(c, w) for c in constructs),
        series=(
            Series(name=names[0], values=values(rows["reference"]), colour="muted"),
            Series(
                name=names[1],
                values=values(rows["mean"]),
                low=values(around["ci_low"]),
                high=values(around["ci_high"]),
                colours=tuple("accent" if c.new else "mark" for c in constructs),
            ),
        ),
        digits=score_digits(instrument),
        low=instrument.score_range[0],
        high=instrument.score_range[1],
    )


def segment_figure(
    rows: pd.DataFrame, w: Wording, *, group: Group, instrument: Instrument, alt: str
) -> Drawing:
    """Draw how groups differ from the rest as a table of shades: one row a scale, one column a group.

    Parameters
    ----------
    rows : DataFrame
        As ``evaluate.survey.corrected`` returns them; cells without numbers show a dash.
    """
    constructs = marks.constructs_in(instrument, rows["construct"])
    groups = tuple(dict.fromkeys(rows["group"]))
    at = marks.rows_by_role(constructs)
    cells = rows.set_index(["construct", "group"])
    largest = max(float(rows["difference"].abs().max()), 1e-9)
    digits = score_digits(instrument)
    with style.styled():
        figure = marks.new_figure(0.75 + 0.235 * len(constructs))
        ax = figure.subplots()
        for y, construct in zip(at, constructs, strict=True):
            for x, name in enumerate(groups):
                cell = cells.loc[[(construct.code, name)]].iloc[0]
                _cell(ax, cell, at=(x, y), largest=largest, text=w.number(cell["difference"], digits))
        name_columns(ax, groups)
        marks.construct_axis(ax, constructs, w=w, at=at)
        for side in ax.spines.values():
            side.set_visible(False)
        marks.settle(figure)
    return Drawing(
        name=file_name("segments", group.name),
        title=w("segments.title", label=w.of(group.label)),
        figure=figure,
        alt=alt,
        note=w("segments.figure_note", count=int(rows["p_value"].notna().sum())),
        chart=_heat(cells, constructs, groups=groups, w=w, digits=digits),
    )


def segment_dots_figure(
    rows: pd.DataFrame, w: Wording, *, group: Group, instrument: Instrument, alt: str
) -> Drawing:
    """Draw how the only group with numbers differs from the rest, with intervals."""
    constructs = marks.constructs_in(instrument, rows["construct"])
    name, at = str(rows["group"].iloc[0]), marks.rows_by_role(constructs)
    own = rows.set_index("construct").loc[[c.code for c in constructs]]
    dots = own[["difference", "ci_low", "ci_high"]].set_axis(["estimate", "ci_low", "ci_high"], axis=1)
    digits = score_digits(instrument)
    texts = [
        DASH if np.isnan(e) else f"{w.number(e, digits)} {w.interval(a, b, digits)}"
        for e, a, b in dots.itertuples(index=False)
    ]
    with style.styled():
        figure = marks.new_figure(0.75 + 0.22 * len(constructs))
        ax = figure.subplots()
        marks.dots(ax, dots, at=at, colours=[marks.colour_of(c) for c in constructs])
        marks.construct_axis(ax, constructs, w=w, at=at)
        marks.value_axis(ax, w, digits=digits)
        ax.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)
        ax.set_title(name)
        ax.set_xlabel(w("segments.difference"))
        marks.beside(ax, texts, at=at, bold=own["p_holm"] < ALPHA)
        marks.settle(figure)
    return Drawing(
        name=file_name("segments", group.name),
        title=w("segments.title", label=w.of(group.label)),
        figure=figure,
        alt=alt,
        note=w("segments.dots_note", group=name, count=int(rows["p_value"].notna().sum())),
        chart=Chart(
            kind="bar",
            categories=tuple(marks.name_of(c, w) for c in constructs),
            series=(
                Series(
                    name=name,
                    values=tuple(dots["estimate"]),
                    low=tuple(dots["ci_low"]),
                    high=tuple(dots["ci_high"]),
                    colours=tuple("accent" if c.new else "mark" for c in constructs),
                ),
            ),
            value_axis=w("segments.difference"),
            digits=digits,
        ),
    )


def _cell(ax: Axes, cell: pd.Series, *, at: tuple[int, float], largest: float, text: str) -> None:
    x, y = at
    clear = bool(cell["p_holm"] < ALPHA)
    if text != DASH:
        ground = shade(float(cell["difference"]) / largest)
        ax.fill_between([x - 0.48, x + 0.48], y - 0.46, y + 0.46, color=ground, linewidth=0)
    ax.text(
        x,
        y,
        text,
        ha="center",
        va="center_baseline",
        fontsize=style.SMALL,
        fontweight=600 if clear else "normal",
        color=style.INK if clear else style.MUTED,
    )


def _heat(
    cells: pd.DataFrame, constructs: list[Construct], *, groups: tuple[str, ...], w: Wording, digits: int
) -> Chart:
    series = []
    for name in groups:
        values = [float(cells.loc[[(c.code, name)]]["difference"].iloc[0]) for c in constructs]
        series.append(Series(name=name, values=tuple(None if np.isnan(v) else v for v in values)))
    return Chart(
        kind="heat",
        categories=tuple(marks.name_of(c, w) for c in constructs),
        series=tuple(series),
        value_axis=w("segments.difference"),
        digits=digits,
    )
