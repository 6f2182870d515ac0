"""Rank intervals: decisions of R's multcomp, Tukey's range, coverage with ties, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import studentized_range, t

from jq_models.errors import SpecError
from jq_models.numeric.ranks import rank_intervals, studentised_range

REFERENCE = Path(__file__).parents[1] / "reference" / "importance"


def draws_around(values: np.ndarray, se: float, *, count: int = 2000, seed: int = 1) -> np.ndarray:
    return values + se * np.random.default_rng(seed).standard_normal((count, len(values)))


def test_parameters_far_apart_have_one_rank_each() -> None:
    values = np.array([2.0, 5.0, 3.0, 9.0])
    found = rank_intervals(values, draws_around(values, 0.05))
    assert found.rank.tolist() == found.low.tolist() == found.high.tolist() == [4, 2, 3, 1]


def test_one_clear_leader_leaves_the_others_among_themselves() -> None:
    values = np.array([0.0, 0.01, 5.0, -0.01])
    found = rank_intervals(values, draws_around(values, 0.3))
    assert found.low.tolist() == [2, 2, 1, 2]
    assert found.high.tolist() == [4, 4, 1, 4]


def test_equal_estimates_share_the_best_of_their_ranks() -> None:
    values = np.array([1.0, 3.0, 1.0, 2.0])
    found = rank_intervals(values, draws_around(values, 0.01))
    assert found.rank.tolist() == [3, 1, 3, 2]
    assert (found.low.tolist(), found.high.tolist()) == ([3, 1, 3, 2], [4, 1, 4, 2])


def test_a_difference_without_spread_is_never_certain() -> None:
    values = np.array([1.0, 2.0])
    shifted = values + np.random.default_rng(1).standard_normal((100, 1))
    found = rank_intervals(values, shifted)
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1], [2, 2])


def test_the_certain_differences_are_those_of_multcomp() -> None:
    sprays = pd.read_csv(REFERENCE / "sprays.csv").groupby("spray")["count"]
    pairs = pd.read_csv(REFERENCE / "pairs.csv")
    means, n = sprays.mean(), sprays.count().iloc[0]
    se = float(np.sqrt((sprays.var() * (n - 1)).sum() / (n * len(means) - len(means)) / n))
    assert se * np.sqrt(2) == pytest.approx(pairs["se"].iloc[0], rel=1e-10)
    found = rank_intervals(
        means.to_numpy(), draws_around(means.to_numpy(), se, count=20_000), df=n * len(means) - len(means)
    )
    ends = pairs["pair"].str.split("-", expand=True)
    sign = np.where(pairs["p"] < 0.05, np.sign(pairs["difference"]), 0)
    above = dict.fromkeys(means.index, 0)
    below = dict.fromkeys(means.index, 0)
    for (one, other), which in zip(ends.to_numpy(), sign, strict=True):
        if which:
            higher, lower = (one, other) if which > 0 else (other, one)
            above[lower] += 1
            below[higher] += 1
    assert found.low.tolist() == [1 + above[name] for name in means.index]
    assert found.high.tolist() == [len(means) - below[name] for name in means.index]


def test_the_floor_is_tukeys_range_when_spreads_are_known_and_t_for_one_pair() -> None:
    critical = pd.read_csv(REFERENCE / "critical.csv").iloc[0]
    # multcomp takes one spread for all pairs; with a spread of its own for each, the line is a little higher
    assert critical["t"] < studentised_range(6, critical["df"]) < critical["t"] + 0.06
    assert studentised_range(12, 999.0) == pytest.approx(
        studentized_range.ppf(0.95, 12, 1e6) / np.sqrt(2), abs=0.05
    )
    for df in (5.0, 10.0, 40.0):
        assert studentised_range(2, df) == pytest.approx(t.ppf(0.975, df), abs=0.05)
    assert studentised_range(12, 1001.0) == 0.0


def test_few_degrees_of_freedom_widen_the_intervals() -> None:
    values = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    draws = draws_around(values, 0.35)
    known, few = rank_intervals(values, draws), rank_intervals(values, draws, df=4.0)
    assert (few.low <= known.low).all()
    assert (few.high >= known.high).all()
    assert (few.high - few.low).sum() > (known.high - known.low).sum()


def test_all_true_ranks_are_covered_together_also_with_ties() -> None:
    truth = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.4, 2.4])
    best = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    worst = (truth[None, :] >= truth[:, None]).sum(axis=1)
    rng, held, width = np.random.default_rng(7), [], []
    for _ in range(400):
        values = truth + 0.3 * rng.standard_normal(len(truth))
        found = rank_intervals(values, values + 0.3 * rng.standard_normal((200, len(truth))))
        held.append(bool(((found.low <= best) & (found.high >= worst)).all()))
        width.append((found.high - found.low).mean())
    # 400 runs at .95 have a standard error of .011; ties leave some of the hypotheses true, others not
    assert np.mean(held) > 0.92
    assert np.mean(width) < 4.5  # of 7


def test_draws_that_are_not_finite_are_left_out() -> None:
    values = np.array([1.0, 2.0, 3.0])
    draws = draws_around(values, 0.1, count=100)
    broken = np.vstack([draws, [[np.nan, 0.0, 0.0]]])
    assert rank_intervals(values, broken).low.tolist() == rank_intervals(values, draws).low.tolist()


@pytest.mark.parametrize(
    ("values", "draws", "text"),
    [
        (np.zeros(3), np.zeros((50, 2)), r"found \(3,\) and \(50, 2\)"),
        (np.array([np.nan, 1.0]), np.zeros((50, 2)), "An estimate is not finite"),
        (np.zeros(2), np.zeros((19, 2)), "19 of 19 draws are usable; rank intervals need 20 or more"),
    ],
)
def test_what_has_no_ranks_is_refused(values: np.ndarray, draws: np.ndarray, text: str) -> None:
    with pytest.raises(SpecError, match=text):
        rank_intervals(values, draws)
