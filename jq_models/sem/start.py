"""Starting values from the sample moments, near enough for any optimiser.

Bottom up, group by group: loadings by two steps of principal factoring of a factor's indicators, then
the covariances of the factors, then paths by ridge regression among them. Where the search from there runs
off, `other_starts` has some more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from scipy.linalg import lapack

from jq_models.numeric.moments import Array, Moments
from jq_models.sem.guess import rows_guessed
from jq_models.sem.matrices import ModelMatrices, filled, implied_at


def start_values(groups: Sequence[ModelMatrices], moments: Sequence[Moments]) -> Array:
    """Return a start for the free parameters, shape (k,).

    Parameters
    ----------
    groups : sequence of ModelMatrices
    moments : sequence of Moments
        Of each group's observed variables, in the matrices' order.

    Returns
    -------
    ndarray, shape (k,)
        With positive definite implied covariance matrices where such were found.

    Raises
    ------
    LinAlgError
        When a sample covariance matrix is not positive definite.
    """
    rows = [rows_guessed(g.parameters, m) for g, m in zip(groups, moments, strict=True)]
    for m in moments:
        np.linalg.cholesky(m.covariance)
    for shrink in (1.0, 0.7, 0.4, 0.0):
        theta = _folded(groups, [_shrunk(g, values, shrink) for g, values in zip(groups, rows, strict=True)])
        if all(_definite(implied_at(g, theta)) for g in groups):
            break
    return theta


def _definite(matrix: Array) -> bool:
    return bool(np.isfinite(matrix).all() and lapack.dpotrf(matrix, lower=1)[1] == 0)


def other_starts(groups: Sequence[ModelMatrices], start: Array) -> Iterator[Array]:
    """Give starts in other basins than `start`, shape (k,), for a search that ran off from there.

    A marker item that hardly belongs to its factor sends the other loadings to infinity, of the one sign or
    the other; which one the start decides. So: weak factors, as lavaan starts; small loadings of one sign
    without covariances and paths; every item as strong as the marker; all signs turned; all signs negative.
    But for the first, variances stay, so that the implied covariance matrices remain positive definite.
    """
    yield _folded(groups, [_modest(g, start) for g in groups])
    rows = [(g, r) for g in groups for r in g.parameters.rows]
    design = np.vstack([g.design for g in groups]) != 0.0
    loadings = design[[r.op == "=~" for _, r in rows]].any(axis=0)
    moving = [r.op == "~" or (r.op == "~~" and r.lhs != r.rhs) for _, r in rows]
    between = design[moving].any(axis=0)
    size = np.abs(start)
    yield np.where(loadings, 0.5 * size, np.where(between, 0.0, start))
    strong = np.concatenate([_as_strong(g, start) for g in groups])
    level = _folded(groups, [strong[at] for at in _spans(groups)])
    yield np.where(loadings, level, np.where(between, 0.0, start))
    if loadings.any():
        yield np.where(loadings, -start, start)
        yield np.where(loadings, -size, start)


def _modest(group: ModelMatrices, start: Array) -> Array:
    """Return rows (r,) with weak factors: residuals half the items' variances, markers' factors a twentieth.

    So lavaan starts; nothing then tempts a variance below zero in the first steps.
    """
    rows = group.parameters.rows
    values = group.fixed + group.design @ start
    variance = dict(zip(group.observed, np.diag(filled(group, start).implied).tolist(), strict=True))
    items = {r.rhs for r in rows if r.op == "=~"}
    marker = {
        r.lhs: r for r in reversed(rows) if r.op == "=~" and not r.free and r.value and r.rhs in variance
    }
    for i, r in enumerate(rows):
        if r.op == "~" or (r.op == "~~" and r.lhs != r.rhs and (r.lhs in items or r.lhs in marker)):
            values[i] = 0.0
        elif r.op == "~~" and r.lhs == r.rhs and r.lhs in items and r.lhs in variance:
            values[i] = 0.5 * variance[r.lhs]
        elif r.op == "~~" and r.lhs == r.rhs and r.lhs in marker:
            own = marker[r.lhs]
            values[i] = 0.05 * variance[own.rhs] / own.value**2
    return values


def _spans(groups: Sequence[ModelMatrices]) -> list[slice]:
    ends = np.cumsum([0, *(len(g.parameters.rows) for g in groups)])
    return [slice(int(a), int(b)) for a, b in pairwise(ends)]


def _as_strong(group: ModelMatrices, start: Array) -> Array:
    """Return rows (r,) with loadings that make every item covary with its factor as the marker does."""
    state = filled(group, start)
    variance = np.concatenate([np.diag(state.implied), np.diag(state.latent_covariance)])
    names = [*group.observed, *group.latent]
    deviation = dict(zip(names, np.sqrt(np.maximum(variance, 0.0)).tolist(), strict=True))
    unit: dict[str, float] = {}
    for r in group.parameters.rows:
        if r.op == "=~" and not r.free and r.value and deviation[r.rhs] > 0:
            unit.setdefault(r.lhs, r.value / deviation[r.rhs])
    return np.array(
        [unit.get(r.lhs, 0.5) * deviation[r.rhs] if r.op == "=~" else 0.0 for r in group.parameters.rows]
    )


def _shrunk(group: ModelMatrices, values: Array, share: float) -> Array:
    """Return the rows with covariances and paths multiplied by `share`."""
    if share == 1.0:
        return values
    return np.where(group.layout.between, share * values, values)


def _folded(groups: Sequence[ModelMatrices], rows: Sequence[Array]) -> Array:
    """Return the parameters that come nearest to the guessed rows: means, where rows are equal."""
    wanted = np.concatenate([values - g.fixed for g, values in zip(groups, rows, strict=True)])
    chosen = [g.single for g in groups if g.single is not None]
    if len(chosen) == len(groups):
        single, k = np.concatenate(chosen), groups[0].design.shape[1]
        there = single >= 0
        total = np.bincount(single[there], weights=wanted[there], minlength=k)
        return np.asarray(total / np.bincount(single[there], minlength=k))
    design = np.vstack([g.design for g in groups])
    free = design.any(axis=1)
    design, wanted = design[free], wanted[free]
    if ((design == 0.0) | (design == 1.0)).all() and (design.sum(axis=1) == 1.0).all():
        result: Array = design.T @ wanted / design.sum(axis=0)
        return result
    return np.asarray(np.linalg.lstsq(design, wanted)[0])
