"""Moments of many samples by one product: against numpy on the repeated rows."""

from __future__ import annotations

import numpy as np
import pytest

from jq_models.numeric import drawn
from jq_models.numeric.drawn import GroupMoments
from jq_models.numeric.resampling import Resampling


def made(n: int = 40, p: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    cases = rng.standard_normal((n, p)) @ rng.standard_normal((p, p)) + 1000.0
    counts = rng.multinomial(n, np.full(n, 1 / n), size=6).astype(float)
    return cases, counts


@pytest.mark.parametrize("held", [8_000_000, 60], ids=["whole", "by blocks of cases"])
def test_moments_of_drawn_samples(held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "HELD", held)
    cases, counts = made()
    found = GroupMoments(cases).moments(counts, None)
    for k, times in enumerate(counts):
        rows = np.repeat(cases, times.astype(int), axis=0)
        np.testing.assert_allclose(found.mean[k], rows.mean(axis=0), rtol=1e-13)
        np.testing.assert_allclose(found.covariance[k], np.cov(rows.T, ddof=0), atol=1e-10)
        assert (found.size[k], found.weight[k]) == (len(rows), len(rows))
    one = found.of(2, tuple("abcde"))
    assert (one.n, one.names) == (40, tuple("abcde"))


def test_weights_count_beside_the_draws() -> None:
    cases, counts = made()
    weights = np.random.default_rng(2).uniform(0.5, 2.0, size=len(cases))
    found = GroupMoments(cases).moments(counts, weights)
    for k, times in enumerate(counts):
        w = times * weights
        mean = w @ cases / w.sum()
        np.testing.assert_allclose(found.mean[k], mean, rtol=1e-13)
        expected = ((cases - mean).T * w) @ (cases - mean) / w.sum()
        np.testing.assert_allclose(found.covariance[k], expected, atol=1e-10)
        assert found.size[k] == times.sum()
        assert found.weight[k] == pytest.approx(w.sum())


def test_a_sample_without_cases_has_no_moments() -> None:
    cases, counts = made()
    counts[1] = 0.0
    found = GroupMoments(cases).moments(counts, None)
    assert np.isnan(found.covariance[1]).all()
    assert np.isfinite(found.covariance[[0, 2, 3, 4, 5]]).all()


def test_each_stratum_is_drawn_as_often_as_it_is_large() -> None:
    groups = Resampling(
        unit=np.arange(30), strata=(np.arange(10), np.arange(10, 30)), ends=np.array([10, 30])
    )
    for k in range(20):
        first, second = groups.counts(4, k)
        assert (len(first), first.sum(), len(second), second.sum()) == (10, 10, 20, 20)


def test_clusters_stay_whole() -> None:
    unit = np.array([2, 0, 1, 1, 0, 2, 2])
    whole = Resampling(unit=unit, strata=(np.arange(3),), ends=np.array([7]))
    seen = set()
    for k in range(50):
        times = whole.counts(4, k)[0]
        by_unit = [{*times[unit == u]} for u in range(3)]
        assert all(len(values) == 1 for values in by_unit)
        assert sum(v for values in by_unit for v in values) == 3
        seen.add(tuple(times))
    assert len(seen) > 5


def test_a_replicate_is_the_same_whoever_draws_it_and_with_how_many_others() -> None:
    cases = Resampling(unit=np.arange(12), strata=(np.arange(12),), ends=np.array([5, 12]))
    many = cases.times(9, range(3, 8))
    for row, k in enumerate(range(3, 8)):
        np.testing.assert_array_equal(many[row], cases.times(9, range(k, k + 1))[0])
        np.testing.assert_array_equal(many[row], np.concatenate(cases.counts(9, k)))
    assert not np.array_equal(many[0], many[1])
    assert not np.array_equal(many[0], cases.times(10, range(3, 4))[0])


def test_cases_are_drawn_evenly() -> None:
    times = Resampling(unit=np.arange(20), strata=(np.arange(20),), ends=np.array([20])).times(1, range(2000))
    # each case once on average; five standard errors of a mean of 2,000 counts with variance .95
    np.testing.assert_allclose(times.mean(axis=0), 1.0, atol=5 * np.sqrt(0.95 / 2000))
