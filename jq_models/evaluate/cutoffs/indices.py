"""Fit indices of many samples at once; the formulas are those of `index_formulas`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.numeric.moments import Array

INDICES = ("chi_square", "cfi", "tli", "rmsea", "srmr")
# where a larger value is a better fit
HIGHER = ("cfi", "tli")


def batch_indices(
    chi_square: Array, covariances: Array, implied: Array, *, log_det: Array, df: int, n: int
) -> pd.DataFrame:
    """Return the indices of b samples, NaN where a sample has no estimates.

    Parameters
    ----------
    chi_square : ndarray, shape (b,)
    covariances, implied : ndarray, shape (b, p, p)
    log_det : ndarray, shape (b,)
        log|S|.
    df, n : int

    Returns
    -------
    DataFrame
        Columns `INDICES`. The independence model's chi-square is N (sum log s_ii - log|S|).
    """
    p = covariances.shape[1]
    variance = np.diagonal(covariances, axis1=1, axis2=2)
    baseline, baseline_df = n * (np.log(variance).sum(axis=1) - log_det), p * (p - 1) // 2
    excess = np.maximum(chi_square - df, 0.0)
    worst = np.maximum(np.maximum(chi_square - df, baseline - baseline_df), 0.0)
    above = (baseline - baseline_df) * df
    with np.errstate(divide="ignore", invalid="ignore"):
        cfi = np.where(worst < 1.5e-8, 1.0, 1.0 - excess / worst)
        tli = np.where(above == 0, 1.0, 1.0 - (chi_square - df) * baseline_df / above)
    scale = 1.0 / np.sqrt(variance)
    residual = (covariances - implied) * scale[:, :, None] * scale[:, None, :]
    i, j = np.tril_indices(p)
    frame = pd.DataFrame(
        {
            "chi_square": chi_square,
            "cfi": cfi,
            "tli": tli,
            "rmsea": np.sqrt(excess / (n * df)),
            "srmr": np.sqrt(np.mean(residual[:, i, j] ** 2, axis=1)),
        }
    )
    frame[np.isnan(chi_square)] = np.nan
    return frame[list(INDICES)]


def misfit(index: str, values: Array) -> Array:
    """Return values that grow with misfit."""
    return -values if index in HIGHER else values
