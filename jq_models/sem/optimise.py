"""Minimising a discrepancy: Fisher scoring, then quasi-Newton steps, then Newton where those stall.

No step moves a parameter far, lest a search jump over an optimum. What runs off, or ends in an improper
solution, is tried from other starts; what then lies lowest without an end goes on in a trust region.

A gradient costs a third of an information matrix or less, so that near the optimum the last information
serves as metric and L-BFGS pairs (Nocedal 1980, Mathematics of Computation 35, 773-782) correct it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

import numpy as np
from scipy.linalg import blas

from jq_models.numeric.moments import Array
from jq_models.sem.derivatives import Point
from jq_models.sem.matrices import ModelMatrices
from jq_models.sem.metric import Metric, Pair, corrected, metric_of
from jq_models.sem.start import other_starts
from jq_models.sem.stationary import Standing, definite, standing_of
from jq_models.sem.status import proper
from jq_models.sem.trust_region import trust_region

# steps in the trust region; in the valleys where fits end, they do so within a few dozen
TRUSTED = 60
# other starts that an improper solution is compared with
FEW = 2
# an objective within this share of another is the same
SAME = 1e-9
# predicted decrease of F that ends the search: N times it is far below what any table shows
DONE = 1e-17
# predicted decrease below which the information is kept, and below which the observed one is trusted
NEAR, CLOSE = 1e-2, 1e-1
# F is a small difference of large numbers: by how much it may rise from rounding
ROUNDING = 1e-13
MEMORY = 12
HALVINGS = 12
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
    """Where an optimisation ended, after how many iterations; `point` with expected information.

    `done` says that the last step promised nothing more; a search that runs off never comes to that.
    `standing` is that of the point, and `proper` says that it is admissible, where that is known.
    """

    theta: Array
    point: Point
    iterations: int
    done: bool = False
    standing: Standing | None = None
    proper: bool = False

    @property
    def sound(self) -> bool:
        """Whether this is a minimum with a positive definite information."""
        return (self.standing or standing_of(self.point)).sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Steps of a search, at most: by scoring, quasi-Newton, and Newton where those stall."""

    scoring: int
    quasi: int
    newton: int


# nearly all fits that end, end within the shorter
LONG, SHORT = Budget(scoring=25, quasi=25, newton=25), Budget(scoring=20, quasi=15, newton=10)


def minimise(discrepancy: Discrepancy, start: Array, *, restarts: bool = True) -> Optimum:
    """Minimise a discrepancy.

    Parameters
    ----------
    discrepancy : Discrepancy
    start : ndarray, shape (k,)
        With a finite objective.
    restarts : bool
        Whether a search that runs off or ends in an improper solution is tried anew from `other_starts`.
        That is skipped for a model that is not identified at its start, where no other would help.

    Returns
    -------
    Optimum
        The best point found, converged or not: its gradient tells. Of minima the lowest; a minimum, not a
        lower point on the way to nowhere. `iterations` counts all searches.
    """
    theta = np.array(start, dtype=float)
    best = _searched(discrepancy, theta, budget=LONG)
    ended = best.sound
    if ended and not restarts:
        return best
    if ended and proper(discrepancy.groups, best.theta, states=best.point.states):
        return replace(best, proper=True)
    found, used = [best], best.iterations
    if restarts and definite(discrepancy.point(theta).information):
        others = other_starts(discrepancy.groups, theta)
        for other in islice(others, FEW) if ended else others:
            found.append(_searched(discrepancy, other, budget=SHORT))
            used += found[-1].iterations
    lowest = min(found, key=lambda o: o.point.objective)
    if not _ended(discrepancy, lowest) and np.isfinite(lowest.point.objective):
        found.append(_followed(discrepancy, lowest))
        used += found[-1].iterations
    ends = [o for o in found if _ended(discrepancy, o)] or [o for o in found if o.sound]
    return replace(_lowest(ends or found), iterations=used)


def _ended(discrepancy: Discrepancy, optimum: Optimum) -> bool:
    """Say whether a search ended at a minimum, not on the way to nowhere, where slopes may be small too."""
    return optimum.done or (optimum.sound and proper(discrepancy.groups, optimum.theta))


def _lowest(found: Sequence[Optimum]) -> Optimum:
    """Choose the lowest; of those as low a sound one; of these the first."""
    lowest = min(o.point.objective for o in found)
    slack = SAME * max(1.0, abs(lowest)) if np.isfinite(lowest) else 0.0
    same = [o for o in found if o.point.objective <= lowest + slack]
    return next((o for o in same if o.sound), same[0])


