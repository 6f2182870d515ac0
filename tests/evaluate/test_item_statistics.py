"""Item statistics against R, psych and e1071 (tests/reference/reliability_htmt), and small cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate import (
    answer_shares,
    item_statistics,
    items_by_construct,
    missingness,
    overall_missingness,
)

CASE = "reliability_htmt"
NAN = np.nan


@pytest.fixture(scope="module")
def reference_responses(make_responses, table):
    return make_responses(table(CASE, "data.csv", index=False))


@pytest.fixture(scope="module")
def small(make_responses):
    frame = pd.DataFrame(
        {"X1": [1, 2, 5, NAN, 4], "X2": [1, 3, 5, 4, NAN], "Y1": [5, 5, 5, 5, 5], "Z1": [NAN] * 5}
    )
    return make_responses(frame)


def test_item_statistics_equal_r(reference_responses, table):
    reference, found = table(CASE, "items.csv"), item_statistics(reference_responses)
    shared_columns = ["n", "mean", "sd", "skew", "floor_share", "ceiling_share", "item_rest"]
    np.testing.assert_allclose(found[shared_columns], reference[shared_columns], rtol=1e-12)
    np.testing.assert_allclose(found["item_rest"], reference["r_drop"], rtol=1e-12)  # psych::alpha
    assert list(found["construct"]) == list("AAAABBBCCCD")
    assert found["missing_share"].to_numpy() == pytest.approx(6 / 260)


def test_degenerate_items_are_nan_not_warnings(small):
    found = item_statistics(small)
    assert np.isnan(found.loc["Y1", "skew"])
    assert np.isnan(found.loc["Y1", "item_rest"])
    assert found.loc["Y1", "ceiling_share"] == 1.0
    assert (found.loc["Z1", "n"], found.loc["Z1", "missing_share"]) == (0, 1.0)
    assert found.loc["Z1", ["mean", "sd", "skew", "floor_share"]].isna().all()


def test_answer_shares_by_hand(small):
    found = answer_shares(small)
    assert list(found.columns) == [1, 2, 3, 4, 5]
    assert found.loc["X1"].to_list() == [0.25, 0.25, 0.0, 0.25, 0.25]
    assert found.loc["Y1"].to_list() == [0, 0, 0, 0, 1.0]
    assert found.loc["Z1"].isna().all()


def test_missingness_by_hand(small):
    found = missingness(small)
    assert list(found.index) == ["X", "Y", "Z"]
    assert found.loc["X"].to_list() == [2, 0.2, 0.4, 3]
    assert found.loc["Y"].to_list() == [1, 0.0, 0.0, 5]
    assert found.loc["Z"].to_list() == [1, 1.0, 1.0, 0]
    assert overall_missingness(small).to_list() == [4, 7 / 20, 1.0, 0]


def test_items_by_construct_lists_only_items_with_data(small):
    assert items_by_construct(small) == {"X": ["X1", "X2"], "Y": ["Y1"], "Z": ["Z1"]}
