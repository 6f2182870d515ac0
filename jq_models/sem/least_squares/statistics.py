"""What least squares fits: the sample statistics of a group, their weights and every case's influence.

One order for all: per item its thresholds or minus its mean, then variances of the continuous items, then
covariances of the pairs, first item slowest. Thresholds, means and variances are the margins. The
conventions are lavaan 0.6-14's, found by experiment: covariances of continuous data with divisor N - 1, but N
among ordered items; Gamma with divisor N.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.errors import DataError
from jq_models.numeric.moments import Array, Moments, UnfitError, Whole, read_only
from jq_models.sem.ordinal.statistics import ordinal_statistics
from jq_models.sem.sample import GroupSample

WEIGHTED_BY_CASES = ("WLS", "DWLS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each of the s statistics of p items stands.

    Attributes
    ----------
    levels : tuple of int
        Categories of each item; 0 for a continuous one.
    item, cut : ndarray of int, shape (h,)
        Of each threshold or mean: the item, and the threshold's number from 0; -1 for a mean.
    variances : ndarray of int
        Items with a variance among the statistics: the continuous ones.
    first, second : ndarray of int, shape (p (p - 1) / 2,)
        Of each pair, the first slowest.
    """

    levels: tuple[int, ...]
    item: Whole
    cut: Whole
    variances: Whole
    first: Whole
    second: Whole

    @property
    def margins(self) -> int:
        """Number of thresholds, means and variances: the statistics before the pairs."""
        return len(self.item) + len(self.variances)

    @property
    def size(self) -> int:
        """Number of statistics, s."""
        return self.margins + len(self.first)


def layout_of(levels: tuple[int, ...], *, means: bool) -> Layout:
    """Lay out the statistics of items with so many categories (0: continuous); means with or without."""
    heads = [(i, t) for i, k in enumerate(levels) for t in (range(k - 1) if k else ((-1,) if means else ()))]
    first, second = np.triu_indices(len(levels), 1)
    return Layout(
        levels=levels,
        item=np.array([i for i, _ in heads], dtype=np.intp),
        cut=np.array([t for _, t in heads], dtype=np.intp),
        variances=np.array([i for i, k in enumerate(levels) if not k], dtype=np.intp),
        first=first,
        second=second,
    )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SampleStatistics:
    """The statistics of one group.

    Attributes
    ----------
    layout : Layout
    vector : ndarray, shape (s,)
    influence : ndarray, shape (n, s), or None
        Of each case; Gamma is its mean product. None when only moments are known.
    weight : ndarray, shape (s,) or (s, s)
        W of (sample - model)' W (sample - model); its diagonal when it is diagonal.
    moments : Moments
        Covariances (polychoric among ordered items) and means (0 of an ordered item).
    thresholds : tuple of ndarray
        Of each item; empty for a continuous one.
    """

    layout: Layout
    vector: Array
    influence: Array | None
    weight: Array
    moments: Moments
    thresholds: tuple[Array, ...]

    @property
    def n(self) -> int:
        """Number of cases."""
        return self.moments.n

    @property
    def unweighted(self) -> bool:
        """Whether W is the identity, as for ULS: F then has the units of squared covariances."""
        return self.weight.ndim == 1 and bool((self.weight == 1.0).all())


def sample_statistics(
    group: GroupSample, *, kind: str, levels: tuple[int, ...], means: bool, robust: bool
) -> SampleStatistics:
    """Compute the statistics of one group.

    Parameters
    ----------
    group : GroupSample
        Complete cases; ordered items coded 0 .. K - 1.
    kind : {"ULS", "GLS", "WLS", "DWLS"}
    levels : tuple of int
        Categories of each variable; 0 for a continuous one.
    means : bool
        Whether means are fitted.
    robust : bool
        Whether influences are needed for other ends than the weights.

    Raises
    ------
    DataError
        When answers are needed and only moments are known; with too few cases for full weights, or as
        `ordinal_statistics` says, an `UnfitError`.
    """
    layout = layout_of(levels, means=means)
    if any(levels):
        if group.cases is None:
            raise DataError("Ordered items need the answers themselves, not only their moments.")
        found = ordinal_statistics(group.cases, levels=levels, names=group.moments.names)
        moments = Moments(names=found.names, covariance=found.covariance, mean=found.mean, n=group.n)
        vector, thresholds = found.vector, found.thresholds
        influence: Array | None = found.influence
    else:
        moments = unbiased(group.moments)
        vector = _vector(moments, layout)
        influence = _influence(group, layout) if robust or kind in WEIGHTED_BY_CASES else None
        thresholds = tuple(np.empty(0) for _ in levels)
    return SampleStatistics(
        layout=layout,
        vector=vector,
        influence=influence,
        weight=_weight(kind, layout, moments, influence=influence),
        moments=moments,
        thresholds=thresholds,
    )


