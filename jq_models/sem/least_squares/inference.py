"""Standard errors, tests and the independence model of least squares; no s x s matrix if W is diagonal.

Covariance of the estimates: (D'WD)^-1 D'W Gamma W D (D'WD)^-1 / (N - G), with D'WD summed over groups by
n_g / N (Browne, 1984; lavaan 0.6-14's "robust.sem" divides so). With x_i a case's influence on the statistics
in units of W^1/2 and r_i its part in the estimates, (D'WD)^-1/2 D'W x_i,

    tr(U Gamma) = mean x_i'x_i - mean r_i'r_i,  tr((U Gamma)^2) = mean (x_i'x_j - r_i'r_j)^2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import blas, solve_triangular

from jq_models.numeric.moments import Array
from jq_models.sem.derivatives import Point
from jq_models.sem.estimators import Estimator
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.least_squares.statistics import SampleStatistics
from jq_models.sem.robust.sandwich import sandwich_vcov
from jq_models.sem.robust.scaled_test import TestStatistic, scaled_shifted_test, standard_test


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """The covariance matrix of the estimates (k, k), the test of the model and that of independence."""

    vcov: Array
    test: TestStatistic
    baseline: TestStatistic


def least_squares_inference(
    estimator: Estimator, discrepancy: LeastSquares, *, theta: Array, point: Point, df: int, identified: bool
) -> Inference:
    """Compute what follows from the estimates.

    Parameters
    ----------
    estimator : Estimator
    discrepancy : LeastSquares
    theta : ndarray, shape (k,)
    point : Point
        At theta, with information.
    df : int
    identified : bool
        Else the covariance matrix and scaled statistics are NaN.
    """
    statistics = discrepancy.statistics
    # F is never negative; rounding may be, when df = 0
    chi_square = max(discrepancy.n * point.objective, 0.0)
    independent = independence_chi_square(statistics)
    pairs = sum(len(s.layout.first) for s in statistics)
    vcov = np.full_like(point.information, np.nan)
    if estimator.se == "standard":
        if identified:
            vcov = sandwich_vcov(point.information, point.information, n=discrepancy.divisor)
        return Inference(
            vcov=vcov, test=standard_test(chi_square, df), baseline=standard_test(independent, pairs)
        )
    spreads = [spread_of(s) for s in statistics]
    trace = square = np.nan
    if identified:
        rows = discrepancy.casewise(theta)
        middle = _products(rows) / discrepancy.n
        vcov = sandwich_vcov(point.information, middle, n=discrepancy.divisor)
        trace, square = _traces(discrepancy, theta, spreads=spreads, rows=rows, information=point.information)
    own_trace, own_square = independence_traces(spreads)
    return Inference(
        vcov=vcov,
        test=scaled_shifted_test(chi_square, df, trace=trace, trace_of_square=square),
        baseline=scaled_shifted_test(independent, pairs, trace=own_trace, trace_of_square=own_square),
    )


def _traces(
    discrepancy: LeastSquares,
    theta: Array,
    *,
    spreads: Sequence[Spread],
    rows: Sequence[Array],
    information: Array,
) -> tuple[float, float]:
    """Return `model_traces`, by ULS without the means that have an intercept of their own.

    Those take no part in U, but in small units they are so much larger than covariances that the difference
    of two sums of theirs would leave nothing of the latter.
    """
    statistics = discrepancy.statistics
    alone = [np.zeros(s.layout.size, dtype=bool) for s in statistics]
    used = np.ones(discrepancy.n_free, dtype=bool)
    if all(s.unweighted and not any(s.layout.levels) for s in statistics):
        D = [
            model.jacobian(at).dense() @ model.matrices.design[model.places.rows]
            for model, at in zip(discrepancy.models, discrepancy.implied(theta), strict=True)
        ]
        single = sum((d != 0.0).sum(axis=0) for d in D) == 1
        for own, d, s in zip(alone, D, statistics, strict=True):
            heads = len(s.layout.item)
            own[:heads] = (d[:heads, single] != 0.0).any(axis=1)
            used &= ~(single & (d[:heads] != 0.0).any(axis=0))
    if used.all():
        return model_traces(spreads, rows, information)
    rest = LeastSquares(
        discrepancy.groups,
        [replace(s, weight=np.where(own, 0.0, s.weight)) for s, own in zip(statistics, alone, strict=True)],
    )
    return model_traces(
        [spread_of(s) for s in rest.statistics],
        [r[:, used] for r in rest.casewise(theta)],
        rest.point(theta).information[np.ix_(used, used)],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Influences of one group in units of W^1/2, and sums over pairs of cases.

    Attributes
    ----------
    units : ndarray, shape (n, s)
    margins : int
        Number of thresholds, means and variances, which come first.
    whole, pairs : float
        Sums of (x_i'x_j)^2, of all statistics and of the covariances alone.
    """

    units: Array
    margins: int
    whole: float
    pairs: float


