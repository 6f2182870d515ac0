"""Cases with missing answers, grouped by what is missing, and their expected moments under a normal.

With P = Sigma^-1 and m the missing variables of a case, the zero-padded inverse of Sigma_oo is
P - P[:, m] P_mm^-1 P[m, :], log|Sigma_oo| = log|Sigma| + log|P_mm|, and the missing residuals are expected
at -P_mm^-1 (P z)_m with covariance P_mm^-1, z being zero there: the inverse of a partitioned matrix, and
the E-step of Little and Rubin (2019, Statistical analysis with missing data, ch. 11). So only matrices of
the size of m are inverted, those of all patterns with equally many missing variables at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import DataError
from jq_models.numeric.moments import Array, Whole
from jq_models.sem.normal import inverse_and_log_det


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternGroup:
    """All patterns in which k > 0 variables are missing.

    Attributes
    ----------
    missing : ndarray of int, shape (patterns, k)
        The missing variables of each pattern.
    cases : ndarray of int, shape (n_k,)
        The cases, those of one pattern after those of the one before; they count the kept cases only.
    which : ndarray of int, shape (n_k,)
        The pattern of each of them.
    holes : ndarray of int, shape (n_k, k)
        Places of the missing answers in the flattened answers (n, p).
    blocks : ndarray of int, shape (patterns, k, k)
        Places of P_mm in the flattened P.
    """

    missing: Whole
    cases: Whole
    which: Whole
    holes: Whole
    blocks: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """Cases by pattern of missing answers.

    Attributes
    ----------
    groups : tuple of PatternGroup
        By number of missing variables; without the complete cases.
    complete : ndarray of int
        The complete cases, counted among the kept ones.
    kept : ndarray of int, shape (n,)
        Cases with at least one answer, in the order given.
    n_dropped : int
        Cases without any answer.
    """

    groups: tuple[PatternGroup, ...]
    complete: Whole
    kept: Whole
    n_dropped: int

    @property
    def n_patterns(self) -> int:
        """Different patterns, the complete one included."""
        return sum(len(g.missing) for g in self.groups) + bool(len(self.complete))


def patterns_of(cases: Array) -> Patterns:
    """Group cases by pattern.

    Parameters
    ----------
    cases : ndarray, shape (n, p)
        NaN where an answer is missing. Cases without an answer are left out, and counted.

    Raises
    ------
    DataError
        On an infinite answer, or when no case has an answer.
    """
    if np.isinf(cases).any():
        raise DataError("An answer is infinite. Correct the data, or mark it as missing.")
    missing = np.isnan(cases)
    kept = np.flatnonzero(~missing.all(axis=1))
    if not len(kept):
        raise DataError("No case has an answer to any variable of the model. Look at the data file.")
    missing = missing[kept]
    patterns, which = np.unique(missing, axis=0, return_inverse=True)
    sizes = patterns.sum(axis=1)
    size_of_case = sizes[which]
    return Patterns(
        groups=tuple(_group(patterns, which, sizes, k=int(k)) for k in np.unique(sizes) if k),
        complete=np.flatnonzero(size_of_case == 0),
        kept=kept,
        n_dropped=len(cases) - len(kept),
    )


def _group(patterns: NDArray[np.bool_], which: Whole, sizes: Whole, *, k: int) -> PatternGroup:
    p = patterns.shape[1]
    here = np.flatnonzero(sizes == k)
    missing = np.nonzero(patterns[here])[1].reshape(-1, k)
    cases = np.flatnonzero(sizes[which] == k)
    own = np.searchsorted(here, which[cases])
    order = np.argsort(own, kind="stable")
    cases, own = cases[order], own[order]
    return PatternGroup(
        missing=missing,
        cases=cases,
        which=own,
        holes=cases[:, None] * p + missing[own],
        blocks=missing[:, :, None] * p + missing[:, None, :],
    )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MissingData:
    """Answers, patterns and weights of one group.

    Attributes
    ----------
    values : ndarray, shape (n, p)
        The kept cases; 0 where missing.
    observed : ndarray, shape (n, p)
        1 where there is an answer, else 0.
    patterns : Patterns
    weights : ndarray, shape (n,), or None
        Of the kept cases.
    counts : tuple of ndarray
        Sum of weights of each pattern, for each group of patterns.
    n : float
        Sum of weights; the number of cases without.
    """

    values: Array
    observed: Array
    patterns: Patterns
    weights: Array | None
    counts: tuple[Array, ...]
    n: float

    def weighted(self, rows: Array) -> Array:
        """Multiply rows (n, ...) by the weights."""
        return rows if self.weights is None else rows * self.weights[:, None]


def missing_data(cases: Array, patterns: Patterns, *, weights: Array | None = None) -> MissingData:
    """Lay out cases for maximum likelihood.

    Parameters
    ----------
    cases : ndarray, shape (n_given, p)
        As given to `patterns_of`.
    patterns : Patterns
    weights : ndarray, shape (n_given,), optional
        Not negative; a weight of two counts a case twice.
    """
    chosen = cases[patterns.kept]
    observed = ~np.isnan(chosen)
    own = None if weights is None else np.asarray(weights, dtype=float)[patterns.kept]
    counts = tuple(
        np.bincount(g.which, weights=None if own is None else own[g.cases], minlength=len(g.missing)).astype(
            float
        )
        for g in patterns.groups
    )
    return MissingData(
        values=np.where(observed, chosen, 0.0),
        observed=observed.astype(float),
        patterns=patterns,
        weights=own,
        counts=counts,
        n=float(len(chosen)) if own is None else float(own.sum()),
    )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Completed:
    """What a normal distribution makes of cases with missing answers.

    Attributes
    ----------
    precision : ndarray, shape (p, p)
        P = Sigma^-1.
    residuals, solved : ndarray, shape (n, p)
        Deviations z from the mean, the missing ones at their expectation, and z P: zero where missing.
    roots : tuple of ndarray, each (patterns, k, k)
        J with J'J = P_mm^-1, for each group of patterns.
    moments : ndarray, shape (p, p)
        Expected second moments about the mean, averaged over cases.
    shift : ndarray, shape (p,)
        Average of the residuals.
    log_likelihoods : ndarray, shape (n,)
        Of each case, weights not applied.
    log_likelihood : float
        Their weighted sum.
    """

    precision: Array
    residuals: Array
    solved: Array
    roots: tuple[Array, ...]
    moments: Array
    shift: Array
    log_likelihoods: Array
    log_likelihood: float


def completed(data: MissingData, *, mean: Array, covariance: Array) -> Completed | None:
    """Complete the cases under a mean (p,) and covariance (p, p); None when that is not positive definite."""
    inverse = inverse_and_log_det(covariance)
    if inverse is None or not np.isfinite(mean).all():
        return None
    P, log_det = inverse
    p = len(P)
    Z = (data.values - mean) * data.observed
    right, flat, spread = Z @ P, Z.reshape(-1), np.zeros(p * p)
    log_dets = np.full(len(Z), log_det)
    roots = []
    for group, counts in zip(data.patterns.groups, data.counts, strict=True):
        try:
            lower = np.linalg.cholesky(P.take(group.blocks))
        except np.linalg.LinAlgError:
            return None
        J = np.linalg.inv(lower)
        within = J.transpose(0, 2, 1) @ J
        own = within if len(within) == len(group.cases) else within[group.which]
        flat[group.holes] = -(own @ right.take(group.holes)[:, :, None])[:, :, 0]
        added = (within * counts[:, None, None]).reshape(-1)
        spread += np.bincount(group.blocks.reshape(-1), weights=added, minlength=p * p)
        part = 2.0 * np.log(lower.diagonal(axis1=1, axis2=2)).sum(axis=1)
        log_dets[group.cases] += part[group.which]
        roots.append(J)
    solved = Z @ P
    solved *= data.observed
    constant = np.log(2.0 * np.pi) * data.observed.sum(axis=1)
    each = -0.5 * (constant + log_dets + np.einsum("ij,ij->i", Z, solved))
    weighted = data.weighted(Z)
    return Completed(
        precision=P,
        residuals=Z,
        solved=solved,
        roots=tuple(roots),
        moments=(weighted.T @ Z + spread.reshape(p, p)) / data.n,
        shift=weighted.sum(axis=0) / data.n,
        log_likelihoods=each,
        log_likelihood=float(each.sum() if data.weights is None else each @ data.weights),
    )
