"""From correlations of items to loadings and paths: both stages, corrected for attenuation where asked.

Arrays have the samples as their first axis, as in `algorithm`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.pls.algorithm import Outer, outer_weights, regress
from jq_models.pls.design import Design, Flags, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One stage, for b samples, p indicators, m constructs.

    Attributes
    ----------
    outer : Outer
        Weights, and what the scores correlate with.
    loadings : ndarray, shape (b, p)
        Correlations with the scores; of corrected constructs the consistent loadings.
    rho_a : ndarray, shape (b, m)
        Reliability of the scores (Dijkstra & Henseler 2015), for every construct of several indicators in
        mode A, else 1; NaN where it is not positive.
    correlation : ndarray, shape (b, m, m)
        Of the constructs: of corrected ones disattenuated.
    """

    outer: Outer
    loadings: Array
    rho_a: Array
    correlation: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A model's estimates in b samples.

    Attributes
    ----------
    first : Measured
    second : Measured or None
        Its indicators are constructs of the first stage.
    paths : ndarray, shape (b, m, m)
        ``paths[:, i, j]``: from construct j to construct i of the last stage, standardised.
    r2 : ndarray, shape (b, m)
        Explained variance; NaN for exogenous constructs.
    converged : ndarray of bool, shape (b,)
    """

    first: Measured
    second: Measured | None
    paths: Array
    r2: Array
    converged: Flags

    @property
    def last(self) -> Measured:
        """The stage whose constructs the paths connect."""
        return self.second or self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How long the algorithm goes on: largest change of a weight, most iterations."""

    tolerance: float = 1e-10
    max_iterations: int = 300


def solve(
    R: Array,
    design: Design,
    *,
    search: Search,
    start: tuple[Array | None, Array | None] = (None, None),
    stop: Callable[[], bool] | None = None,
) -> Solution:
    """Estimate a model.

    Parameters
    ----------
    R : ndarray, shape (b, p, p)
        Correlations of the indicators of ``design.first``, in its order.
    design : Design
    search : Search
    start : tuple of ndarray
        First weights of the two stages, (p,) each.
    stop : callable, optional

    Returns
    -------
    Solution

    Notes
    -----
    The second stage takes the constructs of the first as indicators, with their correlations: of factors the
    disattenuated ones when the design is consistent, so that a composite of factors is weighed without
    measurement error (van Riel, Henseler, Kemény & Sasovova 2017, Industrial Management & Data Systems 117,
    459-477), else those of the scores (the two-stage approach of Becker, Klein & Wetzels 2012).

    cSEM weighs a composite of factors otherwise: it runs the second stage on the scores as they are, takes
    w'S*w for the composite's reliability (S* has the members' reliabilities on its diagonal) and corrects
    the paths afterwards. Both are consistent; in a sample their numbers differ, as the weights rest on other
    correlations.
    """
    first = _measured(R, design.first, design=design, search=search, start=start[0], stop=stop)
    second = None
    converged = first.outer.converged
    if design.second is not None:
        names = design.first.constructs
        inside = [names.index(x) for x in design.second.indicators]
        between = first.correlation[:, inside][:, :, inside]
        second = _measured(between, design.second, design=design, search=search, start=start[1], stop=stop)
        converged = converged & second.outer.converged
    paths, r2 = structure((second or first).correlation, design.last)
    return Solution(first=first, second=second, paths=paths, r2=r2, converged=converged)


def _measured(
    R: Array,
    stage: Stage,
    *,
    design: Design,
    search: Search,
    start: Array | None,
    stop: Callable[[], bool] | None,
) -> Measured:
    outer = outer_weights(
        R,
        stage,
        scheme=design.scheme,
        tolerance=search.tolerance,
        max_iterations=search.max_iterations,
        start=start,
        stop=stop,
    )
    with np.errstate(all="ignore"):
        rho = rho_a(outer, stage)
        squares = np.add.reduceat(outer.weights**2, stage.starts, axis=1)
        consistent = outer.weights * (np.sqrt(rho) / squares)[:, stage.owner]
        loadings = np.where(stage.corrected[stage.owner], consistent, _own(outer, stage))
        length = np.sqrt(np.where(stage.corrected, rho, 1.0))
        correlation = outer.correlation / (length[:, :, None] * length[:, None, :])
    diagonal = np.arange(len(stage.blocks))
    correlation[:, diagonal, diagonal] = 1.0
    return Measured(outer=outer, loadings=loadings, rho_a=rho, correlation=correlation)


def _own(outer: Outer, stage: Stage) -> Array:
    """Return the correlation of every indicator with its own construct's scores, (b, p)."""
    return outer.cross[:, np.arange(len(stage.owner)), stage.owner]


def rho_a(outer: Outer, stage: Stage) -> Array:
    """Return the reliability of every construct's scores, (b, m).

    Dijkstra & Henseler (2015, MIS Quarterly 39, 297-316), eq. 3: with w the weights and S the correlations
    of a block, (w'w)^2 w'(S - diag S)w / w'(ww' - diag ww')w. 1 for a single indicator and for mode B,
    whose weights do not point along the loadings; NaN where it is not positive.
    """
    squares = outer.weights**2
    total = np.add.reduceat(squares, stage.starts, axis=1)
    # S w are the indicators' correlations with the scores; diag S is 1
    off = np.add.reduceat(outer.weights * _own(outer, stage), stage.starts, axis=1) - total
    with np.errstate(all="ignore"):
        value = total**2 * off / (total**2 - np.add.reduceat(squares**2, stage.starts, axis=1))
        value = np.where(value > 0.0, value, np.nan)
    spoken_of = [len(block.indicators) > 1 and block.mode == "A" for block in stage.blocks]
    return np.where(spoken_of, value, 1.0)


def structure(correlation: Array, stage: Stage) -> tuple[Array, Array]:
    """Regress every construct on those whose arrows lead to it: paths (b, m, m), R2 (b, m)."""
    b, m = correlation.shape[:2]
    paths, r2 = np.zeros((b, m, m)), np.full((b, m), np.nan)
    with np.errstate(all="ignore"):
        for i in stage.endogenous:
            causes = stage.causes(i)
            beta = regress(correlation, to=i, on=causes)
            paths[:, i, causes] = beta
            r2[:, i] = np.sum(beta * correlation[:, i, causes], axis=1)
    return paths, r2


def total_effects(paths: Array) -> Array:
    """Return (I - B)^-1 - I, (b, m, m): effects along all routes, which are finite without circles."""
    total = np.array(paths)
    step = paths
    # arrows without circles: after m - 1 steps no route is left
    for _ in range(paths.shape[1] - 2):
        step = step @ paths
        if not step.any():
            break
        total += step
    return total
