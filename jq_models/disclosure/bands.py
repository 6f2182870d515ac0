"""How answers are spread in a small group, told in quarters only."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.disclosure.minimum import MINIMUM, check_minimum

Ints = NDArray[np.int64]

BANDS = 4  # under a quarter; a quarter to a half; a half to three quarters; three quarters or more


def bands(shares: pd.DataFrame, counts: pd.Series, *, minimum: int = MINIMUM) -> pd.DataFrame:
    """Return in which quarter every share lies, where that tells no more than the quarter.

    The shares of a row add up, so several bands together may allow one set of answers only (five shares under
    a quarter of ten persons: two each). Categories are told from left to right. One is left out when some
    band it might have, beside those told, would not let every category told take all numbers of its band, and
    every other one as many as the narrowest band has; so that it is left out tells nothing. Exact shares,
    from 50 on, are for `mask_shares`.

    Parameters
    ----------
    shares : DataFrame of float, rows x categories
        Shares of the persons of a row, adding up to 1; the most important category first.
    counts : Series
        Persons of every row; a row without a count is hidden.
    minimum : int
        Persons from which on anything is told; at least 5.

    Returns
    -------
    DataFrame of float
        0, 1, 2, 3: under a quarter, a quarter to under a half, a half to under three quarters, three quarters
        or more. NaN where it is not told.

    Raises
    ------
    DisclosureError
        When `minimum` is below the floor.
    """
    check_minimum(minimum)
    persons = counts.reindex(shares.index).to_numpy(dtype=float)
    told = np.full(shares.shape, math.nan)
    for row, (values, n) in enumerate(zip(shares.to_numpy(dtype=float), persons, strict=True)):
        if n >= minimum and not np.isnan(values).any():
            told[row] = _told(np.rint(values * n).astype(np.int64), int(n))
    return pd.DataFrame(told, index=shares.index, columns=shares.columns)


def _told(numbers: Ints, n: int) -> NDArray[np.float64]:
    """Return the bands told; whether one is depends on those told before it only, which the reader knows."""
    codes = np.minimum(numbers * BANDS // n, BANDS - 1)
    told = np.zeros(len(codes), dtype=bool)
    for k in range(len(codes)):
        told[k] = all(_as_open_as_bands(codes, told, k=k, code=code, n=n) for code in range(BANDS))
    return np.where(told, codes, math.nan)


def _as_open_as_bands(codes: Ints, told: NDArray[np.bool_], *, k: int, code: int, n: int) -> bool:
    """Say whether category k, were its band this one, would leave every category as open as a band does."""
    first = np.array([-(-n * band // BANDS) for band in range(BANDS)])
    last = np.append(first[1:] - 1, n)
    low, high = np.where(told, first[codes], 0), np.where(told, last[codes], n)
    low[k], high[k] = first[code], last[code]
    possible_low = np.maximum(low, n - (high.sum() - high))
    possible_high = np.minimum(high, n - (low.sum() - low))
    width, narrowest = possible_high - possible_low, (last - first).min()
    if np.any(width < 0):
        return True  # no numbers add up so: this band cannot be
    shown = told | (np.arange(len(codes)) == k)
    return bool(np.all(np.where(shown, width == high - low, width >= narrowest)))
