"""Whether a search stands still: the slope in units of the information, and whether there is one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.linalg import blas, lapack

from jq_models.numeric.moments import Array
from jq_models.sem.derivatives import Point

# largest scaled gradient of a converged fit: a parameter is then within about a thousandth of its
# standard error at any usual sample size, and chi-square right to about six digits
GRADIENT = 1e-4
# smallest eigenvalue of the information, scaled to ones on its diagonal, of an identified model
RANK = 1e-9
# no information at all: that on a variance v is 1 / (2 v^2), small where units are large
FLAT = 1e-60


# where the inverse of the scaled information has a norm above this share of what `RANK` allows, a second root
# says whether it is definite
SAFE = 1e-2


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a point stands: its slope beside its information.

    Attributes
    ----------
    norm : float
        Largest scaled gradient, see `scaled_gradient`.
    positive : bool
        Whether the information is positive definite, by a margin.
    root : ndarray, shape (k, k), or None
        Lower triangular root of the information in units of its diagonal; None where it has none.
    scale : ndarray, shape (k,)
        One over the roots of its diagonal; empty without a root.
    inverse_norm : float
        LAPACK's estimate of the 1-norm of the inverse of information in these units; infinite without a root.
    """

    norm: float
    positive: bool
    root: Array | None
    scale: Array
    inverse_norm: float

    @property
    def sound(self) -> bool:
        """Whether a search ended here at a minimum with a positive definite information."""
        return self.positive and self.norm <= GRADIENT


NOWHERE = Standing(norm=np.inf, positive=False, root=None, scale=np.empty(0), inverse_norm=np.inf)


def standing_of(point: Point, *, room: Array | None = None) -> Standing:
    """Take the root of a point's information, which tells its slope, definiteness and condition.

    The root lies in `room`, shape (k, k), where that is given.
    """
    if not np.isfinite(point.objective):
        return NOWHERE
    diagonal = point.information.diagonal()
    root, inverse_norm, positive = None, np.inf, False
    scale = np.empty(0)
    if (diagonal > FLAT).all():
        scale = 1.0 / np.sqrt(diagonal)
        scaled = np.empty_like(point.information) if room is None else room
        scaled.fill(0.0)
        # BLAS takes a quarter of the time that NumPy needs for an outer product
        scaled = blas.dger(1.0, scale, scale, a=scaled.T, overwrite_a=1).T
        scaled *= point.information
        # the transpose of a symmetric matrix is the same one, in the order LAPACK takes
        found, failed = lapack.dpotrf(scaled.T, lower=1, overwrite_a=1)
        if not failed:
            root = found
            reciprocal, _ = lapack.dpocon(root, 1.0, uplo="L")
            inverse_norm = float(1.0 / reciprocal) if reciprocal > 0 else np.inf
    sure = inverse_norm * RANK * len(diagonal) < SAFE
    taken = root if sure else _lowered(point.information)
    if taken is None:
        # no metric: the largest step along one parameter
        units = np.sqrt(2.0 * np.where(diagonal > 0, diagonal, 1.0))
        norm = float(np.abs(point.gradient / units).max(initial=0.0))
    else:
        positive = True
        slope = point.gradient * scale
        half = blas.dtrsv(taken, slope, lower=1)
        norm = math.sqrt(0.5 * float(half @ half))
    return Standing(norm=norm, positive=positive, root=root, scale=scale, inverse_norm=inverse_norm)


def scaled_gradient(point: Point) -> float:
    """Return sqrt(g' (2 I)^-1 g): free of the scale of variables and parameters.

    2 I is the expected second derivative of F, so its square over two is about what a step could still take
    off F. Without a positive definite information it is the largest such step along one parameter.
    """
    return standing_of(point).norm


def sound(point: Point) -> bool:
    """Say whether a search ended at a minimum with a positive definite information."""
    return standing_of(point).sound


def definite(information: Array) -> bool:
    """Say whether an information matrix, scaled to ones on its diagonal, is positive definite by a margin."""
    return _lowered(information) is not None


def _lowered(information: Array) -> Array | None:
    """Return the triangular root of an information matrix scaled to ones on its diagonal, less `RANK` k."""
    diagonal = information.diagonal()
    if not (diagonal > FLAT).all():
        return None
    scale = 1.0 / np.sqrt(diagonal)
    scaled = information * scale
    scaled *= scale[:, None]
    scaled.flat[:: len(scaled) + 1] -= RANK * len(scaled)
    root, failed = lapack.dpotrf(scaled.T, lower=1, overwrite_a=1, clean=0)
    return None if failed else root
