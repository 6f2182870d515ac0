"""Mixed models by statsmodels against lme4 and nlme, and what is said when they fail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate.nesting import MIXED_STATES, mixed, mixed_paths, variance_parts
from jq_models.evaluate.nesting.mixed import _slope, _three_levels, share_between

CASE = "nesting"


@pytest.mark.parametrize("case", ["dyestuff", "math"])
def test_the_share_between_groups_equals_lme4(table, case):
    data = table(CASE, f"{case}.csv", False)
    share, state = share_between(data["value"].to_numpy(dtype=float), data["group"].to_numpy())
    assert state == "converged"
    assert share == pytest.approx(table(CASE, "one_way.csv").loc[case, "reml"], abs=2e-4)


@pytest.mark.parametrize("case", ["pastes", "pastes_part"])
def test_three_levels_equal_lme4(table, case):
    data, reference = table(CASE, f"{case}.csv", False), table(CASE, "nested.csv").loc[case]
    shuffled = data.sample(frac=1.0, random_state=1)
    for rows in (data, shuffled):
        shares, state = _three_levels(
            rows["value"].to_numpy(dtype=float), rows["outer"].to_numpy(), inner=rows["inner"].to_numpy()
        )
        assert state == "converged"
        assert shares == pytest.approx(tuple(reference[["outer", "inner", "person"]]), abs=2e-4)


def test_a_slope_with_groups_own_intercepts_equals_lme4_and_nlme(table):
    data, reference = table(CASE, "math.csv", False), table(CASE, "slope.csv")
    slope, se, state = _slope(
        data["value"].to_numpy(dtype=float), data["ses"].to_numpy(dtype=float), codes=data["group"].to_numpy()
    )
    assert state == "converged"
    for program in ("lme4", "nlme"):
        assert slope == pytest.approx(reference.loc[program, "estimate"], abs=1e-4)
        assert se == pytest.approx(reference.loc[program, "se"], abs=1e-4)


def test_a_search_that_fails_gives_no_number(monkeypatch, table):
    monkeypatch.setattr(mixed, "_fitted", lambda model: None)
    data = table(CASE, "dyestuff.csv", False)
    values, codes = data["value"].to_numpy(dtype=float), data["group"].to_numpy()
    share, state = share_between(values, codes)
    assert np.isnan(share)
    assert state == "not_converged"
    assert _slope(values, values[::-1], codes=codes)[2] == "not_converged"
    shares, state = _three_levels(values, codes // 3, inner=codes)
    assert np.isnan(shares).all()
    assert state in MIXED_STATES


def test_a_search_stopped_early_counts_as_failed(monkeypatch, table):
    monkeypatch.setattr(mixed, "SEARCH", {"method": "nm", "maxiter": 1})
    data = table(CASE, "math.csv", False)
    share, state = share_between(data["value"].to_numpy(dtype=float), data["group"].to_numpy())
    assert np.isnan(share)
    assert state == "not_converged"


def test_what_does_not_vary_cannot_be_divided():
    codes = np.repeat([0, 1, 2], 4)
    assert share_between(np.ones(12), codes)[1] == "not_estimable"
    assert share_between(np.arange(12.0), np.zeros(12))[1] == "not_estimable"
    assert _three_levels(np.arange(12.0), codes, inner=codes)[1] == "not_estimable"


def test_without_nested_groupings_there_are_no_rows(make_responses):
    answers = make_responses(pd.DataFrame({"A1": [1, 2, 3], "A2": [2, 2, 3]}))
    assert variance_parts(answers).empty
    assert mixed_paths(answers, targets=("SAT",)).empty
