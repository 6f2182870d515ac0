"""Tables on the sample: who answered, what was missing, what the check found, how the scores lie."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from jq_models.report.columns import constructs, intervals, measured, numbers, verdicts, words
from jq_models.report.names import PERCENT, construct_of, question, score_digits
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Group, Instrument

NAMED = 3  # columns named one by one in a step; more are counted

if TYPE_CHECKING:
    from jq_models.data.responses import LogEntry
    from jq_models.data.validate import Problem


def sample_table(log: Iterable[LogEntry], w: Wording, *, n_read: int, n: int, n_used: int) -> Table:
    """Show the way from the rows of the file to the persons of the models.

    Parameters
    ----------
    log : iterable of LogEntry
        Every recode and exclusion, in the order it was made; those that touched nothing are not shown.
    n_read, n, n_used : int
        Rows in the file; respondents kept; respondents with an answer to every item of the models.
    """
    counts: dict[str, int] = {}
    where: dict[str, list[str]] = {}
    for entry in log:
        if entry.count:
            counts[entry.rule] = counts.get(entry.rule, 0) + entry.count
            where.setdefault(entry.rule, []).extend([entry.column] if entry.column else [])
    shown = [_places(columns, w) for columns in where.values()]
    rules = ["read", *counts, "kept", "used"]
    steps = [w("sample.read"), *(w(f"log.{rule}") for rule in counts), w("sample.kept"), w("sample.used")]
    columns = ["", *map(" ".join, where.values()), "", ""]
    return build(
        "sample",
        title=w("sample.title"),
        note=w("sample.note"),
        columns=[
            words("step", heading=w("sample.step"), shown=steps, values=rules),
            *(
                [words("column", heading=w("sample.column"), shown=["", *shown, "", ""], values=columns)]
                if any(columns)
                else []
            ),
            numbers(
                "count",
                heading=w("sample.count"),
                values=[n_read, *counts.values(), n, n_used],
                w=w,
                kind="count",
            ),
        ],
    )


def group_table(sizes: pd.Series, w: Wording, *, group: Group, minimum: int) -> Table:
    """Show how many respondents each group has.

    Parameters
    ----------
    sizes : Series
        Persons by group; NaN where the number may not be shown.
    group : Group
        The grouping variable with its labels.
    minimum : int
        The smallest group that may be shown.
    """
    rows = group_rows(sizes, w, group=group, minimum=minimum)
    heading = w.of(group.label)
    counts = numbers("n", heading=w("groups.n"), values=rows["n"], w=w, kind="count")
    cells = [
        w("figure.group_sizes.hidden") if joined else cell
        for cell, joined in zip(counts.shown, rows["joined"], strict=True)
    ]
    return build(
        f"group_{group.name.replace('-', '_')}",
        title=w("groups.title", label=heading[:1].lower() + heading[1:]),
        note=w("groups.note", minimum=minimum),
        columns=[
            words("group", heading=heading, shown=rows["label"], values=rows["code"]),
            counts.showing(cells),
        ],
    )


def group_rows(sizes: pd.Series, w: Wording, *, group: Group, minimum: int) -> pd.DataFrame:
    """Return what a table or figure says of each group, those without a name to show joined at the end.

    A column of groups may hold persons' names or free text, and a label in the study file may just repeat a
    cell; a hidden group is therefore never named.

    Parameters
    ----------
    sizes : Series
        Persons by group; NaN where the number may not be shown.
    group : Group
        The grouping variable with its labels.
    minimum : int
        The smallest group that may be shown.

    Returns
    -------
    DataFrame
        Columns ``code``, ``label``, ``n`` and ``joined`` (True for the row of joined groups, whose n is NaN).
    """
    rows = []
    joined = 0
    for code, n in zip(map(str, sizes.index), sizes.astype(float), strict=True):
        if n >= minimum:
            label = w.of(group.labels[code]) if code in group.labels else code
            rows.append((code, label, n, False))
        else:
            joined += 1
    if joined:
        label = w("groups.other_one") if joined == 1 else w("groups.other", count=joined)
        rows.append(("", label, math.nan, True))
    return pd.DataFrame(rows, columns=["code", "label", "n", "joined"])


def item_table(statistics: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show each item's distribution in numbers, by construct.

    Parameters
    ----------
    statistics : DataFrame
        Index item; columns construct, n, missing_share, mean, sd, floor_share, ceiling_share, item_rest.
    """
    questions = [question(code, instrument=instrument, w=w) for code in statistics.index]
    return build(
        "items",
        title=w("items.title"),
        note=w("items.note", dash=DASH, mark=w("items.reversed")),
        grouped=True,
        columns=[
            constructs(statistics["construct"], instrument=instrument, w=w, star=True),
            words("item", heading=w("col.item"), shown=map(str, statistics.index)),
            words("text", heading=w("col.text"), shown=questions),
            *measured(
                statistics,
                "n col.n count",
                "missing_share col.missing percent 1",
                "mean col.mean number",
                "sd col.sd number",
                "floor_share col.floor percent 0",
                "ceiling_share col.ceiling percent 0",
                "item_rest col.item_rest coefficient",
                w=w,
            ),
        ],
    )


