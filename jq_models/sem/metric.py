"""The metric of a search: a root of the information, and the L-BFGS pairs that correct it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from scipy.linalg import blas, lapack

from jq_models.numeric.moments import Array

# the most that a step may change a parameter, in units of what alone raises F by one half: a variance then
# does not jump below zero
REACH = 1.0
# a step, the change of the gradient along it, and their product
Pair = tuple[Array, Array, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A triangular root of the information, (k, k), and one over the roots of its diagonal, (k,)."""

    root: Array
    scale: Array

    def step(self, gradient: Array) -> Array:
        """Return -information^-1 gradient / 2."""
        half = blas.dtrsv(self.root, gradient, lower=1)
        solved: Array = blas.dscal(-0.5, blas.dtrsv(self.root, half, lower=1, trans=1, overwrite_x=1))
        return solved

    def limited(self, step: Array) -> Array:
        """Return a step shortened to `REACH`."""
        moved = step / self.scale
        longest = abs(float(moved[blas.idamax(moved)]))
        return step * (REACH / longest) if longest > REACH else step


def metric_of(information: Array, *, damping: float = 0.0, room: Array | None = None) -> Metric | None:
    """Factor an information matrix, (k, k), its diagonal damped by a share; None when it is not definite.

    The root lies in `room`, (k, k), where that is given: fresh memory takes as long as a step.
    """
    diagonal = information.diagonal()
    positive = diagonal > 0
    if not positive.all():
        if damping == 0.0:
            return None
        diagonal = np.where(positive, diagonal, 1.0)
    damped = np.empty_like(information) if room is None else room
    damped[:] = information
    if damping:
        damped.flat[:: len(damped) + 1] += damping * diagonal
    # the transpose of a symmetric matrix is the same one, in the order LAPACK can overwrite
    root, failed = lapack.dpotrf(damped.T, lower=1, overwrite_a=1, clean=0)
    return None if failed else Metric(root=root, scale=1.0 / np.sqrt(diagonal))


def corrected(metric: Metric, pairs: deque[Pair], gradient: Array) -> Array:
    """Return the L-BFGS step: two loops around the metric's own, by BLAS, which adds in place."""
    q, shares = gradient.copy(), []
    for change, slope, product in reversed(pairs):
        share = blas.ddot(change, q) / product
        shares.append(share)
        q = blas.daxpy(slope, q, a=-share)
    step = metric.step(q)
    for (change, slope, product), share in zip(pairs, reversed(shares), strict=True):
        step = blas.daxpy(change, step, a=-share - blas.ddot(slope, step) / product)
    return step
