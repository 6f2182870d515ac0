"""Whether a search stands still: the slope in units of the information, and whether there is one."""

from __future__ import annotations

import numpy as np
from scipy.linalg import lapack

from jq_models.sem.derivatives import Point
from jq_models.sem.moments import Array, above

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
    curvature = 2.0 * np.diag(point.information)
    scale = np.sqrt(np.where(curvature > 0, curvature, 1.0))
    scaled = point.gradient / scale
    if not definite(point.information):
        return float(np.abs(scaled).max(initial=0.0))
    _, solved, _ = lapack.dposv(2.0 * point.information / np.outer(scale, scale), scaled)
    return float(np.sqrt(max(scaled @ solved, 0.0)))


def sound(point: Point) -> bool:
    """Say whether a search ended at a minimum with a positive definite information."""
    return scaled_gradient(point) <= GRADIENT and definite(point.information)


def definite(information: Array) -> bool:
    """Say whether an information matrix, scaled to ones on its diagonal, is positive definite."""
    diagonal = information.diagonal()
    if not (diagonal > FLAT).all():
        return False
    scale = np.sqrt(diagonal)
    return above(information / np.outer(scale, scale), RANK * len(diagonal))
