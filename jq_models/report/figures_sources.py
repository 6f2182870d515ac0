"""Figures on the claims of the sources: numbers behind verdicts, a surface of two scales, days at home."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from jq_models.evaluate.hypotheses import Verdicts
from jq_models.evaluate.sources.surface import Surface
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.names import inline, name_of, score_digits
from jq_models.report.names_hypotheses import subject
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

REACH = 1.5  # score points round the middle that the surface spans
STEPS = 31
ROW = 0.30  # inches


def claims_figure(
    found: Verdicts, w: Wording, *, name: str, instrument: Instrument, shares: bool = False
) -> Drawing | None:
    """Draw the numbers that decide on claims, with their intervals; none where there are none.

    Parameters
    ----------
    found : Verdicts
        Of the claims to show.
    name : str
        Of the figure's file.
    shares : bool
        Shares of people in place of standardised numbers.
    """
    rows = found.evidence[found.evidence["decides"] & (found.evidence["measure"].eq("share") == shares)]
    rows = rows[rows["estimate"].notna()]
    if rows.empty:
        return None
    labels = [_label(row, w, instrument=instrument) for _, row in rows.iterrows()]
    supported = [found.claims.loc[one, "verdict"] == "supported" for one in rows["hypothesis"]]
    at = list(np.arange(len(rows), dtype=float))
    middle = 0.5 if shares else 0.0
    with style.styled():
        figure = marks.new_figure(0.75 + ROW * len(rows))
        ax = figure.subplots()
        marks.dots(
            ax, rows, at=at, colours=[style.ACCENT if one else style.MARK for one in supported], size=34
        )
        ax.set_yticks(at, labels)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        low, high = min(middle, float(rows["ci_low"].min())), max(middle, float(rows["ci_high"].max()))
        room = 0.05 * (high - low)
        ax.set_xlim(low - room, high + room)
        marks.value_axis(ax, w, percent=shares)
        ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        ax.axvline(middle, color=style.MUTED, linewidth=0.9, zorder=1)
        ax.set_xlabel(w(f"sources.axis_{'share' if shares else 'size'}"))
        texts = [_number(row, w, shares=shares) for _, row in rows.iterrows()]
        marks.beside(ax, texts, at=at, bold=supported)
        marks.settle(figure)
    listed = w.join(f"{label}: {text}" for label, text in zip(labels, texts, strict=True))
    return Drawing(
        name=name,
        title=w(f"sources.title_{'share' if shares else 'size'}"),
        figure=figure,
        alt=w("sources.alt", listed=listed),
        note=w(f"sources.note_{'share' if shares else 'size'}"),
    )


def _label(row: pd.Series, w: Wording, *, instrument: Instrument) -> str:
    return w(
        "sources.row",
        name=row["hypothesis"],
        what=w(
            f"sources.what.{row['measure']}",
            source=_names(str(row["source"]), w, instrument=instrument, between="sources.times"),
            target=_names(str(row["target"]), w, instrument=instrument),
        ),
    )


def _names(codes: str, w: Wording, *, instrument: Instrument, between: str = "sources.arrow") -> str:
    return w(between).join(_short(code, w, instrument=instrument) for code in codes.split())


def _short(code: str, w: Wording, *, instrument: Instrument) -> str:
    construct = next((c for c in instrument.constructs if c.code == code), None)
    if construct is None:
        return subject(code, w, instrument=instrument)
    name = w.of(construct.short)
    return name[:1].lower() + name[1:]


def _number(row: pd.Series, w: Wording, *, shares: bool) -> str:
    values = [float(row[key]) for key in ("estimate", "ci_low", "ci_high")]
    if not shares:
        return f"{w.coefficient(values[0])} {w.coefficient_interval(values[1], values[2])}"
    return f"{w.percent(values[0])} [{w.percent(values[1])}, {w.percent(values[2])}]"


def surface_figure(found: Surface, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the fitted outcome over two scales as contours, from the middle of the answer scale."""
    low, high = instrument.score_range
    middle, reach = (low + high) / 2.0, REACH * (high - low) / 4.0
    grid = np.linspace(-reach, reach, STEPS)
    x, y = np.meshgrid(grid, grid)
    z = found.at(x, y)
    names = {
        "first": inline(found.first, instrument=instrument, w=w),
        "second": inline(found.second, instrument=instrument, w=w),
        "outcome": inline(found.outcome, instrument=instrument, w=w),
    }
    digits = score_digits(instrument)
    with style.styled():
        figure = marks.new_figure(3.6)
        ax = figure.subplots()
        ax.set_box_aspect(1)
        levels = MaxNLocator(8, steps=[1, 2, 5, 10]).tick_values(float(z.min()), float(z.max()))
        lines = ax.contour(x + middle, y + middle, z, levels=levels, colors=style.MARK, linewidths=1.1)
        ax.clabel(lines, fmt=lambda value: w.number(value, max(1, digits - 1)), fontsize=style.SMALL)
        ax.axline((middle, middle), slope=1, color=style.FAINT, linewidth=0.9, linestyle=(0, (4, 3)))
        ax.axline((middle, middle), slope=-1, color=style.FAINT, linewidth=0.9, linestyle=(0, (4, 3)))
        ax.set_xlabel(name_of(found.first, instrument=instrument, w=w))
        ax.set_ylabel(name_of(found.second, instrument=instrument, w=w))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(6))
            axis.set_major_formatter(lambda value, _: w.number(value, 1))
        marks.settle(figure)
    ends = [
        float(found.at(np.array(a * reach), np.array(b * reach)))
        for a, b in ((1, 1), (-1, -1), (1, -1), (-1, 1))
    ]
    shown = [w.number(end, max(1, digits)) for end in ends]
    return Drawing(
        name="steering_surface",
        title=w(
            "sources.surface.title",
            **{**names, "outcome": name_of(found.outcome, instrument=instrument, w=w)},
        ),
        figure=figure,
        alt=w(
            "sources.surface.alt",
            both=shown[0],
            neither=shown[1],
            first_only=shown[2],
            second_only=shown[3],
            **names,
        ),
        note=w("sources.surface.figure_note"),
    )


