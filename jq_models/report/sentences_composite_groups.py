"""Composites in several groups, in words: whether links may be compared, and which differ."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate import Plan
from jq_models.evaluate.composites.group_study import MANY, ComparedComposites, judge_paths
from jq_models.evaluate.composites.micom import ALPHA
from jq_models.evaluate.composites.multigroup import PlsGroups
from jq_models.evaluate.composites.route_result import IMPOSSIBLE_SHARE
from jq_models.pls.status import CARE
from jq_models.report.names import inline
from jq_models.report.tables_composite_groups import arrow_words, care_sentences
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

MISSED = ("alike", "before_holm")


def composite_group_sentences(
    compared: Mapping[str, ComparedComposites], w: Wording, *, opened: OpenStudy, plan: Plan
) -> str:
    """Say of every grouping of the study what can be compared and what differs, one paragraph each.

    Groupings without enough answers share the last paragraph.
    """
    paragraphs: list[str] = []
    skipped = []
    for name, one in compared.items():
        label = w.of(opened.spec.group(name).label)
        if one.why == "too_few":
            skipped.append(label)
        elif one.why == "too_many":
            count = len(plan.groups_for(name))
            paragraphs.append(w("composite_groups.why.too_many", label=label, count=count, most=MANY))
        else:
            paragraphs += grouping_sentences(one, w, label=label, opened=opened, plan=plan)
    reach = max((_missed_reach(one) for one in compared.values()), default=0.0)
    if reach > 0:
        # once for all: a reader skips what stands below every pair
        paragraphs.append(w("composite_groups.caution", reach=w.coefficient(reach)))
    if skipped:
        needs = plan.needs("group")
        paragraphs.append(w("composite_groups.why.too_few", labels=w.join(skipped), needs=needs))
    return "\n\n".join(paragraphs)


def tells_group_sizes(one: ComparedComposites, opened: OpenStudy) -> bool:
    """Say whether the complete answers of the groups compared may be told: see `tells_sizes`."""
    if one.micom is None:
        return False
    sizes = {g: n for pair, both in one.micom.sizes.items() for g, n in zip(pair, both, strict=True)}
    return not 0 < opened.complete.n - sum(sizes.values()) < opened.spec.minimum_group


def grouping_sentences(
    one: ComparedComposites, w: Wording, *, label: str, opened: OpenStudy, plan: Plan
) -> list[str]:
    """Return a paragraph for each pair of groups of a grouping."""
    if one.micom is None or one.paths is None:
        return []
    exact, instrument = tells_group_sizes(one, opened), opened.instrument
    verdicts = judge_paths(one.paths, one.micom)
    left_out = [str(g) for g in plan.sizes[one.name].index if str(g) not in one.groups]
    paragraphs = []
    for pair, sizes in one.micom.sizes.items():
        sized = [w("invariance.size", group=g, n=n) for g, n in zip(pair, sizes, strict=True)]
        named = w("composite_groups.named", label=label, groups="; ".join(sized) if exact else w.join(pair))
        care = _impossible(one.paths, pair, w)
        parts = _composition(_of(one.micom.table, pair), w, groups=named, instrument=instrument, care=care)
        parts += _path_sentences(one.paths, w, pair=pair, verdicts=verdicts, instrument=instrument)
        parts += care_sentences(one.paths.reasons[pair], w, instrument=instrument)
        paragraphs.append(" ".join(parts))
    rows = one.micom.table
    untold = rows.loc[rows["level"] == "untold", "construct"].unique()
    if len(untold):
        listed = w.join(inline(str(code), instrument=instrument, w=w) for code in untold)
        paragraphs.append(w("composite_groups.untold", listed=listed))
    if left_out:
        paragraphs.append(w("composite_groups.left_out", groups=w.join(left_out)))
    return paragraphs


def _impossible(paths: PlsGroups, pair: tuple[str, str], w: Wording) -> str:
    """Say in which groups the solution, or more than a set share of its resamples, cannot be true."""
    listed, often = [], []
    for group, share in zip(pair, paths.inadmissible[pair], strict=True):
        if any(reason.code not in CARE for reason in paths.reasons[pair].get(group, ())):
            listed.append(w("composite_groups.impossible", group=group))
        elif share > IMPOSSIBLE_SHARE:
            often.append(w("composite_groups.share", group=group, share=w.percent(share)))
    if often:
        listed.append(w("composite_groups.impossible_share", listed=", ".join(often)))
    return w.join(listed)


def _missed_reach(one: ComparedComposites) -> float:
    """Return the largest difference that still lies in an interval where none was found."""
    if one.micom is None or one.paths is None:
        return 0.0
    rows = one.paths.table[judge_paths(one.paths, one.micom).isin(MISSED)]
    reach = float(rows[["ci_low", "ci_high"]].abs().max().max()) if len(rows) else 0.0
    return 0.0 if pd.isna(reach) else reach


def _of(table: pd.DataFrame, pair: tuple[str, str]) -> pd.DataFrame:
    return table[(table["first"] == pair[0]) & (table["second"] == pair[1])]


def _composition(
    rows: pd.DataFrame, w: Wording, *, groups: str, instrument: Instrument, care: str
) -> list[str]:
    """Say for which constructs the scores are made alike, and where mean or spread differs."""
    tested = rows[rows["p_composition"].notna()]
    if tested.empty:
        return [w("composite_groups.unknown", groups=groups)]
    lost = [str(code) for code in rows.loc[rows["level"] == "not_estimated", "construct"]]
    failing = [str(code) for code in tested.loc[tested["level"] == "none", "construct"]]
    values: dict[str, str | int] = {"groups": groups, "count": len(tested)}
    if not failing:
        told = w("composite_groups.all_care", care=care, **values)
        parts = [told if care else w("composite_groups.all", **values)]
    elif len(failing) == len(tested):
        parts = [w("composite_groups.none", **values)]
    else:
        chance = w.number(ALPHA * len(tested), 1)
        listed = w.join(inline(code, instrument=instrument, w=w) for code in failing)
        values |= {"listed": listed, "chance": chance}
        told = w("composite_groups.some_care", care=care, **values)
        parts = [told if care else w("composite_groups.some", **values)]
    if lost:
        listed = w.join(inline(code, instrument=instrument, w=w) for code in lost)
        parts.append(w("composite_groups.partly_unknown", listed=listed))
    alike = rows[rows["level"].isin(("full", "partial"))]
    unequal = [str(code) for code in alike.loc[alike["level"] == "partial", "construct"]]
    if unequal:
        listed = w.join(inline(code, instrument=instrument, w=w) for code in unequal)
        parts.append(w("composite_groups.unequal", listed=listed))
    elif len(alike):
        parts.append(w("composite_groups.equal"))
    return parts


def _path_sentences(
    paths: PlsGroups,
    w: Wording,
    *,
    pair: tuple[str, str],
    verdicts: pd.Series,
    instrument: Instrument,
) -> list[str]:
    """Say which paths differ, which might, and which may not be compared."""
    rows = _of(paths.table, pair)
    rows = rows.assign(verdict=verdicts.loc[rows.index], arrow=arrow_words(rows, w, instrument=instrument))
    count = int(paths.table["p_permutation"].notna().sum())
    clear, early = (_listed(rows[rows["verdict"] == code], w) for code in ("differs", "before_holm"))
    parts = []
    if clear:
        parts.append(w("composite_groups.paths_some", listed="; ".join(clear), count=count))
    elif early:
        parts.append(w("composite_groups.paths_few", listed="; ".join(early), count=count))
    elif (rows["verdict"] == "alike").any():
        parts.append(w("composite_groups.paths_none"))
    closed = list(rows.loc[rows["verdict"] == "not_comparable", "arrow"])
    if closed:
        parts.append(w("composite_groups.paths_open", listed="; ".join(closed)))
    return parts


def _listed(rows: pd.DataFrame, w: Wording) -> list[str]:
    return [
        w(
            "composite_groups.path",
            path=str(row["arrow"]),
            one=w.coefficient(float(row["est_first"])),
            two=w.coefficient(float(row["est_second"])),
            first=str(row["first"]),
            second=str(row["second"]),
        )
        for _, row in rows.iterrows()
    ]
