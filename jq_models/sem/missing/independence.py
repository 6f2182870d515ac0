"""The independence model with missing answers: means and variances of those who answered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.sample import GroupSample


def independence_moments(group: GroupSample, *, x: Sequence[int] = ()) -> tuple[Array, Array]:
    """Return mean (p,) and covariance (p, p) of the independence model at its maximum-likelihood estimates.

    Every variable has the (weighted) moments of those who answered it; the fixed exogenous variables `x`
    (places; complete) keep their covariances, and their saturated moments.
    """
    cases, weights = weighted_answers(group)
    counts = weights.sum(axis=0)
    mean = (weights * cases).sum(axis=0) / counts
    deviation = np.where(weights > 0.0, cases - mean, 0.0)
    covariance = np.diag((weights * deviation * deviation).sum(axis=0) / counts)
    at = list(x)
    mean[at] = group.moments.mean[at]
    covariance[np.ix_(at, at)] = group.moments.covariance[np.ix_(at, at)]
    return mean, covariance


def weighted_answers(group: GroupSample) -> tuple[Array, Array]:
    """Return the answers with 0 where missing, and the weights with 0 there, both (n, p)."""
    assert group.cases is not None
    there = ~np.isnan(group.cases)
    w = np.ones(len(group.cases)) if group.weights is None else group.weights
    return np.where(there, group.cases, 0.0), there * w[:, None]
