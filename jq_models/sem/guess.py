"""What starting values are made of: guessed covariances of all variables of a group, and its rows from them.

Factors are taken together that can be guessed from variables known already: first those of items alone,
then those of factors. What depends on the table alone is found once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from jq_models.numeric.moments import Array, Moments, Whole
from jq_models.sem.layout import (
    LOADING,
    NU,
    PATH,
    PSI,
    SCALE,
    layout_of,
)
from jq_models.sem.table import Parameters

# share of a variable's variance that a start may give to factor or residual at least
LEAST = 0.1
FACTORING = 2
RIDGE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Factors of equally many known indicators: f factors of q each.

    Attributes
    ----------
    factors : ndarray of int, shape (f,)
        Places among all variables, observed and latent.
    rows, indicators : ndarray of int, shape (f, q)
        Their rows in the table, and the places of the indicators.
    scale : ndarray, shape (f,)
        Standard deviations of factors with a fixed variance; NaN for others.
    marker : ndarray of int, shape (f,)
        Which indicator has the first fixed loading, -1 without one.
    """

    factors: Whole
    rows: Whole
    indicators: Whole
    scale: Array
    marker: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a table's rows are guessed.

    Attributes
    ----------
    batches : tuple of Batch
        In the order in which they can be guessed.
    own : ndarray of int, shape (rows, 2)
        Places of the two sides of each row among the observed and the model's own latent variables.
    given : ndarray, shape (rows,)
        Fixed values and starts that the author gave, else NaN.
    paths : tuple of ndarray of int
        Rows of the paths to each outcome.
    explained : ndarray of bool, shape (variables,)
        Variables with a loading or a path to them.
    """

    batches: tuple[Batch, ...]
    own: Whole
    given: Array
    paths: tuple[Whole, ...]
    explained: NDArray[np.bool_]


@lru_cache(maxsize=128)
def plan_of(parameters: Parameters) -> Plan:
    """Find how the rows of one group's table are guessed."""
    rows, kind = parameters.rows, layout_of(parameters).kind
    at = {name: i for i, name in enumerate((*parameters.observed, *parameters.latent))}
    own = np.array([(at[r.lhs], at.get(r.rhs, 0)) for r in rows], dtype=np.intp).reshape(-1, 2)
    value, start = (np.array([getattr(r, name) for r in rows], dtype=float) for name in ("value", "start"))
    free = np.array([r.free for r in rows], dtype=np.intp) > 0
    fixed = ~free & ~np.isnan(value)
    explained = np.zeros(len(at), dtype=bool)
    explained[own[kind == LOADING, 1]] = True
    explained[own[kind == PATH, 0]] = True
    outcomes = dict.fromkeys(own[kind == PATH, 0].tolist())
    return Plan(
        batches=_batches(own, kind, fixed=np.where(fixed, value, np.nan), p=len(parameters.observed), at=at),
        own=own,
        given=np.where(fixed, value, start),
        paths=tuple(np.flatnonzero((kind == PATH) & (own[:, 0] == y)) for y in outcomes),
        explained=explained,
    )


def _batches(own: Whole, kind: Whole, *, fixed: Array, p: int, at: dict[str, int]) -> tuple[Batch, ...]:
    loadings = np.flatnonzero(kind == LOADING)
    of: dict[int, list[int]] = {factor: [] for factor in range(p, len(at))}
    for i, factor in zip(loadings.tolist(), own[loadings, 0].tolist(), strict=True):
        of[factor].append(i)
    variances = np.flatnonzero((kind == PSI) & (own[:, 0] == own[:, 1]) & (fixed > 0.0))
    scale = np.full(len(at), np.nan)
    scale[own[variances, 0]] = np.sqrt(fixed[variances])
    target, known, waiting, found = own[:, 1].tolist(), set(range(p)), list(of), []
    while waiting:
        ready = [f for f in waiting if all(target[i] in known for i in of[f])] or waiting[:1]
        usable = {f: [i for i in of[f] if target[i] in known] for f in ready}
        for size in dict.fromkeys(len(rows) for rows in usable.values()):
            factors = [f for f in ready if len(usable[f]) == size]
            rows = np.array([usable[f] for f in factors], dtype=np.intp).reshape(len(factors), size)
            # one column more, so that there is a first one also without indicators
            none = np.zeros((len(rows), 1), dtype=bool)
            there = np.append(np.nan_to_num(fixed[rows]) != 0.0, none, axis=1)
            marker = np.where(there.any(axis=1), there.argmax(axis=1), -1)
            found.append(
                Batch(
                    factors=np.array(factors, dtype=np.intp),
                    rows=rows,
                    indicators=own[rows, 1],
                    scale=scale[factors],
                    marker=marker,
                )
            )
        known |= set(ready)
        waiting = [f for f in waiting if f not in known]
    return tuple(found)


