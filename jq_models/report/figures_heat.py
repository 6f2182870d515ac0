"""Heat maps: the score of every dimension in every group."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.report import marks, style
from jq_models.report.chart import Chart, Series
from jq_models.report.figure import Drawing
from jq_models.report.names import inside_sentence, score_digits
from jq_models.report.wording import Wording
from jq_models.spec import Construct, Group, Instrument

ROWS = 18  # groups a heat map holds, so that two maps stand on a page; more go on in a next one
ROW = 0.2  # inches
CHANCE = 0.05  # of cells coloured where nothing differs
Flags = NDArray[np.bool_]


def group_heat_figures(
    means: pd.DataFrame,
    w: Wording,
    *,
    overall: pd.DataFrame,
    group: Group,
    instrument: Instrument,
) -> list[Drawing]:
    """Draw the mean of every dimension in every group; coloured where it differs from all together.

    Parameters
    ----------
    means : DataFrame
        Index (group, construct); columns mean, ci_low, ci_high; NaN where hidden. A group wholly hidden is
        left out of the drawing.
    overall : DataFrame
        Index construct; column mean: what a group's interval is held against.
    """
    dimensions = [c for c in marks.constructs_in(instrument, overall.index) if c.role == "dimension"]
    codes = [c.code for c in dimensions]
    wide = {
        key: means[key].unstack("construct").reindex(columns=codes) for key in ("mean", "ci_low", "ci_high")
    }
    order = [name for name in dict.fromkeys(means.index.get_level_values(0)) if name in wide["mean"].index]
    shown = [name for name in order if wide["mean"].loc[name].notna().any()]
    size = math.ceil(len(shown) / max(math.ceil(len(shown) / ROWS), 1))  # maps of about equal length
    parts = [shown[start : start + size] for start in range(0, len(shown), max(size, 1))]
    return [
        _heat(
            {key: frame.loc[part] for key, frame in wide.items()},
            w,
            overall=overall.loc[codes, "mean"],
            group=group,
            dimensions=dimensions,
            digits=min(score_digits(instrument), 1),
            part=(number, len(parts)),
        )
        for number, part in enumerate(parts, start=1)
    ]


def _heat(
    wide: dict[str, pd.DataFrame],
    w: Wording,
    *,
    overall: pd.Series,
    group: Group,
    dimensions: Sequence[Construct],
    digits: int,
    part: tuple[int, int],
) -> Drawing:
    means = wide["mean"]
    lower = (wide["ci_high"] < overall).to_numpy()
    higher = (wide["ci_low"] > overall).to_numpy()
    with style.styled():
        figure = marks.new_figure(1.1 + ROW * len(means))
        ax = figure.subplots()
        for y, name in enumerate(means.index):
            for x, code in enumerate(means.columns):
                ground = style.LOW if lower[y, x] else style.HIGH if higher[y, x] else style.MIDDLE
                ax.add_patch(marks.square(x, y, ground if means.notna().loc[name, code] else style.SURFACE))
                text = w.number(means.loc[name, code], digits)
                ink = style.readable_on(ground)
                ax.text(x, y, text, ha="center", va="center_baseline", color=ink, fontsize=style.SMALL)
        ax.set_yticks(range(len(means)), [str(name) for name in means.index], fontsize=style.SMALL)
        ax.set_ylim(len(means) - 0.4, -0.6)
        ax.set_xlim(-0.55, len(dimensions) - 0.45)
        ax.set_xticks(range(len(dimensions)), [w.of(c.short) for c in dimensions], rotation=38, ha="left")
        ax.xaxis.tick_top()
        for tick, construct in zip(ax.get_xticklabels(), dimensions, strict=True):
            tick.set(color=style.ACCENT if construct.new else style.INK, fontsize=style.SMALL)
        for side in ("left", "bottom"):
            ax.spines[side].set_visible(False)
        marks.settle(figure)
    label = inside_sentence(w.of(group.label))
    number, count = part
    key = "title" if count == 1 else "title_part"
    name = f"heat_{group.name.replace('-', '_')}"
    return Drawing(
        name=name if number == 1 else f"{name}_{number}",
        title=w(f"figure.group_heat.{key}", label=label, part=number, parts=count),
        figure=figure,
        alt=w(
            "figure.group_heat.alt",
            groups=len(means),
            lower=int(lower.sum()),
            higher=int(higher.sum()),
            chance=round(CHANCE * int(means.notna().to_numpy().sum())),
        ),
        note=w("figure.group_heat.note"),
        chart=_heat_chart(means, w, lower=lower, higher=higher, dimensions=dimensions, digits=digits),
    )


def _heat_chart(
    means: pd.DataFrame,
    w: Wording,
    *,
    lower: Flags,
    higher: Flags,
    dimensions: Sequence[Construct],
    digits: int,
) -> Chart:
    roles = np.where(lower, "low", np.where(higher, "high", "middle"))
    columns = [
        Series(
            name=w.of(construct.short),
            values=tuple(None if np.isnan(value) else float(value) for value in means[construct.code]),
            colours=tuple(map(str, roles[:, place])),
        )
        for place, construct in enumerate(dimensions)
    ]
    return Chart(
        kind="heat",
        categories=tuple(str(name) for name in means.index),
        series=tuple(columns),
        value_axis="",
        category_axis="",
        digits=digits,
    )
