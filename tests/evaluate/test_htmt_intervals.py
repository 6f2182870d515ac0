"""HTMT and HTMT2 of all pairs by bootstrap: against one pair at a time, and with items that hardly vary."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate import htmt, htmt_interval, htmt_intervals
from jq_models.evaluate.htmt_intervals import _strength

BLOCKS = {"A": ["A1", "A2", "A3", "A4"], "B": ["B1", "B2", "B3"], "C": ["C1", "C2", "C3"], "D": ["D1"]}


@pytest.fixture(scope="module")
def items(table) -> pd.DataFrame:
    return table("reliability_htmt", "data.csv", index=False).dropna()


@pytest.fixture
def rare(items) -> pd.DataFrame:
    """An item on which a single person differs: a third of the resamples miss that person."""
    constant = np.ones(len(items))
    constant[3] = 2.0
    return items.assign(B2=constant)


def test_pairs_and_estimates_are_those_of_htmt(items):
    found = htmt_intervals(items, BLOCKS, seed=3, draws=50)
    assert list(zip(found["a"], found["b"], strict=True)) == [("A", "B"), ("A", "C"), ("B", "C")]
    plain = htmt(items, BLOCKS)
    geometric = htmt(items, BLOCKS, geometric=True)
    for row in found.itertuples():
        assert row.htmt == pytest.approx(plain.loc[row.a, row.b], rel=1e-12)
        assert row.htmt2 == pytest.approx(geometric.loc[row.a, row.b], rel=1e-12)
        assert row.htmt_low < row.htmt < row.htmt_high
        assert row.htmt2_low < row.htmt2 < row.htmt2_high


def test_a_resample_by_weights_is_a_resample_of_rows(items):
    values = items[[code for codes in BLOCKS.values() for code in codes]].to_numpy(float)
    drawn = np.random.default_rng(1).integers(len(values), size=len(values))
    times = np.bincount(drawn, minlength=len(values))
    expected = np.abs(np.corrcoef(values[drawn], rowvar=False))
    assert _strength(values - values.mean(axis=0), times) == pytest.approx(expected, abs=1e-12)


def test_intervals_agree_with_one_pair_at_a_time(items):
    found = htmt_intervals(items, BLOCKS, seed=3, draws=2000).iloc[0]
    low, high = htmt_interval(items, BLOCKS, pair=("A", "B"), seed=4, draws=2000)
    width = high - low
    assert found["htmt_low"] == pytest.approx(low, abs=0.08 * width)
    assert found["htmt_high"] == pytest.approx(high, abs=0.08 * width)


def test_resamples_in_which_an_item_does_not_vary_are_dropped_and_counted(rare):
    found = htmt_intervals(rare, BLOCKS, seed=5, draws=300).set_index(["a", "b"])
    share = (1 - 1 / len(rare)) ** len(rare)
    assert found.loc[("A", "B"), "dropped"] == pytest.approx(300 * share, abs=30)
    assert found.loc[("A", "C"), "dropped"] == 0
    assert np.isfinite(found[["htmt_low", "htmt_high"]].to_numpy(float)).all()


def test_the_interval_of_one_pair_no_longer_is_nan_then(rare):
    assert np.isfinite(htmt_interval(rare, BLOCKS, pair=("A", "B"), seed=5, draws=300)).all()


def test_the_same_seed_gives_the_same_numbers(items):
    first, second = (htmt_intervals(items, BLOCKS, seed=8, draws=120) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    other = htmt_intervals(items, BLOCKS, seed=9, draws=120)
    assert (first["htmt_low"] != other["htmt_low"]).all()


def test_single_items_alone_give_an_empty_table(items):
    assert htmt_intervals(items, {"D": ["D1"], "E": ["A1"]}, seed=1).empty
