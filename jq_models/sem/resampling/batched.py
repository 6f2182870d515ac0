"""Normal theory for many samples at once: the same model, one parameter vector and sample a replicate.

The formulas are those of `derivatives` and `normal`, with a first axis b of replicates and without an
information matrix: numpy's batched products spend their time in BLAS, not between calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from jq_models.numeric.moments import Array, Moments, Whole
from jq_models.sem.derivatives import Places, places_of
from jq_models.sem.matrices import (
    PATH,
    ModelMatrices,
    Numbers,
)
from jq_models.sem.normal import fold_of

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMoments:
    """One group's moments in b samples.

    Attributes
    ----------
    covariance : ndarray, shape (b, p, p)
        Divisor N.
    mean : ndarray, shape (b, p)
    share : ndarray, shape (b,)
        The group's share n_g / N of the cases.
    saturated : ndarray, shape (b,)
        log|S| + p.
    fixed : ndarray, shape (b, rows)
        As in `ModelMatrices`, observed covariates at the moments of each sample.
    """

    covariance: Array
    mean: Array
    share: Array
    saturated: Array
    fixed: Array

    def of(self, chosen: Whole | Flags) -> BatchMoments:
        """Return some of the samples."""
        return BatchMoments(
            covariance=self.covariance[chosen],
            mean=self.mean[chosen],
            share=self.share[chosen],
            saturated=self.saturated[chosen],
            fixed=self.fixed[chosen],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFilled:
    """`Filled` with a first axis of b replicates; where there are no paths, `total` is (1, m, m)."""

    loading: Array
    psi: Array
    theta: Array
    total: Array
    latent_covariance: Array
    latent_mean: Array
    implied: Array
    mean: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRows:
    """The rows fixed at sample moments: their places in the table, and in covariance or mean.

    `row` (s,) are rows; `left`, `right` (s,) variables, `right` -1 for a mean.
    """

    row: Whole
    left: Whole
    right: Whole

    def values(self, covariance: Array, mean: Array) -> Array:
        """Return their values in b samples, shape (b, s)."""
        found: Array = np.where(
            self.right < 0, mean[:, self.left], covariance[:, self.left, np.maximum(self.right, 0)]
        )
        return found


def sample_rows(matrices: ModelMatrices) -> SampleRows:
    """Find the rows that are fixed at sample moments."""
    at = {name: i for i, name in enumerate(matrices.observed)}
    rows = [(i, r) for i, r in enumerate(matrices.parameters.rows) if r.sample]
    return SampleRows(
        row=np.array([i for i, _ in rows], dtype=np.intp),
        left=np.array([at[r.lhs] for _, r in rows], dtype=np.intp),
        right=np.array([-1 if r.op == "~1" else at[r.rhs] for _, r in rows], dtype=np.intp),
    )


def fixed_at(matrices: ModelMatrices, values: Array) -> Array:
    """Return `fixed`, (b, rows), with the rows fixed at sample moments at b sets of values, (b, s)."""
    fixed = np.repeat(matrices.fixed[None], len(values), axis=0)
    fixed[:, sample_rows(matrices).row] = values
    return fixed


def at_moments(matrices: ModelMatrices, moments: Moments) -> ModelMatrices:
    """Return the matrices with observed covariates fixed at other moments."""
    values = sample_rows(matrices).values(moments.covariance[None], moments.mean[None])
    return replace(matrices, fixed=fixed_at(matrices, values)[0])


def filled_batch(matrices: ModelMatrices, values: Array) -> BatchFilled:
    """Fill the matrices of one group with b sets of row values, shape (b, rows)."""
    b, (p, m) = len(values), matrices.base.shape
    ends = list(accumulate((p * m, m * m, m * m, p * p, p, m)))
    flat = np.zeros((b, ends[-1] + 1))
    flat[:, : p * m] = matrices.base.ravel()
    flat[:, matrices.scatter] = values
    flat[:, matrices.mirror] = values
    loading, path, psi, theta = (
        flat[:, end - rows * columns : end].reshape(b, rows, columns)
        for end, rows, columns in zip(ends, (p, m, m, p), (m, m, m, p), strict=False)
    )
    nu, alpha = flat[:, ends[3] : ends[4]], flat[:, ends[4] : ends[5]]
    if (matrices.where == PATH).any():
        total = inverses(np.eye(m) - path)
        covariance = total @ psi @ total.transpose(0, 2, 1)
        latent_mean = (total @ alpha[:, :, None])[:, :, 0]
    else:
        total, covariance, latent_mean = np.eye(m)[None], np.ascontiguousarray(psi), alpha
    loading = np.ascontiguousarray(loading)
    return BatchFilled(
        loading=loading,
        psi=psi,
        theta=theta,
        total=total,
        latent_covariance=covariance,
        latent_mean=latent_mean,
        implied=loading @ covariance @ loading.transpose(0, 2, 1) + theta,
        mean=nu + (loading @ latent_mean[:, :, None])[:, :, 0],
    )


class BatchedNormal:
    """Objective and gradient of `NormalTheory` for b samples and b parameter vectors at once.

    Parameters
    ----------
    groups : sequence of ModelMatrices
    means : bool
        Whether there is a mean structure.
    """

    def __init__(self, groups: Sequence[ModelMatrices], *, means: bool) -> None:
        self.groups, self.means = tuple(groups), means
        self.n_free = groups[0].design.shape[1]
        self._places = [places_of(g) for g in groups]
        self._folds = [fold_of(g, at) for g, at in zip(groups, self._places, strict=True)]
        self._entries = [_entries(g, at) for g, at in zip(groups, self._places, strict=True)]

    def values(self, samples: Sequence[BatchMoments], theta: Array) -> tuple[Array, Array]:
        """Evaluate.

        Parameters
        ----------
        samples : sequence of BatchMoments
            One for each group.
        theta : ndarray, shape (b, k)

        Returns
        -------
        objective : ndarray, shape (b,)
            Infinite where Sigma is not positive definite; the gradient is arbitrary there.
        gradient : ndarray, shape (b, k)
        """
        objective, gradient = np.zeros(len(theta)), np.zeros(theta.shape)
        with np.errstate(all="ignore"):
            for g, sample in enumerate(samples):
                fold = self._folds[g]
                value, rows = self._group(g, sample, theta @ self.groups[g].design.T + sample.fixed)
                objective += sample.share * value
                gradient[:, fold.columns] += sample.share[:, None] * fold.gradient(rows)
        objective[np.isnan(objective)] = np.inf
        return objective, gradient

    def _group(self, g: int, sample: BatchMoments, values: Array) -> tuple[Array, Array]:
        places, state = self._places[g], filled_batch(self.groups[g], values)
        log_det = log_determinants(state.implied)
        V = inverses(state.implied)
        M, level = sample.covariance, np.zeros((len(values), 0))
        columns = state.loading @ np.concatenate(
            [np.broadcast_to(state.total, state.psi.shape), state.latent_covariance], axis=2
        )
        if self.means:
            d = (sample.mean - state.mean)[:, :, None]
            M = M + d * d.transpose(0, 2, 1)
            Vd = V @ d
            z = np.concatenate([Vd, columns.transpose(0, 2, 1) @ Vd], axis=1)[:, :, 0]
            source = np.pad(state.latent_mean, ((0, 0), (0, 1)))[:, places.source] + places.level
            level = 2.0 * source * z[:, places.u]
        VM = V @ M
        value = log_det + np.trace(VM, axis1=1, axis2=2) - sample.saturated
        Q = V - VM @ V
        QC = Q @ columns
        parts = (Q, QC, columns.transpose(0, 2, 1) @ QC)
        flat = np.concatenate([x.reshape(len(x), -1) for x in parts], axis=1)
        rows = flat[:, self._entries[g]]
        rows *= 2.0 * places.c
        return value, rows - level if self.means else rows


def _entries(matrices: ModelMatrices, places: Places) -> Whole:
    """Return where R[u, v], R = W' Q W, stands in Q, Q C and C' Q C laid one after the other; W = [I, C]."""
    p, m = matrices.base.shape
    u, v = np.minimum(places.u, places.v), np.maximum(places.u, places.v)
    inner = p * p + p * 2 * m + (u - p) * 2 * m + (v - p)
    found = np.select([v < p, u < p], [u * p + v, p * p + u * 2 * m + (v - p)], default=inner)
    return np.asarray(found, dtype=np.intp)


def each(function: Callable[[Array], Numbers], matrices: Array) -> Array:
    """Apply a function of numpy.linalg to a stack; NaN for those it refuses, which spoil no other."""
    try:
        found: Array = function(matrices)
    except np.linalg.LinAlgError:
        found = np.full_like(matrices, np.nan)
        for i in range(len(matrices)):
            try:
                found[i] = function(matrices[i : i + 1])[0]
            except np.linalg.LinAlgError:
                continue
    return found


def inverses(matrices: Array) -> Array:
    """Return the inverses of a stack of matrices; NaN where singular."""
    return each(np.linalg.inv, matrices)


def roots(matrices: Array) -> Array:
    """Return the triangular roots of a stack of matrices; NaN where not positive definite."""
    return each(np.linalg.cholesky, matrices)


def log_determinants(matrices: Array) -> Array:
    """Return the log determinants of a stack of matrices; NaN where not positive definite."""
    diagonal = np.diagonal(roots(matrices), axis1=1, axis2=2)
    result: Array = 2.0 * np.log(diagonal).sum(axis=1)
    return result
