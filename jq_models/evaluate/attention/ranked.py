"""One block of a frame: estimates with intervals, ranks with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import t

from jq_models.numeric.moments import Array
from jq_models.numeric.ranks import rank_intervals

LEVEL = 0.95
NUMBERS = ("estimate", "ci_low", "ci_high", "rank", "rank_low", "rank_high")


def ranked(
    names: Sequence[str],
    estimates: Array,
    *,
    draws: Array,
    df: float = math.inf,
    smallest_first: bool = False,
    floor: float = -math.inf,
) -> pd.DataFrame:
    """Return estimates in the order given, with 95 % t intervals and simultaneous rank intervals.

    Parameters
    ----------
    names : sequence of str
        The dimensions.
    estimates : ndarray, shape (k,)
    draws : ndarray, shape (B, k)
    df : float
        Degrees of freedom of the draws' spread.
    smallest_first : bool
        Whether rank 1 is the smallest estimate.
    floor : float
        The lowest value the quantity can have; the interval ends there.

    Returns
    -------
    DataFrame
        dimension, then `NUMBERS`.
    """
    usable = draws[np.isfinite(draws).all(axis=1)]
    half = float(t.ppf((1.0 + LEVEL) / 2.0, df)) * np.sqrt(np.mean((usable - estimates) ** 2, axis=0))
    sign = -1.0 if smallest_first else 1.0
    ranks = rank_intervals(sign * estimates, sign * usable, level=LEVEL, df=df)
    return pd.DataFrame(
        {
            "dimension": list(names),
            "estimate": estimates,
            "ci_low": np.maximum(estimates - half, floor),
            "ci_high": estimates + half,
            "rank": ranks.rank,
            "rank_low": ranks.low,
            "rank_high": ranks.high,
        }
    )
