"""Whether a search stands still: the slope in units of the information, and whether there is one."""

from __future__ import annotations

import numpy as np
from scipy.linalg import lapack

from jq_models.sem.derivatives import Point
from jq_models.sem.moments import Array

# largest scaled gradient of a converged fit: a parameter is then within about a thousandth of its
# standard error at any usual sample size, and chi-square right to about six digits
GRADIENT = 1e-4
# smallest eigenvalue of the information, scaled to ones on its diagonal, of an identified model
RANK = 1e-9
# no information at all: that on a variance v is 1 / (2 v^2), small where units are large
FLAT = 1e-60


def scaled_gradient(point: Point) -> float:
    """Return sqrt(g' (2 I)^-1 g): free of the scale of variables and parameters.

    2 I is the expected second derivative of F, so its square over two is about what a step could still take
    off F. Without a positive definite information it is the largest such step along one parameter.
    """
    if not np.isfinite(point.objective):
        return float("inf")
    return _newton(point)[0]


def _newton(point: Point) -> tuple[float, bool]:
    """Return `scaled_gradient` and whether the information is positive definite, by one triangular root."""
    diagonal = point.information.diagonal()
    scale = np.sqrt(2.0 * np.where(diagonal > 0, diagonal, 1.0))
    scaled = point.gradient / scale
    root = _root(point.information)
    if root is None:
        return float(np.abs(scaled).max(initial=0.0)), False
    solved, _ = lapack.dpotrs(root, scaled, lower=1)
    return float(np.sqrt(max(scaled @ solved, 0.0))), True


def sound(point: Point) -> bool:
    """Say whether a search ended at a minimum with a positive definite information."""
    if not np.isfinite(point.objective):
        return False
    norm, positive = _newton(point)
    return positive and norm <= GRADIENT


def definite(information: Array) -> bool:
    """Say whether an information matrix, scaled to ones on its diagonal, is positive definite."""
    return _root(information) is not None


def _root(information: Array) -> Array | None:
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
