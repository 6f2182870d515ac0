"""Covariances of every pair of ordered and continuous items, with each case's influence.

Pairs of ordered items are grouped by the shape of their table, so that all tables of a shape are one array;
the pairs of a continuous item with all ordered ones go together too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.ordinal.bivariate import normal_density
from jq_models.sem.ordinal.polychoric import cell_influence, polychoric
from jq_models.sem.ordinal.polyserial import Continuous, Items, case_influence, polyserial

Whole = np.ndarray[tuple[int, ...], np.dtype[np.intp]]
# two continuous variables closer than this are one
_DETERMINED = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """What one item gives on its own.

    Attributes
    ----------
    category : ndarray of int, shape (n,)
        Of an ordered item; empty for a continuous one, as the next two.
    cuts : ndarray, shape (K - 1,)
        Thresholds.
    by_category : ndarray, shape (K - 1, K)
        Influence on each threshold of a case in each category.
    mean, variance : float
        0 and 1 for an ordered item.
    z : ndarray, shape (n,)
        Standardised values of a continuous item; empty for an ordered one, as the next.
    on_moments : ndarray, shape (2, n)
        Influence of each case on mean and variance.
    """

    category: Whole
    cuts: Array
    by_category: Array
    mean: float
    variance: float
    z: Array
    on_moments: Array

    @property
    def ordered(self) -> bool:
        return len(self.cuts) > 0

    @property
    def deviation(self) -> float:
        return float(np.sqrt(self.variance))

    def category_scores(self) -> tuple[Array, float]:
        """Return the mean of the normal variable within each category, (K,), and the variance of that."""
        density = np.concatenate([[0.0], normal_density(self.cuts), [0.0]])
        share = np.bincount(self.category, minlength=len(self.cuts) + 1) / len(self.category)
        means = -np.diff(density) / share
        return means, float(share @ means**2)


class Pairs:
    """Covariances of all pairs i < j, i slowest, with influence; `perfect` are those without an estimate."""

    __slots__ = ("covariance", "influence", "perfect", "place")

    def __init__(self, *, p: int, n: int) -> None:
        i, j = np.triu_indices(p, 1)
        self.covariance: Array = np.full(len(i), np.nan)
        self.influence: Array = np.empty((len(i), n))
        self.perfect: list[tuple[int, int]] = []
        self.place: Whole = np.zeros((p, p), dtype=np.intp)
        self.place[i, j] = self.place[j, i] = np.arange(len(i))


def pairs_of(margins: tuple[Margins, ...]) -> Pairs:
    """Estimate every pair."""
    n = max(len(margins[0].category), len(margins[0].z))
    pairs = Pairs(p=len(margins), n=n)
    ordered = [a for a, m in enumerate(margins) if m.ordered]
    continuous = [a for a, m in enumerate(margins) if not m.ordered]
    if len(ordered) > 1:
        _ordered_pairs(pairs, margins, ordered)
    for a in continuous:
        if ordered:
            _mixed_pairs(pairs, margins, variable=a, ordered=ordered)
        for b in continuous:
            if a < b:
                _continuous_pair(pairs, margins, a=a, b=b)
    return pairs


def _ordered_pairs(pairs: Pairs, margins: tuple[Margins, ...], ordered: list[int]) -> None:
    sizes = np.array([len(margins[a].cuts) + 1 for a in ordered])
    offsets = np.concatenate([[0], sizes.cumsum()[:-1]])
    category = np.stack([margins[a].category for a in ordered])
    counts = _counts(category + offsets[:, None], total=int(sizes.sum()))
    scores = [margins[a].category_scores() for a in ordered]
    points = np.concatenate([s / spread for s, spread in scores])
    # covariance of category means over their variances: rho up to second order
    sums = points[:, None] * counts * points
    start = np.add.reduceat(np.add.reduceat(sums, offsets, axis=0), offsets, axis=1) / category.shape[1]
    i, j = np.triu_indices(len(ordered), 1)
    for r, c in sorted({(int(a), int(b)) for a, b in zip(sizes[i], sizes[j], strict=True)}):
        some = (sizes[i] == r) & (sizes[j] == c)
        _one_shape(
            pairs,
            margins,
            ordered=np.array(ordered),
            i=i[some],
            j=j[some],
            category=category,
            tables=counts[
                offsets[i[some]][:, None, None] + np.arange(r)[:, None],
                offsets[j[some]][:, None, None] + np.arange(c),
            ],
            start=start[i[some], j[some]],
        )


def _counts(codes: Whole, *, total: int) -> Array:
    # all tables at once: products of indicators, as whole numbers exact in floating point
    n = codes.shape[1]
    indicators = np.zeros((n, total))
    indicators[np.arange(n), codes] = 1.0
    counts: Array = indicators.T @ indicators
    return counts


def _one_shape(
    pairs: Pairs,
    margins: tuple[Margins, ...],
    *,
    ordered: Whole,
    i: Whole,
    j: Whole,
    category: Whole,
    tables: Array,
    start: Array,
) -> None:
    rows = np.stack([margins[a].cuts for a in ordered[i]])
    columns = np.stack([margins[a].cuts for a in ordered[j]])
    found = polychoric(tables, rows=rows, columns=columns, start=start)
    if not found.inside.all():
        lost = ~found.inside
        pairs.perfect += [(int(a), int(b)) for a, b in zip(ordered[i[lost]], ordered[j[lost]], strict=True)]
        return
    rho = np.tanh(found.theta)
    cells = cell_influence(
        tables,
        rows=rows,
        columns=columns,
        rho=rho,
        on_rows=np.stack([margins[a].by_category for a in ordered[i]]),
        on_columns=np.stack([margins[a].by_category for a in ordered[j]]),
    )
    place = pairs.place[ordered[i], ordered[j]]
    pairs.covariance[place] = rho
    size = tables.shape[2]
    shifted = category * size
    for at, values, a, b in zip(place, cells.reshape(len(i), -1), i, j, strict=True):
        np.take(values, shifted[a] + category[b], out=pairs.influence[at], mode="clip")


def _mixed_pairs(pairs: Pairs, margins: tuple[Margins, ...], *, variable: int, ordered: list[int]) -> None:
    m = margins[variable]
    items = Items(
        category=np.stack([margins[b].category for b in ordered]),
        thresholds=tuple(margins[b].cuts for b in ordered),
        on_thresholds=tuple(margins[b].by_category[:, margins[b].category] for b in ordered),
    )
    scores = [margins[b].category_scores() for b in ordered]
    start = np.array(
        [(m.z @ s[margins[b].category]) / (len(m.z) * v) for b, (s, v) in zip(ordered, scores, strict=True)]
    )
    continuous = Continuous(z=m.z, deviation=m.deviation, on_moments=m.on_moments)
    found = polyserial(continuous, items, start=start)
    if not found.inside.all():
        lost = [b for b, good in zip(ordered, found.inside, strict=True) if not good]
        pairs.perfect += [(min(variable, b), max(variable, b)) for b in lost]
        return
    rho, place = np.tanh(found.theta), pairs.place[variable, ordered]
    pairs.covariance[place] = rho * m.deviation
    # to the covariance rho sd: d sd = d variance / (2 sd)
    pairs.influence[place] = m.deviation * case_influence(continuous, items, theta=found.theta) + np.outer(
        rho / (2.0 * m.deviation), m.on_moments[1]
    )


def _continuous_pair(pairs: Pairs, margins: tuple[Margins, ...], *, a: int, b: int) -> None:
    one, two = margins[a], margins[b]
    x, y, s, t = one.z, two.z, one.deviation, two.deviation
    n = len(x)
    rho = float(x @ y) / n
    place = pairs.place[a, b]
    pairs.covariance[place] = rho * s * t
    rest = (1.0 - rho) * (1.0 + rho)
    if rest <= _DETERMINED:
        pairs.perfect.append((a, b))
        return
    score = (rho * rest + (1.0 + rho**2) * x * y - rho * (x**2 + y**2)) / rest**2
    margin_scores = np.stack(
        [
            (x - rho * y) / (rest * s),
            ((x**2 - rho * x * y) / rest - 1.0) / (2.0 * s**2),
            (y - rho * x) / (rest * t),
            ((y**2 - rho * x * y) / rest - 1.0) / (2.0 * t**2),
        ]
    )
    on_margins = np.concatenate([one.on_moments, two.on_moments])
    on_rho = (score - (margin_scores @ score / n) @ on_margins) / (score @ score / n)
    spread = rho * (t / s * one.on_moments[1] + s / t * two.on_moments[1]) / 2.0
    pairs.influence[place] = s * t * on_rho + spread
