"""Standardised solutions, explained variance and latent covariances, as functions of the parameters.

Everything is a smooth function of theta, so that a complex step gives its exact derivative (Squire &
Trapp, 1998, SIAM Review 40, 110-112) and the delta method its standard error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from jq_models.errors import FitError
from jq_models.numeric.moments import Array
from jq_models.numeric.threads import one_thread
from jq_models.sem.layout import LOADING, PATH, PSI, SCALE
from jq_models.sem.matrices import ModelMatrices, Numbers, filled, row_values
from jq_models.sem.result import SemFit
from jq_models.spec.formulas import formulas

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
    with one_thread():
        columns = [np.imag(function(theta + step)) / STEP for step in steps]
    return np.column_stack(columns)


def delta_se(function: Callable[[Numbers], Numbers], fit: SemFit) -> Array:
    """Return delta-method standard errors of a function of the parameters, shape (r,).

    se = sqrt(diag(J V J')); exactly 0 where the function does not depend on the parameters, NaN where it or
    its derivative does not exist (a division by zero in a definition).

    Parameters
    ----------
    function : callable
        Of the parameter vector, shape (k,), to an array (r,); it must bear complex numbers.
    """
    with np.errstate(all="ignore"):
        J = jacobian(function, fit.theta)
        variance = np.sum((J @ fit.vcov) * J, axis=1)
        # what is constant by construction (the standardised loading of a single item) is 0 but for rounding
        least = (CONSTANT * np.abs(function(fit.theta))) ** 2
    result: Array = np.sqrt(np.where(variance <= least, 0.0, np.maximum(variance, 0.0)))
    return result


def standardized_rows(matrices: ModelMatrices, theta: Numbers) -> Numbers:
    """Return the completely standardised value of every row of the table (std.all), shape (rows,).

    Loadings and paths are multiplied by sd(cause) / sd(effect), (co)variances divided by the two
    standard deviations: residual covariances by residual ones, variances by the total variance;
    intercepts and thresholds divided by the standard deviation; scale factors multiplied by it, which
    makes them 1.

    Parameters
    ----------
    theta : ndarray, shape (k,)
        The free parameters.
    """
    state = filled(matrices, theta)
    total = np.concatenate([np.diag(state.implied), np.diag(state.latent_covariance)])
    own = np.concatenate([np.diag(state.theta), np.diag(state.psi)])
    # an observed variable that got a latent one has its residual there
    left, right, kind = matrices.layout.left, matrices.layout.right, matrices.layout.kind
    loading = kind == LOADING
    cause, effect = np.where(loading, left, right), np.where(loading, right, left)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.sqrt(total[cause]) / np.sqrt(total[effect])
        # by two roots, so that it is NaN where the variance is negative
        share = 1.0 / (np.sqrt(total[left]) * np.sqrt(total[left]))
        between = 1.0 / (np.sqrt(own[left]) * np.sqrt(own[right]))
        level = 1.0 / np.sqrt(total[left])
    factor = np.where(loading | (kind == PATH), slope, level)
    factor = np.where(kind == PSI, between, factor)
    factor = np.where(matrices.layout.variance, share, factor)
    if (kind == SCALE).any():
        factor = np.where(kind == SCALE, 1.0 / level, factor)
    result: Numbers = row_values(matrices, theta, state=state) * factor
    return result


def standardized_values(fit: SemFit, theta: Numbers) -> Numbers:
    """Return std.all of every row of the fit's table: group after group, then the defined parameters."""
    rows = np.concatenate([standardized_rows(g, theta) for g in fit.groups])
    return with_defined(fit, rows)


def with_defined(fit: SemFit, rows: Numbers) -> Numbers:
    """Append the defined parameters, computed from the rows that carry labels."""
    defined = fit.parameters.defined
    if not defined:
        return rows
    labels = [row.label for g in fit.groups for row in g.parameters.rows]
    known = {label: rows[i] for i, label in reversed(list(enumerate(labels))) if label}
    for parameter in defined:
        known[parameter.name] = parameter.expression.value(known)
    return np.concatenate([rows, [known[d.name] for d in defined]])


def with_defined_rows(fit: SemFit) -> SemFit:
    """Return the fit with its defined parameters in the table, standard errors by the delta method."""
    if not fit.parameters.defined:
        return fit

    def defined(theta: Numbers) -> Numbers:
        rows = np.concatenate([row_values(g, theta) for g in fit.groups])
        return with_defined(fit, rows)[len(rows) :]

    names, written = [d.name for d in fit.parameters.defined], formulas(fit.model.text)
    more = pd.DataFrame(
        {
            "lhs": names,
            "op": ":=",
            "rhs": [written[name] for name in names],
            "group": 0,
            "free": 0,
            "est": defined(fit.theta),
            "se": delta_se(defined, fit),
            "label": names,
        }
    )
    return replace(fit, table=pd.concat([fit.table, more], ignore_index=True))


def r_squared_at(matrices: ModelMatrices, theta: Numbers) -> Numbers:
    """Return 1 - residual / total variance of every explained variable, in the order of `endogenous`."""
    state = filled(matrices, theta)
    total = np.concatenate([np.diag(state.implied), np.diag(state.latent_covariance)])
    own = np.concatenate([np.diag(state.theta), np.diag(state.psi)])
    place = {name: i for i, name in enumerate((*matrices.observed, *matrices.latent))}
    where = [place[name] for name in matrices.parameters.endogenous]
    with np.errstate(invalid="ignore", divide="ignore"):
        # by two roots, so that it is NaN where the total variance is negative
        result: Numbers = 1.0 - own[where] / (np.sqrt(total[where]) * np.sqrt(total[where]))
    return result


def r_squared(fit: SemFit) -> pd.Series:
    """Return the explained variance of every endogenous variable, observed and latent.

    NaN where a residual or total variance is negative.

    Raises
    ------
    FitError
        When the fit is not usable.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem, r_squared
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> S = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> moments = Moments(names=("x1", "x2", "x3", "x4"), covariance=S, mean=np.zeros(4), n=300)
    >>> fit = fit_sem("F =~ x1 + x2 + x3 + x4", moments, std_lv=True)
    >>> r_squared(fit).round(2).to_dict()
    {'x1': 0.64, 'x2': 0.49, 'x3': 0.36, 'x4': 0.25}
    """
    fit.require()
    if len(fit.groups) > 1:
        raise FitError("This fit has several groups. Use r_squared_by_group.")
    names = list(fit.parameters.endogenous)
    values = r_squared_at(fit.matrices, fit.theta)
    proper = np.where(values <= 1.0 + CONSTANT, values, np.nan)
    return pd.Series(proper, index=names, name="r_squared", dtype=float)


def r_squared_by_group(fit: SemFit) -> pd.DataFrame:
    """Return the explained variance of every endogenous variable in every group.

    Returns
    -------
    DataFrame
        group (from 1), label (of the group; "" when there is one), variable, r_squared; NaN where a residual
        variance is negative.

    Raises
    ------
    FitError
        When the fit is not usable.
    """
    fit.require()
    names = list(fit.parameters.endogenous)
    tables = []
    for g, (matrices, group) in enumerate(zip(fit.groups, fit.sample.groups, strict=True)):
        values = r_squared_at(matrices, fit.theta)
        proper = np.where(values <= 1.0 + CONSTANT, values, np.nan)
        tables.append(
            pd.DataFrame({"group": g + 1, "label": group.label, "variable": names, "r_squared": proper})
        )
    return pd.concat(tables, ignore_index=True)


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

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem, latent_correlation
    >>> L = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6]]))
    >>> S = L @ np.array([[1.0, 0.5], [0.5, 1.0]]) @ L.T
    >>> np.fill_diagonal(S, 1.0)
    >>> moments = Moments(names=tuple("abcxyz"), covariance=S, mean=np.zeros(6), n=300)
    >>> fit = fit_sem("F =~ a + b + c\\nG =~ x + y + z\\nG ~ F", moments)
    >>> latent_correlation(fit).round(2)
         F    G
    F  1.0  0.5
    G  0.5  1.0
    """
    covariance = latent_covariance(fit)
    variance = np.diag(covariance)
    deviation = np.sqrt(np.where(variance > 0, variance, np.nan))
    return covariance.div(deviation, axis=0).div(deviation, axis=1)
