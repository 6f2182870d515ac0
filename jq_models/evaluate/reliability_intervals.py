"""Intervals of reliabilities: of alpha without a model, of the others by the delta method.

All are symmetric on the logit of the coefficient, so that no bound leaves 0 to 1 (Raykov & Marcoulides 2011,
Introduction to psychometric theory).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from jq_models.evaluate.measurement import measured_factors
from jq_models.evaluate.reliability import alpha, reliability
from jq_models.sem import SemFit, delta_se, filled, fit_sem
from jq_models.sem.matrices import ModelMatrices, Numbers

Vector = NDArray[np.float64]
LEVEL = 0.95
FEWEST = 3  # complete rows below which nothing is computed
COEFFICIENTS = ("alpha", "omega", "composite_reliability", "ave")


def alphas(items: pd.DataFrame, constructs: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return alpha of every scale with its interval; no model is needed.

    Parameters
    ----------
    items : DataFrame
        Answers, one column an item; complete rows of each scale are used.
    constructs : mapping
        The items of each construct.

    Returns
    -------
    DataFrame
        Index construct; columns n, n_items, alpha, alpha_low, alpha_high; NaN for a single item, fewer than
        three complete rows, or items that do not vary.

    Notes
    -----
    The standard error is distribution-free: the spread of the cases' influence on alpha (Maydeu-Olivares,
    Coffman & Hartmann 2007, Psychological Methods 12, 157-176).
    """
    rows = {}
    for name, codes in constructs.items():
        answers = items[list(codes)].dropna().to_numpy(dtype=float)
        n, k = answers.shape
        estimate, se = alpha_and_se(answers) if k > 1 and n >= FEWEST else (math.nan, math.nan)
        low, high = logit_interval(np.array([estimate]), np.array([se]))
        rows[name] = (n, k, estimate, float(low[0]), float(high[0]))
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=["n", "n_items", "alpha", "alpha_low", "alpha_high"]
    )
    return frame.rename_axis("construct")


def alpha_and_se(answers: NDArray[np.float64]) -> tuple[float, float]:
    """Return alpha of complete answers (n, k) and its distribution-free standard error.

    With T the sum of the variances and V that of all covariances, alpha = k / (k - 1) (1 - T / V); a case
    with centred answers z moves T by z'z - T and V by (1'z)^2 - V.
    """
    n, k = answers.shape
    centred = answers - answers.mean(axis=0)
    trace, total = np.sum(centred**2, axis=1), np.sum(centred, axis=1) ** 2
    T, V = trace.mean(), total.mean()
    if V <= 0 or (centred.std(axis=0) == 0).any():
        return math.nan, math.nan
    influence = k / (k - 1) * (T * (total - V) / V**2 - (trace - T) / V)
    return alpha(np.cov(answers, rowvar=False)), float(np.sqrt(np.mean(influence**2) / n))


def reliability_with_intervals(fit: SemFit, items: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return `reliability` with the bounds of a 95 % interval beside each coefficient.

    Parameters
    ----------
    fit : SemFit
        By ML; with `items` its model is fitted to them once more by MLR, which gives the same estimates, for
        intervals of omega, composite reliability and AVE that do not lean on normal answers. A fit by
        another estimator keeps its own standard errors.
    items : DataFrame, optional
        As for `reliability`; without it alpha has no interval.

    Returns
    -------
    DataFrame
        As `reliability`, with ``alpha_low``, ``alpha_high`` and so on; NaN where there is no coefficient, or
        it is not between 0 and 1.

    Raises
    ------
    FitError
        When the fit must not be used, or has ordered items.
    """
    table = reliability(fit, items)
    several = [factor for factor in measured_factors(fit) if len(factor.items) > 1]
    if items is not None and several:
        found = alphas(items, {factor.name: factor.items for factor in several})
        for bound in ("alpha_low", "alpha_high"):
            table[bound] = found[bound].reindex(table.index)
    else:
        table[["alpha_low", "alpha_high"]] = np.nan
    scales = {factor.name: factor.items for factor in several}

    def values(theta: Numbers) -> Numbers:
        return scale_coefficients(fit.matrices, theta, scales=scales)

    robust = fit
    if items is not None and fit.estimator == "ML":
        robust = _robust(fit, items)
    se = delta_se(values, robust).reshape(len(scales), 3) if scales else np.empty((0, 3))
    for k, name in enumerate(COEFFICIENTS[1:]):
        estimate = table.loc[list(scales), name].to_numpy(dtype=float)
        low, high = logit_interval(estimate, se[:, k])
        table[f"{name}_low"] = pd.Series(low, index=list(scales)).reindex(table.index)
        table[f"{name}_high"] = pd.Series(high, index=list(scales)).reindex(table.index)
    order = [f"{name}{end}" for name in COEFFICIENTS for end in ("", "_low", "_high")]
    return table[["n_items", *order]]


def _robust(fit: SemFit, items: pd.DataFrame) -> SemFit:
    """Return the fit with robust standard errors, or itself when `items` are not what it was fitted to."""
    for std_lv in (False, True):
        again = fit_sem(
            fit.model,
            items,
            estimator="MLR",
            missing=fit.missing,
            meanstructure=fit.parameters.meanstructure,
            std_lv=std_lv,
        )
        same = again.parameters.free_names == fit.parameters.free_names
        # other cases than the fit's would give other estimates
        if same and again.usable and np.allclose(again.theta, fit.theta, atol=1e-3):
            return again
    return fit


def scale_coefficients(
    matrices: ModelMatrices, theta: Numbers, *, scales: Mapping[str, Sequence[str]]
) -> Numbers:
    """Return omega, composite reliability and AVE of every scale as functions of the parameters.

    The formulas are those of ``reliability``; complex parameters give their derivatives.
    """
    state = filled(matrices, theta)
    latent, observed = list(matrices.latent), list(matrices.observed)
    found = []
    for name, codes in scales.items():
        j, rows = latent.index(name), np.array([observed.index(code) for code in codes])
        variance = state.latent_covariance[j, j]
        loadings, residuals = state.loading[rows, j], state.theta[np.ix_(rows, rows)]
        true = np.sum(loadings) ** 2 * variance
        sd = np.sqrt(np.diag(state.implied)[rows])
        standard, own = loadings * np.sqrt(variance) / sd, np.diag(residuals) / sd**2
        composite, shared = np.sum(standard) ** 2, np.sum(standard**2)
        error = np.sum(own)
        found += [true / (true + np.sum(residuals)), composite / (composite + error)]
        found.append(shared / (shared + error))
    return np.array(found)


def logit_interval(estimate: Vector, se: Vector, *, level: float = LEVEL) -> tuple[Vector, Vector]:
    """Return an interval symmetric on the logit; NaN where the estimate is not between 0 and 1."""
    inside = (estimate > 0) & (estimate < 1)
    with np.errstate(invalid="ignore"):
        safe = np.where(inside, estimate, np.nan)
        half = float(ndtri((1 + level) / 2)) * se / (safe * (1 - safe))
        middle = logit(safe)
        return np.asarray(expit(middle - half)), np.asarray(expit(middle + half))
