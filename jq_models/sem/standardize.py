"""Standardised solutions, explained variance and latent covariances, as functions of the parameters.

Everything is a smooth function of theta, so that a complex step gives its exact derivative (Squire &
Trapp, 1998, SIAM Review 40, 110-112) and the delta method its standard error.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from jq_models.sem.fit import SemFit
from jq_models.sem.matrices import ModelMatrices, Numbers, filled, row_values
from jq_models.sem.moments import Array

STEP = 1e-30
# a standard error that is a smaller share of its value is rounding
CONSTANT = 1e-10


def jacobian(function: Callable[[Numbers], Numbers], theta: Array) -> Array:
    """Return the derivative of an analytic function by complex steps.

    Parameters
    ----------
    function : callable
        From (k,) to (r,), written without abs, conjugates or comparisons.
    theta : ndarray, shape (k,)

    Returns
    -------
    ndarray, shape (r, k)
    """
    steps = np.eye(len(theta)) * (1j * STEP)
    # many small matrices: a second thread costs more than it brings
    with threadpool_limits(limits=1):
        columns = [np.imag(function(theta + step)) / STEP for step in steps]
    return np.column_stack(columns)


def delta_se(function: Callable[[Numbers], Numbers], fit: SemFit) -> Array:
    """Return delta-method standard errors of a function of the parameters, shape (r,).

    se = sqrt(diag(J V J')); exactly 0 where the function does not depend on the parameters.
    """
    J = jacobian(function, fit.theta)
    variance = np.einsum("ri,ij,rj->r", J, fit.vcov, J)
    # what is constant by construction (the standardised loading of a single item) is 0 but for rounding
    least = (CONSTANT * np.abs(function(fit.theta))) ** 2
    result: Array = np.sqrt(np.where(variance > least, variance, 0.0))
    return result


def standardized_rows(matrices: ModelMatrices, theta: Numbers) -> Numbers:
    """Return the completely standardised value of every row of the table (std.all), shape (rows,).

    Loadings and paths are multiplied by sd(cause) / sd(effect), (co)variances divided by the two
    standard deviations: residual covariances by residual ones, variances by the total variance.
    """
    state = filled(matrices, theta)
    names = (*matrices.observed, *matrices.latent)
    total = np.concatenate([np.diag(state.implied), np.diag(state.latent_covariance)])
    own = np.concatenate([np.diag(state.theta), np.diag(state.psi)])
    # an observed variable that got a latent one has its residual there
    place = {name: i for i, name in enumerate(names)}
    rows = matrices.parameters.rows
    left = np.array([place[r.lhs] for r in rows])
    right = np.array([place[r.rhs] for r in rows])
    op = np.array([r.op for r in rows])
    cause, effect = np.where(op == "=~", left, right), np.where(op == "=~", right, left)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.sqrt(total[cause]) / np.sqrt(total[effect])
        share = 1.0 / total[left]
        between = 1.0 / (np.sqrt(own[left]) * np.sqrt(own[right]))
    factor = np.select([op != "~~", left == right], [slope, share], default=between)
    result: Numbers = row_values(matrices, theta) * factor
    return result


def r_squared_at(matrices: ModelMatrices, theta: Numbers) -> Numbers:
    """Return 1 - residual / total variance of every explained variable, in the order of `endogenous`."""
    state = filled(matrices, theta)
    total = np.concatenate([np.diag(state.implied), np.diag(state.latent_covariance)])
    own = np.concatenate([np.diag(state.theta), np.diag(state.psi)])
    place = {name: i for i, name in enumerate((*matrices.observed, *matrices.latent))}
    where = [place[name] for name in matrices.parameters.endogenous]
    result: Numbers = 1.0 - own[where] / total[where]
    return result


def r_squared(fit: SemFit) -> pd.Series:
    """Return the explained variance of every endogenous variable, observed and latent.

    NaN where a residual variance is negative.

    Raises
    ------
    FitError
        When the fit is not usable.
    """
    fit.require()
    names = list(fit.parameters.endogenous)
    values = r_squared_at(fit.matrices, fit.theta)
    proper = np.where(values <= 1.0 + CONSTANT, values, np.nan)
    return pd.Series(proper, index=names, name="r_squared", dtype=float)


def latent_covariance(fit: SemFit) -> pd.DataFrame:
    """Return the model-implied covariance matrix of all latent variables, A Psi A'.

    Raises
    ------
    FitError
        When the fit is not usable.
    """
    fit.require()
    names = list(fit.parameters.latent)
    full = filled(fit.matrices, fit.theta).latent_covariance
    return pd.DataFrame(full[: len(names), : len(names)], index=names, columns=names)


def latent_correlation(fit: SemFit) -> pd.DataFrame:
    """Return the model-implied correlations of all latent variables; NaN for a negative variance.

    Raises
    ------
    FitError
        When the fit is not usable.
    """
    covariance = latent_covariance(fit)
    variance = np.diag(covariance)
    deviation = np.sqrt(np.where(variance > 0, variance, np.nan))
    return covariance.div(deviation, axis=0).div(deviation, axis=1)
