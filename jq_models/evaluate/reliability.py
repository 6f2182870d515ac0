"""Reliability of scales: alpha, omega, composite reliability and average variance extracted."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.errors import FitError
from jq_models.evaluate.measurement import MeasuredFactor, measured_factors
from jq_models.sem import SemFit

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

COLUMNS = ("n_items", "alpha", "omega", "composite_reliability", "ave")


def reliability(fit: SemFit, items: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the reliability of every scale of a measurement model.

    Parameters
    ----------
    fit : SemFit
        A usable fit.
    items : DataFrame, optional
        Answers to compute alpha from, one column an item, complete rows of each scale used. Default:
        the cases the fit analysed, as semTools does.

    Returns
    -------
    DataFrame
        Index ``construct`` (factors measured by items, in model order); columns ``n_items``, ``alpha``
        (Cronbach 1951; semTools ``reliability()``, row alpha), ``omega`` (Bollen 1980; Raykov 2001; its
        row omega, ``compRelSEM(obs.var = FALSE)``; not its omega3, which divides by the observed
        variance of the sum), ``composite_reliability`` (Fornell & Larcker 1981, eq. 10, standardised
        loadings) and ``ave`` (their eq. 11, standardised loadings: the mean squared loading; semTools
        ``AVE()`` takes unstandardised ones, so items with more variance weigh more). NaN for single
        items, whose reliability the data can't tell.

    Raises
    ------
    FitError
        When the fit must not be used, or has ordered items.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> S = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> moments = Moments(names=("x1", "x2", "x3", "x4"), covariance=S, mean=np.zeros(4), n=300)
    >>> fit = fit_sem("F =~ x1 + x2 + x3 + x4", moments, std_lv=True)
    >>> from jq_models.evaluate import reliability
    >>> reliability(fit).round(3).loc["F"].to_dict()
    {'n_items': 4.0, 'alpha': 0.742, 'omega': 0.749, 'composite_reliability': 0.749, 'ave': 0.435}
    """
    fit.require()
    if fit.parameters.ordered:
        raise FitError(
            f"The model '{fit.model.name}' has ordered items: alpha and omega of a sum of their answers need "
            "the answers' thresholds (Green and Yang, 2009) and are not offered. Fit the items as numbers, "
            "by ML or MLR, for the reliability of their mean scores."
        )
    rows = {}
    for factor in measured_factors(fit):
        S = factor.observed if items is None else _covariance(items[list(factor.items)])
        several = len(factor.items) > 1
        loadings, residuals = factor.standardised()
        rows[factor.name] = (
            len(factor.items),
            alpha(S) if several else math.nan,
            _omega(factor) if several else math.nan,
            composite_reliability(loadings, np.diag(residuals)) if several else math.nan,
            average_variance_extracted(loadings, np.diag(residuals)) if several else math.nan,
        )
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS))
    return frame.rename_axis("construct")


def alpha(S: Matrix) -> float:
    """Coefficient alpha (Cronbach 1951, eq. 2) from the items' covariance matrix (k, k)."""
    k = len(S)
    return float(k / (k - 1) * (1 - np.trace(S) / S.sum()))


def omega(loadings: Vector, residuals: Matrix, *, variance: float = 1.0, total: float | None = None) -> float:
    """Composite reliability of a sum of congeneric items (Bollen 1980; Raykov 2001).

    Parameters
    ----------
    loadings : array (k,)
        Unstandardised loadings.
    residuals : array (k, k)
        Residual covariance matrix; covariances between residuals count as error.
    variance : float
        The factor's total variance.
    total : float, optional
        Variance of the sum of the items. Default: true plus error variance; with the observed variance
        the result is McDonald's (1999) form, semTools' omega3 and ``compRelSEM(obs.var = TRUE)``.
    """
    true = float(np.sum(loadings)) ** 2 * variance
    return true / (true + float(np.sum(residuals)) if total is None else total)


def composite_reliability(loadings: Vector, residual_variances: Vector) -> float:
    """Composite reliability (Fornell & Larcker 1981, eq. 10; Jöreskog 1971), factor variance 1."""
    true = float(np.sum(loadings)) ** 2
    return true / (true + float(np.sum(residual_variances)))


def average_variance_extracted(loadings: Vector, residual_variances: Vector) -> float:
    """Average variance extracted (Fornell & Larcker 1981, eq. 11), factor variance 1."""
    true = float(np.sum(np.square(loadings)))
    return true / (true + float(np.sum(residual_variances)))


def _omega(factor: MeasuredFactor) -> float:
    return omega(factor.loadings, factor.residuals, variance=factor.variance)


def _covariance(items: pd.DataFrame) -> Matrix:
    complete = items.dropna().to_numpy(dtype=float)
    return np.atleast_2d(np.cov(complete, rowvar=False))
