"""The model's matrices: Sigma = L A Psi A' L' + Theta, mu = nu + L A alpha, A = (I - B)^-1.

That is LISREL with all variables y; one set of matrices for each group.

An observed variable that measures nothing, leads to another, is led to, or covaries with a latent one
gets a latent variable of its own (loading 1, no residual), as lavaan does; then every parameter has one
place.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import SpecError
from jq_models.sem.moments import Array, Moments, read_only
from jq_models.sem.ordinal.determined import Determined, determined_of, fill_residuals, with_determined
from jq_models.sem.table import Parameter, Parameters

Whole = NDArray[np.intp]
# real, or complex where a derivative is taken by a complex step
Numbers = NDArray[Any]
LOADING, PATH, PSI, THETA, NU, ALPHA, THRESHOLD, SCALE = range(8)
SYMMETRIC = (PSI, THETA)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMatrices:
    """Where every row of one group's parameter table stands, and the values of the fixed ones.

    Attributes
    ----------
    parameters : Parameters
        Of that group.
    latent : tuple of str
        The m latent variables: the model's own, then the observed ones that needed one.
    where : ndarray of int, shape (rows,)
        LOADING, PATH, PSI, THETA, NU, ALPHA, THRESHOLD or SCALE.
    row, column : ndarray of int, shape (rows,)
        The place in that matrix; of a threshold, the item and its number from 0.
    fixed : ndarray, shape (rows,)
        Values of fixed rows, 0 for free ones.
    design : ndarray, shape (rows, k)
        rows = design @ theta + fixed.
    base : ndarray, shape (p, m)
        L without parameters: the ones of the observed variables that got a latent variable.
    scatter, mirror : ndarray of int
        Places of the rows, and of their mirror images, in the matrices laid one after the other.
    determined : Determined or None
        The rows of ordered items that follow from others.
    """

    parameters: Parameters
    latent: tuple[str, ...]
    where: Whole
    row: Whole
    column: Whole
    fixed: Array
    design: Array
    base: Array
    scatter: Whole
    mirror: Whole
    determined: Determined | None = None

    @property
    def observed(self) -> tuple[str, ...]:
        """The p observed variables."""
        return self.parameters.observed


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The matrices at one parameter vector, and what follows from them.

    `total` is A (m, m), `latent_covariance` A Psi A' (m, m), `latent_mean` A alpha (m,); `implied` is
    Sigma (p, p), `mean` is mu (p,), zeros without a mean structure.
    """

    loading: Numbers
    path: Numbers
    psi: Numbers
    theta: Numbers
    nu: Numbers
    alpha: Numbers
    total: Numbers
    latent_covariance: Numbers
    latent_mean: Numbers
    implied: Numbers
    mean: Numbers


def model_matrices(parameters: Parameters, moments: Moments) -> ModelMatrices:
    """Place the rows of a parameter table.

    Parameters
    ----------
    parameters : Parameters
    moments : Moments
        Of ``table.parameters.observed``, for the sample values of observed covariates.
    """
    latent = (*parameters.latent, *_lifted(parameters))
    at = {name: i for i, name in enumerate(parameters.observed)}
    inner = {name: i for i, name in enumerate(latent)}
    places = [_place(row, at, inner) for row in parameters.rows]
    where, row, column = (np.array(part, dtype=np.intp) for part in zip(*places, strict=True))
    base = np.zeros((len(at), len(latent)))
    for j, name in enumerate(latent):
        if name in at:
            base[at[name], j] = 1.0
    return ModelMatrices(
        parameters=parameters,
        latent=latent,
        where=where,
        row=row,
        column=column,
        fixed=read_only(_fixed(parameters, moments)),
        design=parameters.design,
        base=read_only(base),
        determined=determined_of(parameters, latent),
        **_scatter(where, row, column, shape=base.shape),
    )


def _scatter(where: Whole, row: Whole, column: Whole, *, shape: tuple[int, int]) -> dict[str, Any]:
    """Return the places of the rows in L, B, Psi, Theta, nu, alpha laid one after the other."""
    p, m = shape
    offset = np.cumsum([0, p * m, m * m, m * m, p * p, p, m, 0])[where]
    width = np.array([m, m, m, p, 1, 1, 0, 0])[where]
    first = offset + row * width + np.where(where < NU, column, 0)
    swapped = offset + column * width + row
    # thresholds and scales have no place here: they fall off the end
    first = np.where(where >= THRESHOLD, _length(p, m), first)
    return {"scatter": first, "mirror": np.where(np.isin(where, SYMMETRIC), swapped, first)}


def _length(p: int, m: int) -> int:
    return p * m + 2 * m * m + p * p + p + m


