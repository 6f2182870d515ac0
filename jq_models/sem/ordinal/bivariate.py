"""Probabilities of the bivariate normal distribution over the cells of many tables at once.

The distribution function is Owen's (1956, Annals of Mathematical Statistics 27, 1075-1090), which holds
16 digits for every correlation; its derivative with respect to the correlation is the density (Plackett
1954, Biometrika 41, 351-360), so derivatives of cell probabilities are differences of densities.
A table has R x C cells, cut by R - 1 row and C - 1 column thresholds; m tables go together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

import numpy as np
from scipy.special import ndtr, owens_t

from jq_models.numeric.moments import Array

# a correlation at or beyond it counts as perfect: lavaan 0.6-14 stops there too
LARGEST = 0.999
# a tanh of 4 is 0.9993: a longer step in atanh(rho) has left every table
_LONGEST_STEP = 0.5
_SMALL_MOVE = 1e-5
# stands for a threshold of exactly 0, where Owen's formula divides by it
_NEAR_ZERO = 1e-20
_LOG_2PI = float(np.log(2.0 * np.pi))


class Likelihood(NamedTuple):
    """Log-likelihoods of m correlations in atanh(rho): value, first derivative, curvature > 0; each (m,).

    `value` is -inf where a case has no probability at all; `curvature` is minus the second derivative where
    that is positive, else the sum of squared scores.
    """

    value: Array
    slope: Array
    curvature: Array


class Found(NamedTuple):
    """Maxima of m log-likelihoods: atanh(rho) (m,) and whether each lies inside |rho| < 0.999 (m,)."""

    theta: Array
    inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def normal_density(x: Array) -> Array:
    """Return the standard normal density."""
    return cast(Array, np.exp(-0.5 * (x * x + _LOG_2PI)))


def bivariate_distribution(h: Array, k: Array, *, rho: Array) -> Array:
    """Return P(X <= h, Y <= k) of standard normal X, Y with correlation rho.

    Parameters
    ----------
    h, k, rho : ndarray
        Of shapes that broadcast; h and k finite, |rho| < 1.

    Returns
    -------
    ndarray
        Absolute error below 1e-15.
    """
    h = np.where(h == 0.0, _NEAR_ZERO, h)
    k = np.where(k == 0.0, _NEAR_ZERO, k)
    spread = np.sqrt((1.0 - rho) * (1.0 + rho))
    tails = owens_t(h, (k / h - rho) / spread) + owens_t(k, (h / k - rho) / spread)
    return cast(Array, 0.5 * (ndtr(h) + ndtr(k)) - tails - np.where((h > 0) == (k > 0), 0.0, 0.5))


def cell_probabilities(rows: Array, columns: Array, *, rho: Array) -> Array:
    """Return the probability of every cell.

    Parameters
    ----------
    rows, columns : ndarray, shapes (m, R - 1) and (m, C - 1)
        Thresholds, ascending.
    rho : ndarray, shape (m,)

    Returns
    -------
    ndarray, shape (m, R, C)
    """
    m, r, c = len(rho), rows.shape[1] + 1, columns.shape[1] + 1
    below = np.zeros((m, r + 1, c + 1))
    below[:, 1:-1, 1:-1] = bivariate_distribution(
        rows[:, :, None], columns[:, None, :], rho=rho[:, None, None]
    )
    below[:, 1:-1, -1], below[:, -1, 1:-1] = ndtr(rows), ndtr(columns)
    below[:, -1, -1] = 1.0
    return _differences(below)


def cell_slopes(rows: Array, columns: Array, *, rho: Array) -> tuple[Array, Array]:
    """Return the first and second derivative of every cell probability with respect to rho.

    Parameters and shapes as in `cell_probabilities`.
    """
    m, r, c = len(rho), rows.shape[1] + 1, columns.shape[1] + 1
    first, second = np.zeros((m, r + 1, c + 1)), np.zeros((m, r + 1, c + 1))
    h, k, one = rows[:, :, None], columns[:, None, :], rho[:, None, None]
    rest = (1.0 - one) * (1.0 + one)
    product = h * k
    distance = (h * h - 2.0 * one * product + k * k) / rest
    density = np.exp(-0.5 * distance - _LOG_2PI) / np.sqrt(rest)
    first[:, 1:-1, 1:-1] = density
    second[:, 1:-1, 1:-1] = density * (one + product - one * distance) / rest
    return _differences(first), _differences(second)


def strip_slopes(rows: Array, columns: Array, *, rho: Array) -> Array:
    """Return the derivative of P(row category <= k, column category = l) to row threshold k.

    Parameters as in `cell_probabilities`; shape (m, R - 1, C).
    """
    m, r, c = len(rho), rows.shape[1] + 1, columns.shape[1] + 1
    below = np.zeros((m, r - 1, c + 1))
    one = rho[:, None, None]
    spread = np.sqrt((1.0 - one) * (1.0 + one))
    below[:, :, 1:-1] = ndtr((columns[:, None, :] - one * rows[:, :, None]) / spread)
    below[:, :, -1] = 1.0
    return normal_density(rows)[:, :, None] * np.diff(below, axis=2)


def maximise(likelihood: Callable[[Array, np.ndarray], Likelihood], start: Array) -> Found:
    """Maximise m log-likelihoods of one correlation each, by Newton steps in atanh(rho) that never descend.

    Parameters
    ----------
    likelihood : callable
        ``likelihood(theta, which)`` of some of the m: theta = atanh(rho) and their places.
    start : ndarray, shape (m,)
        First rho; 0 is taken where it makes an answer impossible.

    Returns
    -------
    Found
        The error of theta is about 1e-10, as the last Newton step is below 1e-5; about 1e-5 where answers lie
        in cells of probability below 1e-9, of which rounding leaves few digits.
    """
    bound = float(np.arctanh(LARGEST))
    everything = np.arange(len(start))
    theta = np.arctanh(np.clip(start, -0.95, 0.95))
    value, slope, curvature = likelihood(theta, everything)
    lost = np.flatnonzero(np.isneginf(value))
    if len(lost):
        theta[lost] = 0.0
        value[lost], slope[lost], curvature[lost] = likelihood(theta[lost], lost)
    shrink = np.ones(len(start))
    move = _step(slope, curvature)
    for _ in range(100):
        active = np.flatnonzero(np.abs(move) > _SMALL_MOVE)
        if not len(active):
            break
        trial = theta[active] + move[active]
        new = likelihood(trial, active)
        # a fall within rounding error is none
        better = new.value >= value[active] - 1e-11 * (1.0 + np.abs(value[active]))
        good = active[better]
        theta[good], value[good] = trial[better], new.value[better]
        slope[good], curvature[good] = new.slope[better], new.curvature[better]
        shrink[good] = 1.0
        shrink[active[~better]] *= 0.25
        move = np.clip(theta + shrink * _step(slope, curvature), -bound, bound) - theta
    inside = (np.abs(theta) < bound) & (np.abs(slope) <= 1e-4 * curvature)
    return Found(theta=np.clip(theta + np.where(inside, move, 0.0), -bound, bound), inside=inside)


def _step(slope: Array, curvature: Array) -> Array:
    return cast(Array, np.clip(slope / curvature, -_LONGEST_STEP, _LONGEST_STEP))


def _differences(below: Array) -> Array:
    strips = below[:, 1:] - below[:, :-1]
    return strips[:, :, 1:] - strips[:, :, :-1]
