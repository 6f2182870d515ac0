"""Means of groups: pooled spreads, coverage of rank intervals in teams of eleven."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from jq_models.evaluate.attention.group_means import group_means
from jq_models.numeric.ranks import rank_intervals

RNG = np.random.default_rng(5)


def test_one_level_is_the_pooled_within_variance_of_an_anova() -> None:
    group = np.repeat([0, 1, 2], [10, 14, 9])
    scores = RNG.normal(size=(33, 1)) + group[:, None]
    found = group_means(scores, group)
    frame = pd.DataFrame({"y": scores[:, 0], "g": group})
    pooled = ols("y ~ C(g)", frame).fit().mse_resid
    np.testing.assert_allclose(found.covariance[:, 0, 0], pooled / np.array([10, 14, 9]), rtol=1e-12)
    assert found.df == 30


def test_two_levels_are_those_of_a_nested_anova() -> None:
    group = np.repeat([0, 1], 60)
    team = np.repeat(np.arange(24), 5)
    scores = (RNG.normal(size=24) * 0.8)[team][:, None] + RNG.normal(size=(120, 1))
    found = group_means(scores, group, unit=team)
    frame = pd.DataFrame({"y": scores[:, 0], "g": group, "t": team})
    # equal sizes: the mean of a group varies with the mean square between teams
    between = (ols("y ~ C(g)", frame).fit().ssr - ols("y ~ C(t)", frame).fit().ssr) / 22
    np.testing.assert_allclose(found.covariance[:, 0, 0], between / 60, rtol=1e-9)
    assert found.df == 22


def test_with_few_teams_persons_are_independent() -> None:
    group = np.repeat([0, 1], 20)
    scores = RNG.normal(size=(40, 2))
    with_teams = group_means(scores, group, unit=np.repeat(np.arange(8), 5))
    np.testing.assert_array_equal(with_teams.covariance, group_means(scores, group).covariance)


def test_missing_scores_count_for_their_dimension_only() -> None:
    group = np.repeat([0, 1], 15)
    scores = RNG.normal(size=(30, 2))
    scores[:4, 1] = np.nan
    found = group_means(scores, group)
    assert found.n.tolist() == [[15, 11], [15, 15]]
    assert found.values[0, 1] == pytest.approx(scores[4:15, 1].mean())
    assert found.covariance[0, 1, 1] > found.covariance[1, 1, 1]


def test_the_gap_to_everybody_takes_the_group_itself_out() -> None:
    group = np.repeat([0, 1, 2], [5, 10, 25])
    scores = RNG.normal(size=(40, 2))
    found = group_means(scores, group)
    gap, covariance = found.to_whole(0)
    np.testing.assert_allclose(gap, scores.mean(axis=0) - scores[:5].mean(axis=0))
    share = np.array([5, 10, 25]) / 40
    expected = (share - [1, 0, 0]) ** 2 @ found.covariance[:, 0, 0]
    assert covariance[0, 0] == pytest.approx(expected)


def test_rank_intervals_of_small_teams_hold_the_true_ranks() -> None:
    k, teams, size = 12, 60, 11
    truth = RNG.normal(size=(teams, k)) * 0.4 + np.linspace(-0.6, 0.6, k)
    team = np.repeat(np.arange(teams), size)
    noise = RNG.normal(size=(teams * size, k)) * 0.7 + RNG.normal(size=(teams * size, 1)) * 0.5
    answers = np.clip(
        np.rint(4 * (3 + truth[team] + noise)) / 4, 1, 5
    )  # scores in quarters, as of four items
    found = group_means(answers, team)
    normal, held, width = RNG.standard_normal((400, k)), [], []
    for t in range(teams):
        root = np.linalg.cholesky(found.covariance[t])
        ranks = rank_intervals(found.values[t], found.values[t] + normal @ root.T, df=found.df)
        best = 1 + (truth[t][None, :] > truth[t][:, None]).sum(axis=1)
        held.append(bool(((ranks.low <= best) & (best <= ranks.high)).all()))
        width.append((ranks.high - ranks.low).mean())
    assert np.mean(held) > 0.88  # 60 teams at .95
    assert np.mean(width) < 9  # of 11
