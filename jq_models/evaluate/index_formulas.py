"""The formulas of fit indices, by the definitions of lavaan 0.6 (N, not N - 1)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtr, chndtr
from scipy.stats import ncx2

Matrix = NDArray[np.float64]

CLOSE_FIT = 0.05
RMSEA_LEVEL = 0.90


def cfi(chi_square: float, df: float, *, baseline: float, baseline_df: float) -> float:
    """Comparative fit index (Bentler 1990); 1 when neither model has excess misfit."""
    excess = max(chi_square - df, 0.0)
    worst = max(chi_square - df, baseline - baseline_df, 0.0)
    return 1.0 if math.isclose(worst, 0.0, abs_tol=1.5e-8) else 1.0 - excess / worst


def tli(chi_square: float, df: float, *, baseline: float, baseline_df: float) -> float:
    """Tucker-Lewis index (Tucker & Lewis 1973), not cut at 1; 1 for a saturated model, as in lavaan."""
    excess = (baseline - baseline_df) * df
    return 1.0 if df <= 0 or excess == 0 else 1.0 - (chi_square - df) * baseline_df / excess


def rmsea(chi_square: float, df: float, *, n: int, groups: int = 1) -> float:
    """Root mean square error of approximation (Steiger & Lind 1980) with N; 0 for a saturated model.

    With several groups multiplied by the root of their number (Steiger 1998).
    """
    return math.sqrt(groups * max(chi_square - df, 0.0) / (n * df)) if df > 0 else 0.0


def rmsea_interval(
    chi_square: float, df: float, *, n: int, groups: int = 1, level: float = RMSEA_LEVEL
) -> tuple[float, float]:
    """Interval of the RMSEA from the noncentral chi-square (Browne & Cudeck 1993, eq. 14).

    A bound is 0 where the noncentrality would be negative; both are 0 for a saturated model.
    """
    if df <= 0:
        return 0.0, 0.0
    tail = (1 - level) / 2
    low, high = (_noncentrality(chi_square, df, probability=p) for p in (1 - tail, tail))
    return math.sqrt(groups * low / (n * df)), math.sqrt(groups * high / (n * df))


def _noncentrality(chi_square: float, df: float, *, probability: float) -> float:
    """Return the noncentrality at which P(X <= chi_square) equals `probability`, at least 0."""
    if chi_square <= 0 or chdtr(df, chi_square) <= probability:
        return 0.0
    high = max(chi_square, df)
    while chndtr(chi_square, df, high) > probability:
        high *= 2
    return float(brentq(lambda nc: chndtr(chi_square, df, nc) - probability, 0.0, high, xtol=1e-10))


def rmsea_close_p(chi_square: float, df: float, *, n: int, groups: int = 1, null: float = CLOSE_FIT) -> float:
    """P value of the test of close fit, RMSEA <= .05 (Browne & Cudeck 1993); NaN for a saturated model."""
    return float(ncx2.sf(chi_square, df, n * df * null**2 / groups)) if df > 0 else math.nan


def srmr(S: Matrix, implied: Matrix, *, mean: NDArray[np.float64] | None = None) -> float:
    """Standardised root mean square residual (Bentler 1995; Hu & Bentler 1999), diagonal included.

    Residuals are divided by the observed standard deviations (lavaan's ``srmr_bentler``); `mean` are
    those of the means.
    """
    sd = np.sqrt(np.diag(S))
    residual = ((S - implied) / np.outer(sd, sd))[np.tril_indices(len(S))]
    if mean is not None:
        residual = np.concatenate([residual, mean])
    return float(np.sqrt(np.mean(residual**2)))
