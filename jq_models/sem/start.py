"""Starting values from the sample moments, near enough for any optimiser.

Bottom up, group by group: loadings by two steps of principal factoring of a factor's indicators, then
the covariances of the factors, then paths by ridge regression among them. Where the search from there runs
off, `other_starts` has some more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from jq_models.sem.derivatives import discrepancy
from jq_models.sem.matrices import ModelMatrices, filled, implied_at
from jq_models.sem.moments import Array, Moments
from jq_models.sem.table import Parameter, Parameters

# share of a variable's variance that a start may give to factor or residual at least
LEAST = 0.1
FACTORING = 2


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
    """
    rows = [_Guess(g.parameters, m).rows_guessed() for g, m in zip(groups, moments, strict=True)]
    for shrink in (1.0, 0.7, 0.4, 0.0):
        theta = _folded(groups, [_shrunk(g, values, shrink) for g, values in zip(groups, rows, strict=True)])
        if all(
            np.isfinite(discrepancy(implied_at(g, theta), m.covariance))
            for g, m in zip(groups, moments, strict=True)
        ):
            break
    return theta


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
    moving = [r.op == "~" or (r.op == "~~" and r.lhs != r.rhs) for r in group.parameters.rows]
    return np.where(moving, share * values, values)


def _folded(groups: Sequence[ModelMatrices], rows: Sequence[Array]) -> Array:
    """Return the parameters that come nearest to the guessed rows: means, where rows are equal."""
    design = np.vstack([g.design for g in groups])
    wanted = np.concatenate([values - g.fixed for g, values in zip(groups, rows, strict=True)])
    free = design.any(axis=1)
    design, wanted = design[free], wanted[free]
    if ((design == 0.0) | (design == 1.0)).all() and (design.sum(axis=1) == 1.0).all():
        result: Array = design.T @ wanted / design.sum(axis=0)
        return result
    return np.asarray(np.linalg.lstsq(design, wanted)[0])


