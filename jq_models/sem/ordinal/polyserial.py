"""Polyserial correlations of one continuous variable with many items, and each case's influence on them.

Two steps (Olsson, Drasgow and Dorans 1982, Psychometrika 47, 337-347): mean, variance and thresholds come
from the margins, then each correlation maximises the likelihood of the categories given the continuous
variable. With rho = tanh(theta) the bounds of a category are tau cosh(theta) - z sinh(theta).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.special import ndtr

from jq_models.numeric.moments import Array
from jq_models.sem.ordinal.bivariate import Found, Likelihood, maximise, normal_density

# stands for an infinite threshold: its density is exactly 0, and 0 times it is 0
_FAR = 1e3
_NO_PROBABILITY = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """The m ordered items beside a continuous variable.

    Attributes
    ----------
    category : ndarray of int, shape (m, n)
        From 0.
    thresholds : tuple of ndarray
        m arrays.
    on_thresholds : tuple of ndarray
        m arrays (thresholds, n): each case's influence on them.
    """

    category: np.ndarray
    thresholds: tuple[Array, ...]
    on_thresholds: tuple[Array, ...]

    def bounds(self) -> tuple[Array, Array]:
        """Return the lower and upper threshold of every case's category, each (m, n)."""
        lower, upper = np.empty(self.category.shape), np.empty(self.category.shape)
        for j, cuts in enumerate(self.thresholds):
            edges = np.concatenate([[-_FAR], cuts, [_FAR]])
            lower[j], upper[j] = edges[self.category[j]], edges[self.category[j] + 1]
        return lower, upper


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuous:
    """A continuous variable.

    Attributes
    ----------
    z : ndarray, shape (n,)
        Standardised values.
    deviation : float
        Divisor N.
    on_moments : ndarray, shape (2, n)
        Each case's influence on mean and variance.
    """

    z: Array
    deviation: float
    on_moments: Array


def polyserial(variable: Continuous, items: Items, *, start: Array) -> Found:
    """Estimate the m correlations; `start` (m,) holds first values."""
    z = variable.z
    lower, upper = items.bounds()

    def likelihood(theta: Array, which: np.ndarray) -> Likelihood:
        cosh, sinh = np.cosh(theta)[:, None], np.sinh(theta)[:, None]
        low, high = lower[which], upper[which]
        bound_low, bound_high = low * cosh - z * sinh, high * cosh - z * sinh
        p, at_low, at_high = _categories(bound_low, bound_high)
        slope_low, slope_high = low * sinh - z * cosh, high * sinh - z * cosh
        score = at_high * slope_high - at_low * slope_low
        bend = at_high * bound_high * (1.0 - slope_high**2) - at_low * bound_low * (1.0 - slope_low**2)
        squares = (score**2).sum(axis=1)
        curvature = squares - bend.sum(axis=1)
        return Likelihood(
            value=np.where((p <= _NO_PROBABILITY).any(axis=1), -np.inf, np.log(p).sum(axis=1)),
            slope=score.sum(axis=1),
            curvature=np.where(curvature > 0, curvature, squares + 1e-300),
        )

    return maximise(likelihood, start)


def case_influence(variable: Continuous, items: Items, *, theta: Array) -> Array:
    """Return each case's influence on the m correlations, (m, n); mean, variance, thresholds being estimates.

    Notes
    -----
    Muthen (1984, Psychometrika 49, 115-132), with sums of products of scores for the information, as
    lavaan: influence = (score - A21 influence on the margins) / A22.
    """
    z, n = variable.z, len(variable.z)
    lower, upper = items.bounds()
    cosh, sinh = np.cosh(theta)[:, None], np.sinh(theta)[:, None]
    _, at_low, at_high = _categories(lower * cosh - z * sinh, upper * cosh - z * sinh)
    score = at_high * (upper * sinh - z * cosh) - at_low * (lower * sinh - z * cosh)
    on_mean = (z + (at_high - at_low) * sinh) / variable.deviation
    on_variance = (z**2 - 1.0 + (at_high - at_low) * sinh * z) / (2.0 * variable.deviation**2)
    moments = np.stack([(score * on_mean).sum(axis=1), (score * on_variance).sum(axis=1)], axis=1) / n
    rest = score - moments @ variable.on_moments
    for j, on_cuts in enumerate(items.on_thresholds):
        k = len(on_cuts)
        category = items.category[j]
        high = np.bincount(category, weights=score[j] * at_high[j], minlength=k + 1)
        low = np.bincount(category, weights=score[j] * at_low[j], minlength=k + 1)
        rest[j] -= (cosh[j] / n * (high[:k] - low[1:])) @ on_cuts
    # from atanh(rho) to rho
    return cast(Array, rest / (score**2).mean(axis=1)[:, None] / cosh**2)


def _categories(low: Array, high: Array) -> tuple[Array, Array, Array]:
    # probability between the bounds, and density over probability at either; differences taken in the
    # lower tail, where they keep their digits
    flip = low > 0
    p = ndtr(np.where(flip, -low, high)) - ndtr(np.where(flip, -high, low))
    p = np.maximum(p, _NO_PROBABILITY)
    return p, normal_density(low) / p, normal_density(high) / p
