"""Ranks with intervals, from estimates and their draws.

A rank is a statement about all differences at once: dimension j is certainly not the first when another is
certainly higher. Mogstad, Romano, Shaikh & Wilhelm (2024, Review of Economic Studies 91, 476-518): test every
difference of two parameters, with one critical value for all; then the rank of j lies between one more than
the number of parameters certainly above it and their number less those certainly below it.

What is guaranteed: with probability `level` at least, in large samples, the true ranks of *all* parameters
lie within their intervals together, because that fails only when some difference is wrongly called certain.
Parameters that are equal share their ranks, and every rank they share is covered.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import SpecError
from jq_models.numeric.interval_formulas import check_level
from jq_models.numeric.moments import Array

Ranks = NDArray[np.int64]
FEWEST_DRAWS = 20
SIMULATED = 8000  # samples behind `studentised_range`: its error is below .03
KNOWN = 1000.0  # degrees of freedom from which a spread counts as known


@dataclass(frozen=True, slots=True, kw_only=True)
class RankIntervals:
    """Ranks, 1 for the largest estimate, and the interval of each; arrays of shape (k,).

    Equal estimates share the best of their ranks.
    """

    rank: Ranks
    low: Ranks
    high: Ranks


def rank_intervals(
    estimates: Array, draws: Array, *, level: float = 0.95, df: float = math.inf
) -> RankIntervals:
    """Return the ranks of estimates, 1 for the largest, with simultaneous intervals.

    Parameters
    ----------
    estimates : ndarray, shape (k,)
    draws : ndarray, shape (B, k)
        Resampled or simulated estimates, whose spread around `estimates` is that of the estimates around the
        truth; rows with a value that is not finite are left out.
    level : float
        Probability that all true ranks lie within their intervals.
    df : float
        Degrees of freedom of the spread of the draws: clusters - 1 where they come from few clusters.

    Returns
    -------
    RankIntervals

    Raises
    ------
    SpecError
        On shapes that do not fit, estimates that are not finite, or fewer than 20 usable draws.

    Notes
    -----
    The difference of j and l is divided by the standard deviation of its draws. The critical value is the
    quantile of the largest of all |d*_jl - d_jl| / s_jl over the draws, and not below `studentised_range`:
    with few clusters some of the many standard deviations come out far too small. Hypotheses that fall are
    taken out and the rest tested again, until none falls (Romano & Wolf 2005, Econometrica 73, 1237-1282). A
    difference without any spread is never certain.
    """
    check_level(level)
    values, usable = _checked(estimates, draws)
    k = len(values)
    first, second = np.triu_indices(k, 1)
    gap = values[first] - values[second]
    moved = usable[:, first] - usable[:, second] - gap
    spread = np.sqrt(np.mean(moved**2, axis=0))
    known = spread > 1e-12 * max(1.0, float(np.abs(values).max()))
    signs = np.zeros(len(gap), dtype=np.int64)
    signs[known] = _certain(
        gap[known] / spread[known],
        moved[:, known] / spread[known],
        level=level,
        floor=studentised_range(k, df, level=level),
    )
    above = np.zeros((k, k), dtype=bool)
    above[first, second], above[second, first] = signs > 0, signs < 0
    return RankIntervals(
        rank=1 + np.sum(values[None, :] > values[:, None], axis=1),
        low=1 + np.sum(above, axis=0),
        high=k - np.sum(above, axis=1),
    )


def _checked(estimates: Array, draws: Array) -> tuple[Array, Array]:
    values, drawn = np.asarray(estimates, dtype=float), np.asarray(draws, dtype=float)
    if values.ndim != 1 or drawn.ndim != 2 or drawn.shape[1] != len(values) or not len(values):
        raise SpecError(
            f"Ranks need k estimates and draws of shape (B, k); found {values.shape} and {drawn.shape}."
        )
    if not np.isfinite(values).all():
        raise SpecError("An estimate is not finite, so it has no rank. Leave it out.")
    usable = drawn[np.isfinite(drawn).all(axis=1)]
    if len(usable) < FEWEST_DRAWS:
        raise SpecError(
            f"{len(usable)} of {len(drawn)} draws are usable; rank intervals need {FEWEST_DRAWS} or more."
        )
    return values, usable


def _certain(tested: Array, around: Array, *, level: float, floor: float) -> Ranks:
    """Return 1 for each difference that is certainly positive, -1 for those certainly negative, else 0.

    Two hypotheses a difference: not above zero, not below zero. Where one has fallen the other stays, so that
    the draws count on that side only. The first critical value is not below `floor`, the later ones are as
    many times the quantile of their draws as the first one was.
    """
    signs = np.zeros(len(tested), dtype=np.int64)
    sides = np.abs(around)
    factor = 0.0
    while len(tested):
        line = float(np.quantile(sides.max(axis=1), level, method="higher"))
        factor = factor or max(1.0, floor / line)
        new = (np.abs(tested) > factor * line) & (signs == 0)
        if not new.any():
            break
        signs[new] = np.sign(tested[new]).astype(np.int64)
        sides[:, new] = -signs[new] * around[:, new]
    return signs


@lru_cache(maxsize=64)
def studentised_range(k: int, df: float, *, level: float = 0.95) -> float:
    """Return the quantile of the largest studentised difference of k parameters that are equal.

    Of the largest |x_j - x_l| / s_jl over all pairs, x independent normal, s2_jl the pairs' own estimates
    from one Wishart matrix with `df` degrees of freedom: with separate spreads what Tukey's studentised range
    over the root of 2 is with a common one. By simulation, always the same. Zero, no limit, beyond 1,000
    degrees of freedom.
    """
    if df > KNOWN or k < 2:
        return 0.0
    rng = np.random.default_rng(0)
    first, second = np.triu_indices(k, 1)
    x = rng.standard_normal((SIMULATED, k))
    if df < k:
        root = rng.standard_normal((SIMULATED, k, max(int(df), 1)))
    else:  # Bartlett's decomposition
        root = np.zeros((SIMULATED, k, k))
        below = np.tril_indices(k, -1)
        root[:, below[0], below[1]] = rng.standard_normal((SIMULATED, len(below[0])))
        root[:, np.arange(k), np.arange(k)] = np.sqrt(rng.chisquare(df - np.arange(k), size=(SIMULATED, k)))
    wishart = root @ np.swapaxes(root, 1, 2) / df
    own = np.diagonal(wishart, axis1=1, axis2=2)
    spread = own[:, first] + own[:, second] - 2.0 * wishart[:, first, second]
    largest = np.max((x[:, first] - x[:, second]) ** 2 / spread, axis=1)
    return float(np.sqrt(np.quantile(largest, level)))
