"""Information and casewise scores of the means and covariances themselves, from incomplete answers.

The moments are in the order mean (p), then the lower triangle of the covariance by columns (p (p + 1) / 2).
Each function can be evaluated at the saturated estimate ("unstructured") or at a model's moments
(("structured"). With fixed exogenous variables x, which every case must have answered, their means and their
covariances among themselves are no parameters and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import lu_factor, lu_solve, solve_triangular
from scipy.linalg.lapack import dpotrf

from jq_models.numeric.moments import Array, Whole
from jq_models.sem.derivatives import Places, expected_rows
from jq_models.sem.missing.information import (
    View,
    complete_rows,
    expected_hidden_rows,
    hidden_rows,
    score_chunks,
    view,
)
from jq_models.sem.missing.patterns import MissingData, completed


def saturated_information(
    data: MissingData, *, mean: Array, covariance: Array, kind: str = "observed", x: Sequence[int] = ()
) -> Array:
    """Return the information of one case about the moments, shape (moments, moments).

    Parameters
    ----------
    data : MissingData
    mean : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
        Positive definite.
    kind : {"observed", "expected"}
        "expected" is taken over the patterns found, as if answers were missing completely at random.
    x : sequence of int
        Places of the fixed exogenous variables.
    """
    return _information(_view(data, mean, covariance, x=x), kind=kind)


def saturated_scores(data: MissingData, *, mean: Array, covariance: Array, x: Sequence[int] = ()) -> Array:
    """Return d log-likelihood of every kept case / d moments, shape (n, moments), weights not applied."""
    seen = _view(data, mean, covariance, x=x)
    scores = np.empty((len(data.values), len(seen.s)))
    for cases, rows in score_chunks(seen):
        scores[cases] = rows
    return scores


def saturated_trace(
    data: MissingData,
    *,
    mean: Array,
    covariance: Array,
    clusters: Whole | None = None,
    kind: str = "observed",
    x: Sequence[int] = (),
) -> float:
    """Return tr(A^-1 B), A the information of the moments and B the products of their scores.

    The first term of the scaling factor of Yuan and Bentler (2000, Sociological Methodology 30, 165-200), as
    Mplus and lavaan compute it. Scores are multiplied by the cases' weights.

    Parameters
    ----------
    data : MissingData
    mean : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
    clusters : ndarray of int, shape (n,), optional
        Cluster codes from 0 to J - 1 of the kept cases: scores are summed by cluster first. The factor
        J / (J - 1) is not applied.
    kind : {"observed", "expected"}
    x : sequence of int
        Places of the fixed exogenous variables.
    """
    seen = _view(data, mean, covariance, x=x)
    A = _information(seen, kind=kind)
    blocks = (_weighted(data, cases, rows) for cases, rows in score_chunks(seen))
    if clusters is not None:
        sums = np.zeros((int(clusters.max()) + 1, len(A)))
        for cases, rows in score_chunks(seen):
            np.add.at(sums, clusters[cases], _weighted(data, cases, rows))
        blocks = (part for part in (sums,))
    root, failed = dpotrf(A, lower=1)
    if failed:
        factors = lu_factor(A)
        return sum(float((rows.T * lu_solve(factors, rows.T)).sum()) for rows in blocks) / data.n
    halves = (solve_triangular(root, rows.T, lower=True, check_finite=False) for rows in blocks)
    return sum(float(np.vdot(half, half)) for half in halves) / data.n


def _information(seen: View, *, kind: str) -> Array:
    if kind == "expected":
        return expected_rows(seen.places, seen.G, s=seen.s) - expected_hidden_rows(seen)
    return complete_rows(seen) - hidden_rows(seen)


def _weighted(data: MissingData, cases: Whole, rows: Array) -> Array:
    return rows if data.weights is None else rows * data.weights[cases][:, None]


def _view(data: MissingData, mean: Array, covariance: Array, *, x: Sequence[int]) -> View:
    at = completed(data, mean=mean, covariance=covariance)
    if at is None:
        raise FloatingPointError("The covariance matrix is not positive definite: no information there.")
    places = _moment_places(len(mean), x)
    return view(data, at, places=places, s=places.level, W=np.eye(len(mean)))


def _moment_places(p: int, x: Sequence[int]) -> Places:
    own = np.setdiff1d(np.arange(p), np.asarray(x, dtype=np.intp))
    j, i = np.triu_indices(p)
    kept = np.isin(i, own) | np.isin(j, own)
    i, j = i[kept], j[kept]
    k = len(own) + len(i)
    nowhere, nothing = np.zeros(k, dtype=np.intp), np.zeros(k)
    return Places(
        rows=np.arange(k),
        u=np.concatenate([own, i]),
        v=np.concatenate([np.zeros_like(own), j]),
        c=np.concatenate([np.zeros(len(own)), np.where(i == j, 0.5, 1.0)]),
        source=nowhere,
        effect=nowhere,
        other=nowhere,
        slope=nothing,
        path=nothing,
        psi=nothing,
        level=np.concatenate([np.ones(len(own)), np.zeros(len(i))]),
    )
