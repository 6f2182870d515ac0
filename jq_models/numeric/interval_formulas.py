"""Bootstrap intervals of one quantity from its draws: formulas on arrays, without a fit.

Davison & Hinkley (1997, Bootstrap Methods and their Application, chapter 5), as in R's package boot; Efron
(1987, Journal of the American Statistical Association 82, 171-185) for BC and BCa.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from jq_models.errors import SpecError
from jq_models.numeric.moments import Array


def check_level(level: float) -> None:
    """Raise when an interval's level is not a share.

    Raises
    ------
    SpecError
    """
    if not 0.0 < level < 1.0:
        raise SpecError(f"The level of an interval lies between 0 and 1; found {level}. 0.95 is usual.")


def order_quantiles(draws: Array, share: Array) -> Array:
    """Return quantiles of draws, interpolated on the normal scale (Davison & Hinkley 1997, eq. 5.8).

    Parameters
    ----------
    draws : ndarray, shape (B,)
    share : ndarray, shape (q,)
        Between 0 and 1; the extreme draws where (B + 1) share falls outside 1 to B.

    Returns
    -------
    ndarray, shape (q,)
    """
    ordered, B = np.sort(draws), len(draws)
    rank = (B + 1) * np.asarray(share, dtype=float)
    # as boot does: a rank that is whole but for rounding is that rank
    whole = np.floor(rank + 1e-10)
    k = np.clip(whole, 1, B).astype(int)
    after = np.minimum(k + 1, B)
    low, high = ndtri(k / (B + 1.0)), ndtri(after / (B + 1.0))
    inside = (whole >= 1) & (whole < B) & (rank - whole > 1e-10)
    gap = np.where(inside, high - low, 1.0)
    weight = np.where(inside, (ndtri(np.clip(share, 1e-300, 1.0 - 1e-16)) - low) / gap, 0.0)
    result: Array = ordered[k - 1] + weight * (ordered[after - 1] - ordered[k - 1])
    return result


def tails(level: float) -> Array:
    """Return the two shares that an interval leaves below its ends."""
    return np.array([0.5 - level / 2.0, 0.5 + level / 2.0])


def percentile(draws: Array, *, level: float) -> Array:
    """Return the percentile interval, (2,)."""
    return order_quantiles(draws, tails(level))


def basic(draws: Array, estimate: float, *, level: float) -> Array:
    """Return the basic interval, 2 t - q (Davison & Hinkley 1997, eq. 5.6), (2,)."""
    result: Array = 2.0 * estimate - order_quantiles(draws, tails(level))[::-1]
    return result


def normal(draws: Array, estimate: float, *, level: float) -> Array:
    """Return the normal interval, t - bias -+ z sd (Davison & Hinkley 1997, eq. 5.5), (2,)."""
    bias = draws.mean() - estimate
    result: Array = estimate - bias + ndtri(tails(level)) * draws.std(ddof=1)
    return result


def bias_corrected(draws: Array, estimate: float, *, level: float, acceleration: float = 0.0) -> Array:
    """Return the BC or, with an acceleration, the BCa interval (Efron 1987), (2,).

    NaN where all draws lie on one side of the estimate: the bias correction is infinite there.
    """
    below = float(np.mean(draws < estimate))
    if not 0.0 < below < 1.0 or not np.isfinite(acceleration):
        return np.full(2, np.nan)
    shift = ndtri(below)
    moved = shift + ndtri(tails(level))
    return order_quantiles(draws, ndtr(shift + moved / (1.0 - acceleration * moved)))


def acceleration(influence: Array) -> Array:
    """Return a = sum l^3 / (6 (sum l^2)^1.5) of each quantity (Davison & Hinkley 1997, eq. 5.23).

    Parameters
    ----------
    influence : ndarray, shape (n, r)
        How much each case, or cluster, moves each of r quantities; over groups, each in its share of the
        estimate (their section 5.3.3).

    Returns
    -------
    ndarray, shape (r,)
        NaN where no case moves the quantity.
    """
    squares = np.sum(influence**2, axis=0)
    moved = squares > 0
    skew = np.sum(influence**3, axis=0)
    result = np.full(influence.shape[1], np.nan)
    result[moved] = skew[moved] / (6.0 * squares[moved] ** 1.5)
    return result
