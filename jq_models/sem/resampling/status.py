"""Admissibility of many solutions at once: the conditions of `status`, without the names at fault."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.matrices import ModelMatrices
from jq_models.sem.resampling.batched import Flags, filled_batch, roots
from jq_models.sem.status import ZERO


def admissible(groups: Sequence[ModelMatrices], theta: Array, *, fixed: Sequence[Array]) -> Flags:
    """Say which solutions are proper.

    No variance is negative, the latent covariance matrix is positive definite, the residual one is not
    indefinite; standardised loadings and latent correlations above 1 follow from these.

    Parameters
    ----------
    groups : sequence of ModelMatrices
    theta : ndarray, shape (b, k)
    fixed : sequence of ndarray, shape (b, rows)
        For each group, as in `BatchMoments`.

    Returns
    -------
    ndarray of bool, shape (b,)
    """
    proper = np.ones(len(theta), dtype=bool)
    for matrices, constant in zip(groups, fixed, strict=True):
        state = filled_batch(matrices, theta @ matrices.design.T + constant)
        own = len(matrices.parameters.latent)
        errors = state.theta + matrices.base @ state.psi @ matrices.base.T
        proper &= (np.diagonal(state.theta, axis1=1, axis2=2) >= -ZERO).all(axis=1)
        proper &= (np.diagonal(state.psi, axis1=1, axis2=2) >= -ZERO).all(axis=1)
        proper &= _positive(state.latent_covariance[:, :own, :own], above=ZERO)
        if _off_diagonal(errors).any():
            proper &= _positive(errors, above=-ZERO)
    return proper


def _off_diagonal(matrices: Array) -> Array:
    return matrices * (1.0 - np.eye(matrices.shape[1]))


def _positive(matrices: Array, *, above: float) -> Flags:
    """Say whose eigenvalues, in units of the diagonal, are all above a number."""
    scale = np.sqrt(np.abs(np.diagonal(matrices, axis1=1, axis2=2)))
    scale = np.where(scale < ZERO, 1.0, scale)
    units = matrices / (scale[:, :, None] * scale[:, None, :])
    found = roots(units - above * np.eye(units.shape[1]))
    return np.asarray(np.isfinite(found).all(axis=(1, 2)))
