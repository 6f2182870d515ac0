"""Heterotrait-monotrait ratios of many correlation matrices at once, from how the items are grouped."""

from __future__ import annotations

import numpy as np

from jq_models.numeric.moments import Array, Whole

SMALLEST = -700.0  # the logarithm of a correlation of 0, so that its product is 0


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
        NaN on the diagonal, and where a construct has one item or correlations within that average 0.
    """
    m, p = int(owner.max()) + 1, len(owner)
    member = np.zeros((p, m))
    member[np.arange(p), owner] = 1.0
    size = member.sum(axis=0)
    pairs = np.outer(size, size)
    np.fill_diagonal(pairs, size * (size - 1.0))
    spoilt = np.isnan(np.diagonal(strength, axis1=-2, axis2=-1)) @ member > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        if geometric:
            values = np.log(strength)
            values[values < SMALLEST] = SMALLEST
        else:
            values = np.array(strength)
        negative = np.isnan(values) & ~np.isnan(strength)
        values[..., np.arange(p), np.arange(p)] = 0.0
        values[np.isnan(values) & ~negative] = 0.0
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
