"""How alike people of one group are, and what it means for the errors, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from jq_models.evaluate.judge import judge_effect
from jq_models.evaluate.key_paths import KEYS
from jq_models.evaluate.nesting.clusters import MINIMUM_GROUPS, MINIMUM_SIZE, TOO_FEW, cluster_level
from jq_models.report.figure import Drawing
from jq_models.report.figures_nesting import icc_figure
from jq_models.report.names import inline
from jq_models.report.table import Table
from jq_models.report.tables_nesting import (
    cluster_table,
    icc_table,
    label_of,
    mixed_table,
    parts_table,
    path_name,
)
from jq_models.report.wording import Wording
from jq_models.spec import Group, Instrument

RELIABLE = 0.70  # of a group's mean: LeBreton & Senter (2008, Organizational Research Methods 11, 815-852)


def nesting_views(
    icc: pd.DataFrame,
    w: Wording,
    *,
    parts: pd.DataFrame,
    groups: Sequence[Group],
    instrument: Instrument,
) -> list[Table | Drawing | str]:
    """Return what a reader sees of the intraclass correlations: sentences, figure, tables.

    Parameters
    ----------
    icc, parts : DataFrame
        As ``evaluate.icc_table`` and ``evaluate.variance_parts`` return them.
    groups : sequence of Group
        Of the study file, for their labels.
    """
    if icc["icc1"].isna().all():
        return [w("nesting.none", groups=MINIMUM_GROUPS, size=w.count(MINIMUM_SIZE))]
    views: list[Table | Drawing | str] = [
        nesting_sentences(icc, w, groups=groups, instrument=instrument),
        icc_figure(icc, w, groups=groups, instrument=instrument),
        icc_table(icc, w, groups=groups, instrument=instrument),
    ]
    inner = icc[icc["within"] != ""]
    if len(parts) and len(inner):
        pair = (str(inner["within"].iloc[0]), str(inner["grouping"].iloc[0]))
        views.append(parts_table(parts, w, pair=pair, groups=groups, instrument=instrument))
    return views


def nesting_sentences(
    icc: pd.DataFrame, w: Wording, *, groups: Sequence[Group], instrument: Instrument
) -> str:
    """Say of every grouping in what its people resemble each other and what their number is worth."""
    entries = []
    for name in dict.fromkeys(icc["grouping"]):
        own = icc[icc["grouping"] == name].set_index("construct")
        entries.append(" ".join(_of_grouping(own, w, groups=groups, instrument=instrument)))
    return "\n".join(f"- {entry}" for entry in entries)


def _of_grouping(
    own: pd.DataFrame, w: Wording, *, groups: Sequence[Group], instrument: Instrument
) -> Iterable[str]:
    label = label_of(str(own["grouping"].iloc[0]), groups=groups, w=w)
    known = own.dropna(subset=["icc1"])
    if known.empty or float(known["icc1"].max()) <= 0.0:
        yield w("nesting.nothing", label=label)
        return
    most = known.iloc[int(known["icc1"].to_numpy().argmax())]
    interval = w.coefficient_interval(most["ci_low"], most["ci_high"])
    values = {
        "label": label,
        "construct": inline(str(most.name), instrument=instrument, w=w),
        "share": w.percent(float(most["icc1"])),
        "estimate": f"{w.coefficient(most['icc1'])} {interval}",
    }
    if most["within"]:
        outer = label_of(str(most["within"]), groups=groups, w=w)
        yield w("nesting.most_within", outer=outer, **values)
    else:
        yield w("nesting.most", **values)
        yield w(
            "nesting.worth",
            n=int(most["n"]),
            effective=w.count(most["effective_n"]),
            design=w.number(most["design_effect"], 1),
        )
    above = known.index[known["ci_low"] > 0.0]
    yield _listed("nesting.clear", above, known.index, w=w, instrument=instrument)
    enough = known.index[known["icc2"] >= RELIABLE]
    line = {"line": w.coefficient(RELIABLE)}
    yield _listed("nesting.reliable", enough, known.index, w=w, instrument=instrument, **line)
    if int(most["n_groups"]) < TOO_FEW:
        yield w("nesting.few", groups=int(most["n_groups"]))
    yield from _second_route(known, w, instrument=instrument)


def _listed(
    key: str, found: pd.Index, among: pd.Index, *, w: Wording, instrument: Instrument, **values: str
) -> str:
    if not len(found):
        return w(f"{key}_none", **values)
    if len(found) == len(among):
        return w(f"{key}_all", **values)
    if 2 * len(found) > len(among):
        rest = [code for code in among if code not in found]
        return w(f"{key}_except", listed=_names(rest, instrument=instrument, w=w), **values)
    return w(key, listed=_names(found, instrument=instrument, w=w), **values)


def _names(codes: Iterable[object], *, instrument: Instrument, w: Wording) -> str:
    """Return names apart by semicolons: some hold an "and" of their own."""
    return "; ".join(inline(str(code), instrument=instrument, w=w) for code in codes)


def _second_route(known: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    gap = (known["icc_reml"] - known["icc1"].clip(lower=0.0)).abs()
    if gap.notna().any():
        largest = float(np.nanmax(gap))
        same = round(largest, 2) == 0.0
        yield (
            w("nesting.reml_same") if same else w("nesting.reml_agrees", difference=w.coefficient(largest))
        )
    failed = known.index[known["reml_state"] == "not_converged"]
    if len(failed):
        yield w("nesting.reml_failed", listed=_names(failed, instrument=instrument, w=w))


def clustered_views(
    errors: pd.DataFrame,
    mixed: pd.DataFrame,
    *,
    w: Wording,
    groups: Sequence[Group],
    instrument: Instrument,
) -> list[Table | str]:
    """Return what a reader sees of errors that know about groups: sentences and two tables.

    Parameters
    ----------
    errors, mixed : DataFrame
        As ``evaluate.clustered_paths`` and ``evaluate.mixed_paths`` return them.
    """
    if mixed.empty and errors.empty:
        return []  # nothing is nested: said with the intraclass correlations
    if errors.empty:
        return [w("clusters.failed")]
    entries = [
        " ".join(_errors_of(errors[errors["grouping"] == name], w, groups=groups, instrument=instrument))
        for name in dict.fromkeys(errors["grouping"])
    ]
    entries.append(" ".join(_mixed(errors, mixed, w=w, instrument=instrument)))
    return [
        "\n".join(f"- {entry}" for entry in entries),
        cluster_table(errors, w, groups=groups, instrument=instrument),
        mixed_table(errors, mixed, w=w, groups=groups, instrument=instrument),
    ]


def _errors_of(
    errors: pd.DataFrame, w: Wording, *, groups: Sequence[Group], instrument: Instrument
) -> Iterable[str]:
    paths = errors[errors["kind"] != "total"]
    label = label_of(str(paths["grouping"].iloc[0]), groups=groups, w=w)
    ends = (float(paths["ratio"].min()), float(paths["ratio"].max()))
    yield w("clusters.sentence", label=label, low=w.number(ends[0]), high=w.number(ends[1]))
    half = 1.959963984540054 * paths["se_plain"]
    plain = paths.assign(ci_low=paths["estimate"] - half, ci_high=paths["estimate"] + half)
    changed = [
        path_name(*row[KEYS[:2]], kind=str(row["kind"]), instrument=instrument, w=w)
        for (_, row), (_, before) in zip(paths.iterrows(), plain.iterrows(), strict=True)
        if judge_effect(row) != judge_effect(before)
    ]
    yield w("clusters.changed", listed="; ".join(changed)) if changed else w("clusters.same")
    count = int(paths["n_clusters"].iloc[0])
    yield w(f"clusters.{cluster_level(count)}", count=count)


def _mixed(errors: pd.DataFrame, mixed: pd.DataFrame, *, w: Wording, instrument: Instrument) -> Iterable[str]:
    keys = ["grouping", "source", "target"]
    totals = errors[errors["kind"] == "total"].set_index(keys)
    other, failed = [], []
    for _, row in mixed.iterrows():
        place = tuple(row[keys])
        name = path_name(row["source"], row["target"], kind="total", instrument=instrument, w=w)
        if row["state"] != "converged":
            failed.append(name)
        elif place in totals.index and judge_effect(row) != judge_effect(totals.loc[place]):
            other.append(name)
    if failed:
        yield w("mixed.failed", listed="; ".join(dict.fromkeys(failed)))
    if other:
        yield w("mixed.other", listed="; ".join(dict.fromkeys(other)))
    elif len(failed) < len(mixed):
        yield w("mixed.same")