def rows_guessed(parameters: Parameters, moments: Moments) -> Array:
    """Return a value for every row of one group's table, shape (rows,).

    Parameters
    ----------
    parameters : Parameters
    moments : Moments
        Of its observed variables, in their order.
    """
    plan, kind = plan_of(parameters), layout_of(parameters).kind
    C, guess = _factored(plan, moments)
    left, right = plan.own.T
    explained = np.zeros(len(C))
    for rows in plan.paths:
        y, x = left[rows[0]], right[rows]
        among = C[np.ix_(x, x)]
        slopes = np.linalg.solve(among + RIDGE * np.diag(among.diagonal()), C[x, y])
        guess[rows] = slopes
        explained[y] += slopes @ C[x, y]
    loadings = np.flatnonzero(kind == LOADING)
    variance = C.diagonal()
    shared = guess[loadings] ** 2 * variance[left[loadings]]
    explained += np.bincount(right[loadings], weights=shared, minlength=len(C))
    residual = variance - np.minimum(explained, (1.0 - LEAST) * variance)
    limit = 0.9 * np.sqrt(np.maximum(variance[left] * variance[right], 0.0))
    between = np.minimum(np.maximum(C[left, right], -limit), limit)
    between[plan.explained[left] | plan.explained[right]] = 0.0
    guess = np.where(kind == PSI, np.where(left == right, residual[left], between), guess)
    guess[kind == SCALE] = 1.0
    levels = np.flatnonzero(kind == NU)
    if len(levels):
        mean = np.concatenate((moments.mean, np.zeros(len(C) - len(moments.mean))))
        moved = mean.copy()
        for rows in plan.paths:
            moved[left[rows[0]]] -= guess[rows] @ mean[right[rows]]
        moved[len(moments.mean) :] = 0.0
        guess[levels] = moved[left[levels]]
    return np.where(np.isnan(plan.given), guess, plan.given)


def _factored(plan: Plan, moments: Moments) -> tuple[Array, Array]:
    """Return the covariances of observed and latent variables, and rows with the loadings filled in."""
    p, size = len(moments.covariance), len(plan.explained)
    C, guess = np.zeros((size, size)), np.zeros(len(plan.own))
    C[:p, :p] = moments.covariance
    for batch in plan.batches:
        at = batch.indicators
        pattern = patterns(C[at[:, :, None], at[:, None, :]])
        scale = _scales(batch, pattern, plan.given)
        loadings = plan.given[batch.rows]
        loadings = np.where(np.isnan(loadings), pattern / scale[:, None], loadings)
        guess[batch.rows] = loadings
        weight = np.zeros((len(at), size))
        total = np.maximum((loadings**2).sum(axis=1), 1e-300)
        np.put_along_axis(weight, at, loadings / total[:, None], axis=1)
        cross = weight @ C
        C[batch.factors] = cross
        C[:, batch.factors] = cross.T
        C[np.ix_(batch.factors, batch.factors)] = cross @ weight.T
        C[batch.factors, batch.factors] = scale**2
    return C, guess


def _scales(batch: Batch, pattern: Array, given: Array) -> Array:
    """Return the factors' standard deviations: from their fixed variances, else their fixed loadings."""
    scale, marked = np.ones(len(batch.factors)), np.flatnonzero(batch.marker >= 0)
    first = batch.marker[marked]
    fixed = given[batch.rows[marked, first]]
    scale[marked] = np.maximum(np.abs(pattern[marked, first] / fixed), 1e-150)
    return np.where(np.isnan(batch.scale), scale, batch.scale)


def patterns(S: Array) -> Array:
    """Return loadings on factors of variance 1 for their indicators' covariance matrices.

    A few steps of principal factoring from a high start; a single indicator is all factor.

    Parameters
    ----------
    S : ndarray, shape (f, q, q)

    Returns
    -------
    ndarray, shape (f, q)
        The first of each positive.
    """
    variance = S.diagonal(axis1=1, axis2=2)
    q = variance.shape[1]
    if q < 2:
        return np.sqrt(variance)
    common, low, high = 0.6 * variance, LEAST * variance, (1 - LEAST) * variance
    reduced, on = S.copy(), np.arange(q)
    for _ in range(FACTORING):
        reduced[:, on, on] = common
        values, vectors = np.linalg.eigh(reduced)
        loading = vectors[:, :, -1] * np.sqrt(np.maximum(values[:, -1:], 0.0))
        common = np.minimum(np.maximum(loading**2, low), high)
    sign = np.where(loading[:, :1] >= 0.0, 1.0, -1.0)
    result: Array = sign * np.sign(loading) * np.sqrt(common)
    return result
