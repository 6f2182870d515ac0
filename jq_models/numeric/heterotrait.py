"""Heterotrait-monotrait ratios of many correlation matrices at once, from how the items are grouped."""

from __future__ import annotations

import math

import numpy as np

from jq_models.numeric.moments import Array, Whole

# logarithms: of a correlation of 0, so that every product with it is 0; of one that is 0 but for rounding
SMALLEST, ROUNDING = -1e6, math.log(1e-14)


def heterotrait_ratios(strength: Array, owner: Whole, *, geometric: bool = False) -> Array:
    """Return the ratio of every pair of constructs: mean |r| between over the mean of |r| within.

    Parameters
    ----------
    strength : ndarray, shape (..., p, p)
        Correlations of the items, absolute where the ratio is to take their strength only. NaN in the rows
        of an item that does not vary spoils the construct of that item, not the others.
    owner : ndarray of int, shape (p,)
        The construct, 0 to m - 1, of each item.
    geometric : bool
        Geometric means: HTMT2 (Roemer, Schuberth & Henseler 2021, eq. 9) in place of HTMT (Henseler, Ringle
        & Sarstedt 2015, eq. 6). A correlation of 0 between makes 0; negative ones have no ratio.

    Returns
    -------
    ndarray, shape (..., m, m)
        NaN on the diagonal, and where a construct has one item or correlations within that average 0 (HTMT2:
        of which one is 0).
    """
    m, p = int(owner.max()) + 1, len(owner)
    member = np.zeros((p, m))
    member[np.arange(p), owner] = 1.0
    size = member.sum(axis=0)
    pairs = np.outer(size, size)
    np.fill_diagonal(pairs, size * (size - 1.0))
    spoilt = np.isnan(np.diagonal(strength, axis1=-2, axis2=-1)) @ member > 0
    with np.errstate(all="ignore"):
        values = np.log(strength) if geometric else np.array(strength)
        if geometric:
            nothing = values < ROUNDING
            values[nothing] = SMALLEST
            if nothing.any():
                within_nothing = np.diagonal(member.T @ (nothing @ member), axis1=-2, axis2=-1)
                spoilt |= within_nothing > 0
        values[..., np.arange(p), np.arange(p)] = 0.0
        if spoilt.any():
            values[np.isnan(strength)] = 0.0
        mean = member.T @ (values @ member) / pairs
        within = np.diagonal(mean, axis1=-2, axis2=-1)
        if geometric:
            half = within / 2.0
            ratio = np.exp(mean - half[..., :, None] - half[..., None, :])
        else:
            root = np.sqrt(within)
            ratio = mean / (root[..., :, None] * root[..., None, :])
    ratio[spoilt[..., :, None] | spoilt[..., None, :] | ~np.isfinite(ratio)] = np.nan
    ratio[..., np.arange(m), np.arange(m)] = np.nan
    result: Array = ratio
    return result
