"""The PLS algorithm on many correlation matrices at once: outer weights until they stand still.

Lohmöller (1989, Latent Variable Path Modeling with Partial Least Squares); Wold (1982). Every array has the
samples as its first axis; a single fit is a batch of one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jq_models.numeric.moments import Array
from jq_models.pls.design import Flags, Stage

SCHEMES = ("path", "factorial", "centroid")
# variance inflation from which a block counts as singular
SINGULAR = 1e10
# a weight of a construct with variance 1 that only a difference of equal indicators needs
CANCELLED = 1e5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    """Where the algorithm ended, for b samples, p indicators, m constructs.

    Attributes
    ----------
    weights : ndarray, shape (b, p)
        Of standardised indicators; every construct has variance 1, its dominant indicator a positive
        correlation with it.
    cross : ndarray, shape (b, p, m)
        Correlations of indicators and constructs.
    correlation : ndarray, shape (b, m, m)
        Of the constructs' scores.
    converged : ndarray of bool, shape (b,)
        Whether the largest change of a weight fell below the tolerance.
    iterations : ndarray of int, shape (b,)
    """

    weights: Array
    cross: Array
    correlation: Array
    converged: Flags
    iterations: NDArray[np.intp]


def outer_weights(
    R: Array,
    stage: Stage,
    *,
    scheme: str,
    tolerance: float,
    max_iterations: int,
    start: Array | None = None,
    stop: Callable[[], bool] | None = None,
) -> Outer:
    """Run the algorithm.

    Parameters
    ----------
    R : ndarray, shape (b, p, p)
        Correlations of the stage's indicators.
    stage : Stage
    scheme : {"path", "factorial", "centroid"}
        Inner weights: regression coefficients of what comes before a construct and correlations with what
        comes after it; correlations; signs of correlations.
    tolerance : float
        Stops when no weight changes by as much.
    max_iterations : int
    start : ndarray, shape (p,), optional
        First weights; default: all equal.
    stop : callable, optional
        Looked at once an iteration; true ends the search unfinished.

    Returns
    -------
    Outer
        NaN where a sample carries no weights (singular blocks, constructs that do not correlate).
    """
    b, p = R.shape[:2]
    update = _OuterUpdate(R, stage)
    weights = np.ones((b, p)) if start is None else np.tile(start, (b, 1))
    iterations, converged = np.zeros(b, dtype=np.intp), np.zeros(b, dtype=bool)
    active = np.arange(b)
    with np.errstate(all="ignore"):
        W, C, Q = update.started(weights, stage)
        weights = W
        for _ in range(max_iterations):
            inner = inner_weights(Q, stage, scheme=scheme)
            new, C, Q = update.scaled(update.outer(C, inner, active), active)
            change = np.max(np.abs(new - W), axis=1)
            weights[active] = W = new
            iterations[active] += 1
            done = change < tolerance
            converged[active[done]] = True
            keep = ~done & np.isfinite(change)
            if not keep.any() or (stop is not None and stop()):
                break
            if not keep.all():
                active, W, C, Q = active[keep], W[keep], C[keep], Q[keep]
        return _ended(update, stage, weights, converged=converged, iterations=iterations)


def inner_weights(Q: Array, stage: Stage, *, scheme: str) -> Array:
    """Return how much each neighbour counts in a construct's inner proxy, (b, m, m).

    Parameters
    ----------
    Q : ndarray, shape (b, m, m)
        Correlations of the constructs' scores.
    """
    if scheme == "centroid":
        return np.asarray(np.where(Q < 0.0, -1.0, 1.0) * stage.links.astype(float))
    inner: Array = np.where(stage.links, Q, 0.0)
    if scheme == "path":
        for i in stage.endogenous:
            before = stage.causes(i)
            if len(before) > 1:
                inner[:, i, before] = regress(Q, to=i, on=before, shortest=True)
    return inner


def regress(Q: Array, *, to: int, on: NDArray[np.intp], shortest: bool = False) -> Array:
    """Return the standardised coefficients of one construct on others, (b, k).

    Where the others determine one another there is no one answer: NaN, or the shortest one, whose
    prediction is that of all of them.
    """
    left = Q[:, on[:, None], on]
    try:
        found: Array = np.asarray(np.linalg.solve(left, Q[:, on, to][:, :, None])[:, :, 0], dtype=float)
    except np.linalg.LinAlgError:
        # one exactly singular matrix stops LAPACK for the whole batch
        found = np.full((len(Q), len(on)), np.nan)
        for k in range(len(Q)):
            try:
                found[k] = np.linalg.solve(left[k], Q[k, on, to])
            except np.linalg.LinAlgError:
                if shortest and np.isfinite(left[k]).all():
                    found[k] = np.linalg.pinv(left[k], rcond=1e-10, hermitian=True) @ Q[k, on, to]
    return found


class _OuterUpdate:
    """One step of the outer weights: what does not change between steps is computed once."""

    def __init__(self, R: Array, stage: Stage) -> None:
        self.R = R
        self.owner = stage.owner
        self.at = np.arange(len(self.owner))
        # weights as matrices, p x m each: only the cells of an indicator and its construct are ever written
        self.places = np.zeros((*R.shape[:2], len(stage.blocks)))
        self.inverses: list[tuple[slice, Array]] = []
        for first, block in zip(stage.starts, stage.blocks, strict=True):
            if block.mode == "B" and len(block.indicators) > 1:
                span = slice(first, first + len(block.indicators))
                self.inverses.append((span, _inverses(R[:, span, span])))

    def scaled(self, weights: Array, active: NDArray[np.intp]) -> tuple[Array, Array, Array]:
        """Return weights that give every construct variance 1, R W (b, p, m) and W' R W (b, m, m)."""
        R = self.R if len(active) == len(self.R) else self.R[active]
        W = self.places[: len(weights)]
        W[:, self.at, self.owner] = weights
        C = R @ W
        Q = W.transpose(0, 2, 1) @ C
        scale = 1.0 / np.sqrt(np.diagonal(Q, axis1=1, axis2=2))
        C *= scale[:, None, :]
        Q *= scale[:, :, None] * scale[:, None, :]
        return weights * scale[:, self.owner], C, Q

    def started(self, weights: Array, stage: Stage) -> tuple[Array, Array, Array]:
        """Return `scaled` of first weights; of the dominant indicators alone where these cancel out."""
        everyone = np.arange(len(weights))
        W, C, Q = self.scaled(weights, everyone)
        kept = np.all(np.abs(W) < CANCELLED, axis=1)
        if not kept.all():
            alone = np.zeros(weights.shape[1])
            alone[stage.dominant] = 1.0
            return self.scaled(np.where(kept[:, None], weights, alone), everyone)
        return W, C, Q

    def outer(self, C: Array, inner: Array, active: NDArray[np.intp]) -> Array:
        """Return new weights: covariances with the inner proxy (A), regressed within the block for B."""
        weights: Array = np.einsum("bpm,bpm->bp", C, inner[:, self.owner])
        for span, inverse in self.inverses:
            weights[:, span] = np.einsum("bij,bj->bi", inverse[active], weights[:, span])
        return weights


