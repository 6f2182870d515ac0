"""tr(A^-1 B) of the saturated and of the independence model on complete data, in closed form.

With e the case in units in which its covariance matrix is I, the score of the covariances is, in the metric
of their information, (e e' - I) / sqrt(2), that of the means e. So tr(A^-1 B) = 1/2 (mean |e|^4 - p), and p
more with means: no matrix of the size of p* x p* is needed, whatever the weights. With clusters the scores
are summed first: a p x p matrix for each cluster.

Fixed exogenous variables x are no parameters: e is then what x leaves of the other variables, and the
coefficients on x have the score e x' with x in units of its own covariance matrix.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import solve_triangular

from jq_models.numeric.moments import Array
from jq_models.sem.missing.independence import independence_moments, weighted_answers
from jq_models.sem.robust.sandwich import cluster_factor, cluster_sums
from jq_models.sem.sample import GroupSample


def saturated_trace(group: GroupSample, *, means: bool, x: Sequence[int] = ()) -> float:
    """Return tr(A1^-1 B1) of one group's means and covariances; sum over groups.

    Parameters
    ----------
    group : GroupSample
        Complete cases.
    means : bool
        Whether means are parameters. Without weights and clusters they add p, in both models.
    x : sequence of int
        Places of the fixed exogenous variables.
    """
    e, z = _residuals(group, x=x)
    if group.clusters is not None:
        return _clustered(e, z, group, means=means)
    own, given = np.einsum("ij,ij->i", e, e), np.einsum("ij,ij->i", z, z)
    each = 0.5 * (own * own - 2.0 * own + e.shape[1]) + own * (given + float(means))
    if group.weights is not None:
        each = each * group.weights**2
    return float(each.sum()) / group.size


def _residuals(group: GroupSample, *, x: Sequence[int]) -> tuple[Array, Array]:
    """Return e (n, p - q) and the exogenous variables (n, q), both in units of their covariance matrix."""
    assert group.cases is not None
    S, d = group.moments.covariance, group.cases - group.moments.mean
    at = np.asarray(x, dtype=np.intp)
    y = np.setdiff1d(np.arange(len(S)), at)
    slopes = np.linalg.solve(S[np.ix_(at, at)], S[np.ix_(at, y)])
    left = S[np.ix_(y, y)] - S[np.ix_(y, at)] @ slopes
    return _whitened(d[:, y] - d[:, at] @ slopes, left), _whitened(d[:, at], S[np.ix_(at, at)])


def _whitened(rows: Array, covariance: Array) -> Array:
    if not len(covariance):
        return rows
    root = np.linalg.cholesky(covariance)
    result: Array = solve_triangular(root, rows.T, lower=True, check_finite=False).T
    return result


def _clustered(e: Array, z: Array, group: GroupSample, *, means: bool) -> float:
    assert group.clusters is not None
    w = np.ones(len(e)) if group.weights is None else group.weights
    order = np.argsort(group.clusters, kind="stable")
    starts = np.flatnonzero(np.diff(group.clusters[order], prepend=-1))
    eye, total = np.eye(e.shape[1]), 0.0
    for rows in np.split(order, starts[1:]):
        weighted = e[rows] * w[rows, None]
        products = weighted.T @ e[rows] - w[rows].sum() * eye
        slopes = weighted.T @ z[rows]
        total += 0.5 * float(np.vdot(products, products)) + float(np.vdot(slopes, slopes))
        if means:
            sums = weighted.sum(axis=0)
            total += float(sums @ sums)
    return total * cluster_factor(len(starts), label=group.label) / group.size


def independence_trace(group: GroupSample, *, means: bool, x: Sequence[int] = ()) -> float:
    """Return tr(A^-1 B) of one group's independence model; sum over groups.

    Its parameters are the variances (and means) of all but the fixed exogenous variables: each has a score of
    its own, (z^2 - 1) / sqrt(2) and z, with z the case in standard units. Answers may be missing (NaN): each
    variable counts those who answered, as full-information maximum likelihood does.
    """
    mean, covariance = independence_moments(group, x=x)
    y = np.setdiff1d(np.arange(len(mean)), np.asarray(x, dtype=np.intp))
    cases, w = weighted_answers(group)
    w = w[:, y]
    z = np.where(w > 0.0, cases[:, y] - mean[y], 0.0) / np.sqrt(covariance.diagonal()[y])
    counts = w.sum(axis=0)
    scores = [w * (z * z - 1.0) / np.sqrt(2.0)]
    if means:
        scores.append(w * z)
    total = 0.0
    for rows in scores:
        sums, factor = rows, 1.0
        if group.clusters is not None:
            sums = cluster_sums(rows, group.clusters)
            factor = cluster_factor(len(sums), label=group.label)
        total += factor * float(((sums * sums).sum(axis=0) / counts).sum())
    return total
