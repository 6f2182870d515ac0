"""Figures of an employee survey: response by group, who would recommend working here."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from jq_models.evaluate.survey import Enps
from jq_models.report import marks, style
from jq_models.report.chart import Chart, Series
from jq_models.report.figure import Drawing
from jq_models.report.names import inside_sentence
from jq_models.report.tables_invariance import file_name
from jq_models.report.wording import Wording
from jq_models.spec import Group

_ROOM = 0.075  # the smallest share whose percentage fits into its band


def response_figure(rows: pd.DataFrame, w: Wording, *, group: Group, minimum: int) -> Drawing:
    """Draw the response of every group that may be shown, with its interval.

    Parameters
    ----------
    rows : DataFrame
        As ``evaluate.survey.group_response`` returns them, masked; rows without a rate are left out.
    """
    rows = rows[rows["rate"].notna()]
    shown = rows[["rate", "ci_low", "ci_high"]].set_axis(["estimate", "ci_low", "ci_high"], axis=1)
    at = list(range(len(shown)))
    names = [str(name) for name in shown.index]
    with style.styled():
        figure = marks.new_figure(0.55 + 0.235 * len(shown))
        ax = figure.subplots()
        marks.dots(ax, shown, at=at, colours=[style.MARK] * len(shown))
        ax.set_yticks(at, names)
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.set_xlim(0, 1)
        marks.value_axis(ax, w, percent=True)
        ax.set_xlabel(w("response.rate"))
        texts = [
            f"{w.percent(rate)} ({w.count(answered)} / {w.count(invited)})"
            for rate, answered, invited in zip(rows["rate"], rows["answered"], rows["invited"], strict=True)
        ]
        marks.beside(ax, texts, at=at)
        marks.settle(figure)
    return Drawing(
        name=file_name("response", group.name),
        title=w("response.title", label=inside_sentence(w.of(group.label))),
        figure=figure,
        alt=response_range(rows, w, group=group),
        note=w("response.note", minimum=minimum),
        chart=Chart(
            kind="bar",
            categories=tuple(names),
            series=(_bars(w("response.rate"), shown),),
            value_axis=w("response.rate"),
            percent=True,
            digits=0,
            low=0.0,
            high=1.0,
        ),
    )


def response_range(rows: pd.DataFrame, w: Wording, *, group: Group) -> str:
    """Say between which groups the response runs; rows without a rate are passed over."""
    known = rows["rate"].dropna()
    if len(known) < 2:
        return ""
    return w(
        "response.range",
        label=inside_sentence(w.of(group.label)),
        low=w.percent(float(known.min())),
        low_group=str(known.idxmin()),
        high=w.percent(float(known.max())),
        high_group=str(known.idxmax()),
    )


def _bars(name: str, rows: pd.DataFrame) -> Series:
    values, low, high = (
        tuple(float(v) for v in rows[column]) for column in ("estimate", "ci_low", "ci_high")
    )
    return Series(name=name, values=values, low=low, high=high)


def enps_figure(whole: Enps, groups: pd.DataFrame, w: Wording, *, alt: str, least: int) -> Drawing:
    """Draw the shares behind a net promoter score, and the scores of all and of groups with intervals.

    Parameters
    ----------
    whole : Enps
    groups : DataFrame
        Index: names of groups; columns score, ci_low, ci_high; only groups whose numbers may be shown.
    """
    names = [w("enps.all"), *map(str, groups.index)]
    rows = pd.DataFrame(
        [
            (whole.score, whole.ci_low, whole.ci_high),
            *groups[["score", "ci_low", "ci_high"]].itertuples(index=False),
        ],
        columns=["estimate", "ci_low", "ci_high"],
    )
    at = [0.0, *(place + 1.4 for place in range(len(groups)))]
    with style.styled():
        figure = marks.new_figure(1.25 + 0.235 * len(names))
        bar, ax = figure.subplots(2, 1, height_ratios=[1.0, 1.1 + 0.6 * len(names)])
        _promoters(bar, whole, w=w)
        marks.dots(ax, rows, at=at, colours=[style.INK, *([style.MARK] * len(groups))])
        ax.set_yticks(at, names)
        ax.get_yticklabels()[0].set_fontweight(600)
        ax.set_ylim(at[-1] + 0.6, -0.6)
        low, high = min(-10.0, float(rows["ci_low"].min())), max(10.0, float(rows["ci_high"].max()))
        ax.set_xlim(max(low - 5, -100), min(high + 5, 100))
        marks.value_axis(ax, w, digits=0)
        ax.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)
        ax.set_xlabel("eNPS")
        texts = [f"{w.number(s, 0)} {w.interval(a, b, 0)}" for s, a, b in rows.itertuples(index=False)]
        marks.beside(ax, texts, at=at)
        marks.settle(figure)
    return Drawing(
        name="enps",
        title=w("enps.title"),
        figure=figure,
        alt=alt,
        note=w("enps.note", least=least),
        chart=Chart(
            kind="bar",
            categories=tuple(names),
            series=(_bars("eNPS", rows),),
            value_axis="eNPS",
            digits=0,
        ),
    )


def _promoters(ax: Axes, whole: Enps, *, w: Wording) -> None:
    """Draw detractors, passives and promoters as one bar of 100 %, each named where it stands."""
    start = 0.0
    for name, colour in (("detractors", style.LOW), ("passives", style.MIDDLE), ("promoters", style.HIGH)):
        share = float(getattr(whole, name))
        ax.barh([0], [share], left=start, height=0.8, color=colour)
        if share >= _ROOM:
            ink = style.readable_on(colour)
            middle = start + share / 2
            ax.text(middle, 0, w.percent(share), ha="center", va="center_baseline", color=ink)
        side = {0.0: "left"}.get(start, "right" if start + share > 1 - 1e-9 else "center")
        edge = {"left": 0.0, "right": 1.0, "center": start + share / 2}[side]
        ax.text(edge, -0.62, w(f"enps.{name}"), ha=side, va="bottom", fontsize=style.SMALL)
        start += share
    ax.set_xlim(0, 1)
    ax.set_ylim(0.45, -1.1)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
