"""What a reader sees of priorities: overall, and in every group that may be shown."""

from __future__ import annotations

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.disclosure import Release
from jq_models.evaluate import appraisals, group_attention, group_summary
from jq_models.evaluate.attention import Attention
from jq_models.report.figure import Drawing
from jq_models.report.figures_attention import (
    WIDEST,
    attention_ranks_figure,
    group_ranks_figure,
)
from jq_models.report.figures_heat import group_heat_figures
from jq_models.report.figures_structure import importance_performance_figure
from jq_models.report.names import inline, inside_sentence, name_of
from jq_models.report.table import Table
from jq_models.report.tables_attention import attention_table, first_table, importance_table
from jq_models.report.wording import Wording
from jq_models.spec import Group, Instrument

ORGANISATION, TEAM = "organisation", "team"
FEW = 2  # groupings shown of a study that names neither organisation nor team
LOWEST = "lowest"  # the reading whose ranks a group of ten can tell apart at all

Views = list[Table | Drawing | str]


def attention_views(found: Attention, w: Wording, *, instrument: Instrument) -> Views:
    """Return the readings: what is supported, the ranks as a figure and as a table."""
    if found.table.empty:
        return [w("attention.missing_score")]
    names = [inline(str(code), instrument=instrument, w=w) for code in found.supported["dimension"]]
    lines = [w("attention.intro_supported", listed=w.join(names)) if names else w("attention.intro_open")]
    if len(names) > len(found.priorities):
        lines[0] += f" {w('attention.intro_more')}"
    if found.mirrored:
        lines.append(w(f"attention.mirrored_{found.basis['gap']}"))
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
    """Return a report's first picture: importance and performance of the dimensions, priorities marked.

    Parameters
    ----------
    summary : DataFrame
        Of the dimensions, as ``construct_summary`` returns it.
    """
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
    """Return ranks and scores in every organisation that may be shown.

    A study that names neither organisation nor team gets them for its first groupings.

    Parameters
    ----------
    found : Attention
        Of everybody: its importance weighs the groups' shortfalls.
    release : Release
        What may be shown.
    overall : DataFrame
        As ``evaluate.construct_summary`` returns it.
    """
    named = [group for group in opened.spec.groups if group.name in (ORGANISATION, TEAM)]
    groups = [group for group in named if group.name == ORGANISATION] if named else opened.spec.groups[:FEW]
    return [
        view
        for group in groups
        for view in _of_group(
            opened, w, found=found, release=release, overall=overall, group=group, seed=seed
        )
    ]


def attention_team_views(
    opened: OpenStudy, w: Wording, *, found: Attention, release: Release, overall: pd.DataFrame, seed: int
) -> Views:
    """Return ranks and scores in every team that may be shown; nothing in a study without teams.

    Parameters are those of `attention_group_views`.

    Parameters
    ----------
    overall : DataFrame
        Of everybody, as in `attention_group_views`.
    """
    return [
        view
        for group in opened.spec.groups
        if group.name == TEAM
        for view in _of_group(
            opened, w, found=found, release=release, overall=overall, group=group, seed=seed
        )
    ]


def _of_group(
    opened: OpenStudy,
    w: Wording,
    *,
    found: Attention,
    release: Release,
    overall: pd.DataFrame,
    group: Group,
    seed: int,
) -> Views:
    """Return ranks and scores by a grouping; what may not be shown of a group takes no part in its ranks."""
    shown = [str(name) for name in release.sizes(group.name).dropna().index]
    without = {
        name: [code for code in opened.dimensions if not release.shows(group.name, name, of=code)]
        for name in shown
    }
    frame = group_attention(opened, group.name, overall=found, without=without, seed=seed)
    means = group_summary(opened.responses, group.name)
    hidden = {code for own in without.values() for code in own}
    appraising = [code for code in appraisals(opened.responses) if code in hidden]
    nowhere = [code for code in appraising if all(code in without[name] for name in shown)]
    left = overall[~overall.index.isin(nowhere)]
    gap = found.basis.get("gap", "")
    # a group's gap is not to the mean of all dimensions, which would be its score again
    basis = "organisation" if gap == "dimensions" else gap
    views = _ranks(frame, w, release=release, group=group, opened=opened, basis=basis)
    views += _heat(means, w, release=release, overall=left, group=group, opened=opened)
    for code in appraising:
        name = name_of(code, instrument=opened.instrument, w=w)
        key = "attention.supervisor_left_out" + ("" if code in nowhere else "_some")
        views.append(w(key, name=name))
    return views


def _ranks(
    frame: pd.DataFrame, w: Wording, *, release: Release, group: Group, opened: OpenStudy, basis: str
) -> Views:
    """Return the ranks by score as a figure, where it can hold all groups, and every reading's first."""
    shown = release.mask(frame, group=group.name, at="group", construct="dimension").dropna(subset=["rank"])
    if shown.empty:
        return []
    lowest = shown[shown["reading"] == LOWEST]
    drawn: Views = []
    if 0 < lowest["group"].nunique() <= WIDEST:
        drawn.append(group_ranks_figure(lowest, w, group=group, instrument=opened.instrument))
    return [*drawn, first_table(shown, w, group=group, instrument=opened.instrument, basis=basis)]


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
