"""Cases by missing pattern, and their expected moments."""

from __future__ import annotations

import numpy as np
import pytest

from jq_models.errors import DataError
from jq_models.numeric.moments import Array
from jq_models.sem.missing.patterns import completed, missing_data, patterns_of

NAN = np.nan
FEW = np.array(
    [[1.0, 2.0, 3.0], [NAN, 1.0, 2.0], [4.0, NAN, NAN], [NAN, 0.0, 5.0], [NAN, NAN, NAN], [2.0, NAN, 1.0]]
)


def simulated(n: int, p: int, *, rate: float, seed: int) -> Array:
    random = np.random.default_rng(seed)
    cases = random.normal(size=(n, 1)) + random.normal(size=(n, p))
    cases[random.random((n, p)) < rate] = NAN
    return cases


def one_by_one(cases: Array, mean: Array, covariance: Array) -> Array:
    """Return the log-density of each case's answers, by the textbook's formula."""
    result = []
    for case in cases:
        there = ~np.isnan(case)
        z, own = (case - mean)[there], covariance[np.ix_(there, there)]
        result.append(
            -0.5 * (there.sum() * np.log(2 * np.pi) + np.linalg.slogdet(own)[1] + z @ np.linalg.solve(own, z))
        )
    return np.array(result)


def test_groups_hold_every_case_once() -> None:
    patterns = patterns_of(FEW)
    assert patterns.kept.tolist() == [0, 1, 2, 3, 5]
    assert patterns.n_dropped == 1
    assert patterns.complete.tolist() == [0]
    assert patterns.n_patterns == 4
    one, two = patterns.groups
    assert one.missing.tolist() == [[1], [0]]
    assert one.cases.tolist() == [4, 1, 3]
    assert one.which.tolist() == [0, 1, 1]
    assert two.missing.tolist() == [[1, 2]]
    assert two.cases.tolist() == [2]


def test_complete_cases_make_no_group() -> None:
    patterns = patterns_of(FEW[:1])
    assert patterns.groups == ()
    assert patterns.n_patterns == 1


def test_nothing_observed_is_said() -> None:
    with pytest.raises(DataError, match="No case has an answer"):
        patterns_of(np.full((3, 2), NAN))


def test_infinite_answers_are_refused() -> None:
    with pytest.raises(DataError, match="infinite"):
        patterns_of(np.array([[np.inf, 1.0]]))


def test_pattern_counts_add_up_weights() -> None:
    data = missing_data(FEW, patterns_of(FEW), weights=np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
    assert [c.tolist() for c in data.counts] == [[6.0, 6.0], [3.0]]
    assert data.n == 16.0


def test_log_likelihood_of_each_case() -> None:
    cases = simulated(120, 6, rate=0.3, seed=1)
    data = missing_data(cases, patterns_of(cases))
    mean, covariance = np.linspace(-0.3, 0.3, 6), np.eye(6) + 0.6
    at = completed(data, mean=mean, covariance=covariance)
    assert at is not None
    expected = one_by_one(cases[data.patterns.kept], mean, covariance)
    np.testing.assert_allclose(at.log_likelihoods, expected, rtol=1e-12)
    assert at.log_likelihood == pytest.approx(expected.sum(), rel=1e-13)


def test_missing_answers_are_expected_by_regression() -> None:
    cases = simulated(80, 4, rate=0.25, seed=2)
    data = missing_data(cases, patterns_of(cases))
    mean, covariance = np.full(4, 0.2), np.eye(4) + 0.5
    at = completed(data, mean=mean, covariance=covariance)
    assert at is not None
    second = np.zeros((4, 4))
    for case, residual in zip(cases[data.patterns.kept], at.residuals, strict=True):
        o, m = np.flatnonzero(~np.isnan(case)), np.flatnonzero(np.isnan(case))
        weights = np.linalg.solve(covariance[np.ix_(o, o)], covariance[np.ix_(o, m)])
        expected = np.zeros(4)
        expected[o] = (case - mean)[o]
        expected[m] = expected[o] @ weights
        np.testing.assert_allclose(residual, expected, atol=1e-13)
        second += np.multiply.outer(expected, expected)
        second[np.ix_(m, m)] += covariance[np.ix_(m, m)] - covariance[np.ix_(m, o)] @ weights
    np.testing.assert_allclose(at.moments, second / data.n, rtol=1e-12, atol=1e-13)


def test_a_weight_of_two_is_the_case_twice() -> None:
    cases = simulated(50, 4, rate=0.25, seed=3)
    cases = cases[~np.isnan(cases).all(axis=1)]
    weights = np.ones(len(cases))
    weights[:7] = 2.0
    twice = np.vstack([cases, cases[:7]])
    found = [
        completed(data, mean=np.zeros(4), covariance=np.eye(4) + 0.5)
        for data in (
            missing_data(cases, patterns_of(cases), weights=weights),
            missing_data(twice, patterns_of(twice)),
        )
    ]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].log_likelihood == pytest.approx(found[1].log_likelihood, rel=1e-13)
    np.testing.assert_allclose(found[0].moments, found[1].moments, rtol=1e-12)
    np.testing.assert_allclose(found[0].shift, found[1].shift, rtol=1e-12)


@pytest.mark.parametrize("covariance", [-np.eye(3), np.ones((3, 3)), np.full((3, 3), NAN)])
def test_no_completion_without_a_positive_definite_matrix(covariance: Array) -> None:
    data = missing_data(FEW, patterns_of(FEW))
    assert completed(data, mean=np.zeros(3), covariance=covariance) is None
