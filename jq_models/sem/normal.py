"""Normal theory on complete data: discrepancy, gradient, information and casewise scores, over groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import blas, lapack

from jq_models.numeric.moments import Array, Moments, Whole
from jq_models.sem.derivatives import (
    Places,
    Point,
    derivative_columns,
    expected_rows,
    mean_factor,
    observed_rows,
    places_of,
)
from jq_models.sem.matrices import (
    Filled,
    ModelMatrices,
    filled,
)

NOTHING = np.empty((0, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """From a group's rows to the free parameters.

    `columns` (j,) are the parameters that the group's rows depend on; `design` (r, j) says how, or is
    None when every row is a parameter of its own. `whole`: they are all parameters, in their order.
    """

    columns: Whole
    design: Array | None
    whole: bool = False

    def gradient(self, rows: Array) -> Array:
        """Fold a gradient over rows, (r,) or (..., r)."""
        return rows if self.design is None else rows @ self.design

    def information(self, rows: Array) -> Array:
        """Fold a matrix over rows, (r, r)."""
        return rows if self.design is None else self.design.T @ rows @ self.design


def fold_of(matrices: ModelMatrices, places: Places) -> Fold:
    """Find how a group's rows depend on the free parameters."""
    k = matrices.design.shape[1]
    if matrices.single is not None:
        order = matrices.single[places.rows]
        if (np.bincount(order[order >= 0], minlength=k) <= 1).all() and (order >= 0).all():
            whole = len(order) == k and bool((order == np.arange(k)).all())
            return Fold(columns=order, design=None, whole=whole)
    design = matrices.design[places.rows]
    columns = np.flatnonzero(design.any(axis=0))
    own = design[:, columns]
    if own.shape[0] == own.shape[1] and (own.sum(axis=1) == 1.0).all() and (own.max(axis=1) == 1.0).all():
        order = columns[own.argmax(axis=1)]
        if len(np.unique(order)) == len(order):
            return Fold(columns=order, design=None)
    return Fold(columns=columns, design=np.ascontiguousarray(own))


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One group at one parameter vector: matrices, Sigma^-1 (p, p), log|Sigma|."""

    state: Filled
    precision: Array
    log_det: float

    @property
    def carriers(self) -> Array:
        """W, the columns that derivatives are made of, shape (p, q)."""
        return derivative_columns(self.state)


def evaluated(matrices: ModelMatrices, theta: Array) -> State | None:
    """Evaluate a group; None where Sigma is not positive definite."""
    state = filled(matrices, theta)
    inverse = inverse_and_log_det(state.implied)
    if inverse is None:
        return None
    return State(state=state, precision=inverse[0], log_det=inverse[1])


def inverse_and_log_det(matrix: Array) -> tuple[Array, float] | None:
    """Return the inverse and the log determinant of a positive definite matrix; None for another."""
    # the transpose of a symmetric matrix is the same one, in the order LAPACK takes
    root, failed = lapack.dpotrf(matrix.T, lower=1)
    if failed:
        return None
    log_det = 2.0 * float(np.log(root.diagonal()).sum())
    # what is not finite anywhere comes down to a later pivot
    if not math.isfinite(log_det):
        return None
    return inverse_of_root(root, spent=True), log_det


def inverse_of_root(root: Array, *, spent: bool = False) -> Array:
    """Return the inverse of a matrix from its lower triangular root, zeros above the diagonal.

    The root is lost where it is `spent`.
    """
    inverse, _ = lapack.dpotri(root, lower=1, overwrite_c=spent)
    # LAPACK leaves those zeros
    result: Array = inverse + inverse.T
    result.reshape(-1)[:: len(result) + 1] *= 0.5
    return result


class NormalTheory:
    """Maximum likelihood under normality, complete data.

    F = sum_g n_g / N (log|Sigma| + tr(Sigma^-1 M) - log|S| - p), M = S + (mean - mu)(mean - mu)'.

    Parameters
    ----------
    groups : sequence of ModelMatrices
    moments : sequence of Moments
        Of the same groups, in the matrices' order of variables.
    means : bool
        Whether there is a mean structure; without one the means are saturated.
    sizes : sequence of float, optional
        n_g, where they are not the numbers of cases: the sums of weights.
    """

    def __init__(
        self,
        groups: Sequence[ModelMatrices],
        moments: Sequence[Moments],
        *,
        means: bool,
        sizes: Sequence[float] | None = None,
    ) -> None:
        self.groups, self.moments, self.means = tuple(groups), tuple(moments), means
        self.n_free = groups[0].design.shape[1]
        self.sizes = tuple(sizes or [float(m.n) for m in moments])
        self.n = sum(self.sizes)
        self._places = [places_of(g) for g in groups]
        self._folds = [fold_of(g, at) for g, at in zip(groups, self._places, strict=True)]
        self._slopes = [
            (at.u * (m.base.shape[0] + 2 * m.base.shape[1]) + at.v, 2.0 * at.c)
            for m, at in zip(self.groups, self._places, strict=True)
        ]
        self._shares = [size / self.n for size in self.sizes]
        self._saturated = [_log_det(m.covariance) + len(m.covariance) for m in moments]

    def point(self, theta: Array, *, curvature: str = "expected") -> Point:
        """Evaluate at `theta`, shape (k,); curvature is "none", "expected" or "observed"."""
        k = self.n_free
        finite = math.isfinite(blas.dasum(theta))
        alone = len(self.groups) == 1 and self._folds[0].whole
        gradient = NOTHING if alone else np.zeros(k)
        information = NOTHING if alone or curvature == "none" else np.zeros((k, k))
        objective = 0.0
        for g, share in enumerate(self._shares):
            at = evaluated(self.groups[g], theta) if finite else None
            if at is None:
                nan = np.full((k, k), np.nan)
                return Point(objective=np.inf, gradient=nan[0], information=nan)
            value, slope, curve = self._group(g, at, curvature=curvature)
            if alone:
                return Point(objective=value, gradient=slope, information=curve, states=(at.state,))
            columns = self._folds[g].columns
            objective += share * value
            gradient[columns] += share * slope
            if curvature != "none":
                information[np.ix_(columns, columns)] += share * curve
        return Point(objective=objective, gradient=gradient, information=information)

    def _group(self, g: int, at: State, *, curvature: str) -> tuple[float, Array, Array]:
        places, fold = self._places[g], self._folds[g]
        V, C, M = at.precision, at.state.columns, self.moments[g].covariance
        if self.means:
            d = self.moments[g].mean - at.state.mean
            M = M + np.multiply.outer(d, d)
        VM = V @ M
        value = at.log_det + float(VM.trace()) - self._saturated[g]
        # the gradient needs G and H only by their difference
        R = bordered(V - VM @ V, C)
        where, factor = self._slopes[g]
        rows = R.take(where)
        rows *= factor
        if self.means:
            s, Vd = mean_factor(at.state, places), V @ d
            z = np.concatenate((Vd, Vd @ C))
            rows -= 2.0 * s * z[places.u]
        slope = fold.gradient(rows)
        if curvature == "none":
            return value, slope, NOTHING
        if not self.means:
            s, z = np.zeros(len(rows)), np.zeros(len(R))
        G = bordered(V, C)
        if curvature == "expected":
            return value, slope, fold.information(expected_rows(places, G, s=s))
        return value, slope, fold.information(observed_rows(at.state, places, G, G - R, z=z, s=s))

    def scores(self, theta: Array, cases: Sequence[Array]) -> list[Array]:
        """Return d log-likelihood of every case / dtheta, for each group (n_g, k).

        Parameters
        ----------
        theta : ndarray, shape (k,)
            Where Sigma is positive definite.
        cases : sequence of ndarray, shape (n_g, p)
            Answers of each group, complete. Without a mean structure the means are the sample's.
        """
        result = []
        for matrices, places, fold, moments, answers in zip(
            self.groups, self._places, self._folds, self.moments, cases, strict=True
        ):
            at = evaluated(matrices, theta)
            if at is None:
                raise FloatingPointError("Sigma is not positive definite at theta: no scores there.")
            centre = at.state.mean if self.means else moments.mean
            s = mean_factor(at.state, places) if self.means else np.zeros(len(places.rows))
            Z = (answers - centre) @ (at.precision @ at.carriers)
            G = sandwich(at.precision, at.carriers)
            rows = Z[:, places.u] * Z[:, places.v]
            rows -= G[places.u, places.v]
            rows *= places.c
            if self.means:
                rows += s * Z[:, places.u]
            full = np.zeros((len(answers), self.n_free))
            full[:, fold.columns] = fold.gradient(rows)
            result.append(full)
        return result


def sandwich(middle: Array, W: Array) -> Array:
    """Return W' middle W for W = [I, columns], shape (q, q), sparing the multiplication by I."""
    return bordered(middle, W[:, len(middle) :])


def bordered(middle: Array, columns: Array) -> Array:
    """Return W' middle W for W = [I, columns] and a symmetric `middle`, shape (q, q)."""
    p = len(middle)
    q = p + columns.shape[1]
    result = np.empty((q, q))
    result[:p, :p] = middle
    right = np.matmul(middle, columns, out=result[:p, p:])
    result[p:, :p] = right.T
    np.matmul(columns.T, right, out=result[p:, p:])
    return result


def normal_log_likelihood(S: Array, implied: Array, *, n: float) -> float:
    """Return the log-likelihood of N normal cases with covariance S (divisor N) and free means."""
    if not len(S):
        return 0.0
    trace = len(S) if implied is S else np.trace(np.linalg.solve(implied, S))
    return float(-n / 2 * (len(S) * np.log(2 * np.pi) + _log_det(implied) + trace))


def _log_det(matrix: Array) -> float:
    return float(np.linalg.slogdet(matrix)[1])
