"""Thresholds give the wanted moments; their covariance agrees with bivariate normal probabilities."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from jq_models.data.likert import answer, answer_covariance, thresholds, wanted_skew
from jq_models.errors import DataError


@pytest.mark.parametrize("mean", [2.4, 3.0, 3.5, 3.9])
def test_answers_get_the_wanted_mean_spread_and_skew(mean):
    cuts = thresholds(mean, sd=1.0, skew=wanted_skew(mean))
    answers = answer(np.random.default_rng(7).standard_normal(400_000), cuts)
    deviation = answers - answers.mean()
    assert set(np.unique(answers)) == {1, 2, 3, 4, 5}
    assert answers.mean() == pytest.approx(mean, abs=0.008)
    assert answers.std() == pytest.approx(1.0, abs=0.008)
    assert (deviation**3).mean() / answers.std() ** 3 == pytest.approx(wanted_skew(mean), abs=0.02)


def test_the_long_tail_points_towards_the_midpoint():
    assert wanted_skew(3.8) < 0 == wanted_skew(3.0) < wanted_skew(2.5)


def test_moments_out_of_reach_are_refused():
    with pytest.raises(DataError, match=r"No thresholds give a mean of 4\.9"):
        thresholds(4.9, sd=1.5, skew=0.0)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.3, 0.77])
def test_covariance_of_answers_agrees_with_bivariate_normal_probabilities(correlation):
    cuts = np.array([thresholds(3.8, sd=1.0, skew=-0.6), thresholds(2.5, sd=1.0, skew=0.4)])
    # E[(x - 1)(y - 1)] = sum over thresholds of P(x > i, y > j); by symmetry the lower orthant at -tau
    normal = multivariate_normal(cov=[[1, correlation], [correlation, 1]])
    product = sum(normal.cdf([-a, -b]) for a in cuts[0] for b in cuts[1])
    expected = product - (3.8 - 1) * (2.5 - 1)
    found = answer_covariance(np.array([[1.0, correlation], [correlation, 1.0]]), cuts)
    assert found[0, 1] == pytest.approx(expected, abs=1e-6)
    assert found[1, 0] == pytest.approx(found[0, 1], abs=1e-15)