def home_figure(rows: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing | None:
    """Draw the mean of each scale by days at home; none where fewer than two groups may be shown.

    Parameters
    ----------
    rows : DataFrame
        As ``evaluate.sources.home.by_days`` returns it, masked.
    """
    rows = rows[rows["mean"].notna()]
    codes = list(dict.fromkeys(rows["construct"]))
    if rows["group"].nunique() < 2:
        return None
    with style.styled():
        figure = marks.new_figure(2.5)
        axes = np.atleast_1d(figure.subplots(1, len(codes), sharey=True, sharex=True))
        for ax, code in zip(axes, codes, strict=True):
            own = rows[rows["construct"] == code].rename(columns={"mean": "estimate"})
            at = list(np.arange(len(own), dtype=float))
            marks.dots(ax, own, at=at, colours=[style.MARK] * len(own))
            ax.set_yticks(at, list(own["group"]))
            ax.set_ylim(len(own) - 0.5, -0.5)
            ax.set_title(_title(code, w, instrument=instrument))
            marks.value_axis(ax, w)
            ax.xaxis.set_major_formatter(lambda value, _: w.number(value, 1))
            ax.xaxis.set_major_locator(MaxNLocator(4))
        marks.settle(figure)
    first = rows[rows["construct"] == codes[0]]
    listed = w.join(f"{g}: {w.number(m, 2)}" for g, m in zip(first["group"], first["mean"], strict=True))
    return Drawing(
        name="home_days",
        title=w("sources.home.title"),
        figure=figure,
        alt=w("sources.home.alt", name=inline(codes[0], instrument=instrument, w=w), listed=listed),
        note=w("sources.home.figure_note"),
    )


def _title(code: str, w: Wording, *, instrument: Instrument) -> str:
    return w.of(instrument.construct(code).short)
