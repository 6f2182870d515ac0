"""The columns beside the answers: groups people belong to, and covariates (numbers that are no answers)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from jq_models.data.problems import Problem, problem
from jq_models.data.table import Cell, RawTable, number_of, text_of
from jq_models.data.team_names import ORGANISATION, TEAM, recurring
from jq_models.spec import Study

RANGE = {
    "customer_contact": (0.0, 100.0),  # share of working time in contact with customers, in per cent
    "recommend": (0.0, 10.0),  # "would you recommend working here?", 0 to 10
}


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
        given = raw.frame[column].map(lambda cell, codes=missing: not _is_missing(cell, codes)).astype(bool)
        yield problem("covariate_not_a_number", column, int((given & values.isna()).sum()))


def covariate_values(raw: RawTable, *, study: Study, name: str) -> pd.Series[float]:
    """Return a covariate's numbers; NaN where there is none, it is declared missing or out of range."""
    low, high = RANGE[name]
    cells = raw.frame[study.covariates[name]]
    missing = _missing(study, name)
    values = [_number(cell, missing) for cell in cells]
    series = pd.Series(values, index=cells.index, dtype=float)
    return series.where(series.between(low, high))


def _missing(study: Study, name: str) -> tuple[int, ...]:
    """Return the missing codes of a covariate: 8 and 9 mean "no answer" on five points, not on 0 to 10."""
    answers = range(int(RANGE[name][0]), int(RANGE[name][1]) + 1) if name == "recommend" else ()
    return tuple(code for code in study.missing if code not in answers)


def _is_missing(cell: Cell, missing: tuple[int, ...]) -> bool:
    return cell is None or number_of(cell) in missing


def _number(cell: Cell, missing: tuple[int, ...]) -> float:
    number = None if _is_missing(cell, missing) else number_of(cell)
    return np.nan if number is None else number
