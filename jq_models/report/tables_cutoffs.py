"""Tables of simulated cut-offs: the indices against both kinds of line, and corrected tests of exact fit."""

from __future__ import annotations

import math

import pandas as pd

from jq_models.evaluate.cutoffs import INDICES, Cutoffs, Planted, cutoff_rows
from jq_models.evaluate.cutoffs.plant import SIZE
from jq_models.evaluate.judge import FIT_RULES
from jq_models.report.columns import Column, numbers, words, writer
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording

# chi-square is written as a number with two decimals, the others as coefficients with three
KINDS = {"chi_square": ("number", 2)}
HIGHER = tuple(rule.index for rule in FIT_RULES if rule.higher_is_better)


def cutoff_table(cutoffs: Cutoffs, w: Wording, *, name: str = "cutoffs") -> Table:
    """Show every fit index against its usual line and against the cut-off simulated for this model and n.

    Parameters
    ----------
    name : str
        Of the table and its file.
    """
    rows = cutoff_rows(cutoffs)
    keys = [str(key) for key in rows.index]
    names = [w(f"fit.{key}") if key in INDICES else w("cutoffs.combined") for key in keys]
    columns = [
        words("index", heading=w("fit.index"), shown=names, values=keys),
        _lines("value", rows, w=w, heading=w("cutoffs.value")),
        _lines("usual", rows, w=w, heading=w("cutoffs.usual"), sign=True),
        _lines("cutoff", rows, w=w, heading=w("cutoffs.cutoff"), sign=True),
        numbers(
            "false_alarm",
            heading=w("cutoffs.false_alarm"),
            values=rows["false_alarm"],
            w=w,
            kind="percent",
            digits=0,
        ),
    ]
    for key in ("seen_usual_1", "seen_1") if cutoffs.wrong else ():
        heading = w(f"cutoffs.{key}")
        columns.append(numbers(key, heading=heading, values=rows[key], w=w, kind="percent", digits=0))
    codes = [str(code) for code in rows["verdict"]]
    shown = [DASH if k not in INDICES else w(f"cutoffs.pass_{c}") for k, c in zip(keys, codes, strict=True)]
    return build(
        name,
        title=w("cutoffs.title", model=w(f"model.{cutoffs.model}")),
        note=_note(cutoffs, w),
        columns=[*columns, words("verdict", heading=w("col.verdict"), shown=shown, values=codes)],
    )


def corrected_table(tests: pd.DataFrame, w: Wording, *, model: str, name: str = "corrected_tests") -> Table:
    """Show the test of exact fit, plain, corrected for a small sample, and simulated.

    Parameters
    ----------
    tests : DataFrame
        As ``evaluate.corrected_tests`` returns it.
    model : str
        The name of the model tested.
    name : str
        Of the files.
    """
    keys = [str(key) for key in tests.index]
    return build(
        name,
        title=w("cutoffs.tests_title", model=w(f"model.{model}")),
        note=w("cutoffs.tests_note"),
        columns=[
            words(
                "test",
                heading=w("cutoffs.test"),
                shown=[w(f"cutoffs.test_{key}") for key in keys],
                values=keys,
            ),
            numbers("chi_square", heading=w("fit.chi_square"), values=tests["chi_square"], w=w),
            numbers("df", heading=w("fit.df"), values=tests["df"], w=w, kind="count"),
            numbers("p_value", heading=w("cutoffs.p"), values=tests["p_value"], w=w, kind="p_value"),
            numbers(
                "false_alarm",
                heading=w("cutoffs.test_alarm"),
                values=tests["false_alarm"],
                w=w,
                kind="percent",
                digits=0,
            ),
        ],
    )


def planted_words(planted: Planted, w: Wording) -> str:
    """Say what was planted, as part of a sentence."""
    key = f"cutoffs.planted_{planted.kind}"
    one = len(planted.places) == 1
    return w(f"{key}_one" if one else key, count=len(planted.places), size=w.coefficient(SIZE))


def _note(cutoffs: Cutoffs, w: Wording) -> str:
    parts = [
        w(
            f"cutoffs.note_{cutoffs.answers}",
            draws=cutoffs.true.draws,
            n=cutoffs.n,
            level=w.percent(cutoffs.level),
            source=w(f"source.{FIT_RULES[0].good.source}"),
        )
    ]
    if cutoffs.wrong:
        first = cutoffs.wrong[0]
        what = planted_words(first.planted, w)
        parts.append(w("cutoffs.note_planted", draws=first.distribution.draws, what=what))
    parts.append(w("cutoffs.note_combined", dash=DASH))
    failed = sum(cutoffs.true.failed.values())
    if failed or cutoffs.true.inadmissible:
        parts.append(w("cutoffs.note_failed", failed=failed, improper=cutoffs.true.inadmissible))
    return " ".join(parts)


def _lines(key: str, rows: pd.DataFrame, *, w: Wording, heading: str, sign: bool = False) -> Column:
    """Return a column whose rows have decimals of their own; lines say on which side they are passed."""
    cells = []
    for index, value in rows[key].items():
        kind, digits = KINDS.get(str(index), ("coefficient", 3))
        text = writer(w, kind=kind, digits=digits)(float(value))
        mark = "" if not sign or math.isnan(value) else "≥\u00a0" if index in HIGHER else "≤\u00a0"
        cells.append(f"{mark}{text}")
    column = numbers(key, heading=heading, values=rows[key], w=w, kind="coefficient", digits=3)
    return column.showing(cells)
