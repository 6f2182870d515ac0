"""Check a data file against its study: one pass, every problem, no value and no row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from jq_models.data.background import covariate_problems, covariate_values, group_problems
from jq_models.data.coding import INVALID, UNDERSTOOD, Coding, code_table
from jq_models.data.exports import personal_columns
from jq_models.data.hints import likely_column
from jq_models.data.problems import MISSING_COLUMN, ORDER, RULES, SEVERITY, Problem, problem
from jq_models.data.shown import letter, shown_names
from jq_models.data.table import RawTable
from jq_models.spec import Construct, Instrument, Study

Floats = npt.NDArray[np.float64]

# Below 30 answering persons a correlation's 95 % interval is wider than +-.36: no check of an item's
# direction, no reliability and no model says anything. What larger samples allow is decided later.
MINIMUM_ROWS = 30
MANY_MISSING = 0.20
# An item turned the wrong way round lies near minus its loading, -.5 or lower; a merely weak item near 0.
WRONG_DIRECTION = -0.20
# Without these outcomes there is no structural model, so no report.
OUTCOMES_NEEDED = ("SAT", "COM")
# So many answers, at least, before the same code everywhere is noteworthy (all, in a shorter questionnaire).
STRAIGHT_LINE = 10
# Unknown columns that are listed one by one; more of them are counted.
LISTED = 100

__all__ = ["MINIMUM_ROWS", "RULES", "SEVERITY", "Problem", "absent_constructs", "check_table"]


def check_table(raw: RawTable, *, study: Study, instrument: Instrument) -> tuple[Problem, ...]:
    """Return every problem of a file, errors first.

    Parameters
    ----------
    raw : RawTable
    study : Study
    instrument : Instrument

    Returns
    -------
    tuple of Problem
        Sorted by severity, then rule, then the questionnaire's order; empty when all is well.
    """
    coding = code_table(raw, study=study, instrument=instrument)
    if not coding.items:
        # no header is repeated then: without a header row, the "headers" are a person's answers
        return (problem("no_items", "", len(raw.frame.columns)),)
    problems = [
        *_headers(raw, study, instrument),
        *_columns(coding, study, instrument),
        *_cells(raw, coding, study),
        *_items(coding, study, instrument),
        *_copies(coding, study, instrument),
        *_complete(coding, study, instrument),
        *_directions(coding, study, instrument),
        *_scale(raw, coding, study, instrument),
        *_rows(raw, coding, instrument),
        *group_problems(raw, study),
        *covariate_problems(raw, study),
    ]
    used = _used(study, instrument)
    shown = shown_names(raw, known=used)
    unused = [str(name) for name in raw.frame.columns if name not in used]
    problems = [
        replace(p, hint=likely_column(p.column, unused, shown=shown)) if p.rule in MISSING_COLUMN else p
        for p in problems
    ]
    found = [p for p in problems if p.count or p.rule in ("too_few_rows", "too_few_complete")]
    return tuple(sorted(found, key=lambda p: (ORDER.index(p.severity), RULES.index(p.rule))))


def absent_constructs(coding: Coding, instrument: Instrument) -> tuple[str, ...]:
    """Return the constructs of which no item has a column with anything in it.

    They were not asked, so models leave them out; one missing item among others is an error instead.
    """
    return tuple(c.code for c in instrument.constructs if all(_is_empty(coding, i.code) for i in c.items))


def _is_empty(coding: Coding, code: str) -> bool:
    coded = coding.items.get(code)
    return coded is None or (coded.invalid == 0 and not coded.values.notna().any())


def _used(study: Study, instrument: Instrument) -> set[str]:
    """Return the columns that the study takes something from."""
    items = {study.column_of(item.code) for item in instrument.items}
    return items | {group.column for group in study.groups} | set(study.covariates.values())


def _headers(raw: RawTable, study: Study, instrument: Instrument) -> Iterator[Problem]:
    used = _used(study, instrument)
    # a header may be an answer: when the header row is lost, or mixed up with the rows
    shown = shown_names(raw, known=used | set(study.ignore))
    for name, count in raw.duplicates.items():
        severity = "error" if name in used else "warning"
        place = "" if name in shown else letter(raw, name)
        yield problem("duplicate_header", shown.get(name, ""), count, severity=severity, place=place)
    unknown = [str(name) for name in raw.frame.columns if name not in used and name not in study.ignore]
    if len(unknown) > LISTED:
        yield problem("unknown_column", "", len(unknown))
        unknown = []
    for name in unknown:
        place = "" if name in shown else letter(raw, name)
        yield problem("unknown_column", shown.get(name, ""), 1, place=place)
    yield problem("unnamed_column", "", raw.unnamed)
    yield problem("lines_above", "", raw.lines_above)
    yield problem("long_row", "", raw.long_rows)
    yield problem("short_row", "", raw.short_rows)


def _columns(coding: Coding, study: Study, instrument: Instrument) -> Iterator[Problem]:
    absent = absent_constructs(coding, instrument)
    for code in absent:
        rule = "missing_outcome" if code in OUTCOMES_NEEDED else "missing_construct"
        yield problem(rule, code, len(instrument.construct(code).items))
    for item in instrument.items:
        if item.construct in absent:
            continue
        if item.code not in coding.items:
            yield problem("missing_column", study.column_of(item.code), 1)
        elif _is_empty(coding, item.code):
            yield problem("empty_item", study.column_of(item.code), 1)


def _cells(raw: RawTable, coding: Coding, study: Study) -> Iterator[Problem]:
    for code, coded in coding.items.items():
        column = study.column_of(code)
        for kind in (*INVALID, *UNDERSTOOD):
            extra = raw.user_missing.get(column, 0) if kind == "declared_missing" else 0
            yield problem(kind, column, coded.counts.get(kind, 0) + extra)


def _items(coding: Coding, study: Study, instrument: Instrument) -> Iterator[Problem]:
    absent = absent_constructs(coding, instrument)
    for item in instrument.items:
        if item.construct in absent or _is_empty(coding, item.code):
            continue
        coded = coding.items[item.code]
        values = coded.values
        missing = int(values.isna().sum()) - coded.invalid  # what was not understood is counted as such
        if values.nunique() == 1:
            yield problem("constant_item", study.column_of(item.code), int(values.notna().sum()))
        if missing > MANY_MISSING * len(values):
            yield problem("many_missing", study.column_of(item.code), missing)


def _copies(coding: Coding, study: Study, instrument: Instrument) -> Iterator[Problem]:
    """Find items answered alike by everybody, also by who left them out; constant ones are said elsewhere."""
    alike: dict[bytes, list[str]] = {}
    for item in instrument.items:
        coded = coding.items.get(item.code)
        if coded is not None and coded.values.nunique() > 1:
            answers = coded.values.to_numpy(dtype=float, na_value=-np.inf)
            alike.setdefault(answers.tobytes(), []).append(study.column_of(item.code))
    for columns in alike.values():
        if len(columns) > 1:
            yield problem("duplicate_item", ", ".join(columns), len(columns))


def _complete(coding: Coding, study: Study, instrument: Instrument) -> Iterator[Problem]:
    """Count the persons who answered every item of the models, when they do not outnumber these items.

    Items with cells that were not understood are errors already, and left aside.
    """
    codes = [
        code
        for code, coded in coding.items.items()
        if coded.values.notna().any()
        and not coded.invalid
        and (study.turnover or instrument.item(code).construct != "TIN")
    ]
    complete = int(coding.answers[codes].notna().all(axis=1).sum())
    if complete <= len(codes):
        yield problem("too_few_complete", "", complete)


def _directions(coding: Coding, study: Study, instrument: Instrument) -> Iterator[Problem]:
    for construct in instrument.constructs:
        for code in _against(coding.turned, construct):
            item = instrument.item(code)
            rule = "reversed_not_turned" if item.reversed else "wrong_direction"
            yield problem(rule, study.column_of(code), 1)


def _scale(raw: RawTable, coding: Coding, study: Study, instrument: Instrument) -> Iterator[Problem]:
    """Find satisfaction that falls with how gladly people recommend the work: a whole scale turned round.

    No item runs against its construct then, so nothing else shows it.
    """
    column = study.covariates.get("recommend")
    items = [i.code for i in instrument.items if i.construct == "SAT" and i.code in coding.turned]
    if column is None or column not in raw.frame or not items:
        return
    mean = coding.turned[items].mean(axis=1).to_numpy(dtype=float)
    given = covariate_values(raw, study=study, name="recommend").to_numpy(dtype=float)
    both = ~np.isnan(mean) & ~np.isnan(given)
    if _clearly_negative(mean[both], given[both]):
        yield problem("reversed_scale_suspected", column, 1)


def _against(turned: pd.DataFrame, construct: Construct) -> list[str]:
    """Return the items that correlate clearly negatively with the mean of the construct's other items.

    Clearly: below `WRONG_DIRECTION`, and the 99 % interval (Fisher's z) below zero, so that a small
    sample's chance does not stop a study.
    """
    codes = [item.code for item in construct.items if item.code in turned]
    values = turned[codes].to_numpy(dtype=float)
    given = ~np.isnan(values)
    filled = np.where(given, values, 0.0)
    others = given.sum(axis=1, keepdims=True) - given
    rest = (filled.sum(axis=1, keepdims=True) - filled) / np.maximum(others, 1)
    found = []
    for place, code in enumerate(codes):
        both = given[:, place] & (others[:, place] > 0)
        if _clearly_negative(values[both, place], rest[both, place]):
            found.append(code)
    return found


def _clearly_negative(own: Floats, mean: Floats) -> bool:
    n = len(own)
    if n < MINIMUM_ROWS or np.ptp(own) == 0 or np.ptp(mean) == 0:
        return False
    r = float(np.corrcoef(own, mean)[0, 1])
    upper = np.arctanh(np.clip(r, -0.999999, 0.999999)) + 2.576 / np.sqrt(n - 3)
    return bool(r < WRONG_DIRECTION and upper < 0)


def _rows(raw: RawTable, coding: Coding, instrument: Instrument) -> Iterator[Problem]:
    answered = coding.answers.notna().any(axis=1)
    if answered.sum() < MINIMUM_ROWS:
        yield problem("too_few_rows", "", int(answered.sum()))
    for rule, count in raw.set_aside.items():
        yield problem(rule, "", count)
    yield problem("unfinished_row", "", raw.unfinished)
    yield problem("all_missing_row", "", int((~answered).sum()))
    alike = raw.frame[answered].drop(columns=list(personal_columns(raw))).astype(str)
    yield problem("duplicate_rows", "", int(alike.duplicated().sum()))
    yield problem("straight_lining", "", _straight_lines(coding.answers, instrument))


def _straight_lines(answers: pd.DataFrame, instrument: Instrument) -> int:
    """Count persons who gave one code on every item of the questionnaire's commonest scale.

    Only where reversed and other items are among the answers: the same code is then a contradiction.
    """
    items = [item for item in instrument.items if item.code in answers]
    names = [item.scale.name for item in items]
    items = [item for item in items if item.scale.name == max(names, key=names.count)]
    chosen = answers[[item.code for item in items]]
    turned = [item.code for item in items if item.reversed]
    other = [item.code for item in items if not item.reversed]
    same = (chosen.min(axis=1) == chosen.max(axis=1)) & (
        chosen.notna().sum(axis=1) >= min(STRAIGHT_LINE, len(items))
    )
    return int((same & chosen[turned].notna().any(axis=1) & chosen[other].notna().any(axis=1)).sum())
