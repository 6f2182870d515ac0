"""Robust covariance matrices of estimates, from casewise scores: no matrix of the size of p* x p*.

A is the information of one case and B the mean product of the casewise scores s_i = d log-likelihood_i /
d theta. With sampling weights a score counts w_i times; with clusters the scores are summed by cluster, and B
is multiplied by C / (C - 1), C the number of clusters in the group, as lavaan 0.6-14 does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from jq_models.errors import DataError
from jq_models.numeric.moments import Array, Whole
from jq_models.sem.derivatives import derivative_columns, mean_factor, places_of
from jq_models.sem.matrices import (
    ModelMatrices,
    filled,
)
from jq_models.sem.normal import evaluated, fold_of
from jq_models.sem.sample import GroupSample
from jq_models.sem.stationary import definite


def first_order_information(scores: Sequence[Array], groups: Sequence[GroupSample]) -> Array:
    """Return B, shape (k, k): the sum of the products of weighted scores, by N.

    Parameters
    ----------
    scores : sequence of ndarray, shape (n_g, k)
        Of the cases of each group, weights not applied.
    groups : sequence of GroupSample
        For weights and clusters; a cluster that lies in two groups counts in each.

    Raises
    ------
    DataError
        When a group has one cluster.
    """
    total = sum(g.size for g in groups)
    k = scores[0].shape[1]
    result: Array = np.zeros((k, k))
    for rows, group in zip(scores, groups, strict=True):
        weighted = rows if group.weights is None else rows * group.weights[:, None]
        if group.clusters is not None:
            weighted = cluster_sums(weighted, group.clusters)
            weighted *= np.sqrt(cluster_factor(len(weighted), label=group.label))
        result += weighted.T @ weighted
    return result / total


def cluster_sums(rows: Array, clusters: Whole) -> Array:
    """Sum rows (n, r) by cluster: (C, r)."""
    order = np.argsort(clusters, kind="stable")
    starts = np.flatnonzero(np.diff(clusters[order], prepend=-1))
    result: Array = np.add.reduceat(rows[order], starts, axis=0)
    return result


def cluster_factor(clusters: int, *, label: str = "") -> float:
    """Return C / (C - 1).

    Raises
    ------
    DataError
        With fewer than two clusters.
    """
    if clusters < 2:
        where = f"The group '{label}' has" if label else "There is"
        raise DataError(
            f"{where} only {clusters} cluster. Clustered standard errors need at least two, and are "
            "trustworthy from about thirty: leave `cluster` out."
        )
    return clusters / (clusters - 1)


def sandwich_vcov(information: Array, first_order: Array, *, n: float) -> Array:
    """Return A^-1 B A^-1 / N, shape (k, k): Huber (1967), White (1982); lavaan's "robust.huber.white".

    With the expected A and `gamma_meat` in the place of B it is lavaan's "robust.sem" (Satorra and Bentler
    1994). NaN when A is singular.
    """
    half = _solved(information, first_order)
    whole: Array = _solved(information, half.T) / n
    return (whole + whole.T) / 2.0


def first_order_vcov(first_order: Array, *, n: float) -> Array:
    """Return B^-1 / N, shape (k, k): the standard errors of MLF (Muthen and Muthen, Mplus).

    NaN when B is singular, as with fewer cases than parameters.
    """
    if not definite(first_order):
        return np.full_like(first_order, np.nan)
    whole = _solved(first_order, np.eye(len(first_order))) / n
    return (whole + whole.T) / 2.0


def trace_ratio(information: Array, first_order: Array) -> float:
    """Return tr(A^-1 B); NaN when A is singular."""
    return float(np.trace(_solved(information, first_order)))


def _solved(information: Array, right: Array) -> Array:
    """Solve in units of the diagonal: by Cholesky, else (a saddle's information) by elimination."""
    if not (np.isfinite(information).all() and np.isfinite(right).all()):
        return np.full_like(right, np.nan)
    diagonal = np.abs(np.diag(information))
    scale = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    units = information * np.multiply.outer(scale, scale)
    try:
        found = cho_solve(cho_factor(units, lower=True), right * scale[:, None])
    except np.linalg.LinAlgError:
        try:
            found = np.linalg.solve(units, right * scale[:, None])
        except np.linalg.LinAlgError:
            return np.full_like(right, np.nan)
    result: Array = found * scale[:, None]
    return result


def moment_rows(
    matrices: ModelMatrices, theta: Array, *, group: GroupSample, means: bool, x: Sequence[int] = ()
) -> Array:
    """Return Delta' V t_i of every case, centred, shape (n_g, k).

    t_i is the case's part of the sample moments, vech(d d' - h h') (and d - h with a mean structure), with d
    its deviation from the sample mean and h what the fixed exogenous variables predict of d; V is normal
    theory's weight matrix at the model's moments. The mean product of the rows is Delta' V Gamma V Delta with
    lavaan 0.6-14's Gamma (divisor N).

    Parameters
    ----------
    matrices : ModelMatrices
    theta : ndarray, shape (k,)
        Where Sigma is positive definite.
    group : GroupSample
        With complete cases.
    means : bool
        Whether there is a mean structure.
    x : sequence of int
        Places of the fixed exogenous variables.
    """
    at = evaluated(matrices, theta)
    if at is None or group.cases is None:
        raise FloatingPointError("Sigma is not positive definite at theta, or there are no cases.")
    places = places_of(matrices)
    fold = fold_of(matrices, places)
    d, h = deviations(group, x=x)
    s = mean_factor(at.state, places) if means else np.zeros(len(places.rows))
    carrier = at.precision @ at.carriers

    def rows_of(deviation: Array) -> Array:
        Z = deviation @ carrier
        rows: Array = Z[:, places.u] * Z[:, places.v] * places.c
        return rows + s * Z[:, places.u] if means else rows

    rows = rows_of(d) if h is None else rows_of(d) - rows_of(h)
    result = np.zeros((len(d), matrices.design.shape[1]))
    result[:, fold.columns] = fold.gradient(rows - rows.mean(axis=0))
    return result


def deviations(group: GroupSample, *, x: Sequence[int] = ()) -> tuple[Array, Array | None]:
    """Return d and h of `moment_rows`, each (n, p); h is None without fixed exogenous variables."""
    assert group.cases is not None
    d: Array = group.cases - group.moments.mean
    if not len(x):
        return d, None
    S, at = group.moments.covariance, list(x)
    h: Array = d[:, at] @ np.linalg.solve(S[np.ix_(at, at)], S[at])
    return d, h


def gamma_meat(rows: Sequence[Array], groups: Sequence[GroupSample]) -> Array:
    """Return Delta' V Gamma V Delta over groups, shape (k, k): the sum of the products of rows, by N.

    Parameters
    ----------
    rows : sequence of ndarray, shape (n_g, k)
        `moment_rows` of each group.
    groups : sequence of GroupSample
    """
    total = sum(g.n for g in groups)
    k = rows[0].shape[1]
    result: Array = np.zeros((k, k))
    for own in rows:
        result += own.T @ own
    return result / total


def moment_jacobian(matrices: ModelMatrices, theta: Array) -> Array:
    """Return d moments / d theta of one group, shape (p + p (p + 1) / 2, k).

    The moments stand in the order mean, then the lower triangle of the covariance by columns.
    """
    state = filled(matrices, theta)
    places = places_of(matrices)
    fold = fold_of(matrices, places)
    W = derivative_columns(state)
    j, i = np.triu_indices(len(W))
    U, V = W[:, places.u], W[:, places.v]
    rows = np.vstack([U * mean_factor(state, places), (U[i] * V[j] + V[i] * U[j]) * places.c])
    result = np.zeros((len(rows), matrices.design.shape[1]))
    result[:, fold.columns] = fold.gradient(rows)
    return result
