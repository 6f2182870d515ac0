"""Means of groups and how they vary, with the spread within groups taken from all groups together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array, Whole

FEWEST_BETWEEN = 10  # degrees of freedom below which the spread between teams rests on next to nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMeans:
    """Means of G groups on k dimensions.

    Attributes
    ----------
    values : ndarray, shape (G, k)
        NaN where nobody has a score.
    n : ndarray of int, shape (G, k)
        Persons with a score.
    covariance : ndarray, shape (G, k, k)
        Of the means; groups are independent of each other.
    df : float
        Degrees of freedom of the pooled spread.
    """

    values: Array
    n: Whole
    covariance: Array
    df: float

    def to_whole(self, g: int) -> tuple[Array, Array]:
        """Return everybody's means minus those of a group, and their covariance, (k,) and (k, k).

        Everybody's mean holds the group itself, in its share w: the difference is -(1 - w) times its mean
        plus the others' in their shares.
        """
        share = self.n / self.n.sum(axis=0)
        whole = np.nansum(share * self.values, axis=0)
        weight = share.copy()
        weight[g] -= 1.0
        each = weight[:, :, None] * weight[:, None, :] * np.nan_to_num(self.covariance)
        return whole - self.values[g], each.sum(axis=0)


def group_means(scores: Array, group: Whole, *, unit: Whole | None = None) -> GroupMeans:
    """Return the means of groups, their covariances from the spread pooled over groups.

    Parameters
    ----------
    scores : ndarray, shape (N, k)
        NaN where a person has none.
    group : ndarray of int, shape (N,)
        The group of each person, from 0 on, all of them.
    unit : ndarray of int, shape (N,), optional
        What people are nested in within groups, such as teams.

    Notes
    -----
    A nested analysis of variance, for all dimensions at once (Searle, Casella & McCulloch 1992, Variance
    Components, chapter 5): with S_w the covariance within teams and S_b that between teams within groups,
    the mean of a group of n persons in teams of m_t has covariance S_w / n + S_b sum(m_t^2) / n^2. What would
    be a negative variance counts as zero, in every direction. A spread of its own for each group would rest
    on too few persons or teams for any rank to be certain. Without units, or with fewer than ten more teams
    than groups, persons are taken as independent within groups.
    """
    total, n = _sums(scores, group)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = total / n
        root = 1.0 / np.sqrt(n)
    known = np.isfinite(scores).all(axis=1)
    x, g = scores[known], np.unique(group[known], return_inverse=True)[1]
    df, between, factor = float(len(x) - (g.max(initial=-1) + 1)), None, np.zeros(len(n))
    cells = g
    if unit is not None:
        nested = np.unique(np.column_stack([g, unit[known]]), axis=0, return_inverse=True)[1].ravel()
        if nested.max() - g.max() >= FEWEST_BETWEEN:
            cells, df = nested, float(nested.max() - g.max())
            between = True
            factor = _concentration(group, unit)
    within = _pooled(x, cells)
    covariance = within * root[:, :, None] * root[:, None, :]
    if between is not None:
        covariance = covariance + factor[:, None, None] * _between(x, g, cells, within=within)
    return GroupMeans(values=values, n=n, covariance=covariance, df=df)


def _sums(scores: Array, group: Whole) -> tuple[Array, Whole]:
    """Return the sum and number of scores of each group, (G, k)."""
    known = np.isfinite(scores)
    total = np.zeros((int(group.max()) + 1, scores.shape[1]))
    n = np.zeros(total.shape, dtype=np.intp)
    np.add.at(total, group, np.where(known, scores, 0.0))
    np.add.at(n, group, known.astype(np.intp))
    return total, n


def _concentration(group: Whole, unit: Whole) -> Array:
    """Return sum(m_t^2) / n^2 of each group: the share of a team's variance that is left in its mean."""
    cells, size = np.unique(np.column_stack([group, unit]), axis=0, return_counts=True)
    squares = np.bincount(cells[:, 0], weights=size.astype(float) ** 2, minlength=int(group.max()) + 1)
    result: Array = squares / np.maximum(np.bincount(group, minlength=len(squares)), 1) ** 2
    return result


def _pooled(x: Array, cells: Whole) -> Array:
    """Return the covariance within cells."""
    centred = x - _averages(x, cells)[cells]
    result: Array = centred.T @ centred / max(len(x) - (int(cells.max()) + 1), 1)
    return result


def _between(x: Array, group: Whole, cells: Whole, *, within: Array) -> Array:
    """Return the covariance between cells within groups, in no direction below zero."""
    size = np.bincount(cells).astype(float)
    outer = np.empty(len(size), dtype=np.intp)
    outer[cells] = group
    deviation = _averages(x, cells) - _averages(x, group)[outer]
    squares = (deviation * size[:, None]).T @ deviation
    expected = len(x) - np.sum(np.bincount(outer, weights=size**2) / np.bincount(group))
    df = len(size) - (int(group.max()) + 1)
    values, vectors = np.linalg.eigh((squares - df * within) / expected)
    result: Array = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return result


def _averages(x: Array, cells: Whole) -> Array:
    sums = np.zeros((int(cells.max()) + 1, x.shape[1]))
    np.add.at(sums, cells, x)
    result: Array = sums / np.bincount(cells)[:, None]
    return result
