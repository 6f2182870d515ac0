"""Tables of estimates with standard errors, tests and intervals, in lavaan's columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from jq_models.numeric.interval_formulas import check_level
from jq_models.numeric.moments import Array
from jq_models.sem.result import SemFit
from jq_models.sem.standardize import delta_se, standardized_values

NAMES = ["lhs", "op", "rhs", "group", "label", "free"]


def wald(estimate: Array, se: Array, *, level: float = 0.95) -> pd.DataFrame:
    """Return z, two-sided p and a symmetric interval for each estimate.

    Parameters
    ----------
    estimate, se : ndarray, shape (r,)
        A standard error of 0 marks a fixed value: z and p are then NaN, the interval is the value.
    level : float
        Of the interval.

    Returns
    -------
    DataFrame
        z, pvalue, ci_low, ci_high.
    """
    return pd.DataFrame(_wald(estimate, se, level=level))


def _wald(estimate: Array, se: Array, *, level: float) -> dict[str, Array]:
    check_level(level)
    moving = np.asarray(se) > 0
    z = np.full(len(estimate), np.nan)
    z[moving] = estimate[moving] / se[moving]
    half = float(ndtri(0.5 + level / 2.0)) * se
    return {"z": z, "pvalue": 2.0 * ndtr(-np.abs(z)), "ci_low": estimate - half, "ci_high": estimate + half}


def parameter_estimates(fit: SemFit, *, level: float = 0.95) -> pd.DataFrame:
    """Return the unstandardised solution, with the standardised values beside it.

    Parameters
    ----------
    fit : SemFit
    level : float
        Of the intervals.

    Returns
    -------
    DataFrame
        lhs op rhs group label free est se z pvalue ci_low ci_high std_all; one row per parameter, fixed
        ones included, in the order of ``fit.table``.

    Raises
    ------
    FitError
        When the fit is not usable.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem, parameter_estimates
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> S = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> moments = Moments(names=("x1", "x2", "x3", "x4"), covariance=S, mean=np.zeros(4), n=300)
    >>> fit = fit_sem("F =~ x1 + x2 + x3 + x4", moments, std_lv=True)
    >>> parameter_estimates(fit)[["lhs", "op", "rhs", "est", "se"]].head(2).round(3)
      lhs  op rhs  est     se
    0   F  =~  x1  0.8  0.059
    1   F  =~  x2  0.7  0.059
    """
    fit.require()
    estimate, se = fit.table["est"].to_numpy(dtype=float), fit.table["se"].to_numpy(dtype=float)
    tests = _wald(estimate, se, level=level)
    words = {name: fit.table[name].array for name in NAMES}
    return pd.DataFrame({**words, "est": estimate, "se": se, **tests, "std_all": _standard(fit)})


def standardized(fit: SemFit, *, level: float = 0.95) -> pd.DataFrame:
    """Return the completely standardised solution (std.all) with delta-method standard errors.

    Returns
    -------
    DataFrame
        lhs op rhs group label free est_std se z pvalue ci_low ci_high, rows as in ``fit.table``. NaN where a
        standardised value does not exist: a negative variance.

    Raises
    ------
    FitError
        When the fit is not usable.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem, standardized
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> S = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> moments = Moments(names=("x1", "x2", "x3", "x4"), covariance=S, mean=np.zeros(4), n=300)
    >>> fit = fit_sem("F =~ x1 + x2 + x3 + x4", moments, std_lv=True)
    >>> standardized(fit)[["lhs", "op", "rhs", "est_std"]].head(2).round(3)
      lhs  op rhs  est_std
    0   F  =~  x1      0.8
    1   F  =~  x2      0.7
    """
    fit.require()
    estimate = _standard(fit)
    with np.errstate(all="ignore"):
        se = delta_se(lambda theta: standardized_values(fit, theta), fit)
    se = np.where(np.isnan(estimate), np.nan, se)
    return fit.table[NAMES].assign(est_std=estimate, se=se, **_wald(estimate, se, level=level))


def _standard(fit: SemFit) -> Array:
    values: Array = standardized_values(fit, fit.theta)
    return values
