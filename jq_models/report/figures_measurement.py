"""Figures on the measurement: loadings, discriminant validity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.wording import Wording
from jq_models.spec import Construct, Instrument

MINIMUM, WANTED = 0.50, 0.70  # standardised loadings: Hair, Black, Babin & Anderson (2019)
STRICT, LENIENT = 0.85, 0.90  # HTMT: Henseler, Ringle & Sarstedt (2015)
_NAMED = 5  # pairs of constructs that an alt text lists


def loadings_of(standardized: pd.DataFrame, factor: str) -> pd.DataFrame:
    """Return the standardised loadings on `factor`: index indicator; estimate, ci_low, ci_high."""
    rows = standardized[(standardized["lhs"] == factor) & (standardized["op"] == "=~")]
    return marks.as_estimates(rows.set_index("rhs"))


def loadings_figure(standardized: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the standardised loading of every item with its interval, grouped by construct.

    Parameters
    ----------
    standardized : DataFrame
        Columns lhs op rhs est_std ci_low ci_high. Constructs of a single item have no loading to show.
    """
    by_construct = {c.code: loadings_of(standardized, c.code) for c in instrument.constructs}
    constructs = [c for c in instrument.constructs if len(by_construct[c.code]) > 1]
    cut = _halfway([len(by_construct[c.code]) + 1 for c in constructs])
    halves = [half for half in (constructs[:cut], constructs[cut:]) if half]
    rows = pd.concat([by_construct[c.code] for c in constructs])
    lines = max(sum(len(by_construct[c.code]) + 1.3 for c in half) for half in halves)
    with style.styled():
        figure = marks.new_figure(0.45 + 0.134 * lines)
        left = min(0.0, float(rows["ci_low"].min()) - 0.03)
        for ax, half in zip(figure.subplots(1, len(halves), squeeze=False)[0], halves, strict=True):
            _loading_column(ax, half, by_construct=by_construct, w=w)
            ax.set_xlim(left, max(1.0, float(rows["ci_high"].max()) + 0.01))
            ax.set_ylim(lines - 0.4, -0.6)
        marks.settle(figure)
    return Drawing(
        name="loadings",
        title=w("figure.loadings.title"),
        figure=figure,
        alt=_loadings_alt(rows["estimate"], w),
        note=w("figure.loadings.note", minimum=w.coefficient(MINIMUM), wanted=w.coefficient(WANTED)),
    )


def _halfway(lengths: Sequence[int]) -> int:
    """Return how many blocks go into the first of two columns of about equal length."""
    filled = np.cumsum(lengths)
    return int(np.searchsorted(filled, filled[-1] / 2)) + 1 if len(lengths) > 1 else 1


