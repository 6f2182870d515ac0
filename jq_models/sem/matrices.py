"""The model's matrices: Sigma = L A Psi A' L' + Theta with A = (I - B)^-1 (LISREL, all variables y).

An observed variable that measures nothing, leads to another, is led to, or covaries with a latent one
gets a latent variable of its own (loading 1, no residual), as lavaan does; then every parameter has one
place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import SpecError
from jq_models.sem.moments import Array, Moments, read_only
from jq_models.sem.table import Parameter, Parameters

Whole = NDArray[np.intp]
# real, or complex where a derivative is taken by a complex step
Numbers = NDArray[Any]
LOADING, PATH, PSI, THETA = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMatrices:
    """Where every row of the parameter table stands, and the values of the fixed ones.

    Attributes
    ----------
    parameters : Parameters
    latent : tuple of str
        The m latent variables: the model's own, then the observed ones that needed one.
    where : ndarray of int, shape (rows,)
        LOADING, PATH, PSI or THETA.
    row, column : ndarray of int, shape (rows,)
        The place in that matrix.
    fixed : ndarray, shape (rows,)
        Values of fixed rows, 0 for free ones.
    design : ndarray, shape (rows, k)
        rows = design @ theta + fixed.
    base : ndarray, shape (p, m)
        L without parameters: the ones of the observed variables that got a latent variable.
    """

    parameters: Parameters
    latent: tuple[str, ...]
    where: Whole
    row: Whole
    column: Whole
    fixed: Array
    design: Array
    base: Array

    @property
    def observed(self) -> tuple[str, ...]:
        """The p observed variables."""
        return self.parameters.observed


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The four matrices at one parameter vector, and what follows from them.

    `latent_covariance` is A Psi A' (m, m); `implied` is Sigma (p, p).
    """

    loading: Numbers
    path: Numbers
    psi: Numbers
    theta: Numbers
    total: Numbers
    latent_covariance: Numbers
    implied: Numbers


def model_matrices(parameters: Parameters, moments: Moments) -> ModelMatrices:
    """Place the rows of a parameter table.

    Parameters
    ----------
    parameters : Parameters
    moments : Moments
        Of ``parameters.observed``, for the sample values of observed covariates.
    """
    latent = (*parameters.latent, *_lifted(parameters))
    places = [_place(row, parameters.observed, latent) for row in parameters.rows]
    where, row, column = (np.array(part, dtype=np.intp) for part in zip(*places, strict=True))
    base = np.zeros((len(parameters.observed), len(latent)))
    for j, name in enumerate(latent):
        if name in parameters.observed:
            base[parameters.observed.index(name), j] = 1.0
    return ModelMatrices(
        parameters=parameters,
        latent=latent,
        where=where,
        row=row,
        column=column,
        fixed=read_only(np.array([_fixed(r, moments) for r in parameters.rows])),
        design=read_only(parameters.design),
        base=read_only(base),
    )


def filled(matrices: ModelMatrices, theta: Numbers) -> Filled:
    """Fill the matrices with a parameter vector, real or complex.

    Parameters
    ----------
    matrices : ModelMatrices
    theta : ndarray, shape (k,)
    """
    values = row_values(matrices, theta)
    p, m = matrices.base.shape
    loading = matrices.base.astype(values.dtype)
    path, psi = np.zeros((2, m, m), dtype=values.dtype)
    residual = np.zeros((p, p), dtype=values.dtype)
    for code, target in enumerate((loading, path, psi, residual)):
        here = matrices.where == code
        i, j = matrices.row[here], matrices.column[here]
        target[i, j] = values[here]
        if code in (PSI, THETA):
            target[j, i] = values[here]
    total = np.linalg.inv(np.eye(m) - path)
    covariance = total @ psi @ total.T
    return Filled(
        loading=loading,
        path=path,
        psi=psi,
        theta=residual,
        total=total,
        latent_covariance=covariance,
        implied=loading @ covariance @ loading.T + residual,
    )


def implied_at(matrices: ModelMatrices, theta: Numbers) -> Numbers:
    """Return Sigma(theta), shape (p, p); complex for a complex theta."""
    return filled(matrices, theta).implied


def row_values(matrices: ModelMatrices, theta: Numbers) -> Numbers:
    """Return the value of every row of the table, shape (rows,)."""
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


def _place(row: Parameter, observed: tuple[str, ...], latent: tuple[str, ...]) -> tuple[int, int, int]:
    inner = row.lhs in latent and row.rhs in latent
    if row.op == "=~":
        target, source = row.rhs, latent.index(row.lhs)
        return (PATH, latent.index(target), source) if inner else (LOADING, observed.index(target), source)
    if row.op == "~":
        return PATH, latent.index(row.lhs), latent.index(row.rhs)
    if inner:
        return PSI, latent.index(row.lhs), latent.index(row.rhs)
    return THETA, observed.index(row.lhs), observed.index(row.rhs)


def _fixed(row: Parameter, moments: Moments) -> float:
    if row.free:
        return 0.0
    if row.sample:
        i, j = moments.names.index(row.lhs), moments.names.index(row.rhs)
        return float(moments.covariance[i, j])
    if not np.isfinite(row.value):
        raise SpecError(f"'{row.name}' is fixed without a value.")
    return row.value