def missing_table(missing: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show how many answers are missing, by construct.

    Parameters
    ----------
    missing : DataFrame
        Index construct; columns missing_share, persons_share, complete_cases.
    """
    return build(
        "missing",
        title=w("missingness.title"),
        note=w("missingness.note"),
        columns=[
            constructs(missing.index, instrument=instrument, w=w, star=True),
            *measured(
                missing,
                "missing_share missingness.answers percent 1",
                "persons_share missingness.persons percent 1",
                "complete_cases missingness.complete count",
                w=w,
            ),
        ],
    )


def problem_table(problems: Iterable[Problem], w: Wording) -> Table:
    """Show what the check of a data file found: errors first, counts only, never a value."""
    order = ("error", "warning", "note")
    found = sorted(problems, key=lambda problem: order.index(problem.severity))
    severity = [p.severity for p in found]
    rules = [p.rule for p in found]
    what = [w(f"problem.{rule}.what") for rule in rules]
    return build(
        "problems",
        title=w("problems.title"),
        note=w("problems.note"),
        columns=[
            verdicts("severity", heading=w("problems.severity"), codes=severity, prefix="severity", w=w),
            words("column", heading=w("problems.column"), shown=[_column(p, w) for p in found]),
            words("rule", heading=w("problems.rule"), shown=what, values=rules),
            numbers("count", heading=w("problems.count"), values=[p.count for p in found], w=w, kind="count"),
            words("do", heading=w("problems.do"), shown=[_remedy(p, w) for p in found]),
        ],
    )


def _column(problem: Problem, w: Wording) -> str:
    return w("problems.place", letter=problem.place) if problem.place else problem.column


def _remedy(problem: Problem, w: Wording) -> str:
    text = w(f"problem.{problem.rule}.do")
    return f"{text} {w('problems.hint', column=problem.hint)}" if problem.hint else text


def construct_table(summary: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show the mean score of every construct and what a high score means.

    Parameters
    ----------
    summary : DataFrame
        Index construct; columns n, mean, sd, ci_low, ci_high.
    """
    found = [construct_of(code, instrument) for code in summary.index]
    digits = score_digits(instrument)
    note = w("constructs.note", star=w("constructs.star"))
    if instrument.score_range[1] == PERCENT:
        note += f" {w('constructs.note_percent')}"
    return build(
        "constructs",
        title=w("constructs.title"),
        note=note,
        columns=[
            constructs(summary.index, instrument=instrument, w=w, star=True),
            words(
                "meaning", heading=w("constructs.meaning"), shown=[w.of(c.high) if c else "" for c in found]
            ),
            *measured(
                summary,
                "n col.n count",
                f"mean col.mean number {digits}",
                f"sd col.sd number {digits}",
                w=w,
            ),
            intervals(
                ("ci_low", "ci_high"),
                heading=w("col.interval"),
                low=summary["ci_low"],
                high=summary["ci_high"],
                w=w,
                kind="number",
                digits=digits,
            ),
        ],
    )


def _places(columns: list[str], w: Wording) -> str:
    return w.join(columns) if len(columns) <= NAMED else w("sample.columns", count=len(columns))
