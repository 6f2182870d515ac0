"""Every row of a fit's table, plain or standardised, defined parameters too, for many parameter vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.matrices import ModelMatrices, Numbers, row_values
from jq_models.sem.resampling.batched import fixed_at
from jq_models.sem.result import SemFit
from jq_models.sem.standardize import jacobian, standardized_rows, standardized_values, with_defined


def functional_values(
    fit: SemFit, theta: Array, *, standardized: bool = False, fixed: Sequence[Array] | None = None
) -> Array:
    """Return the rows of ``fit.table``, defined parameters last, for each parameter vector.

    Parameters
    ----------
    fit : SemFit
    theta : ndarray, shape (draws, k)
    standardized : bool
        Completely standardised (std.all); NaN where a variance is negative.
    fixed : sequence of ndarray, shape (draws, s), optional
        ``Bootstrap.fixed``: moments of observed covariates; by default the sample's. Used for
        standardised values only: a row fixed at a sample moment is a given number.

    Returns
    -------
    ndarray, shape (draws, rows)
    """
    rows = [
        _rows(matrices, theta, standardized=standardized, fixed=None if fixed is None else fixed[g])
        for g, matrices in enumerate(fit.groups)
    ]
    # with_defined takes the rows first, for one vector or many
    together: Array = with_defined(fit, np.concatenate(rows, axis=1).T).T
    return together


def functional_jacobian(fit: SemFit, *, standardized: bool = False) -> Array:
    """Return the derivatives of `functional_values` at the estimates by complex steps, shape (rows, k)."""

    def plain(theta: Numbers) -> Numbers:
        return with_defined(fit, np.concatenate([row_values(g, theta) for g in fit.groups]))

    with np.errstate(all="ignore"):
        return jacobian((lambda theta: standardized_values(fit, theta)) if standardized else plain, fit.theta)


def _rows(matrices: ModelMatrices, theta: Array, *, standardized: bool, fixed: Array | None) -> Array:
    if not standardized and matrices.determined is None:
        result: Array = theta @ matrices.design.T + matrices.fixed
        return result
    function = standardized_rows if standardized else row_values
    with np.errstate(all="ignore"):
        if not standardized or fixed is None or not fixed.shape[1]:
            return np.array([function(matrices, row) for row in theta])
        at = fixed_at(matrices, fixed)
        return np.array(
            [function(replace(matrices, fixed=own), row) for own, row in zip(at, theta, strict=True)]
        )
