"""Scores, their intervals and groups against R's t.test, and small hand-made cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.data import Responses
from jq_models.errors import DataError
from jq_models.evaluate import (
    construct_scores,
    construct_summary,
    group_sizes,
    group_summary,
    score_correlations,
)
from jq_models.spec import load_instrument

CASE = "reliability_htmt"
NAN = np.nan


@pytest.fixture(scope="module")
def reference_responses(make_responses, table):
    return make_responses(table(CASE, "data.csv", index=False))


@pytest.fixture(scope="module")
def grouped(make_responses):
    items = pd.DataFrame({"X1": [1, 2, 5, NAN, 4, 2], "X2": [1, 3, NAN, NAN, 4, 2], "Y1": [5, 5, 4, 5, 5, 3]})
    team = pd.Categorical(["b", "a", "b", "a", None, "b"], categories=["b", "a"])
    return make_responses(items, pd.DataFrame({"team": team}))


def test_summary_equals_r(reference_responses, table):
    found = construct_summary(reference_responses)
    np.testing.assert_allclose(found, table(CASE, "summary.csv"), rtol=1e-12)
    assert list(found.columns) == ["n", "mean", "sd", "ci_low", "ci_high"]


def test_correlations_equal_r(reference_responses, table):
    found = score_correlations(reference_responses)
    np.testing.assert_allclose(found, table(CASE, "score_correlations.csv"), rtol=1e-12)


def test_a_score_needs_half_of_the_items(make_responses):
    items = pd.DataFrame({"X1": [1, 1, 1], "X2": [2, 5, NAN], "X3": [3, NAN, NAN]})
    found = construct_scores(make_responses(items))["X"]
    assert found.iloc[:2].to_list() == [2.0, 3.0]
    assert np.isnan(found.iloc[2])


def test_group_sizes_leave_out_who_has_no_group(grouped):
    found = group_sizes(grouped, "team")
    assert found.to_dict() == {"b": 3, "a": 2}
    assert found.index.name == "team"


def test_group_summary_by_hand(grouped):
    found = group_summary(grouped, "team")
    assert found.index.names == ["team", "construct"]
    assert found.loc[("b", "X"), "n"] == 3
    assert found.loc[("b", "X"), "mean"] == pytest.approx((1 + 5 + 2) / 3)
    assert found.loc[("a", "X"), "n"] == 1
    assert found.loc[("a", "X"), ["sd", "ci_low", "ci_high"]].isna().all()


def test_unknown_group(grouped):
    with pytest.raises(DataError, match=r"No grouping variable 'teem'. Did you mean 'team'"):
        group_sizes(grouped, "teem")


def test_items_on_different_scales_become_percentages_of_their_range(checkout):
    gss = load_instrument("gss_quality_of_worklife", folder=checkout / "data" / "instruments")
    items = pd.DataFrame({item.code: [item.scale.low, item.scale.high, item.scale.low] for item in gss.items})
    items.loc[2, "INT3"] = 3  # the middle of its five points, while INT1 and INT2 are at their low end
    scores = construct_scores(responses_of(items.astype(float), gss))
    assert gss.score_range == (0, 100)
    np.testing.assert_allclose(scores.loc[0], 0)
    np.testing.assert_allclose(scores.loc[1], 100)
    np.testing.assert_allclose(scores.loc[2, "INT"], 50 / 3)


def responses_of(items, instrument):
    groups = pd.DataFrame(index=items.index)
    return Responses(items=items, groups=groups, instrument=instrument, log=(), n_read=len(items))