def unbiased(moments: Moments) -> Moments:
    """Return moments with divisor N - 1."""
    n = moments.n
    return Moments(
        names=moments.names,
        covariance=read_only(moments.covariance * (n / (n - 1))),
        mean=moments.mean,
        n=n,
    )


def _vector(moments: Moments, layout: Layout) -> Array:
    S = moments.covariance
    return np.concatenate(
        [-moments.mean[layout.item], np.diag(S)[layout.variances], S[layout.first, layout.second]]
    )


def _influence(group: GroupSample, layout: Layout) -> Array:
    """Return the influence on means and covariances, (n, s): Browne's (1984) distribution-free Gamma."""
    if group.cases is None:
        raise DataError(
            "The weights and robust standard errors of this estimator need the answers themselves, not only "
            "their moments. Pass the data, or take ULS or GLS."
        )
    d = (group.cases - group.moments.mean).T
    result = np.empty((layout.size, d.shape[1]))
    heads = len(layout.item)
    np.negative(d[layout.item], out=result[:heads])
    np.square(d[layout.variances], out=result[heads : layout.margins])
    np.multiply(d[layout.first], d[layout.second], out=result[layout.margins :])
    result -= result.mean(axis=1)[:, None]
    return result.T


def _weight(kind: str, layout: Layout, moments: Moments, *, influence: Array | None) -> Array:
    if kind == "ULS":
        return np.ones(layout.size)
    if kind == "GLS":
        if any(layout.levels):
            raise DataError(
                "GLS is for continuous items. Take WLSMV, DWLS, ULSMV, ULS or WLS for ordered ones."
            )
        return _normal_weight(layout, moments)
    assert influence is not None
    n, s = influence.shape
    if kind == "DWLS":
        return np.asarray(n / np.einsum("is,is->s", influence, influence))
    if n <= s:
        raise UnfitError(
            f"{n} complete cases for {s} sample statistics: the weight matrix of WLS needs more cases than "
            "statistics. Take DWLS or WLSMV, or use fewer variables.",
            code="too_few_cases",
            where=(f"{n} ≤ {s}",),
            n=n,
        )
    return _inverse(influence.T @ influence / n)


def _normal_weight(layout: Layout, moments: Moments) -> Array:
    """Return normal theory's weights at the sample covariances: GLS (Browne, 1974)."""
    P = _inverse(moments.covariance)
    i = np.concatenate([layout.variances, layout.first])
    j = np.concatenate([layout.variances, layout.second])
    c = np.where(i == j, 0.5, 1.0)
    heads = len(layout.item)
    result = np.zeros((layout.size, layout.size))
    result[:heads, :heads] = P[np.ix_(layout.item, layout.item)]
    own = P[np.ix_(i, i)] * P[np.ix_(j, j)] + P[np.ix_(i, j)] * P[np.ix_(j, i)]
    result[heads:, heads:] = own * np.multiply.outer(c, c)
    return result


def _inverse(matrix: Array) -> Array:
    """Invert a covariance matrix in units of its diagonal: items may differ much in theirs."""
    by = 1.0 / np.sqrt(np.diag(matrix))
    units = np.multiply.outer(by, by)
    inverse = np.linalg.inv(matrix * units) * units
    return (inverse + inverse.T) / 2.0
