"""The model's matrices: Sigma = L A Psi A' L' + Theta, mu = nu + L A alpha, A = (I - B)^-1.

That is LISREL with all variables y; one set of matrices for each group.

An observed variable that measures nothing, leads to another, is led to, or covaries with a latent one
gets a latent variable of its own (loading 1, no residual), as lavaan does; then every parameter has one
place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from jq_models.errors import SpecError
from jq_models.numeric.moments import Array, Moments, Whole, read_only
from jq_models.sem.layout import (
    ALPHA,
    LOADING,
    NU,
    PATH,
    PSI,
    SCALE,
    THETA,
    THRESHOLD,
    Layout,
    layout_of,
)
from jq_models.sem.ordinal.determined import Determined, determined_of, fill_residuals, with_determined
from jq_models.sem.table import Parameters

__all__ = [
    "ALPHA",
    "LOADING",
    "NU",
    "PATH",
    "PSI",
    "SCALE",
    "THETA",
    "THRESHOLD",
    "Filled",
    "ModelMatrices",
    "Numbers",
    "filled",
    "implied_at",
    "model_matrices",
    "row_values",
]

# real, or complex where a derivative is taken by a complex step
Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMatrices:
    """Where every row of one group's parameter table stands, and the values of the fixed ones.

    Attributes
    ----------
    parameters : Parameters
        Of that group.
    layout : Layout
        Where its rows stand.
    fixed : ndarray, shape (rows,)
        Values of fixed rows, 0 for free ones.
    design : ndarray, shape (rows, k)
        rows = design @ theta + fixed.
    single : ndarray of int, shape (rows,), or None
        `design` in short, as in `Parameters`.
    determined : Determined or None
        The rows of ordered items that follow from others.
    """

    parameters: Parameters
    layout: Layout
    fixed: Array
    design: Array
    single: Whole | None = None
    determined: Determined | None = None

    @property
    def latent(self) -> tuple[str, ...]:
        """The m latent variables: the model's own, then the observed ones that needed one."""
        return self.layout.latent

    @property
    def where(self) -> Whole:
        """Of each row LOADING, PATH, PSI, THETA, NU, ALPHA, THRESHOLD or SCALE."""
        return self.layout.where

    @property
    def row(self) -> Whole:
        """Of each row its row in that matrix."""
        return self.layout.row

    @property
    def column(self) -> Whole:
        """Of each row its column in that matrix."""
        return self.layout.column

    @property
    def base(self) -> Array:
        """L without parameters, (p, m)."""
        return self.layout.base

    @property
    def scatter(self) -> Whole:
        """Of each row its place in the matrices laid one after the other."""
        return self.layout.scatter

    @property
    def mirror(self) -> Whole:
        """Of each row the place of its mirror image there."""
        return self.layout.mirror

    @property
    def observed(self) -> tuple[str, ...]:
        """The p observed variables."""
        return self.parameters.observed


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The matrices at one parameter vector, and what follows from them.

    `total` is A (m, m), `latent_covariance` A Psi A' (m, m), `latent_mean` A alpha (m,); `columns` are
    [L A, L A Psi A'] (p, 2 m), `implied` is Sigma (p, p), `mean` is mu (p,), zeros without a mean structure.
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
    columns: Numbers
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
    layout = layout_of(parameters)
    return ModelMatrices(
        parameters=parameters,
        layout=layout,
        fixed=read_only(_fixed(parameters, layout, moments)),
        design=parameters.design,
        single=parameters.single,
        determined=determined_of(parameters, layout.latent),
    )


def filled(matrices: ModelMatrices, theta: Numbers) -> Filled:
    """Fill the matrices with a parameter vector, real or complex.

    Parameters
    ----------
    matrices : ModelMatrices
    theta : ndarray, shape (k,)
    """
    values = _given_values(matrices, theta)
    layout = matrices.layout
    p, m = layout.base.shape
    of = layout.spans
    flat = np.zeros(of[-1].stop + 1, dtype=values.dtype)
    flat[of[0]] = layout.base.ravel()
    flat[layout.scatter] = values
    flat[layout.mirror] = values
    loading, path = flat[of[0]].reshape(p, m), flat[of[1]].reshape(m, m)
    psi, residual = flat[of[2]].reshape(m, m), flat[of[3]].reshape(p, p)
    nu, alpha = flat[of[4]], flat[of[5]]
    total = _inverse(layout.unit - path, triangular=layout.ordered)
    found = matrices.determined
    if found is not None and found.delta:
        fill_residuals(found, values, loading=loading, total=total, psi=psi, theta=residual)
    covariance = total @ psi @ total.T
    # without a row of either, nu and alpha are the zeros wanted
    latent_mean = total @ alpha if layout.means else alpha
    columns = loading @ np.concatenate((total, covariance), axis=1)
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
        columns=columns,
        implied=columns[:, m:] @ loading.T + residual,
        mean=nu + loading @ latent_mean if layout.means else nu,
    )


def implied_at(matrices: ModelMatrices, theta: Numbers) -> Numbers:
    """Return Sigma(theta), shape (p, p); complex for a complex theta.

    Parameters
    ----------
    theta : ndarray, shape (k,)
        The free parameters.
    """
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
    if matrices.single is None:
        values: Numbers = matrices.design @ theta + matrices.fixed
        return values
    # -1, no parameter, is the zero at the end
    wide = np.zeros(len(theta) + 1, dtype=theta.dtype)
    wide[:-1] = theta
    chosen: Numbers = wide[matrices.single] + matrices.fixed
    return chosen


def _inverse(matrix: Numbers, *, triangular: bool) -> Numbers:
    """Invert a small matrix, which is lost; a real one by LAPACK itself, which takes half of NumPy's time.

    A triangular one is lower triangular with ones on its diagonal.

    Raises
    ------
    LinAlgError
        When it is singular.
    """
    if matrix.dtype.kind == "c" or not len(matrix):
        return np.linalg.inv(matrix)
    # the transpose is in the order LAPACK takes, and so is the transpose of its inverse
    if triangular:
        turned, _ = lapack.dtrtri(matrix.T, lower=0, unitdiag=1, overwrite_c=1)
        return np.ascontiguousarray(turned.T)
    factors, pivots, failed = lapack.dgetrf(matrix.T, overwrite_a=1)
    inverse, failed = lapack.dgetri(factors, pivots, overwrite_lu=1) if not failed else (factors, failed)
    if failed:
        raise np.linalg.LinAlgError("Singular matrix")
    return np.ascontiguousarray(inverse.T)


def _fixed(parameters: Parameters, layout: Layout, moments: Moments) -> Array:
    fixed = np.array(parameters.constant)
    if layout.sample:
        at = [moments.names.index(name) for name in parameters.observed]
        for i, a, b in layout.sample:
            fixed[i] = moments.mean[at[a]] if b < 0 else moments.covariance[at[a], at[b]]
    if not np.isfinite(fixed).all():
        lost = [r.name for r, value in zip(parameters.rows, fixed, strict=True) if not np.isfinite(value)]
        raise SpecError(f"Fixed without a value: {', '.join(lost)}. Give the value, as in 'f =~ 1*x1'.")
    return fixed
