"""A change of units under which the model stays the same, for optimisers that depend on units.

With the observed variables divided by d and the latent ones by e, every loading is multiplied by
e / d, every path by e(cause) / e(effect), every (co)variance divided by the two units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array, Moments
from jq_models.sem.matrices import LOADING, PATH, PSI, ModelMatrices


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """Units, and what they make of the parameters.

    Attributes
    ----------
    observed : ndarray, shape (p,)
        The unit of each observed variable.
    rows : ndarray, shape (rows,)
        Row value in the data's units = value in these units * rows.
    theta : ndarray, shape (k,)
        The same for the free parameters.
    """

    observed: Array
    rows: Array
    theta: Array


def fitting_scale(matrices: ModelMatrices, moments: Moments) -> Scaling:
    """Choose units for a fit.

    Standard deviations, when no two equal parameters would need different units; else one unit for all
    variables; else (a loading equal to a variance) the data's own.
    """
    deviation = np.sqrt(np.diag(moments.covariance))
    common = np.full_like(deviation, np.exp(np.log(deviation).mean()))
    for observed in (deviation, common):
        rows = _row_units(matrices, observed)
        theta, agree = _theta_units(matrices, rows)
        if agree:
            return Scaling(observed=observed, rows=rows, theta=theta)
    one = np.ones_like(deviation)
    rows = np.ones(len(matrices.fixed))
    return Scaling(observed=one, rows=rows, theta=np.ones(matrices.design.shape[1]))


def _theta_units(matrices: ModelMatrices, rows: Array) -> tuple[Array, bool]:
    times = matrices.design.sum(axis=0)
    mean = np.exp(matrices.design.T @ np.log(rows) / times)
    free = matrices.design.any(axis=1)
    return mean, bool(np.allclose((matrices.design @ mean)[free], rows[free], rtol=1e-9, atol=0.0))


def _row_units(matrices: ModelMatrices, observed: Array) -> Array:
    latent = _latent_units(matrices, observed)
    i, j, where = matrices.row, matrices.column, matrices.where
    item = np.minimum(i, len(observed) - 1)
    inner = np.minimum(i, len(latent) - 1)
    # the two places of a row: left is the effect of a loading or path, either one of a covariance
    left = np.where(where == LOADING, observed[item], latent[inner])
    units = left / latent[np.minimum(j, len(latent) - 1)]
    units = np.where(where == PSI, left * latent[np.minimum(j, len(latent) - 1)], units)
    residual = ~np.isin(where, (LOADING, PATH, PSI))
    units[residual] = observed[i[residual]] * observed[j[residual]]
    return units


def _latent_units(matrices: ModelMatrices, observed: Array) -> Array:
    """Return the unit of each latent variable: that of its marker, so that markers stay 1."""
    unit = dict(zip(matrices.observed, observed, strict=True))
    rows = [r for r in matrices.parameters.rows if r.op == "=~"]
    waiting = list(matrices.parameters.latent)
    while waiting:
        ready = [f for f in waiting if all(r.rhs in unit for r in rows if r.lhs == f)] or waiting
        factor = ready[0]
        own = [r for r in rows if r.lhs == factor and r.rhs in unit]
        markers = [r for r in own if not r.free and r.value] or own
        unit[factor] = unit[markers[0].rhs] if markers else 1.0
        if any(r.op == "~~" and r.lhs == r.rhs == factor and not r.free for r in matrices.parameters.rows):
            unit[factor] = 1.0
        waiting.remove(factor)
    return np.array([unit[name] for name in matrices.latent])
