"""Figures on the comparison of groups: differences of latent means, means after alignment."""

from __future__ import annotations

import textwrap
from itertools import takewhile

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from jq_models.evaluate.invariance import Alignment, Invariance
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.names import unmarked
from jq_models.report.sentences_care import alignment_care
from jq_models.report.sentences_invariance import furthest_sentence
from jq_models.report.tables_invariance import file_name
from jq_models.report.wording import Wording
from jq_models.spec import Construct, Instrument

LETTERS = 72  # of all columns' headings side by side


def latent_means_figure(found: Invariance, w: Wording, *, label: str, instrument: Instrument) -> Drawing:
    """Draw the differences of latent means with intervals, one panel a group."""
    rows = found.means[found.means["effect"].notna()].rename(columns={"effect": "estimate"})
    constructs = marks.constructs_in(instrument, rows["factor"])
    at = marks.rows_by_role(constructs)
    colours = [marks.colour_of(c) for c in constructs]
    sentences = []
    with style.styled():
        figure = marks.new_figure(0.75 + 0.22 * len(constructs))
        panels = figure.subplots(1, len(found.labels) - 1, squeeze=False, sharey=True)[0]
        for ax, group in zip(panels, found.labels[1:], strict=True):
            own = rows[rows["group"] == group].set_index("factor").reindex([c.code for c in constructs])
            marks.dots(ax, own, at=at, colours=colours, size=22)
            _around_zero(ax, rows, w=w)
            ax.set_title(group)
            alone = len(panels) == 1
            texts = (
                marks.estimate_texts(own, w) if alone else [w.coefficient(value) for value in own["estimate"]]
            )
            marks.beside(ax, texts, at=at)
            ax.set_xlabel(w("latent.axis", reference=found.labels[0]))
            sentences.append(_apart(own, group=group, reference=found.labels[0], constructs=constructs, w=w))
        marks.construct_axis(panels[0], constructs, w=w, at=at)
        marks.settle(figure)
    return Drawing(
        name=file_name("latent_means", found.group),
        title=w("latent.figure_title", label=label),
        figure=figure,
        alt=" ".join(sentences),
        note=w("latent.figure_note", reference=found.labels[0]),
    )


def _around_zero(ax: Axes, rows: pd.DataFrame, *, w: Wording) -> None:
    low, high = min(0.0, float(rows["ci_low"].min())), max(0.0, float(rows["ci_high"].max()))
    room = 0.05 * (high - low)
    ax.set_xlim(low - room, high + room)
    marks.value_axis(ax, w)
    ax.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)


def _apart(own: pd.DataFrame, *, group: str, reference: str, constructs: list[Construct], w: Wording) -> str:
    """Name the dimensions whose interval leaves out zero."""
    clear = (own["ci_low"] > 0) | (own["ci_high"] < 0)
    listed = [
        w("latent.value", construct=w.of(c.name), effect=w.coefficient(own["estimate"][c.code]))
        for c in constructs
        if clear[c.code]
    ]
    if not listed:
        return w("latent.alt_none", group=group, reference=reference)
    return w("latent.alt", group=group, reference=reference, listed=w.join(listed))


def alignment_figure(found: Alignment, w: Wording, *, label: str, instrument: Instrument) -> Drawing:
    """Draw the aligned means as a table of shades: one row a scale, one column a group."""
    means = found.means
    constructs = marks.constructs_in(instrument, means["construct"])
    at = marks.rows_by_role(constructs)
    cells = means.set_index(["construct", "group"])
    largest = max(float(means["estimate"].abs().max()), 1e-9)
    with style.styled():
        figure = marks.new_figure(0.75 + 0.235 * len(constructs))
        ax = figure.subplots()
        for y, construct in zip(at, constructs, strict=True):
            for x, group in enumerate(found.labels):
                _cell(ax, cells.loc[[(construct.code, group)]].iloc[0], at=(x, y), largest=largest, w=w)
        name_columns(ax, found.labels)
        marks.construct_axis(ax, constructs, w=w, at=at)
        for side in ax.spines.values():
            side.set_visible(False)
        marks.settle(figure)
    care = alignment_care(found, w, instrument=instrument)
    return Drawing(
        name=file_name("alignment", found.group),
        title=w("alignment.figure_title", label=label),
        figure=figure,
        alt=furthest_sentence(found, w, instrument=instrument, key="alt"),
        note=f"{w('alignment.figure_note')} {unmarked(care)}".strip(),
    )


def name_columns(ax: Axes, labels: tuple[str, ...]) -> None:
    """Name the columns after groups; words that all names begin with stand once, above them."""
    words = [label.split() for label in labels]
    first = list(zip(*(one[:-1] for one in words), strict=False))
    shared = len(list(takewhile(lambda column: len(set(column)) == 1, first)))
    room = LETTERS // len(labels)
    names = ["\n".join(textwrap.wrap(" ".join(one[shared:]), room, break_long_words=False)) for one in words]
    long = max(len(line) for name in names for line in name.split("\n")) > room
    ax.set_xlim(-0.5, len(labels) - 0.5)
    ax.set_xticks(range(len(labels)), names, color=style.INK, rotation=90 if long else 0)
    ax.xaxis.tick_top()
    if shared:
        ax.set_xlabel(" ".join(words[0][:shared]))
        ax.xaxis.set_label_position("top")


def _cell(ax: Axes, cell: pd.Series, *, at: tuple[int, float], largest: float, w: Wording) -> None:
    x, y = at
    value = float(cell["estimate"])
    ground = shade(value / largest)
    ax.fill_between([x - 0.48, x + 0.48], y - 0.46, y + 0.46, color=ground, linewidth=0)
    ax.text(
        x,
        y,
        w.coefficient(value),
        ha="center",
        va="center_baseline",
        fontsize=style.SMALL,
        fontweight=600 if cell["clear"] else "normal",
        color=style.INK if cell["clear"] else style.MUTED,
    )


def shade(share: float) -> str:
    """Return the ground of a cell: slate above the average, ochre below, white at it."""
    if share >= 0:
        return style.sheet(share)
    ramp = sns.light_palette(style.LOW, as_cmap=True)
    return to_hex(ramp(0.02 + 0.6 * min(-share, 1.0) ** 2))
