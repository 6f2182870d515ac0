"""Minimising normal theory for many samples at once from one start: L-BFGS in one metric.

The metric is the information of the full sample; pairs (Nocedal 1980, Mathematics of Computation 35,
773-782) correct it, replicate by replicate. Those that converge leave the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array, Whole
from jq_models.sem.resampling.batched import BatchedNormal, BatchMoments, Flags

MAX_STEPS = 40
MEMORY = 10
# predicted decrease of N F that ends a search: estimates are then within some 1e-6 standard errors
DONE = 1e-11
# share of the predicted decrease that a step must bring
SUFFICIENT = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptimum:
    """Where b searches ended: theta (b, k), objective (b,), whether converged (b,), steps taken (b,)."""

    theta: Array
    objective: Array
    converged: Flags
    steps: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Searches:
    """The searches that go on: number in the batch, point, next step and the share of it to try."""

    number: Whole
    theta: Array
    objective: Array
    gradient: Array
    step: Array
    share: Array

    @property
    def slope(self) -> Array:
        """How the objective changes along the step, shape (b,)."""
        result: Array = np.einsum("bk,bk->b", self.gradient, self.step)
        return result

    def of(self, stay: Flags) -> Searches:
        """Return some of them."""
        return Searches(
            number=self.number[stay],
            theta=self.theta[stay],
            objective=self.objective[stay],
            gradient=self.gradient[stay],
            step=self.step[stay],
            share=self.share[stay],
        )


def minimise_batch(
    normal: BatchedNormal,
    samples: Sequence[BatchMoments],
    *,
    start: Array,
    inverse: Array,
    n: Array,
    stop: Callable[[], bool] = lambda: False,
) -> BatchOptimum:
    """Minimise for b samples.

    Parameters
    ----------
    normal : BatchedNormal
    samples : sequence of BatchMoments
        For each group, positive definite.
    start : ndarray, shape (k,)
        The estimates of the full sample.
    inverse : ndarray, shape (k, k)
        The inverse of its information (of one case) there.
    n : ndarray, shape (b,)
        Cases of each sample.
    stop : callable
        Asked before every step whether to give up.

    Returns
    -------
    BatchOptimum
        What did not converge in `MAX_STEPS` steps has the start and an infinite objective.
    """
    b = len(n)
    found = BatchOptimum(
        theta=np.tile(start, (b, 1)),
        objective=np.full(b, np.inf),
        converged=np.zeros(b, dtype=bool),
        steps=np.zeros(b, dtype=np.intp),
    )
    with np.errstate(all="ignore"):
        now, pairs = _started(normal, samples, found.theta, inverse=inverse), Pairs()
        for used in range(MAX_STEPS + 1):
            slope = now.slope
            done = n[now.number] * -0.5 * slope <= DONE
            if done.any():
                here = now.number[done]
                found.theta[here], found.objective[here] = now.theta[done], now.objective[done]
                # a step uphill is not an end: such a replicate is left to the search one by one
                found.converged[here] = (slope[done] <= 0.0) & np.isfinite(now.objective[done])
                found.steps[here] = used
                now, samples, slope = now.of(~done), [s.of(~done) for s in samples], slope[~done]
                pairs = pairs.of(~done)
            if not len(now.number) or used == MAX_STEPS or stop():
                return found
            now = _moved(now, normal, samples, slope=slope, pairs=pairs, inverse=inverse)
    return found


def _started(
    normal: BatchedNormal, samples: Sequence[BatchMoments], theta: Array, *, inverse: Array
) -> Searches:
    objective, gradient = normal.values(samples, theta)
    return Searches(
        number=np.arange(len(theta)),
        theta=theta.copy(),
        objective=objective,
        gradient=gradient,
        step=-0.5 * gradient @ inverse,
        share=np.ones(len(theta)),
    )


def _moved(
    now: Searches,
    normal: BatchedNormal,
    samples: Sequence[BatchMoments],
    *,
    slope: Array,
    pairs: Pairs,
    inverse: Array,
) -> Searches:
    """Try every step; where the objective does not fall, half of it comes next."""
    change = now.share[:, None] * now.step
    tried = now.theta + change
    value, gradient = normal.values(samples, tried)
    rounding = 1e-14 * np.maximum(1.0, np.abs(now.objective))
    good = value <= now.objective + SUFFICIENT * now.share * slope + rounding
    pairs.add(change, gradient - now.gradient, good=good)
    gradient = np.where(good[:, None], gradient, now.gradient)
    return Searches(
        number=now.number,
        theta=np.where(good[:, None], tried, now.theta),
        objective=np.where(good, value, now.objective),
        gradient=gradient,
        step=np.where(good[:, None], pairs.step(gradient, inverse), now.step),
        share=np.where(good, 1.0, 0.5 * now.share),
    )


class Pairs:
    """The last changes of parameters and gradients of all searches, newest last."""

    def __init__(self) -> None:
        self._all: list[tuple[Array, Array, Array]] = []

    def add(self, change: Array, slope: Array, *, good: Flags) -> None:
        """Keep a pair, both (b, k); where the search did not move, or F curves down, it has no effect."""
        product = np.einsum("bk,bk->b", change, slope)
        good = good & (product > 0.0) & np.isfinite(product)
        kept = good[:, None]
        pair = np.where(kept, change, 0.0), np.where(kept, slope, 0.0), np.where(good, 1.0 / product, 0.0)
        self._all = [*self._all, pair][-MEMORY:]

    def of(self, stay: Flags) -> Pairs:
        """Return the pairs of some searches."""
        some = Pairs()
        some._all = [(change[stay], slope[stay], inverse[stay]) for change, slope, inverse in self._all]
        return some

    def step(self, gradient: Array, inverse: Array) -> Array:
        """Return the steps, (b, k): two loops around the metric's own."""
        q, shares = gradient.copy(), []
        for change, slope, product in reversed(self._all):
            share = product * np.einsum("bk,bk->b", change, q)
            shares.append(share)
            q -= share[:, None] * slope
        step: Array = -0.5 * q @ inverse
        for (change, slope, product), share in zip(self._all, reversed(shares), strict=True):
            step -= change * (share + product * np.einsum("bk,bk->b", slope, step))[:, None]
        return step