def _searched(discrepancy: Discrepancy, theta: Array, *, budget: Budget) -> Optimum:
    """Search from one start."""
    point = discrepancy.point(theta)
    if not np.isfinite(point.objective):
        return Optimum(theta=theta, point=point, iterations=0)
    room = np.empty_like(point.information)
    theta, point, used, metric = _scored(
        discrepancy, theta, point, until=NEAR, newton=False, steps=budget.scoring, room=room
    )
    metric = metric or metric_of(point.information, room=room)
    theta, point, more, done = _quasi_newton(discrepancy, theta, point, metric=metric, steps=budget.quasi)
    used += more
    if not point.information.size:
        point = discrepancy.point(theta)
    if not done:
        theta, point, more, metric = _scored(
            discrepancy, theta, point, until=DONE, newton=True, steps=budget.newton, room=room
        )
        used, point, done = used + more, discrepancy.point(theta), metric is not None
    # no metric is needed any more: the last root takes its room
    return _at(theta, point, used=used, done=done, room=room)


def _at(theta: Array, point: Point, *, used: int, done: bool, room: Array | None = None) -> Optimum:
    standing = standing_of(point, room=room)
    return Optimum(theta=theta, point=point, iterations=used, done=done, standing=standing)


def _followed(discrepancy: Discrepancy, end: Optimum) -> Optimum:
    """Go on in a trust region from where a search stalled."""
    theta, _, used, done = trust_region(
        lambda at, kind: discrepancy.point(at, curvature=kind), end.theta, until=DONE, iterations=TRUSTED
    )
    return _at(theta, discrepancy.point(theta), used=used, done=done)


def _scored(
    discrepancy: Discrepancy,
    theta: Array,
    point: Point,
    *,
    until: float,
    newton: bool,
    steps: int,
    room: Array,
) -> tuple[Array, Point, int, Metric | None]:
    """Take damped Fisher or Newton steps until the predicted decrease is small: then with the last metric.

    Every metric takes the `room` of the one before.
    """
    curvature, damping, used = "expected", 0.0, 0
    while used < steps and damping <= STUCK:
        metric = metric_of(point.information, damping=damping, room=room)
        if metric is None:
            if curvature == "observed":
                point, curvature = discrepancy.point(theta), "expected"
            else:
                damping = max(10.0 * damping, 1e-6)
            continue
        step = metric.step(point.gradient)
        decrease = -0.5 * float(point.gradient @ step)
        if decrease <= until and damping < 1e-3:
            return theta, point, used, metric
        wanted = "observed" if newton and decrease < CLOSE and damping < 1e-3 else "expected"
        moved = _along(discrepancy, theta, point, metric.limited(step), curvature=wanted)
        used += 1
        if moved is None:
            if curvature == "observed":
                point, curvature = discrepancy.point(theta), "expected"
            damping = max(10.0 * damping, 1e-4)
            continue
        theta, point, share = moved
        curvature = wanted
        damping = 0.0 if share == 1.0 and damping < 1e-5 else damping / 10.0
    return theta, point, used, None


def _quasi_newton(
    discrepancy: Discrepancy, theta: Array, point: Point, *, metric: Metric | None, steps: int
) -> tuple[Array, Point, int, bool]:
    """Take L-BFGS steps in the metric of the last information; what seems the last one brings a new one."""
    if metric is None:
        return theta, point, 0, False
    before = np.nan
    pairs: deque[Pair] = deque(maxlen=MEMORY)
    for used in range(steps):
        step = corrected(metric, pairs, point.gradient)
        decrease = -0.5 * blas.ddot(point.gradient, step)
        if decrease <= DONE:
            return theta, point, used, decrease >= 0.0
        # steps shorten at a steady rate: the next decrease is foreseen
        curvature = "expected" if decrease * (decrease / before) <= DONE else "none"
        before = decrease
        moved = _along(discrepancy, theta, point, metric.limited(step), curvature=curvature)
        if moved is None:
            return theta, point, used, False
        change, slope = moved[0] - theta, moved[1].gradient - point.gradient
        product = blas.ddot(change, slope)
        if product > 0.0:
            pairs.append((change, slope, product))
        theta, point = moved[0], moved[1]
    return theta, point, steps, False


def _along(
    discrepancy: Discrepancy, theta: Array, point: Point, step: Array, *, curvature: str
) -> tuple[Array, Point, float] | None:
    """Move along a step, halved until the objective falls; None when it never does."""
    slope, share = blas.ddot(point.gradient, step), 1.0
    rounding = ROUNDING * max(1.0, abs(point.objective))
    for _ in range(HALVINGS):
        tried = theta + (step if share == 1.0 else share * step)
        found = discrepancy.point(tried, curvature=curvature)
        if found.objective <= point.objective + 1e-4 * share * slope + rounding:
            return tried, found, share
        share *= 0.5
    return None
