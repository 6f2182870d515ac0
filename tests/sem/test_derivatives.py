"""Gradient and information against numerical derivatives and the textbook formula."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from jq_models.sem import SemFit, discrepancy, filled, implied_at, jacobian
from jq_models.sem.derivatives import Point, derivative_columns, places_of
from jq_models.sem.normal import NormalTheory

FitOf = Callable[[str], SemFit]
# loadings, paths, labels, second order, covariates, lifted observed variables, fixed values
VARIED = ("political_democracy", "second_order", "covariates", "observed_paths", "equal_loadings")


def point_at(fit: SemFit, theta: np.ndarray, *, covariance: np.ndarray, curvature: str = "expected") -> Point:
    moments = dataclasses.replace(fit.moments, covariance=covariance)
    return NormalTheory(fit.groups, [moments], means=False).point(theta, curvature=curvature)


def away(fit: SemFit) -> np.ndarray:
    """A point that is not the optimum, where the gradient is far from 0."""
    rng = np.random.default_rng(3)
    return fit.theta + 0.05 * rng.uniform(-1, 1, len(fit.theta)) * np.abs(fit.theta)


@pytest.mark.parametrize("case", VARIED)
def test_gradient_against_finite_differences(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    theta, S = away(fit), fit.moments.covariance
    step = 1e-6
    numeric = [
        (
            discrepancy(implied_at(fit.matrices, theta + e), S)
            - discrepancy(implied_at(fit.matrices, theta - e), S)
        )
        / (2 * step)
        for e in step * np.eye(len(theta))
    ]
    gradient = point_at(fit, theta, covariance=S).gradient
    assert np.abs(gradient).max() > 0.01
    np.testing.assert_allclose(gradient, numeric, atol=2e-8, rtol=1e-6)


@pytest.mark.parametrize("case", VARIED)
def test_information_against_its_definition(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    theta = away(fit)
    p = len(fit.moments.names)
    derivative = jacobian(lambda t: implied_at(fit.matrices, t).ravel(), theta).T.reshape(-1, p, p)
    inverse = np.linalg.inv(implied_at(fit.matrices, theta))
    half = np.einsum("ij,ajk->aik", inverse, derivative)
    textbook = 0.5 * np.einsum("aij,bji->ab", half, half)
    point = point_at(fit, theta, covariance=fit.moments.covariance)
    np.testing.assert_allclose(point.information, textbook, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", VARIED)
def test_every_derivative_has_rank_two(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    p = len(fit.moments.names)
    columns = derivative_columns(filled(fit.matrices, fit.theta))
    at = places_of(fit.matrices)
    by_row = np.array(
        [
            factor * (np.outer(a, b) + np.outer(b, a))
            for a, b, factor in zip(columns[:, at.u].T, columns[:, at.v].T, at.c, strict=True)
        ]
    )
    by_theta = np.einsum("rk,rij->kij", fit.matrices.design[at.rows], by_row)
    exact = jacobian(lambda t: implied_at(fit.matrices, t).ravel(), fit.theta).T.reshape(-1, p, p)
    np.testing.assert_allclose(by_theta, exact, atol=1e-12)


def test_information_is_the_curvature_where_the_model_holds(fit_of: FitOf) -> None:
    fit = fit_of("holzinger")
    step = 1e-5
    ahead, behind = (
        [point_at(fit, fit.theta + sign * e, covariance=fit.implied).gradient for e in step * np.eye(21)]
        for sign in (1, -1)
    )
    curvature = (np.array(ahead) - np.array(behind)) / (2 * step)
    point = point_at(fit, fit.theta, covariance=fit.implied)
    assert abs(point.objective) < 1e-13
    np.testing.assert_allclose(curvature, 2 * point.information, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("case", VARIED)
def test_observed_information_against_finite_differences(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    theta, S = away(fit), fit.moments.covariance
    step = 1e-6
    numeric = [
        (
            point_at(fit, theta + e, covariance=S, curvature="none").gradient
            - point_at(fit, theta - e, covariance=S, curvature="none").gradient
        )
        / (4 * step)
        for e in step * np.eye(len(theta))
    ]
    found = point_at(fit, theta, covariance=S, curvature="observed")
    np.testing.assert_allclose(found.information, numeric, atol=3e-8, rtol=1e-6)
    assert not np.allclose(
        found.information, point_at(fit, theta, covariance=S).information, rtol=1e-2, atol=1e-3
    )


def test_vcov_is_inverse_information_over_n(fit_of: FitOf) -> None:
    fit = fit_of("holzinger")
    point = point_at(fit, fit.theta, covariance=fit.moments.covariance)
    np.testing.assert_allclose(fit.vcov @ point.information * fit.n, np.eye(21), atol=1e-9)


def test_discrepancy_of_a_matrix_that_is_not_positive_definite() -> None:
    assert discrepancy(np.array([[1.0, 2.0], [2.0, 1.0]]), np.eye(2)) == np.inf
    assert discrepancy(np.eye(2), np.eye(2)) == 0.0


def test_discrepancy_by_hand() -> None:
    # log|S| of diag(2, 3) against the identity: log 1 + (2 + 3) - log 6 - 2
    assert discrepancy(np.eye(2), np.diag([2.0, 3.0])) == pytest.approx(3 - np.log(6), rel=1e-14)


def test_a_point_out_of_the_space_has_no_derivatives(fit_of: FitOf) -> None:
    fit = fit_of("holzinger")
    point = point_at(fit, -fit.theta, covariance=fit.moments.covariance)
    assert point.objective == np.inf
    assert np.isnan(point.gradient).all()
