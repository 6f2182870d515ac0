"""The distribution of the fit indices under the true model, with this study's value and both cut-offs."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from jq_models.evaluate.cutoffs import JUDGED, Cutoffs, cutoff_rows
from jq_models.evaluate.cutoffs.verdicts import number
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.sentences import clear
from jq_models.report.tables_cutoffs import HIGHER, planted_words
from jq_models.report.wording import Wording

BINS = 24
DASHED, DOTTED = (0, (4, 2)), (0, (1, 1.5))
# heights of the labels, above the highest bar at 1
ROWS = {"here": 1.62, "cutoff": 1.38, "usual": 1.14}
TOP = 1.8
Values = NDArray[np.float64]


def cutoffs_figure(cutoffs: Cutoffs, w: Wording) -> Drawing:
    """Draw one panel an index: CFI, TLI, RMSEA and SRMR."""
    rows = cutoff_rows(cutoffs)
    lines = {
        index: {
            "here": number(rows, index, "value"),
            "cutoff": number(rows, index, "cutoff"),
            "usual": number(rows, index, "usual"),
        }
        for index in JUDGED
    }
    with style.styled():
        figure = marks.new_figure(3.9)
        panels = figure.subplots(2, 2)
        for ax, index in zip(panels.ravel(), JUDGED, strict=True):
            _panel(ax, cutoffs, index, lines=lines[index], w=w)
        marks.settle(figure)
    note = w(
        "figure.cutoffs.note", draws=len(cutoffs.true.indices), n=cutoffs.n, level=w.percent(cutoffs.level)
    )
    if cutoffs.wrong:
        what = planted_words(cutoffs.wrong[0].planted, w)
        note = f"{note} {w('figure.cutoffs.note_planted', what=what)}"
    return Drawing(
        name="cutoffs",
        title=w("figure.cutoffs.title", model=w(f"model.{cutoffs.model}")),
        figure=figure,
        alt=" ".join(_alt(cutoffs, index, lines=lines[index], w=w) for index in JUDGED),
        note=note,
    )


def _panel(ax: Axes, cutoffs: Cutoffs, index: str, *, lines: dict[str, float], w: Wording) -> None:
    true = cutoffs.drawn(index)
    wrong = (
        cutoffs.wrong[0].distribution.indices[index].to_numpy(dtype=float) if cutoffs.wrong else np.empty(0)
    )
    known = [x for x in lines.values() if np.isfinite(x)]
    together = np.concatenate([true, wrong, known])
    low, high = float(together.min()), float(together.max())
    margin = 0.04 * (high - low)
    ax.set_xlim(low - margin, high + margin)
    ax.set_ylim(0, TOP)
    edges = np.linspace(low, high, round(BINS * (high - low) / _spread(true, high - low)) + 1)
    ax.stairs(_heights(true, edges), edges, fill=True, color=style.MARK, alpha=0.55)
    if len(wrong):
        ax.stairs(_heights(wrong, edges), edges, color=style.MUTED, linewidth=0.8)
    looks = {
        "here": (style.ACCENT, "solid", 1.6),
        "cutoff": (style.INK, DASHED, 1.0),
        "usual": (style.INK, DOTTED, 1.2),
    }
    for key, x in lines.items():
        if np.isfinite(x):
            _line(ax, x, height=ROWS[key], look=looks[key], text=_label(key, lines, w))
    ax.set_title(w(f"fit.{index}"))
    ax.set_yticks([])
    marks.value_axis(ax, w, digits=_digits(high - low))
    ax.locator_params(axis="x", nbins=5)
    better = "axis_better_right" if index in HIGHER else "axis_better_left"
    ax.set_xlabel(w(f"figure.cutoffs.{better}"))


def _spread(true: Values, whole: float) -> float:
    """Return the width that `BINS` bars cover: that of the samples, or a fifth of the axis at least."""
    return max(float(np.ptp(true)), 0.2 * whole, 1e-12)


def _heights(values: Values, edges: Values) -> Values:
    counts = np.histogram(values, bins=edges)[0]
    heights: Values = counts / max(counts.max(), 1)
    return heights


def _line(ax: Axes, x: float, *, height: float, look: tuple[str, object, float], text: str) -> None:
    colour, dashes, width = look
    ax.plot([x, x], [0, height + 0.06], color=colour, linestyle=dashes, linewidth=width, zorder=3)
    left, right = ax.get_xlim()
    to_left = x > (left + right) / 2
    ax.annotate(
        text,
        (x, height),
        xytext=(-3 if to_left else 3, 0),
        textcoords="offset points",
        ha="right" if to_left else "left",
        va="center",
        fontsize=style.SMALL,
        color=colour,
        fontweight=600 if colour == style.ACCENT else "normal",
    )


def _label(key: str, lines: dict[str, float], w: Wording) -> str:
    if key == "usual":
        value = w.coefficient(lines[key])
    else:
        other = lines["cutoff" if key == "here" else "here"]
        value = (
            clear(lines[key], other, w, at_least=3) if np.isfinite(other) else w.coefficient(lines[key], 3)
        )
    return w(f"figure.cutoffs.{key}", value=value)


def _digits(width: float) -> int:
    return 2 if width > 0.03 else 3


def _alt(cutoffs: Cutoffs, index: str, *, lines: dict[str, float], w: Wording) -> str:
    low, high = np.quantile(cutoffs.drawn(index), [0.05, 0.95])
    return w(
        "figure.cutoffs.alt",
        index=w(f"fit.{index}"),
        value=w.coefficient(lines["here"], 3),
        low=w.coefficient(float(low), 3),
        high=w.coefficient(float(high), 3),
        cutoff=w.coefficient(lines["cutoff"], 3),
        usual=w.coefficient(lines["usual"]),
    )
