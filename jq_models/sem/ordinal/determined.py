"""What follows for ordered items: residual variances (delta parameterisation) or scale factors (theta).

The variable behind an ordered item has no unit of its own. Delta: its standard deviation is one over its
scale factor, and the residual variance follows, 1 / delta^2 less what is explained. Theta: the residual
variance is a parameter and the scale factor follows, one over the standard deviation (Muthen and Asparouhov,
2002, Mplus Web Notes 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jq_models.numeric.moments import Whole
from jq_models.sem.table.parameters import Parameters

Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Determined:
    """The rows of a group's table that follow from others.

    Attributes
    ----------
    delta : bool
        Residual variances follow; else scale factors.
    item : ndarray of int, shape (c,)
        Places of the ordered items among the observed variables.
    latent : ndarray of int, shape (c,)
        Places of their own latent variables, which carry the residual; -1 without one.
    variance, scale : ndarray of int, shape (c,)
        Rows of their residual variances and scale factors.
    """

    delta: bool
    item: Whole
    latent: Whole
    variance: Whole
    scale: Whole


def determined_of(parameters: Parameters, latent: tuple[str, ...]) -> Determined | None:
    """Find what follows in a group's table; None without ordered items."""
    if not parameters.ordered:
        return None
    names = [name for name, _ in parameters.ordered]
    at = {(r.op, r.lhs): i for i, r in enumerate(parameters.rows) if r.lhs == r.rhs}
    return Determined(
        delta=parameters.parameterization == "delta",
        item=np.array([parameters.observed.index(name) for name in names], dtype=np.intp),
        latent=np.array([latent.index(name) if name in latent else -1 for name in names], dtype=np.intp),
        variance=np.array([at["~~", name] for name in names], dtype=np.intp),
        scale=np.array([at["~*~", name] for name in names], dtype=np.intp),
    )


def fill_residuals(
    found: Determined, values: Numbers, *, loading: Numbers, total: Numbers, psi: Numbers, theta: Numbers
) -> None:
    """Write the residual variances of the delta parameterisation into `psi` and `theta`.

    A residual in Psi may reach several ordered items (a mediator's), but always linearly:
    diag(A Psi A') = 1 / delta^2 is solved for all at once.
    """
    wanted = 1.0 / values[found.scale] ** 2
    own = found.latent >= 0
    if own.any():
        j = found.latent[own]
        psi[j, j] = 0.0
        rest = np.diag(total @ psi @ total.T)[j]
        psi[j, j] = np.linalg.solve(total[np.ix_(j, j)] ** 2, wanted[own] - rest)
    i = found.item[~own]
    L = loading[i]
    theta[i, i] = wanted[~own] - np.sum(L @ (total @ psi @ total.T) * L, axis=1)


def with_determined(
    found: Determined, values: Numbers, *, psi: Numbers, theta: Numbers, implied: Numbers
) -> Numbers:
    """Return the rows of a table with those that follow in place."""
    result = values.copy()
    if found.delta:
        own = np.diag(psi)[found.latent] if len(psi) else np.zeros(len(found.item))
        result[found.variance] = np.where(found.latent >= 0, own, np.diag(theta)[found.item])
    else:
        result[found.scale] = 1.0 / np.sqrt(np.diag(implied)[found.item])
    return result
