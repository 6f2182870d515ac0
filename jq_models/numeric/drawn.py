"""Moments of many resamples at once: counts of cases times products of pairs of variables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array, Moments

# numbers held at once for the products of pairs of variables: 64 MB
HELD = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One group's moments in b samples.

    `size` (b,) counts cases, `weight` (b,) adds up their weights; `mean` (b, p), `covariance` (b, p, p).
    """

    size: Array
    weight: Array
    mean: Array
    covariance: Array

    def of(self, i: int, names: tuple[str, ...]) -> Moments:
        """Return those of one sample."""
        return Moments(
            names=names, covariance=self.covariance[i], mean=self.mean[i], n=round(float(self.size[i]))
        )


class GroupMoments:
    """Weighted moments of one group's cases for many sets of weights at once, in blocks of cases."""

    def __init__(self, cases: Array) -> None:
        p = cases.shape[1]
        self.centre = cases.mean(axis=0)
        self.cases = cases - self.centre
        self._low = np.tril_indices(p)
        # where each cell of the whole matrix stands among those of the lower triangle
        whole = np.empty((p, p), dtype=np.intp)
        whole[self._low] = whole[self._low[::-1]] = np.arange(len(self._low[0]))
        self._whole = whole.ravel()
        self._rows = max(HELD // (p * (p + 1) // 2), 1)
        self._held = self._products(0) if len(cases) <= self._rows else None

    def _products(self, first: int) -> Array:
        block = self.cases[first : first + self._rows]
        products: Array = block[:, self._low[0]] * block[:, self._low[1]]
        return products

    def moments(self, counts: Array, weights: Array | None) -> Drawn:
        """Return the moments of samples in which the cases stand `counts` times, shape (b, n)."""
        size = counts.sum(axis=1)
        if weights is not None:
            counts = counts * weights
        b, p = len(counts), self.cases.shape[1]
        sums = self._sums(counts)
        weight = counts.sum(axis=1)
        with np.errstate(all="ignore"):
            scale = 1.0 / weight[:, None]
            mean = counts @ self.cases * scale
            sums *= scale
            covariance = np.take(sums, self._whole, axis=1).reshape(b, p, p)
            covariance -= mean[:, :, None] * mean[:, None, :]
        return Drawn(size=size, weight=weight, mean=mean + self.centre, covariance=covariance)

    def _sums(self, counts: Array) -> Array:
        """Return the sums of the products of pairs, (b, p (p + 1) / 2)."""
        if self._held is not None:
            return np.asarray(counts @ self._held)
        sums = np.zeros((len(counts), len(self._low[0])))
        for first in range(0, len(self.cases), self._rows):
            sums += counts[:, first : first + self._rows] @ self._products(first)
        return sums
