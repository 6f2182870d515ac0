"""The kernel for many samples against the one for a single sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from references import reference

from jq_models.numeric import drawn as drawn_moments
from jq_models.numeric.drawn import Drawn, GroupMoments
from jq_models.numeric.moments import Array, moments_from
from jq_models.sem import SemFit, fit_sem
from jq_models.sem.covariance import inverse
from jq_models.sem.normal import NormalTheory
from jq_models.sem.optimise import minimise
from jq_models.sem.resampling.batched import (
    BatchedNormal,
    BatchMoments,
    at_moments,
    each,
    fixed_at,
    log_determinants,
    sample_rows,
)
from jq_models.sem.resampling.search import minimise_batch
from jq_models.sem.resampling.status import admissible
from jq_models.sem.status import judge

FitOf = Callable[[str], SemFit]
CASES = (
    "holzinger",
    "political_democracy",
    "second_order",
    "covariates",
    "observed_paths",
    "means",
    "groups",
)
B = 5


def fit_called(name: str, fit_of: FitOf) -> SemFit:
    case = reference("holzinger")
    if name == "means":
        return fit_sem(
            reference("political_democracy").text, reference("political_democracy").data, meanstructure=True
        )
    if name == "groups":
        return fit_sem(case.text, case.data, group="school", equal=("loadings", "intercepts"))
    return fit_of(name)


def drawn(fit: SemFit, *, weights: list[Array] | None = None) -> list[Drawn]:
    """B resamples of every group."""
    rng, found = np.random.default_rng(8), []
    for g, cases in enumerate(fit.sample.require_cases("a test")):
        counts = rng.multinomial(len(cases), np.full(len(cases), 1 / len(cases)), size=B).astype(float)
        found.append(GroupMoments(cases).moments(counts, None if weights is None else weights[g]))
    return found


def batch(fit: SemFit, samples: list[Drawn]) -> list[BatchMoments]:
    n = np.sum([d.size for d in samples], axis=0)
    return [
        BatchMoments(
            covariance=d.covariance,
            mean=d.mean,
            share=d.size / n,
            saturated=log_determinants(d.covariance) + d.mean.shape[1],
            fixed=fixed_at(g, sample_rows(g).values(d.covariance, d.mean)),
        )
        for g, d in zip(fit.groups, samples, strict=True)
    ]


def single(fit: SemFit, samples: list[Drawn], i: int) -> NormalTheory:
    moments = [d.of(i, fit.parameters.observed) for d in samples]
    groups = [at_moments(g, m) for g, m in zip(fit.groups, moments, strict=True)]
    return NormalTheory(groups, moments, means=fit.parameters.meanstructure)


@pytest.mark.parametrize("name", CASES)
def test_objective_and_gradient_are_those_of_one_sample(fit_of: FitOf, name: str) -> None:
    fit = fit_called(name, fit_of)
    samples, rng = drawn(fit), np.random.default_rng(1)
    theta = fit.theta + 0.05 * rng.uniform(-1, 1, (B, len(fit.theta))) * np.abs(fit.theta)
    normal = BatchedNormal(fit.groups, means=fit.parameters.meanstructure)
    objective, gradient = normal.values(batch(fit, samples), theta)
    for i in range(B):
        point = single(fit, samples, i).point(theta[i], curvature="none")
        np.testing.assert_allclose(objective[i], point.objective, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(gradient[i], point.gradient, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", CASES)
def test_search_ends_where_the_single_one_does(fit_of: FitOf, name: str) -> None:
    fit = fit_called(name, fit_of)
    samples = drawn(fit)
    n = np.sum([d.size for d in samples], axis=0)
    normal = BatchedNormal(fit.groups, means=fit.parameters.meanstructure)
    found = minimise_batch(
        normal, batch(fit, samples), start=fit.theta, inverse=inverse(fit.information), n=n
    )
    assert found.converged.any()
    for i in np.flatnonzero(found.converged):
        exact = minimise(single(fit, samples, i), fit.theta)
        np.testing.assert_allclose(found.theta[i], exact.theta, atol=1e-5, rtol=1e-5)
        np.testing.assert_allclose(n[i] * found.objective[i], n[i] * exact.point.objective, atol=1e-7)


def test_sigma_not_positive_definite_spoils_no_other(holzinger_fit: SemFit) -> None:
    samples, fit = drawn(holzinger_fit), holzinger_fit
    normal = BatchedNormal(fit.groups, means=False)
    theta = np.tile(fit.theta, (B, 1))
    objective, gradient = normal.values(batch(fit, samples), theta)
    # every variance below 0, and not a number
    theta[1], theta[3] = -np.abs(fit.theta), np.nan
    spoilt, slopes = normal.values(batch(fit, samples), theta)
    assert np.isinf(spoilt[[1, 3]]).all()
    good = [0, 2, 4]
    np.testing.assert_allclose(spoilt[good], objective[good], rtol=1e-13)
    np.testing.assert_allclose(slopes[good], gradient[good], atol=1e-13)


def test_refused_matrices_become_nan() -> None:
    stack = np.stack([np.eye(2), np.zeros((2, 2)), 2 * np.eye(2)])
    found = each(np.linalg.inv, stack)
    assert np.isnan(found[1]).all()
    np.testing.assert_array_equal(found[[0, 2]], stack[[0, 2]] / np.array([1, 4])[:, None, None])


@pytest.mark.parametrize("held", [8_000_000, 9 * 10 // 2 * 50])
def test_moments_from_counts_are_those_of_repeated_cases(
    holzinger_fit: SemFit, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_moments, "HELD", held)
    cases = holzinger_fit.sample.require_cases("a test")[0] + 100.0
    rng = np.random.default_rng(4)
    weights = rng.uniform(0.5, 2, len(cases))
    counts = rng.multinomial(len(cases), np.full(len(cases), 1 / len(cases)), size=3).astype(float)
    names = holzinger_fit.parameters.observed
    for w in (None, weights):
        found = GroupMoments(cases).moments(counts, w)
        for i in range(3):
            chosen = np.repeat(np.arange(len(cases)), counts[i].astype(int))
            wanted = moments_from(cases[chosen], names, weights=None if w is None else w[chosen])
            np.testing.assert_allclose(found.covariance[i], wanted.covariance, atol=1e-12)
            np.testing.assert_allclose(found.mean[i], wanted.mean, atol=1e-12)
            assert found.of(i, names).n == wanted.n


@pytest.mark.parametrize("name", ["holzinger", "second_order", "political_democracy"])
def test_admissible_as_the_status_says(fit_of: FitOf, name: str) -> None:
    fit, rng = fit_of(name), np.random.default_rng(2)
    theta = fit.theta + rng.normal(size=(60, len(fit.theta))) * np.abs(fit.theta) * rng.uniform(0, 1, (60, 1))
    point = fit.discrepancy.point(fit.theta)
    wanted = [judge(fit.groups, row, point=point, moments=1000, iterations=0).admissible for row in theta]
    assert 0 < sum(wanted) < 60
    found = admissible(fit.groups, theta, fixed=[g.fixed[None] for g in fit.groups])
    np.testing.assert_array_equal(found, wanted)


def test_covariates_are_fixed_at_the_moments_of_the_sample(fit_of: FitOf) -> None:
    fit = fit_of("covariates")
    doubled = replace(fit.moments, covariance=2.0 * fit.moments.covariance)
    moved = at_moments(fit.matrices, doubled)
    rows = sample_rows(fit.matrices).row
    assert [fit.parameters.rows[i].sample for i in rows] == [True] * 3
    np.testing.assert_allclose(moved.fixed[rows], 2.0 * fit.matrices.fixed[rows])
    others = np.setdiff1d(np.arange(len(moved.fixed)), rows)
    np.testing.assert_array_equal(moved.fixed[others], fit.matrices.fixed[others])


@pytest.fixture
def holzinger_fit(fit_of: FitOf) -> SemFit:
    return fit_of("holzinger")
