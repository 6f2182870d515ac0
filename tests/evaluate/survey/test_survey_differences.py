"""Differences of means against published numbers, scipy on the raw data and statsmodels' own model."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from jq_models.evaluate.survey.differences import Moments, clustered, moments_of, welch


def test_welch_meets_the_published_example() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.3 (AUTO83B): cars of two countries."""
    found = welch(Moments(n=249, mean=20.14458, sd=6.41470), Moments(n=79, mean=30.48101, sd=6.10771))
    assert found["difference"] / found["se"] == pytest.approx(-12.94627, abs=1e-4)
    assert found["df"] == pytest.approx(136.8750, abs=1e-3)
    assert found["p_value"] < 1e-20


def test_welch_meets_scipy_and_statsmodels_on_raw_data() -> None:
    rng = np.random.default_rng(4)
    first, second = rng.normal(3.4, 0.7, 61), rng.normal(3.1, 1.2, 23)
    found = welch(moments_of(first), moments_of(second))
    test = stats.ttest_ind(first, second, equal_var=False)
    low, high = test.confidence_interval(0.95)
    assert (found["df"], found["p_value"]) == pytest.approx((test.df, test.pvalue), rel=1e-10)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((low, high), rel=1e-10)
    other = CompareMeans(DescrStatsW(first), DescrStatsW(second)).tconfint_diff(usevar="unequal")
    assert (found["ci_low"], found["ci_high"]) == pytest.approx(other, rel=1e-10)


def test_hedges_g_is_the_difference_in_pooled_deviations_made_smaller() -> None:
    first, second = Moments(n=12, mean=4.0, sd=1.0), Moments(n=10, mean=3.0, sd=1.4)
    pooled = math.sqrt((11 * 1.0 + 9 * 1.96) / 20)
    assert welch(first, second)["effect"] == pytest.approx((1 - 3 / (4 * 20 - 1)) / pooled, rel=1e-3)


@pytest.mark.parametrize(
    "second", [Moments(n=1, mean=3.0, sd=math.nan), Moments(n=0, mean=math.nan, sd=math.nan)]
)
def test_too_few_values_give_no_interval(second: Moments) -> None:
    found = welch(Moments(n=9, mean=3.5, sd=0.5), second)
    assert math.isnan(found["se"])
    assert math.isnan(found["ci_low"])
    assert math.isnan(found["effect"])


def test_nothing_that_varies_gives_no_interval() -> None:
    found = welch(Moments(n=9, mean=3.0, sd=0.0), Moments(n=9, mean=2.0, sd=0.0))
    assert found["difference"] == 1.0
    assert math.isnan(found["se"])


def test_clustered_errors_are_the_sandwich_of_group_totals() -> None:
    """By hand: V = c (X'X)^-1 (sum over clusters of s s') (X'X)^-1, s = X'e, c = G/(G-1) (n-1)/(n-2)."""
    rng = np.random.default_rng(9)
    clusters = np.repeat(np.arange(14), 8)
    first = rng.random(len(clusters)) < 0.5
    values = rng.normal(size=len(clusters)) + rng.normal(size=14)[clusters] + 0.3 * first
    design = np.column_stack([np.ones(len(values)), first])
    bread = np.linalg.inv(design.T @ design)
    residual = values - design @ bread @ design.T @ values
    totals = np.array([design[clusters == g].T @ residual[clusters == g] for g in range(14)])
    scale = 14 / 13 * (len(values) - 1) / (len(values) - 2)
    se = math.sqrt((scale * bread @ totals.T @ totals @ bread)[1, 1])
    found = clustered(values, first, clusters=clusters.astype(object))
    assert found["se"] == pytest.approx(se, rel=1e-10)
    difference = values[first].mean() - values[~first].mean()
    half = stats.t.ppf(0.975, 13) * se
    assert found["ci_low"] == pytest.approx(difference - half, rel=1e-9)
    assert found["ci_high"] == pytest.approx(difference + half, rel=1e-9)
    assert found["clusters"] == 14


def test_clustered_intervals_are_wider_when_whole_teams_moved() -> None:
    rng = np.random.default_rng(2)
    clusters = np.repeat(np.arange(30), 10)
    first = clusters < 15
    values = rng.normal(size=300) + rng.normal(size=30)[clusters]
    plain = welch(moments_of(values[first]), moments_of(values[~first]))
    assert clustered(values, first, clusters=clusters.astype(object))["se"] > 1.5 * plain["se"]


def test_one_cluster_or_one_side_gives_no_error() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0])
    first = np.array([True, True, False, False])
    assert math.isnan(clustered(values, first, clusters=np.array(["a"] * 4, dtype=object))["se"])
    sides = np.ones(4, dtype=bool)
    assert math.isnan(clustered(values, sides, clusters=np.array(list("abcd"), dtype=object))["se"])