class _Guess:
    """Covariances of all variables of a group, guessed factor by factor, and the rows that follow."""

    def __init__(self, parameters: Parameters, moments: Moments) -> None:
        self.rows = parameters.rows
        self.of: dict[str, list[Parameter]] = defaultdict(list)
        self.by: dict[str, list[Parameter]] = defaultdict(list)
        self.causes: dict[str, list[str]] = defaultdict(list)
        self.scale: dict[str, float] = {}
        for r in self.rows:
            if r.op == "=~":
                self.of[r.lhs].append(r)
                self.by[r.rhs].append(r)
            elif r.op == "~":
                self.causes[r.lhs].append(r.rhs)
            elif r.op == "~~" and r.lhs == r.rhs and not r.free and r.value > 0:
                self.scale[r.lhs] = float(np.sqrt(r.value))
        self.at = {name: i for i, name in enumerate(parameters.observed)}
        self.mean = dict(zip(moments.names, moments.mean, strict=True))
        p, m = len(self.at), len(parameters.latent)
        self.covariance = np.zeros((p + m, p + m))
        self.covariance[:p, :p] = moments.covariance
        self.loading: dict[tuple[str, str], float] = {}
        waiting = list(parameters.latent)
        while waiting:
            ready = [f for f in waiting if all(r.rhs in self.at for r in self.of[f])]
            factor = (ready or waiting)[0]
            self._add_factor(factor)
            waiting.remove(factor)
        self.slopes = self._slopes()

    def _add_factor(self, factor: str) -> None:
        rows = [r for r in self.of[factor] if r.rhs in self.at]
        places = [self.at[r.rhs] for r in rows]
        pattern = _pattern(self.covariance[np.ix_(places, places)]) if rows else np.zeros(0)
        scale = self._scale(factor, rows, pattern)
        loadings = np.array([_given(r, x / scale) for r, x in zip(rows, pattern, strict=True)])
        weight = loadings / max(float(loadings @ loadings), 1e-300)
        new = len(self.at)
        cross = weight @ self.covariance[places] if rows else np.zeros(len(self.covariance))
        self.covariance[new, :new] = self.covariance[:new, new] = cross[:new]
        self.covariance[new, new] = scale**2
        self.loading |= {(factor, r.rhs): float(x) for r, x in zip(rows, loadings, strict=True)}
        self.at[factor] = new

    def _scale(self, factor: str, rows: list[Parameter], pattern: Array) -> float:
        """Return the factor's standard deviation: from its fixed variance, else its fixed loading."""
        if factor in self.scale:
            return self.scale[factor]
        fixed = [(x, r.value) for r, x in zip(rows, pattern, strict=True) if not r.free and r.value]
        return max(abs(fixed[0][0] / fixed[0][1]), 1e-150) if fixed else 1.0

    def _between(self, a: str, b: str) -> float:
        return float(self.covariance[self.at[a], self.at[b]])

    def rows_guessed(self) -> Array:
        """Return a value for every row of the table, shape (rows,)."""
        return np.array([_given(r, self._guess(r)) for r in self.rows])

    def _guess(self, r: Parameter) -> float:
        if r.op == "=~":
            return self.loading.get((r.lhs, r.rhs), 0.0)
        if r.op == "~":
            return self.slopes.get((r.lhs, r.rhs), 0.0)
        if r.op == "~1":
            return self._intercept(r.lhs)
        if r.op != "~~":
            return 1.0 if r.op == "~*~" else 0.0
        if r.lhs == r.rhs:
            return self._residual(r.lhs)
        if any(name in self.by or name in self.causes for name in (r.lhs, r.rhs)):
            return 0.0
        limit = 0.9 * float(np.sqrt(self._between(r.lhs, r.lhs) * self._between(r.rhs, r.rhs)))
        return min(max(self._between(r.lhs, r.rhs), -limit), limit)

    def _residual(self, name: str) -> float:
        total = self._between(name, name)
        explained = sum(self.slopes[name, x] * self._between(name, x) for x in self.causes.get(name, ()))
        explained += sum(
            self.loading.get((r.lhs, name), 0.0) ** 2 * self._between(r.lhs, r.lhs)
            for r in self.by.get(name, ())
        )
        return total - min(explained, (1 - LEAST) * total)

    def _intercept(self, name: str) -> float:
        explained = sum(self.slopes[name, x] * self.mean.get(x, 0.0) for x in self.causes.get(name, ()))
        return float(self.mean[name] - explained) if name in self.mean else 0.0

    def _slopes(self) -> dict[tuple[str, str], float]:
        """Return ridge regressions among the guessed covariances, by (outcome, predictor)."""
        slopes: dict[tuple[str, str], float] = {}
        for y, sources in self.causes.items():
            places = [self.at[x] for x in sources]
            C = self.covariance[np.ix_(places, places)]
            ridge = C + 0.3 * np.diag(np.diag(C))
            found = np.linalg.solve(ridge, self.covariance[places, self.at[y]])
            slopes |= {(y, x): float(b) for x, b in zip(sources, found, strict=True)}
        return slopes


def _given(r: Parameter, guess: float) -> float:
    """Return a row's fixed value, the start its author gave, or the guess."""
    if not r.free and r.value == r.value:
        return r.value
    return r.start if r.start == r.start else guess


def _pattern(S: Array) -> Array:
    """Return loadings on a factor of variance 1 for its indicators' covariance matrix, (q, q).

    A few steps of principal factoring from a high start; a single indicator is all factor.
    """
    variance = S.diagonal()
    if len(S) == 1:
        return np.sqrt(variance)
    common, low, high = 0.6 * variance, LEAST * variance, (1 - LEAST) * variance
    reduced = S.copy()
    for _ in range(FACTORING):
        reduced.flat[:: len(S) + 1] = common
        values, vectors = np.linalg.eigh(reduced)
        loading = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
        common = np.minimum(np.maximum(loading**2, low), high)
    sign = 1.0 if loading[0] >= 0 else -1.0
    result: Array = sign * np.sign(loading) * np.sqrt(common)
    return result
