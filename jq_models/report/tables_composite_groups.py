"""Tables on composites in several groups: what they mean, and which paths differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from jq_models.evaluate.composites.group_study import judge_paths
from jq_models.evaluate.composites.micom import Micom
from jq_models.evaluate.composites.multigroup import PlsGroups
from jq_models.numeric.reason import Reason
from jq_models.report.columns import Column, intervals, measured, verdicts, words
from jq_models.report.columns import estimates as estimate_column
from jq_models.report.names import inline, name_of, starred
from jq_models.report.reason_names import named_reason
from jq_models.report.table import Table, build
from jq_models.report.tables_invariance import as_shown, file_name
from jq_models.report.tables_robustness import short_path
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument

SIDES = ("first", "second")


def pair_words(rows: pd.DataFrame, w: Wording) -> list[str]:
    """Return ``North against South`` for every row."""
    return [
        w("composite_groups.pair", first=str(a), second=str(b))
        for a, b in zip(rows["first"], rows["second"], strict=True)
    ]


def arrow_words(rows: pd.DataFrame, w: Wording, *, instrument: Instrument) -> list[str]:
    """Return ``Job quality → commitment`` for every row."""
    return [
        w(
            "paths.arrow",
            source=name_of(str(source), instrument=instrument, w=w),
            target=inline(str(target), instrument=instrument, w=w),
        )
        for target, source in zip(rows["lhs"], rows["rhs"], strict=True)
    ]


def micom_table(
    found: Micom, w: Wording, *, group: str, label: str, instrument: Instrument, exact: bool = True
) -> Table:
    """Show the three steps, one row a construct, a block for each pair of groups where there are several.

    Parameters
    ----------
    group, label : str
        Name of the grouping, and what a reader calls it.
    exact : bool
        Whether files may have the unrounded numbers.
    """
    rows = found.table
    columns = [
        words(
            "construct",
            heading=w("col.construct"),
            shown=[starred(str(code), instrument=instrument, w=w) for code in rows["construct"]],
            values=rows["construct"],
        ),
        *measured(
            rows,
            "c composite_groups.c coefficient 3",
            "c_low composite_groups.c_low coefficient 3",
            "p_composition col.p p_value",
            w=w,
        ),
        *_step_three(rows, w),
        verdicts(
            "level",
            heading=w("composite_groups.comparable"),
            codes=rows["level"],
            prefix="composite_groups.level",
            w=w,
        ),
    ]
    parts = [
        w(
            "composite_groups.micom_note",
            permutations=found.permutations,
            first=str(rows["first"].iloc[0]),
            second=str(rows["second"].iloc[0]),
            star=w("constructs.star"),
            dash=DASH,
        ),
        _lost(sum(found.failed.values()), w),
        *(
            w("composite_groups.unvarying", pair=_pair(pair, w), items=", ".join(items))
            for pair, items in found.unvarying.items()
            if items
        ),
    ]
    return _blocks(
        file_name("micom", group),
        title=w("composite_groups.micom_title", label=label),
        note=" ".join(part for part in parts if part),
        columns=columns if exact else as_shown(columns),
        rows=rows,
        w=w,
    )


def _step_three(rows: pd.DataFrame, w: Wording) -> list[Column]:
    """Return differences of means and log variances, and between which 95 % of the exchanges lie."""
    found = []
    for what, kind in (("mean", "mean"), ("log_variance", "variance")):
        found += measured(rows, f"{what} composite_groups.{what} coefficient", w=w)
        found.append(
            intervals(
                (f"{kind}_low", f"{kind}_high"),
                heading=w(f"composite_groups.expected_{kind}"),
                low=rows[f"{kind}_low"],
                high=rows[f"{kind}_high"],
                w=w,
            )
        )
    return found


def group_path_table(
    paths: PlsGroups,
    test: Micom,
    *,
    w: Wording,
    group: str,
    label: str,
    instrument: Instrument,
    exact: bool = True,
) -> Table:
    """Show every path in both groups of a pair, the difference, and the tests of it."""
    rows = paths.table
    single = len(paths.sizes) == 1
    # eight columns leave no room for full names
    arrows = [
        short_path((str(source), str(target), "direct"), w=w, instrument=instrument)
        for target, source in zip(rows["lhs"], rows["rhs"], strict=True)
    ]
    columns = [words("path", heading=w("paths.path"), shown=arrows, values=rows["lhs"] + " ~ " + rows["rhs"])]
    for side in SIDES:
        codes = (f"est_{side}", f"low_{side}", f"high_{side}")
        heading = str(rows[side].iloc[0]) if single else w(f"composite_groups.{side}")
        columns.append(_estimates(codes, heading=heading, rows=rows, w=w))
    columns.append(
        _estimates(
            ("difference", "ci_low", "ci_high"), heading=w("composite_groups.difference"), rows=rows, w=w
        )
    )
    columns += measured(
        rows,
        "p_permutation composite_groups.p_exchange p_value",
        "p_holm composite_groups.p_holm p_value",
        "p_henseler_two_sided composite_groups.p_bootstrap p_value",
        w=w,
    )
    columns.append(
        verdicts(
            "verdict",
            heading=w("composite_groups.differs"),
            codes=judge_paths(paths, test),
            prefix="composite_groups.verdict",
            w=w,
        )
    )
    return _blocks(
        file_name("group_paths", group),
        title=w("composite_groups.paths_title", label=label),
        note=_path_note(paths, w, instrument=instrument),
        columns=columns if exact else as_shown(columns),
        rows=rows,
        w=w,
    )


def care_sentences(
    reasons: Mapping[str, Sequence[Reason]], w: Wording, *, instrument: Instrument
) -> list[str]:
    """Say of every group whose solution is impossible, or absent, what is wrong with it."""
    return [
        w(
            "composite_groups.reasons",
            group=group,
            reasons=w.join(named_reason(reason, w, instrument=instrument) for reason in own),
        )
        for group, own in reasons.items()
        if own
    ]


def _estimates(codes: tuple[str, str, str], *, heading: str, rows: pd.DataFrame, w: Wording) -> Column:
    frame = rows[list(codes)].set_axis(["estimate", "ci_low", "ci_high"], axis=1)
    return estimate_column(codes, heading=heading, frame=frame, w=w)


def _path_note(paths: PlsGroups, w: Wording, *, instrument: Instrument) -> str:
    count = int(paths.table["p_permutation"].notna().sum())
    parts = [
        w(
            "composite_groups.paths_note",
            permutations=paths.permutations,
            draws=paths.draws,
            kind=w(f"mediation.kind.{paths.kind}"),
            count=count,
            dash=DASH,
        ),
        _lost(sum(exchanges + resamples for exchanges, resamples in paths.failed.values()), w),
    ]
    shares = [share for pair in paths.inadmissible.values() for share in pair if share > 0]
    if shares:
        parts.append(w("composite_groups.inadmissible", share=w.percent(max(shares))))
    found = {group: own for pair in paths.reasons.values() for group, own in pair.items()}
    parts += care_sentences(found, w, instrument=instrument)
    return " ".join(part for part in parts if part)


def _lost(count: int, w: Wording) -> str:
    return w("composite_groups.lost", count=count) if count else ""


def _pair(pair: tuple[str, str], w: Wording) -> str:
    return w("composite_groups.pair", first=pair[0], second=pair[1])


def _blocks(
    name: str, *, title: str, note: str, columns: list[Column], rows: pd.DataFrame, w: Wording
) -> Table:
    """Put a block for each pair of groups above the rows, where there are several."""
    pairs = pair_words(rows, w)
    several = len(set(pairs)) > 1
    first = [words("pair", heading=w("composite_groups.groups"), shown=pairs)] if several else []
    return build(name, title=title, note=note, columns=[*first, *columns], grouped=several)
