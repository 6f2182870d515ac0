"""The columns beside the answers: groups people belong to, and covariates (numbers that are no answers)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from jq_models.data.labels import numbered, plain, says_nothing
from jq_models.data.problems import Problem, problem
from jq_models.data.table import Cell, RawTable, number_of, text_of
from jq_models.data.team_names import ORGANISATION, TEAM, recurring
from jq_models.spec import Study

RANGE = {
    "customer_contact": (0.0, 100.0),  # share of working time in contact with customers, in per cent
    "recommend": (0.0, 10.0),  # "would you recommend working here?", 0 to 10
}

_PER_CENT = frozenset({"%", "procent", "percent", "per cent", "pct"})


def group_problems(raw: RawTable, study: Study) -> Iterator[Problem]:
    """Yield what is wrong with the grouping columns."""
    for group in study.groups:
        if group.column not in raw.frame:
            yield problem("group_column_missing", group.column, 1)
            continue
        cells = raw.frame[group.column]
        sizes = cells.dropna().map(text_of).value_counts()
        yield problem("group_missing", group.column, int(cells.isna().sum()))
        yield problem("declared_missing", group.column, raw.user_missing.get(group.column, 0))
        yield problem("group_too_small", group.column, int((sizes < study.minimum_group).sum()))
        if group.labels:
            unlabelled = [code for code in sizes.index if code not in group.labels]
            yield problem("unknown_group_label", group.column, len(unlabelled))
    columns = {g.name: g.column for g in study.groups if g.column in raw.frame}
    if {ORGANISATION, TEAM} <= set(columns):
        places, teams = (
            raw.frame[columns[name]].map(text_of, na_action="ignore") for name in (ORGANISATION, TEAM)
        )
        yield problem("team_in_organisations", columns[TEAM], len(recurring(places, teams)))


def covariate_problems(raw: RawTable, study: Study) -> Iterator[Problem]:
    """Yield what is wrong with the covariates' columns."""
    for name, column in study.covariates.items():
        if column not in raw.frame:
            yield problem("covariate_column_missing", column, 1)
            continue
        values = covariate_values(raw, study=study, name=name)
        missing = _missing(study, name)
        given = raw.frame[column].map(lambda cell, codes=missing: not is_no_answer(cell, codes)).astype(bool)
        yield problem("covariate_not_a_number", column, int((given & values.isna()).sum()))


def covariate_values(raw: RawTable, *, study: Study, name: str) -> pd.Series[float]:
    """Return a covariate's numbers; NaN where there is none, it is declared missing or out of range."""
    low, high = RANGE[name]
    cells = raw.frame[study.covariates[name]]
    missing = _missing(study, name)
    values = [_number(cell, name, missing) for cell in cells]
    series = pd.Series(values, index=cells.index, dtype=float)
    return series.where(series.between(low, high))


def _missing(study: Study, name: str) -> tuple[int, ...]:
    """Return the missing codes of a covariate: 8 and 9 mean "no answer" on five points, not on 0 to 10."""
    answers = range(int(RANGE[name][0]), int(RANGE[name][1]) + 1) if name == "recommend" else ()
    return tuple(code for code in study.missing if code not in answers)


def covariate_number(cell: Cell, name: str) -> float | None:
    """Return the number in a covariate's cell, None when it is text.

    Beside a bare number: "80 %", and the ends of 0 to 10 in words, "Extremely likely - 10".
    """
    number = number_of(cell)
    if number is not None or cell is None:
        return number
    words = plain(text_of(cell))
    if name == "customer_contact":
        bare = next((words.removesuffix(sign) for sign in _PER_CENT if words.endswith(sign)), "")
        return number_of(bare.strip())
    pair = numbered(words)
    return float(pair[0]) if pair and not any(letter.isdigit() for letter in pair[1]) else None


def is_no_answer(cell: Cell, missing: tuple[int, ...] = ()) -> bool:
    """Say whether a covariate's cell holds no answer: empty, a missing code, or "don't know"."""
    number = number_of(cell)
    return cell is None or number in missing or (number is None and says_nothing(text_of(cell)))


def _number(cell: Cell, name: str, missing: tuple[int, ...]) -> float:
    number = None if is_no_answer(cell, missing) else covariate_number(cell, name)
    return np.nan if number is None else number
