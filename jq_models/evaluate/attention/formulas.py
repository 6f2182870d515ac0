"""How much each of several predictors matters for an outcome: formulas on correlation matrices.

Arrays have the samples as their first axis, so that a bootstrap goes through the same lines: ``among``
(b, k, k) are the correlations of the predictors, ``with_outcomes`` (b, k, m) those with m outcomes.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from jq_models.numeric.moments import Array

LARGEST = 14  # predictors: all their subsets are computed, 2^14 = 16,384
HELD = 16  # samples at once: what is computed of them stays in the processor's cache


def regression_weights(among: Array, with_outcomes: Array) -> Array:
    """Return standardised regression coefficients R_xx^-1 r_xy, shape (b, k, m).

    In a path model in which every predictor leads to both outcomes and one outcome to the other, no path is
    left out, so that these are the total effects (Alwin & Hauser 1975, American Sociological Review 40,
    37-47).
    """
    result: Array = np.asarray(np.linalg.solve(among, with_outcomes), dtype=float)
    return result


def relative_weights(among: Array, with_outcomes: Array) -> Array:
    """Return Johnson's relative weights, shape (b, k, m); they add up to R2.

    With R_xx = L L, L symmetric: the outcome is regressed on the orthogonal variables nearest to the
    predictors, b = L^-1 r_xy, and what those explain goes back by the squares of L (Johnson 2000,
    Multivariate Behavioral Research 35, 1-19).
    """
    values, vectors = np.linalg.eigh(among)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    slopes = np.linalg.solve(root, with_outcomes)
    result: Array = root**2 @ slopes**2
    return result


def shapley_shares(among: Array, with_outcomes: Array) -> Array:
    """Return each predictor's gain in R2 averaged over all orders, shape (b, k, m); they add up to R2.

    LMG (Lindeman, Merenda & Gold 1980), the Shapley (1953) value of R2, exact over all subsets. One predictor
    after another is partialled out of the matrix or left aside, so that each subset costs one small step.
    """
    b, k, m = with_outcomes.shape
    shares = np.empty((b, k, m))
    for start in range(0, b, HELD):
        now = slice(start, start + HELD)
        explained = 1.0 - _left_over(among[now], with_outcomes[now])
        shares[now] = np.moveaxis(np.tensordot(shapley_coefficients(k), explained, axes=(1, 1)), 2, 0)
    return shares


def _left_over(among: Array, with_outcomes: Array) -> Array:
    """Return the outcomes' variances left by every subset of the predictors, (m, 2^k, b).

    Subset t holds predictor j where bit j of t is set. Samples and subsets are the last axes, so that every
    step runs over long rows; of the symmetric matrix the part from the diagonal on is kept up to date.
    """
    b, k, m = with_outcomes.shape
    inner = np.ascontiguousarray(np.moveaxis(among, 0, -1))[:, :, None, :]
    outer = np.ascontiguousarray(np.moveaxis(with_outcomes, 0, -1))[:, :, None, :]
    left = np.ones((m, 1, b))
    for _ in range(k):
        row, toward = inner[0, 1:], outer[0]
        slope = row / inner[0, 0]
        left = np.concatenate([left, left - toward**2 / inner[0, 0]], axis=1)
        aside, n = len(row), inner.shape[2]
        following = np.empty((aside, aside, 2 * n, b))
        following[:, :, :n] = inner[1:, 1:]
        for i in range(aside):
            following[i, i:, n:] = inner[1 + i, 1 + i :] - slope[i] * row[i:]
        partialled = outer[1:] - slope[:, None] * toward[None]
        inner, outer = following, np.concatenate([outer[1:], partialled], axis=2)
    return left


@lru_cache(maxsize=4)
def shapley_coefficients(k: int) -> Array:
    """Return what the value of each subset counts in each member's Shapley value, (k, 2^k).

    A subset of s members counts (s-1)! (k-s)! / k! for those in it and -s! (k-s-1)! / k! for the others.
    """
    subsets = np.arange(2**k)
    member = ((subsets[None, :] >> np.arange(k)[:, None]) & 1).astype(bool)
    size = member.sum(axis=0)
    inside = np.array([0.0, *(1.0 / (s * math.comb(k, s)) for s in range(1, k + 1))])
    outside = np.array([*(1.0 / ((k - s) * math.comb(k, s)) for s in range(k)), 0.0])
    result: Array = np.where(member, inside[size], -outside[size])
    result.flags.writeable = False
    return result
