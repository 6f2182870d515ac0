"""Small groups are hidden, and nothing about them follows by subtraction."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from jq_models.disclosure import hide_small, hide_small_table
from jq_models.errors import DisclosureError


def shown(counts, minimum=10):
    series = pd.Series(counts, index=[f"g{k}" for k in range(len(counts))])
    return [None if np.isnan(v) else int(v) for v in hide_small(series, minimum=minimum)]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([10, 25, 40], [10, 25, 40]),
        ([9, 25, 40], [None, None, 40]),  # the next smallest goes too
        ([9, 8, 40], [None, None, 40]),  # two hidden, 17 together: enough
        ([3, 2, 12, 40], [None, None, None, 40]),  # two hidden, but only 5 together
        ([40, 12, 12, 9], [40, None, 12, None]),  # of equals the first
        ([0, 30, 40], [None, 30, 40]),  # nobody to protect
        ([0, 4, 30, 40], [None, None, None, 40]),  # the empty group protects nobody
        ([4], [None]),
        ([], []),
    ],
)
def test_hidden_groups(counts, expected):
    assert shown(counts) == expected


def test_subtraction_never_reveals_a_small_group():
    for counts in product([0, 1, 4, 9, 10, 11, 30], repeat=4):
        hidden = [n for n, value in zip(counts, shown(counts), strict=True) if value is None]
        rest = sum(hidden)
        everything = len(hidden) == len(counts)
        assert rest == 0 or rest >= 10 or everything
        assert rest == 0 or sum(n > 0 for n in hidden) >= 2 or everything


def test_groups_hidden_before_stay_hidden():
    found = hide_small(pd.Series([np.nan, 30, 40], index=list("abc")))
    assert np.isnan(found["a"])
    assert np.isnan(found["b"])
    assert found["c"] == 40


@pytest.mark.parametrize("minimum", [4, 0, -1])
def test_the_floor_is_enforced(minimum):
    with pytest.raises(DisclosureError, match=f"is {minimum}; it cannot be below 5"):
        hide_small(pd.Series([20, 30]), minimum=minimum)


@pytest.mark.parametrize("wrong", [-3, 2.5])
def test_counts_must_be_counts(wrong):
    with pytest.raises(DisclosureError, match="whole numbers of persons"):
        hide_small(pd.Series([20, wrong]))


def test_statistics_of_hidden_groups_are_masked():
    counts = pd.Series({"a": 9, "b": 12, "c": 40}, name="n").rename_axis("team")
    index = pd.MultiIndex.from_product([["SAT", "COM"], ["a", "b", "c"]], names=["construct", "team"])
    frame = pd.DataFrame({"n": [9, 12, 40] * 2, "mean": [3.0] * 6}, index=index)
    found = hide_small_table(frame, counts)
    assert found.xs("c", level="team").notna().all(axis=None)
    assert found.drop("c", level="team").isna().all(axis=None)


def test_a_table_with_uncounted_groups_is_refused():
    frame = pd.DataFrame({"mean": [3.0, 3.0]}, index=["a", "z"])
    with pytest.raises(DisclosureError, match="1 groups of the table have no count"):
        hide_small_table(frame, pd.Series({"a": 20}))
