"""Fit indices of a covariance-structure model, by the definitions of lavaan 0.6 (N, not N - 1)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2, ncx2

from jq_models.sem import SemFit

Matrix = NDArray[np.float64]

CLOSE_FIT = 0.05
RMSEA_LEVEL = 0.90


@dataclass(frozen=True, slots=True, kw_only=True)
class FitIndices:
    """The fit of a model. NaN where a quantity does not exist (the p values of a saturated model).

    `rmsea_low` and `rmsea_high` bound the 90 % interval; `rmsea_close_p` tests RMSEA <= .05.
    """

    n: int
    n_parameters: int
    chi_square: float
    df: int
    p_value: float
    baseline_chi_square: float
    baseline_df: int
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    rmsea_close_p: float
    srmr: float
    log_likelihood: float
    log_likelihood_saturated: float
    aic: float
    bic: float
    sabic: float


def fit_indices(fit: SemFit) -> FitIndices:
    """Judge how well a fitted model reproduces the covariances.

    Parameters
    ----------
    fit : SemFit
        A usable fit by maximum likelihood.

    Returns
    -------
    FitIndices
        The chi-square is N F; the baseline is the independence model, in which observed exogenous
        variables keep their covariances; the likelihood is conditional on them.

    Raises
    ------
    FitError
        When the fit must not be used.
    """
    fit.require()
    S, implied = fit.moments.covariance, fit.implied
    n, n_parameters, df = fit.n, len(fit.theta), fit.df
    chi_square = max(n * fit.objective, 0.0)  # F is never negative; rounding may be, when df = 0
    x = [fit.moments.names.index(name) for name in fit.parameters.covariates]
    baseline, baseline_df = baseline_chi_square(S, n, exogenous=x)
    low, high = rmsea_interval(chi_square, df, n=n)
    given = normal_log_likelihood(S[np.ix_(x, x)], S[np.ix_(x, x)], n=n)
    log_likelihood = normal_log_likelihood(S, implied, n=n) - given
    return FitIndices(
        n=n,
        n_parameters=n_parameters,
        chi_square=chi_square,
        df=df,
        p_value=float(chi2.sf(chi_square, df)) if df > 0 else math.nan,
        baseline_chi_square=baseline,
        baseline_df=baseline_df,
        cfi=cfi(chi_square, df, baseline=baseline, baseline_df=baseline_df),
        tli=tli(chi_square, df, baseline=baseline, baseline_df=baseline_df),
        rmsea=rmsea(chi_square, df, n=n),
        rmsea_low=low,
        rmsea_high=high,
        rmsea_close_p=rmsea_close_p(chi_square, df, n=n),
        srmr=srmr(S, implied),
        log_likelihood=log_likelihood,
        log_likelihood_saturated=normal_log_likelihood(S, S, n=n) - given,
        aic=-2 * log_likelihood + 2 * n_parameters,
        bic=-2 * log_likelihood + n_parameters * math.log(n),
        sabic=-2 * log_likelihood + n_parameters * math.log((n + 2) / 24),
    )


def fit_indices_of(fits: Mapping[str, SemFit]) -> dict[str, FitIndices]:
    """Return the fit indices of every fit that may be used; a failed one has none."""
    return {name: fit_indices(fit) for name, fit in fits.items() if fit.usable}


def baseline_chi_square(S: Matrix, n: int, *, exogenous: Sequence[int] = ()) -> tuple[float, int]:
    """Chi-square and df of the independence model, N (sum log s_ii - log|S|) and p (p - 1) / 2.

    Observed exogenous variables (their places in S) keep their covariances, as in lavaan.
    """
    x = np.asarray(exogenous, dtype=np.intp)
    y = np.setdiff1d(np.arange(len(S)), x)
    log_det = np.sum(np.log(np.diag(S)[y])) + np.linalg.slogdet(S[np.ix_(x, x)])[1]
    chi_square = n * float(log_det - np.linalg.slogdet(S)[1])
    return chi_square, len(y) * (len(y) - 1) // 2 + len(y) * len(x)


def cfi(chi_square: float, df: int, *, baseline: float, baseline_df: int) -> float:
    """Comparative fit index (Bentler 1990); 1 when neither model has excess misfit."""
    excess = max(chi_square - df, 0.0)
    worst = max(chi_square - df, baseline - baseline_df, 0.0)
    return 1.0 if math.isclose(worst, 0.0, abs_tol=1.5e-8) else 1.0 - excess / worst


def tli(chi_square: float, df: int, *, baseline: float, baseline_df: int) -> float:
    """Tucker-Lewis index (Tucker & Lewis 1973), not cut at 1; 1 for a saturated model, as in lavaan."""
    excess = (baseline - baseline_df) * df
    return 1.0 if df <= 0 or excess == 0 else 1.0 - (chi_square - df) * baseline_df / excess


def rmsea(chi_square: float, df: int, *, n: int) -> float:
    """Root mean square error of approximation (Steiger & Lind 1980) with N; 0 for a saturated model."""
    return math.sqrt(max(chi_square - df, 0.0) / (n * df)) if df > 0 else 0.0


def rmsea_interval(chi_square: float, df: int, *, n: int, level: float = RMSEA_LEVEL) -> tuple[float, float]:
    """Interval of the RMSEA from the noncentral chi-square (Browne & Cudeck 1993, eq. 14).

    A bound is 0 where the noncentrality would be negative; both are 0 for a saturated model.
    """
    if df <= 0:
        return 0.0, 0.0
    tail = (1 - level) / 2
    low, high = (_noncentrality(chi_square, df, probability=p) for p in (1 - tail, tail))
    return math.sqrt(low / (n * df)), math.sqrt(high / (n * df))


def _noncentrality(chi_square: float, df: int, *, probability: float) -> float:
    """Return the noncentrality at which P(X <= chi_square) equals `probability`, at least 0."""
    if chi_square <= 0 or chi2.cdf(chi_square, df) <= probability:
        return 0.0
    high = max(chi_square, float(df))
    while ncx2.cdf(chi_square, df, high) > probability:
        high *= 2
    return float(brentq(lambda nc: _cdf(chi_square, df, nc) - probability, 0.0, high, xtol=1e-10))


def _cdf(chi_square: float, df: int, noncentrality: float) -> float:
    central = noncentrality == 0
    return float(chi2.cdf(chi_square, df) if central else ncx2.cdf(chi_square, df, noncentrality))


def rmsea_close_p(chi_square: float, df: int, *, n: int, null: float = CLOSE_FIT) -> float:
    """P value of the test of close fit, RMSEA <= .05 (Browne & Cudeck 1993); NaN for a saturated model."""
    return float(ncx2.sf(chi_square, df, n * df * null**2)) if df > 0 else math.nan


def srmr(S: Matrix, implied: Matrix) -> float:
    """Standardised root mean square residual (Bentler 1995; Hu & Bentler 1999), diagonal included.

    Residuals are divided by the observed standard deviations (lavaan's ``srmr_bentler``).
    """
    sd = np.sqrt(np.diag(S))
    residual = (S - implied) / np.outer(sd, sd)
    return float(np.sqrt(np.mean(residual[np.tril_indices(len(S))] ** 2)))


def normal_log_likelihood(S: Matrix, implied: Matrix, *, n: int) -> float:
    """Log-likelihood of N normal cases with covariance S (divisor N) and free means."""
    if not len(S):
        return 0.0
    log_det = np.linalg.slogdet(implied)[1]
    trace = np.trace(np.linalg.solve(implied, S))
    return float(-n / 2 * (len(S) * math.log(2 * math.pi) + log_det + trace))