def spread_of(sample: SampleStatistics) -> Spread:
    """Put a group's influences in the units of a diagonal W."""
    assert sample.influence is not None
    X, margins = sample.influence * np.sqrt(sample.weight), sample.layout.margins
    # the products of the smaller side; a column-major matrix is what BLAS takes without a copy
    X = np.asfortranarray(X)
    if len(X) <= X.shape[1]:
        own = blas.dsyrk(1.0, X[:, margins:])
        pairs = _square_sum(own)
        whole = _square_sum(blas.dsyrk(1.0, X[:, :margins], beta=1.0, c=own, overwrite_c=1))
    else:
        gram = blas.dsyrk(1.0, X, trans=1)
        whole, pairs = _square_sum(gram), _square_sum(gram[margins:, margins:])
    return Spread(units=X, margins=margins, whole=whole, pairs=pairs)


def _square_sum(upper: Array) -> float:
    """Return the sum of squares of a symmetric matrix whose lower triangle is left zero."""
    diagonal = np.diag(upper)
    return 2.0 * float(np.sum(upper * upper)) - float(diagonal @ diagonal)


def _products(rows: Sequence[Array]) -> Array:
    return sum((r.T @ r for r in rows[1:]), start=rows[0].T @ rows[0])


def model_traces(spreads: Sequence[Spread], rows: Sequence[Array], information: Array) -> tuple[float, float]:
    """Return tr(U Gamma) and tr((U Gamma)^2) of the model.

    Parameters
    ----------
    spreads : sequence of Spread
    rows : sequence of ndarray, shape (n_g, k)
        `LeastSquares.casewise`.
    information : ndarray, shape (k, k)
        D'WD, positive definite.
    """
    n = sum(len(s.units) for s in spreads)
    root = np.linalg.cholesky(information)
    low = [solve_triangular(root, r.T, lower=True, check_finite=False).T for r in rows]
    model = _products(low) / n
    trace = sum(float(np.sum(s.units**2)) / len(s.units) for s in spreads) - float(np.trace(model))
    square = float(np.sum(model**2))
    for s, r in zip(spreads, low, strict=True):
        cross = s.units.T @ r
        size = len(s.units)
        square += s.whole / size**2 - 2.0 * float(np.sum(cross**2)) / (size * n)
    return trace, square


def independence_traces(spreads: Sequence[Spread]) -> tuple[float, float]:
    """Return both traces of the independence model: its margins are saturated."""
    own = [(s.units[:, s.margins :], s.pairs) for s in spreads]
    trace = sum(float(np.sum(X**2)) / len(X) for X, _ in own)
    return trace, sum(pairs / len(X) ** 2 for X, pairs in own)


def independence_chi_square(statistics: Sequence[SampleStatistics]) -> float:
    """Return the chi-square of independent items: sum (n_g - 1) r'W r, thresholds, means, variances free."""
    total = 0.0
    for s in statistics:
        h = s.layout.margins
        r, W = s.vector[h:], s.weight
        if W.ndim == 1:
            value = float(r @ (W[h:] * r))
        else:
            # free margins take up what they can of the weighted residual
            value = float(r @ W[h:, h:] @ r)
            cross = W[:h, h:] @ r
            value -= float(cross @ np.linalg.solve(W[:h, :h], cross))
        total += (s.n - 1) * value
    return total