def filled(matrices: ModelMatrices, theta: Numbers) -> Filled:
    """Fill the matrices with a parameter vector, real or complex.

    Parameters
    ----------
    matrices : ModelMatrices
    theta : ndarray, shape (k,)
    """
    values = _given_values(matrices, theta)
    p, m = matrices.base.shape
    flat = np.zeros(_length(p, m) + 1, dtype=values.dtype)
    flat[: p * m] = matrices.base.ravel()
    flat[matrices.scatter] = values
    flat[matrices.mirror] = values
    ends = list(accumulate((p * m, m * m, m * m, p * p, p, m)))
    loading, path, psi, residual = (
        flat[end - rows * columns : end].reshape(rows, columns)
        for end, rows, columns in zip(ends, (p, m, m, p), (m, m, m, p), strict=False)
    )
    nu, alpha = flat[ends[3] : ends[4]], flat[ends[4] : ends[5]]
    total = np.linalg.inv(np.eye(m) - path)
    found = matrices.determined
    if found is not None and found.delta:
        fill_residuals(found, values, loading=loading, total=total, psi=psi, theta=residual)
    covariance = total @ psi @ total.T
    latent_mean = total @ alpha
    return Filled(
        loading=loading,
        path=path,
        psi=psi,
        theta=residual,
        nu=nu,
        alpha=alpha,
        total=total,
        latent_covariance=covariance,
        latent_mean=latent_mean,
        implied=loading @ covariance @ loading.T + residual,
        mean=nu + loading @ latent_mean,
    )


def implied_at(matrices: ModelMatrices, theta: Numbers) -> Numbers:
    """Return Sigma(theta), shape (p, p); complex for a complex theta."""
    return filled(matrices, theta).implied


def row_values(matrices: ModelMatrices, theta: Numbers, *, state: Filled | None = None) -> Numbers:
    """Return the value of every row of the table, shape (rows,), those that follow from others too.

    `state` are the matrices filled with the same theta, where they are at hand.
    """
    values = _given_values(matrices, theta)
    if matrices.determined is None:
        return values
    state = state or filled(matrices, theta)
    return with_determined(
        matrices.determined, values, psi=state.psi, theta=state.theta, implied=state.implied
    )


def _given_values(matrices: ModelMatrices, theta: Numbers) -> Numbers:
    values: Numbers = matrices.design @ theta + matrices.fixed
    return values


def _lifted(parameters: Parameters) -> tuple[str, ...]:
    latent, observed = set(parameters.latent), set(parameters.observed)
    lifted = observed - {r.rhs for r in parameters.rows if r.op == "=~"}
    lifted |= {name for r in parameters.rows if r.op == "~" for name in (r.lhs, r.rhs)} & observed
    pairs = [(r.lhs, r.rhs) for r in parameters.rows if r.op == "~~" and r.lhs != r.rhs]
    while True:
        more = {n for a, b in pairs for n in (a, b) if {a, b} & (latent | lifted)} & observed
        if more <= lifted:
            return tuple(name for name in parameters.observed if name in lifted)
        lifted |= more


def _place(row: Parameter, observed: dict[str, int], latent: dict[str, int]) -> tuple[int, int, int]:
    if row.op == "=~":
        target, source = row.rhs, latent[row.lhs]
        return (PATH, latent[target], source) if target in latent else (LOADING, observed[target], source)
    if row.op == "~":
        return PATH, latent[row.lhs], latent[row.rhs]
    if row.op == "~1":
        return (ALPHA, latent[row.lhs], 0) if row.lhs in latent else (NU, observed[row.lhs], 0)
    if row.op == "|":
        return THRESHOLD, observed[row.lhs], int(row.rhs[1:]) - 1
    if row.op == "~*~":
        return SCALE, observed[row.lhs], 0
    if row.lhs in latent and row.rhs in latent:
        return PSI, latent[row.lhs], latent[row.rhs]
    return THETA, observed[row.lhs], observed[row.rhs]


def _fixed(parameters: Parameters, moments: Moments) -> Array:
    fixed = np.array(parameters.constant)
    for i, row in enumerate(parameters.rows):
        if row.sample:
            a = moments.names.index(row.lhs)
            fixed[i] = (
                moments.mean[a] if row.op == "~1" else moments.covariance[a, moments.names.index(row.rhs)]
            )
    lost = [row.name for row, value in zip(parameters.rows, fixed, strict=True) if not np.isfinite(value)]
    if lost:
        raise SpecError(f"Fixed without a value: {', '.join(lost)}. Give the value, as in 'f =~ 1*x1'.")
    return fixed