def _inverses(blocks: Array) -> Array:
    """Invert the correlation matrix of a block in each sample; NaN where it is singular."""
    found = np.full_like(blocks, np.nan)
    try:
        found = np.asarray(np.linalg.inv(blocks))
    except np.linalg.LinAlgError:
        for k, block in enumerate(blocks):
            try:
                found[k] = np.linalg.inv(block)
            except np.linalg.LinAlgError:
                continue
    # the diagonal is 1 / (1 - R2) of an indicator on the others: rounding hides what is singular
    diagonal = np.diagonal(found, axis1=1, axis2=2)
    regular = np.all(np.abs(diagonal) < SINGULAR, axis=1)
    found[~regular] = np.nan
    return found


def _ended(
    update: _OuterUpdate, stage: Stage, weights: Array, *, converged: Flags, iterations: NDArray[np.intp]
) -> Outer:
    """Turn every construct so that its dominant indicator correlates positively with it."""
    W, C, Q = update.scaled(weights, np.arange(len(weights)))
    diagonal = np.arange(len(stage.blocks))
    sign = np.where(C[:, stage.dominant, diagonal] < 0.0, -1.0, 1.0)
    W, C, Q = W * sign[:, stage.owner], C * sign[:, None, :], Q * sign[:, :, None] * sign[:, None, :]
    Q[:, diagonal, diagonal] = 1.0
    return Outer(
        weights=W,
        cross=C,
        correlation=(Q + Q.transpose(0, 2, 1)) / 2.0,
        converged=converged & np.isfinite(W).all(axis=1),
        iterations=iterations,
    )
