"""What a reader sees of priorities: overall, and in every group that may be shown."""

from __future__ import annotations

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.disclosure import Release
from jq_models.evaluate import group_attention, group_summary
from jq_models.evaluate.attention import Attention
from jq_models.report.figure import Drawing
from jq_models.report.figures_attention import (
    WIDEST,
    attention_ranks_figure,
    group_heat_figures,
    group_ranks_figure,
)
from jq_models.report.figures_structure import importance_performance_figure
from jq_models.report.marks import inside_sentence
from jq_models.report.names import inline
from jq_models.report.table import Table
from jq_models.report.tables_attention import attention_table, first_table, importance_table
from jq_models.report.wording import Wording
from jq_models.spec import Group, Instrument

NAMED = ("organisation", "team")
LOWEST = "lowest"  # the reading whose ranks a group of ten can tell apart at all

Views = list[Table | Drawing | str]


def attention_views(found: Attention, w: Wording, *, instrument: Instrument) -> Views:
    """Return the three readings: what is supported, the ranks as a figure and as a table."""
    if found.table.empty:
        return [w("attention.missing_score")]
    supported = found.priorities[found.priorities["supported"]]["dimension"]
    names = [inline(str(code), instrument=instrument, w=w) for code in supported]
    lines = [w("attention.intro_supported", listed=w.join(names)) if names else w("attention.intro_open")]
    if found.method == "":
        lines.append(w("attention.missing_model"))
    key = "attention.by_clusters" if found.clusters else "attention.by_people"
    lines.append(w(key, clusters=found.clusters))
    return [
        "\n".join(f"- {line}" for line in lines),
        attention_ranks_figure(found.table, w, instrument=instrument),
        attention_table(found, w, instrument=instrument),
    ]


def priority_map(
    found: Attention, w: Wording, *, summary: pd.DataFrame, instrument: Instrument
) -> list[Drawing]:
    """Return a report's first picture: importance and performance of the dimensions, priorities marked."""
    rows = found.weighing
    if rows.empty or summary["mean"].isna().all():
        return []
    return [
        importance_performance_figure(
            summary,
            w,
            importance=rows,
            instrument=instrument,
            measure=found.method,
            marked=tuple(map(str, found.priorities["dimension"])),
        )
    ]


def importance_views(found: Attention, w: Wording, *, instrument: Instrument) -> Views:
    """Return how much every dimension matters, by every method that could be computed."""
    if found.importance.empty:
        return [w("attention.missing_model")]
    return [importance_table(found, w, instrument=instrument)]


def attention_group_views(
    opened: OpenStudy, w: Wording, *, found: Attention, release: Release, overall: pd.DataFrame, seed: int
) -> Views:
    """Return ranks and scores in every group that may be shown, of organisations and of teams.

    A study that has neither gets them for its first groupings.

    Parameters
    ----------
    found : Attention
        Of everybody: its importance weighs the groups' shortfalls.
    release : Release
        What may be shown.
    overall : DataFrame
        As ``evaluate.construct_summary`` returns it.
    """
    named = [group for group in opened.spec.groups if group.name in NAMED]
    views: Views = []
    for group in named or opened.spec.groups[: len(NAMED)]:
        frame = group_attention(opened, group.name, overall=found, seed=seed)
        means = group_summary(opened.responses, group.name)
        views += _ranks(frame, w, release=release, group=group, opened=opened)
        views += _heat(means, w, release=release, overall=overall, group=group, opened=opened)
    return views


def _ranks(frame: pd.DataFrame, w: Wording, *, release: Release, group: Group, opened: OpenStudy) -> Views:
    """Return the ranks by score as a figure, where it can hold all groups, and every reading's first."""
    shown = release.mask(frame, group=group.name, at="group", construct="dimension").dropna(subset=["rank"])
    if shown.empty:
        return []
    lowest = shown[shown["reading"] == LOWEST]
    drawn: Views = []
    if 0 < lowest["group"].nunique() <= WIDEST:
        drawn.append(group_ranks_figure(lowest, w, group=group, instrument=opened.instrument))
    return [*drawn, first_table(shown, w, group=group, instrument=opened.instrument)]


def _heat(
    means: pd.DataFrame,
    w: Wording,
    *,
    release: Release,
    overall: pd.DataFrame,
    group: Group,
    opened: OpenStudy,
) -> Views:
    masked = release.mask(means, group=group.name)
    drawn: Views = list(
        group_heat_figures(masked, w, overall=overall, group=group, instrument=opened.instrument)
    )
    label = inside_sentence(w.of(group.label))
    if not drawn:
        return [w("attention.groups_none", label=label)]
    hidden = int(release.sizes(group.name).isna().sum())
    if hidden:
        drawn.append(w("attention.groups_hidden", hidden=hidden, label=label, minimum=release.minimum))
    return drawn
