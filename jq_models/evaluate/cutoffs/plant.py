"""Misspecifications planted into the population of a fitted model, in three sizes.

What is planted (our choice, after the idea of McNeish & Wolf, 2023, Psychological Methods 28, 61-88, that
cut-offs be simulated for the model at hand):

cross_loadings  Models with two or more factors of at least two items. The item with the weakest standardised
                loading on its factor also loads on the next factor, in the model's order, the first following
                the last: standardised `SIZE`, with the sign of its own loading, or less, where less than
                `LEAST` of its variance would be left unexplained. Its variance stays what it was.
disturbances    Models with a second-order factor. Pairs of its dimensions (first and second, third and fourth
                ...) share what the factor leaves unexplained of them: the disturbances of a pair correlate
                `SIZE`. Pairs whose covariance the model estimates are passed over.
residuals       Models with one factor. Residuals of pairs of its items, the weakest first, correlate `SIZE`.

Level 1 plants a third of the places there are, level 2 two thirds, level 3 all of them (rounded up), the
weakest items first; with one or two places there are as many levels. Where nothing can be planted, because no
room is left or a residual or disturbance variance is not positive, is no place. The planted parameters are in
the population only: the model leaves them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from jq_models.numeric.moments import SINGULAR, Array, above
from jq_models.sem import SemFit
from jq_models.sem.matrices import PSI, Filled

SIZE = 0.30
LEAST = 0.10
# a standardised variance or cross-loading up to which there is none
NOTHING = 1e-6
LEVELS = (1, 2, 3)
KINDS = ("cross_loadings", "disturbances", "residuals")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is planted: `first` and `second` (item and factor, or a pair), and its size."""

    first: str
    second: str
    size: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Planted:
    """A population in which the model is wrong.

    Attributes
    ----------
    level : int
    kind : str
        One of `KINDS`.
    places : tuple of Place
    covariance : ndarray, shape (p, p)
    """

    level: int
    kind: str
    places: tuple[Place, ...]
    covariance: Array


def planted(fit: SemFit) -> tuple[Planted, ...]:
    """Plant the three levels; none where the model has no place for any, or no population has that shape.

    Parameters
    ----------
    fit : SemFit
        Usable, of one group.
    """
    kind, places = _places(fit)
    if not places:
        return ()
    found: list[Planted] = []
    # with fewer places than levels, some would be the same
    for level, count in enumerate(sorted({ceil(len(places) * k / len(LEVELS)) for k in LEVELS}), start=1):
        own, covariance = _population(fit, kind, places[:count])
        if not above(covariance, SINGULAR):
            break
        found.append(Planted(level=level, kind=kind, places=own, covariance=covariance))
    return tuple(found)


def _places(fit: SemFit) -> tuple[str, list[tuple[int, int]]]:
    """Return the kind, and the places as pairs of rows or columns of the matrices, first ones first."""
    matrices, state = fit.matrices, fit.states[0]
    if fit.model.higher:
        return "disturbances", _pairs_of_dimensions(fit)
    own = {
        name: [i for i, item in enumerate(fit.parameters.observed) if (name, item) in _loadings(fit)]
        for name in fit.parameters.latent
    }
    latent = [name for name in fit.parameters.latent if len(own[name]) > 1]
    loading = _standardised(state)
    column = {name: matrices.latent.index(name) for name in latent}
    if len(latent) == 1:
        name = latent[0]
        room = [i for i in own[name] if state.theta[i, i] > NOTHING * state.implied[i, i]]
        order = sorted(room, key=lambda i: abs(loading[i, column[name]]))
        return "residuals", list(zip(order[::2], order[1::2], strict=False))
    weakest = []
    for at, name in enumerate(latent):
        j = column[name]
        item = min(own[name], key=lambda i: abs(loading[i, j]))
        second = column[latent[(at + 1) % len(latent)]]
        if abs(_cross_loading(state, item, second)) > NOTHING:
            weakest.append((abs(loading[item, j]), item, second))
    return "cross_loadings", [(item, j) for _, item, j in sorted(weakest)]


def _loadings(fit: SemFit) -> set[tuple[str, str]]:
    return {(row.lhs, row.rhs) for row in fit.parameters.rows if row.op == "=~"}


def _pairs_of_dimensions(fit: SemFit) -> list[tuple[int, int]]:
    matrices, measured = fit.matrices, _loadings(fit)
    dimensions = [name for name in fit.model.factors if (fit.model.higher[0], name) in measured]
    at = [matrices.latent.index(name) for name in dimensions]
    there = {
        frozenset((int(r), int(c)))
        for where, r, c in zip(matrices.where, matrices.row, matrices.column, strict=True)
        if where == PSI and r != c
    }
    psi, whole = np.diag(fit.states[0].psi), np.diag(fit.states[0].latent_covariance)
    return [
        (a, b)
        for a, b in zip(at[::2], at[1::2], strict=False)
        if frozenset((a, b)) not in there and all(psi[i] > NOTHING * whole[i] for i in (a, b))
    ]


def _standardised(state: Filled) -> Array:
    """Return the items' standardised loadings, shape (p, m)."""
    latent = np.sqrt(np.maximum(np.diag(state.latent_covariance), 0.0))
    result: Array = state.loading * latent / np.sqrt(np.diag(state.implied))[:, None]
    return result


def _population(fit: SemFit, kind: str, chosen: list[tuple[int, int]]) -> tuple[tuple[Place, ...], Array]:
    state, names, latent = fit.states[0], fit.parameters.observed, fit.matrices.latent
    loading, psi, theta = (np.array(part) for part in (state.loading, state.psi, state.theta))
    places = []
    for a, b in chosen:
        if kind == "cross_loadings":
            size = _cross_loading(state, a, b)
            sd_factor, variance = np.sqrt(state.latent_covariance[b, b]), state.implied[a, a]
            loading[a, b] += size * np.sqrt(variance) / sd_factor
            common = loading[a] @ state.latent_covariance @ loading[a]
            theta[a, a] = variance - common
            places.append(Place(first=names[a], second=latent[b], size=size))
            continue
        target, labels = (psi, latent) if kind == "disturbances" else (theta, names)
        share = SIZE * np.sqrt(target[a, a] * target[b, b])
        target[a, b] += share
        target[b, a] += share
        places.append(Place(first=labels[a], second=labels[b], size=SIZE))
    inner = state.total @ psi @ state.total.T
    covariance = loading @ inner @ loading.T + theta
    return tuple(places), covariance


def _cross_loading(state: Filled, item: int, factor: int) -> float:
    """Return the standardised cross-loading c, |c| at most `SIZE`, that leaves `LEAST` unexplained.

    c^2 + 2 c r is what it adds to the explained variance, r the correlation of the explained part of the item
    with the factor (in units of the item).
    """
    sd_item = np.sqrt(state.implied[item, item])
    row = state.loading[item]
    sd_factor = np.sqrt(state.latent_covariance[factor, factor])
    own = int(np.argmax(np.abs(row)))
    sign = 1.0 if row[own] >= 0 else -1.0
    r = sign * float(row @ state.latent_covariance[:, factor]) / (sd_item * sd_factor)
    room = float(state.theta[item, item]) / sd_item**2 - LEAST
    return float(sign * max(0.0, min(SIZE, -r + np.sqrt(max(r * r + room, 0.0)))))
