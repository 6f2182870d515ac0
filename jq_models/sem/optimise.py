"""Minimising a discrepancy: Fisher scoring, then quasi-Newton steps, then Newton where those stall.

What none of them brings to an end goes on in a trust region; what runs off is tried from other starts.

A gradient costs a third of an information matrix or less, so that near the optimum the last information
serves as metric and L-BFGS pairs (Nocedal 1980, Mathematics of Computation 35, 773-782) correct it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.linalg import lapack

from jq_models.sem.derivatives import Point
from jq_models.sem.matrices import ModelMatrices
from jq_models.sem.moments import Array
from jq_models.sem.start import other_starts
from jq_models.sem.status import definite, sound
from jq_models.sem.trust_region import trust_region

# scoring or Newton steps before the trust region takes over: fits that end, end sooner
SCORED = 40
# steps in the trust region; in the valleys where fits end, they do so within a few dozen
TRUSTED = 60
# an objective within this share of another is the same
SAME = 1e-9
# predicted decrease of F that ends the search: N times it is far below what any table shows
DONE = 1e-17
# predicted decrease below which the information is kept, and below which the observed one is trusted
NEAR, CLOSE = 1e-2, 1e-1
QUASI_STEPS = 25
MEMORY = 12
HALVINGS = 30
# the largest damping, in units of the information's diagonal, before giving up
STUCK = 1e6


class Discrepancy(Protocol):
    """What the optimiser needs of a discrepancy function."""

    groups: tuple[ModelMatrices, ...]
    n_free: int

    def point(self, theta: Array, *, curvature: str = "expected") -> Point:
        """Evaluate at one parameter vector; curvature "none", "expected" or "observed"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """Where an optimisation ended, after how many iterations; `point` with expected information."""

    theta: Array
    point: Point
    iterations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A triangular root of the information in units of its diagonal: the metric of a step."""

    root: Array
    scale: Array

    def step(self, gradient: Array) -> Array:
        """Return -information^-1 gradient / 2."""
        solved, _ = lapack.dpotrs(self.root, gradient * self.scale, lower=1)
        result: Array = -0.5 * self.scale * solved
        return result


def minimise(discrepancy: Discrepancy, start: Array, *, restarts: bool = True) -> Optimum:
    """Minimise a discrepancy.

    Parameters
    ----------
    discrepancy : Discrepancy
    start : ndarray, shape (k,)
        With a finite objective.
    restarts : bool
        Whether a search that runs off is tried anew from `other_starts`. That is skipped for a model that is
        not identified at its start, where no other start would help.

    Returns
    -------
    Optimum
        The best point found, converged or not: its gradient tells. `iterations` counts all searches.
    """
    theta = np.array(start, dtype=float)
    first = discrepancy.point(theta)
    best = _descended(discrepancy, theta, first)
    if not restarts or sound(best.point) or not definite(first.information):
        return best
    for other in other_starts(discrepancy.groups, theta):
        tried = _descended(discrepancy, other, discrepancy.point(other))
        chosen = tried if _better(tried.point, best.point) else best
        best = replace(chosen, iterations=best.iterations + tried.iterations)
    return best


def _better(tried: Point, best: Point) -> bool:
    """Lower, or as low and sound."""
    slack = SAME * max(1.0, abs(best.objective)) if np.isfinite(best.objective) else 0.0
    if sound(tried) and not sound(best):
        return tried.objective < best.objective + slack
    return tried.objective < best.objective - slack


def _descended(discrepancy: Discrepancy, theta: Array, point: Point) -> Optimum:
    """Search from one start, whose point has the expected information."""
    if not np.isfinite(point.objective):
        return Optimum(theta=theta, point=point, iterations=0)
    theta, point, used, _ = _scored(discrepancy, theta, point, until=NEAR, newton=False)
    theta, point, more, done = _quasi_newton(discrepancy, theta, point)
    used += more
    if not done:
        theta, point, more, done = _scored(
            discrepancy, theta, discrepancy.point(theta), until=DONE, newton=True
        )
        used += more
    if not done:
        theta, point, more, _ = trust_region(
            lambda at, kind: discrepancy.point(at, curvature=kind), theta, until=DONE, iterations=TRUSTED
        )
        used += more
    return Optimum(theta=theta, point=discrepancy.point(theta), iterations=used)


def metric_of(information: Array, *, damping: float = 0.0) -> Metric | None:
    """Factor an information matrix, (k, k); None when it is not positive definite."""
    diagonal = information.diagonal()
    positive = diagonal > 0
    if not positive.all():
        if damping == 0.0:
            return None
        diagonal = np.where(positive, diagonal, 1.0)
    scale = 1.0 / np.sqrt(diagonal)
    scaled = information * scale
    scaled *= scale[:, None]
    if damping:
        scaled.flat[:: len(scaled) + 1] += damping
    # the transpose of a symmetric matrix is the same one, in the order LAPACK can overwrite
    root, failed = lapack.dpotrf(scaled.T, lower=1, overwrite_a=1, clean=0)
    return None if failed else Metric(root=root, scale=scale)


def _scored(
    discrepancy: Discrepancy, theta: Array, point: Point, *, until: float, newton: bool
) -> tuple[Array, Point, int, bool]:
    """Take damped Fisher or Newton steps until the predicted decrease is small."""
    curvature, damping, used = "expected", 0.0, 0
    while used < SCORED and damping <= STUCK:
        metric = metric_of(point.information, damping=damping)
        if metric is None:
            if curvature == "observed":
                point, curvature = discrepancy.point(theta), "expected"
            else:
                damping = max(10.0 * damping, 1e-6)
            continue
        step = metric.step(point.gradient)
        decrease = -0.5 * float(point.gradient @ step)
        if decrease <= until and damping < 1e-3:
            return theta, point, used, True
        wanted = "observed" if newton and decrease < CLOSE and damping < 1e-3 else "expected"
        moved = _along(discrepancy, theta, point, step, curvature=wanted)
        used += 1
        if moved is None:
            if curvature == "observed":
                point, curvature = discrepancy.point(theta), "expected"
            damping = max(10.0 * damping, 1e-4)
            continue
        theta, point, share = moved
        curvature = wanted
        damping = 0.0 if share == 1.0 and damping < 1e-5 else damping / 10.0
    return theta, point, used, False


def _quasi_newton(discrepancy: Discrepancy, theta: Array, point: Point) -> tuple[Array, Point, int, bool]:
    """Take L-BFGS steps in the metric of the last information."""
    metric = metric_of(point.information)
    if metric is None:
        return theta, point, 0, False
    pairs: deque[tuple[Array, Array, float]] = deque(maxlen=MEMORY)
    for used in range(QUASI_STEPS):
        step = _corrected(metric, pairs, point.gradient)
        decrease = -0.5 * float(point.gradient @ step)
        if decrease <= DONE:
            return theta, point, used, decrease >= 0.0
        moved = _along(discrepancy, theta, point, step, curvature="none")
        if moved is None:
            return theta, point, used, False
        change, slope = moved[0] - theta, moved[1].gradient - point.gradient
        product = float(change @ slope)
        if product > 0.0:
            pairs.append((change, slope, product))
        theta, point = moved[0], moved[1]
    return theta, point, QUASI_STEPS, False


def _corrected(metric: Metric, pairs: deque[tuple[Array, Array, float]], gradient: Array) -> Array:
    """Return the L-BFGS step: two loops around the metric's own."""
    q, shares = gradient.copy(), []
    for change, slope, product in reversed(pairs):
        share = float(change @ q) / product
        shares.append(share)
        q -= share * slope
    step = metric.step(q)
    for (change, slope, product), share in zip(pairs, reversed(shares), strict=True):
        step -= change * (share + float(slope @ step) / product)
    return step


def _along(
    discrepancy: Discrepancy, theta: Array, point: Point, step: Array, *, curvature: str
) -> tuple[Array, Point, float] | None:
    """Move along a step, halved until the objective falls; None when it never does."""
    slope, share = float(point.gradient @ step), 1.0
    rounding = 1e-14 * max(1.0, abs(point.objective))
    for _ in range(HALVINGS):
        tried = theta + share * step
        found = discrepancy.point(tried, curvature=curvature)
        if found.objective <= point.objective + 1e-4 * share * slope + rounding:
            return tried, found, share
        share *= 0.5
    return None
