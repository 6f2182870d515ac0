"""Sample statistics of ordered and continuous items for the categorical estimators.

What lavaan 0.6-14 lists as ``wls.obs`` and ``gamma``: thresholds and minus means in item order, variances
of the continuous items, then covariances of every pair (polychoric, polyserial, Pearson), with their
asymptotic covariance matrix by casewise influence (Muthen 1984, Psychometrika 49, 115-132). As in lavaan the
information is a sum of products of scores throughout, that of means and variances too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.special import ndtri

from jq_models.numeric.moments import Array, read_only
from jq_models.sem.ordinal.bivariate import normal_density
from jq_models.sem.ordinal.checks import check_cases, check_pairs
from jq_models.sem.ordinal.pairs import Margins, Pairs, pairs_of


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OrdinalStatistics:
    """Thresholds, moments and correlations of one group, and every case's influence on them.

    Attributes
    ----------
    names : tuple of str
        The p items.
    levels : tuple of int
        Categories of each; 0 for a continuous item.
    thresholds : tuple of ndarray
        Of each item, ascending; empty for a continuous one.
    mean : ndarray, shape (p,)
        0 for an ordered item.
    covariance : ndarray, shape (p, p)
        Of the underlying variables: variance 1 for an ordered item, divisor N for a continuous one.
    vector : ndarray, shape (s,)
        lavaan's ``wls.obs``: per item its thresholds or minus its mean; then variances of the continuous
        items; then covariances of pairs, first item slowest.
    labels : tuple of str
        ``"x1|t1"``, ``"x1~1"``, ``"x1~~x1"``, ``"x1~~x2"``.
    influence : ndarray, shape (n, s)
        Of each case on the vector, in the units of the vector; its columns lie one after the other in memory.
    n : int
        Number of cases.
    """

    names: tuple[str, ...]
    levels: tuple[int, ...]
    thresholds: tuple[Array, ...]
    mean: Array
    covariance: Array
    vector: Array
    labels: tuple[str, ...]
    influence: Array
    n: int

    @property
    def gamma(self) -> Array:
        """The asymptotic covariance matrix of sqrt(n) times the vector, (s, s); divisor N. Computed anew."""
        return self.influence.T @ self.influence / self.n

    @property
    def gamma_diagonal(self) -> Array:
        """The diagonal of `gamma`, (s,)."""
        return cast(Array, np.einsum("is,is->s", self.influence, self.influence) / self.n)


def ordinal_statistics(cases: Array, *, levels: tuple[int, ...], names: tuple[str, ...]) -> OrdinalStatistics:
    """Compute the statistics of one group.

    Parameters
    ----------
    cases : ndarray, shape (n, p)
        Complete; categories of an ordered item coded 0 .. K - 1.
    levels : tuple of int
        K of each item, 0 for a continuous one.
    names : tuple of str

    Raises
    ------
    DataError
        On missing values or codes outside 0 .. K - 1.
    UnfitError
        ``constant``: an item without differences; ``empty_category``: a category nobody chose;
        ``perfect_polychoric``: pairs whose correlation has no estimate inside |rho| < 0.999;
        ``two_values``: a continuous item that takes two; ``singular``: continuous items that determine one
        another.
    """
    values = np.asarray(cases, dtype=float)
    check_cases(values, levels=levels, names=names)
    margins = tuple(
        _ordered(column, k) if k else _continuous(column) for column, k in zip(values.T, levels, strict=True)
    )
    pairs = pairs_of(margins)
    check_pairs(pairs, names=names, levels=levels, n=len(values))
    return _assembled(margins, pairs, names=names, levels=levels)


def _ordered(column: Array, levels: int) -> Margins:
    category = column.astype(np.intp)
    share = np.bincount(category, minlength=levels).cumsum()[:-1] / len(column)
    cuts = ndtri(share)
    below = np.arange(levels) <= np.arange(levels - 1)[:, None]
    # influence on a quantile: (1{x <= tau} - F(tau)) / phi(tau)
    by_category = (below - share[:, None]) / normal_density(cuts)[:, None]
    return Margins(
        category=category,
        cuts=cuts,
        by_category=by_category,
        mean=0.0,
        variance=1.0,
        z=np.empty(0),
        on_moments=np.empty((2, 0)),
    )


def _continuous(column: Array) -> Margins:
    mean, variance = float(column.mean()), float(column.var())
    centred = column - mean
    scores = np.stack([centred / variance, (centred**2 / variance - 1.0) / (2.0 * variance)])
    information = scores @ scores.T / len(column)
    return Margins(
        category=np.empty(0, dtype=np.intp),
        cuts=np.empty(0),
        by_category=np.empty((0, 0)),
        mean=mean,
        variance=variance,
        z=centred / np.sqrt(variance),
        on_moments=cast(Array, np.linalg.solve(information, scores)),
    )


def _assembled(
    margins: tuple[Margins, ...], pairs: Pairs, *, names: tuple[str, ...], levels: tuple[int, ...]
) -> OrdinalStatistics:
    n = pairs.influence.shape[1]
    p, (i, j) = len(names), np.triu_indices(len(names), 1)
    continuous = [a for a in range(p) if not levels[a]]
    heads = [m.cuts if len(m.cuts) else np.array([-m.mean]) for m in margins]
    variance = np.array([m.variance for m in margins])
    vector = np.concatenate([*heads, variance[continuous], pairs.covariance])
    influence = np.empty((len(vector), n))
    at = 0
    for m in margins:
        if m.ordered:
            np.take(m.by_category, m.category, axis=1, out=influence[at : at + len(m.cuts)])
        else:
            influence[at] = -m.on_moments[0]
        at += max(len(m.cuts), 1)
    for a in continuous:
        influence[at] = margins[a].on_moments[1]
        at += 1
    influence[at:] = pairs.influence
    influence.flags.writeable = False
    covariance = np.diag(variance)
    covariance[i, j] = covariance[j, i] = pairs.covariance
    return OrdinalStatistics(
        names=names,
        levels=levels,
        thresholds=tuple(read_only(m.cuts) for m in margins),
        mean=read_only(np.array([m.mean for m in margins])),
        covariance=read_only(covariance),
        vector=read_only(vector),
        labels=statistic_labels(names, levels=levels),
        influence=influence.T,
        n=n,
    )


def statistic_labels(names: tuple[str, ...], *, levels: tuple[int, ...]) -> tuple[str, ...]:
    """Return the labels of `OrdinalStatistics.vector`."""
    heads = [
        label
        for name, k in zip(names, levels, strict=True)
        for label in ([f"{name}|t{t}" for t in range(1, k)] if k else [f"{name}~1"])
    ]
    variances = [f"{name}~~{name}" for name, k in zip(names, levels, strict=True) if not k]
    pairs = [f"{a}~~{b}" for at, a in enumerate(names) for b in names[at + 1 :]]
    return (*heads, *variances, *pairs)
