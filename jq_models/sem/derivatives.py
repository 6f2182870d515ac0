"""Maximum likelihood: discrepancy, gradient and expected information, by gathers.

Every derivative of Sigma has rank two: dSigma/da = c (u v' + v u'), with u and v columns of
W = [I, L A, L A Psi A'] and c = 1/2 for a variance, else 1. With G = W' Sigma^-1 W and
H = W' Sigma^-1 S Sigma^-1 W all that is needed are entries of G and H. The derivatives are those of
Joreskog (1970), Biometrika 57, 239-251, in this arrangement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_solve, cholesky

from jq_models.sem.matrices import LOADING, PSI, THETA, Filled, ModelMatrices, Whole, filled
from jq_models.sem.moments import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The maximum-likelihood discrepancy at one parameter vector.

    Attributes
    ----------
    objective : float
        F = log|Sigma| + tr(S Sigma^-1) - log|S| - p; infinite when Sigma is not positive definite.
    gradient : ndarray, shape (k,)
        dF / dtheta.
    information : ndarray, shape (k, k)
        Expected information of one case, 1/2 tr(Sigma^-1 dSigma_a Sigma^-1 dSigma_b): half the expected
        second derivative of F.
    """

    objective: float
    gradient: Array
    information: Array


def discrepancy(implied: Array, covariance: Array) -> float:
    """Return F_ML for an implied and a sample covariance matrix, both (p, p)."""
    try:
        root = cholesky(implied, lower=True)
    except np.linalg.LinAlgError:
        return np.inf
    sample_root = cholesky(covariance, lower=True)
    ratio = 2.0 * (np.log(np.diag(root)).sum() - np.log(np.diag(sample_root)).sum())
    return float(ratio + np.trace(cho_solve((root, True), covariance)) - len(implied))


def evaluate_at(matrices: ModelMatrices, theta: Array, *, covariance: Array) -> Point:
    """Evaluate objective, gradient and expected information.

    Parameters
    ----------
    matrices : ModelMatrices
    theta : ndarray, shape (k,)
    covariance : ndarray, shape (p, p)
        The sample covariance matrix, divisor N.
    """
    k = matrices.design.shape[1]
    nowhere = Point(objective=np.inf, gradient=np.full(k, np.nan), information=np.full((k, k), np.nan))
    if not np.isfinite(theta).all():
        return nowhere
    state = filled(matrices, theta)
    objective = discrepancy(state.implied, covariance)
    if not np.isfinite(objective):
        return nowhere
    factor = (cholesky(state.implied, lower=True), True)
    columns = derivative_columns(state)
    solved = cho_solve(factor, columns)
    G, H = columns.T @ solved, solved.T @ covariance @ solved
    u, v, c = derivative_places(matrices)
    gradient = 2.0 * c * (G - H)[u, v]
    pairs = G[np.ix_(u, u)] * G[np.ix_(v, v)] + G[np.ix_(u, v)] * G[np.ix_(v, u)]
    design = matrices.design
    return Point(
        objective=objective,
        gradient=design.T @ gradient,
        information=design.T @ (np.outer(c, c) * pairs) @ design,
    )


def derivative_columns(state: Filled) -> Array:
    """Return W = [I, L A, L A Psi A'], shape (p, p + 2 m)."""
    return np.hstack(
        [np.eye(len(state.implied)), state.loading @ state.total, state.loading @ state.latent_covariance]
    )


def derivative_places(matrices: ModelMatrices) -> tuple[Whole, Whole, Array]:
    """Return for every row of the table the columns u and v of W and the factor c, each (rows,)."""
    p, m = matrices.base.shape
    i, j, where = matrices.row, matrices.column, matrices.where
    u = np.where((where == LOADING) | (where == THETA), i, p + i)
    v = np.select([where == THETA, where == PSI], [j, p + j], default=p + m + j)
    symmetric = (where == PSI) | (where == THETA)
    c = np.where(symmetric & (i == j), 0.5, 1.0)
    return u, v, c