def _loading_column(
    ax: Axes, constructs: Sequence[Construct], *, by_construct: dict[str, pd.DataFrame], w: Wording
) -> None:
    ticks: list[float] = []
    names: list[str] = []
    y = 0.0
    for construct in constructs:
        rows = by_construct[construct.code]
        at = [y + 1.0 + k for k in range(len(rows))]
        colour = marks.colour_of(construct)
        ax.text(
            0,
            y + 0.1,
            w.of(construct.name),
            transform=ax.get_yaxis_transform(),
            fontsize=style.SMALL,
            fontweight=600,
            va="center_baseline",
            color=style.ACCENT if construct.new else style.INK,
            bbox={"facecolor": style.SURFACE, "edgecolor": "none", "pad": 1.0},
        )
        marks.dots(ax, rows, at=at, colours=[colour] * len(rows), size=16)
        marks.beside(ax, [w.coefficient(value) for value in rows["estimate"]], at=at)
        ticks += at
        names += [str(code) for code in rows.index]
        y = at[-1] + 1.3
    ax.set_yticks(ticks, names, fontsize=style.SMALL)
    marks.value_axis(ax, w)
    for x in (MINIMUM, WANTED):
        ax.axvline(x, color=style.FAINT, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    ax.set_xlabel(w("figure.loadings.axis"))


def _loadings_alt(loadings: pd.Series, w: Wording) -> str:
    return w(
        "figure.loadings.alt",
        items=len(loadings),
        low=w.coefficient(loadings.min()),
        low_item=str(loadings.idxmin()),
        high=w.coefficient(loadings.max()),
        high_item=str(loadings.idxmax()),
        wanted=w.coefficient(WANTED),
        enough=int((loadings >= WANTED).sum()),
        minimum=w.coefficient(MINIMUM),
        weak=int((loadings < MINIMUM).sum()),
    )


def htmt_figure(htmt: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the HTMT ratios as a lower triangle; values above the thresholds are outlined.

    Parameters
    ----------
    htmt : DataFrame
        Square, by construct; constructs of a single item, which have no ratio, are left out.
    """
    constructs = marks.constructs_in(instrument, htmt.index[htmt.notna().any(axis=1)])
    codes = [c.code for c in constructs]
    lower = np.tril(htmt.loc[codes, codes].to_numpy(dtype=float), -1)
    pairs = [
        (codes[i], codes[j], lower[i, j])
        for i in range(len(codes))
        for j in range(i)
        if not np.isnan(lower[i, j])
    ]
    high = sorted((pair for pair in pairs if pair[2] > STRICT), key=lambda pair: -pair[2])
    named = w.join(f"{a}–{b} {w.coefficient(value)}" for a, b, value in high[:_NAMED])
    key = "alt_none" if not high else "alt" if len(high) <= _NAMED else "alt_many"
    alt = w(f"figure.htmt.{key}", pairs=len(high), limit=w.coefficient(STRICT), named=named)
    return Drawing(
        name="htmt",
        title=w("figure.htmt.title"),
        figure=_triangle(htmt, constructs, w=w, limits=(STRICT, LENIENT)),
        alt=alt,
        note=w("figure.htmt.note", strict=w.coefficient(STRICT), lenient=w.coefficient(LENIENT)),
    )


def latent_correlation_figure(correlations: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the correlations of the latent variables as a lower triangle.

    Parameters
    ----------
    correlations : DataFrame
        Square, by latent variable; those that are no construct (second-order factors) are left out.
    """
    constructs = marks.constructs_in(instrument, correlations.index)
    codes = [c.code for c in constructs]
    values = correlations.loc[codes, codes].to_numpy(dtype=float)
    rows, columns = np.tril_indices(len(codes), -1)
    strongest = int(np.nanargmax(np.abs(values[rows, columns])))
    pair = f"{codes[rows[strongest]]}–{codes[columns[strongest]]}"
    alt = w(
        "figure.latent_correlations.alt",
        pair=pair,
        value=w.coefficient(values[rows[strongest], columns[strongest]]),
        median=w.coefficient(float(np.nanmedian(np.abs(values[rows, columns])))),
    )
    return Drawing(
        name="latent_correlations",
        title=w("figure.latent_correlations.title"),
        figure=_triangle(correlations, constructs, w=w, limits=(STRICT, LENIENT)),
        alt=alt,
        note=w(
            "figure.latent_correlations.note", strict=w.coefficient(STRICT), lenient=w.coefficient(LENIENT)
        ),
    )


def _triangle(
    square: pd.DataFrame, constructs: Sequence[Construct], *, w: Wording, limits: tuple[float, float]
) -> Figure:
    codes = [c.code for c in constructs]
    values = square.loc[codes, codes].to_numpy(dtype=float)
    k = len(codes)
    with style.styled():
        figure = marks.new_figure(0.25 + 0.275 * k)
        ax = figure.subplots()
        for row in range(k):
            for column in range(row):
                _cell(ax, (column, row), value=values[row, column], w=w, limits=limits)
        for i, construct in enumerate(constructs):
            colour = style.ACCENT if construct.new else style.INK
            ax.text(
                i,
                i,
                construct.code,
                ha="center",
                va="center_baseline",
                color=colour,
                fontweight=600,
                fontsize=style.SMALL,
            )
        marks.construct_axis(ax, constructs, w=w, at=list(range(k)))
        ax.set_xlim(-0.5, k - 0.5)
        ax.set_xticks([])
        ax.spines[["left", "bottom"]].set_visible(False)
        return marks.settle(figure)


def _cell(ax: Axes, spot: tuple[int, int], *, value: float, w: Wording, limits: tuple[float, float]) -> None:
    """Draw one value on a light single-hue ground; above the limits it gets an outline, then a thick one."""
    strict, lenient = limits
    size = abs(value)
    ground = style.sheet(0.0 if np.isnan(value) else size)
    ax.add_patch(Rectangle((spot[0] - 0.47, spot[1] - 0.46), 0.94, 0.92, facecolor=ground))
    if size > strict:
        width = 1.8 if size > lenient else 0.9
        ax.add_patch(
            Rectangle(
                (spot[0] - 0.45, spot[1] - 0.44),
                0.9,
                0.88,
                fill=False,
                edgecolor=style.ACCENT,
                linewidth=width,
            )
        )
    weight = 600 if size > lenient else "normal"
    ax.text(
        *spot,
        w.coefficient(value),
        ha="center",
        va="center_baseline",
        fontsize=style.SMALL,
        fontweight=weight,
    )
