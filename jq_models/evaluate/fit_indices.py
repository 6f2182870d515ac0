"""Fit indices of a covariance-structure model, by the definitions of lavaan 0.6 (N, not N - 1)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from jq_models.evaluate.index_formulas import cfi, rmsea, rmsea_close_p, rmsea_interval, srmr, tli
from jq_models.evaluate.least_squares_indices import (
    index_size,
    least_squares_corrections,
    residual_parts,
)
from jq_models.evaluate.robust_corrections import missing_corrections
from jq_models.evaluate.robust_indices import RobustIndices, robust_indices
from jq_models.sem import SemFit


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FitIndices(RobustIndices):
    """The fit of a model. NaN where a quantity does not exist (the p values of a saturated model).

    `rmsea_low` and `rmsea_high` bound the 90 % interval; `rmsea_close_p` tests RMSEA <= .05. Scaled and
    robust numbers are those of the estimator's test, NaN without one.
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
    chi_square_scaled: float = math.nan
    df_scaled: float = math.nan
    p_value_scaled: float = math.nan
    scaling_factor: float = math.nan
    shift: float = math.nan

    def __repr__(self) -> str:
        """List what exists, the plain indices first."""
        corrected = {field.name for field in fields(RobustIndices)}
        names = sorted((field.name for field in fields(self)), key=lambda name: name in corrected)
        found = {name: getattr(self, name) for name in names}
        return f"FitIndices({', '.join(f'{k}={v}' for k, v in found.items() if v == v)})"


def fit_indices(fit: SemFit) -> FitIndices:
    """Judge how well a fitted model reproduces the covariances.

    Parameters
    ----------
    fit : SemFit
        A usable fit; log_likelihood, aic, bic and sabic are NaN by least squares.

    Returns
    -------
    FitIndices
        The chi-square is N F; the baseline is the independence model, in which observed exogenous
        variables keep their covariances; the likelihood is conditional on them.

    Raises
    ------
    FitError
        When the fit must not be used.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> S = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> moments = Moments(names=("x1", "x2", "x3", "x4"), covariance=S, mean=np.zeros(4), n=300)
    >>> fit = fit_sem("F =~ x1 + x2 + x3 + x4", moments, std_lv=True)
    >>> from jq_models.evaluate import fit_indices
    >>> indices = fit_indices(fit)  # these moments are the model's own: it fits perfectly
    >>> indices.df, round(indices.cfi, 3), round(indices.rmsea, 3)
    (2, 1.0, 0.0)
    """
    fit.require()
    n, n_parameters, groups = fit.n, len(fit.theta), len(fit.groups)
    chi_square, df = fit.test.chi_square, fit.test.df
    baseline, baseline_df = fit.baseline.chi_square, fit.baseline.df
    size = index_size(fit)
    low, high = rmsea_interval(chi_square, df, n=size, groups=groups)
    saturated = fit.log_likelihood_saturated
    log_likelihood = saturated - chi_square / 2.0
    return FitIndices(
        n=n,
        n_parameters=n_parameters,
        chi_square=chi_square,
        df=df,
        p_value=fit.test.p_value,
        baseline_chi_square=baseline,
        baseline_df=baseline_df,
        cfi=cfi(chi_square, df, baseline=baseline, baseline_df=baseline_df),
        tli=tli(chi_square, df, baseline=baseline, baseline_df=baseline_df),
        rmsea=rmsea(chi_square, df, n=size, groups=groups),
        rmsea_low=low,
        rmsea_high=high,
        rmsea_close_p=rmsea_close_p(chi_square, df, n=size, groups=groups),
        srmr=srmr_of(fit),
        log_likelihood=log_likelihood,
        log_likelihood_saturated=saturated,
        aic=-2 * log_likelihood + 2 * n_parameters,
        bic=-2 * log_likelihood + n_parameters * math.log(n),
        sabic=-2 * log_likelihood + n_parameters * math.log((n + 2) / 24),
        chi_square_scaled=fit.test.scaled,
        df_scaled=fit.test.df_scaled,
        p_value_scaled=fit.test.p_value_scaled,
        scaling_factor=fit.test.factor,
        shift=fit.test.shift,
        **asdict(_robust(fit)),
    )


def _robust(fit: SemFit) -> RobustIndices:
    corrections = least_squares_corrections(fit)
    if fit.incomplete:
        corrections = missing_corrections(fit, information=fit.information_kind)
    return robust_indices(
        fit.test, fit.baseline, n=index_size(fit), groups=len(fit.groups), corrections=corrections
    )


def fit_indices_of(fits: Mapping[str, SemFit]) -> dict[str, FitIndices]:
    """Return the fit indices of every fit that may be used; a failed one has none."""
    return {name: fit_indices(fit) for name, fit in fits.items() if fit.usable}


def srmr_of(fit: SemFit) -> float:
    """Return the SRMR of a fit: with several groups their mean, weighted by cases.

    With a mean structure the means' residuals, in observed standard deviations, take part; not with
    ordered items.
    """
    parts = residual_parts(fit)
    total = sum(size * srmr(S, implied, mean=mean) for size, S, implied, mean in parts)
    return total / sum(size for size, *_ in parts)
