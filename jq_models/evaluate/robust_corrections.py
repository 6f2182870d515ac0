"""What robust CFI, TLI and RMSEA need with missing answers.

X is the discrepancy that complete data would have between the EM moments and the fitted model's, corrected by
its mean when the model is true: the indices then mean what they mean for complete data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from jq_models.evaluate.robust_indices import Correction, correction
from jq_models.numeric.moments import Array, Whole
from jq_models.sem import SemFit
from jq_models.sem.derivatives import discrepancy
from jq_models.sem.estimators import find_estimator
from jq_models.sem.missing.independence import independence_moments
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.missing.patterns import MissingData
from jq_models.sem.missing.saturated_information import saturated_information, saturated_scores
from jq_models.sem.normal import inverse_and_log_det
from jq_models.sem.robust.inference import covariate_places
from jq_models.sem.robust.sandwich import first_order_information, moment_jacobian
from jq_models.sem.sample import GroupSample


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteGroup:
    """Moments of one group with missing answers; q = p + p (p + 1) / 2 moments.

    The moments stand in the order mean, then the lower triangle of the covariance by columns, as in
    ``sem.missing.saturated_information``.

    Attributes
    ----------
    n : float
        Cases.
    mean, covariance : ndarray, shape (p,) and (p, p)
        Saturated (EM) estimates.
    observed : ndarray, shape (q, q)
        Observed information of one case about the moments, there.
    expected : ndarray, shape (q, q), or None
        Expected information; only when the model's standard errors are by expected information.
    first_order : ndarray, shape (q, q), or None
        Mean product of the casewise scores of the moments there; only for MLR.
    """

    n: float
    mean: Array
    covariance: Array
    observed: Array
    expected: Array | None = None
    first_order: Array | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedGroup:
    """What the corrections of a group's model and baseline share.

    Attributes
    ----------
    n : float
    mean, covariance : ndarray
        As in `IncompleteGroup`.
    kept : ndarray of int, shape (r,)
        The moments that are not those of exogenous variables alone; the matrices are theirs.
    complete, curvature : ndarray, shape (r, r)
        W, and A of the kind asked for.
    carried, first_order : ndarray, shape (r, r), or None
        A_o^-1 B and B.
    trace : float
        tr(W Gamma).
    """

    n: float
    mean: Array
    covariance: Array
    kept: Whole
    complete: Array
    curvature: Array
    carried: Array | None
    first_order: Array | None
    trace: float


def prepare(group: IncompleteGroup, *, x: Sequence[int] = ()) -> PreparedGroup:
    """Invert and multiply once; `x` are the places of the fixed exogenous variables."""
    kept = _free_moments(len(group.mean), x)
    at = np.ix_(kept, kept)
    W, observed = complete_information(group.covariance)[at], group.observed[at]
    solved = inverse_and_log_det(observed)
    inverse = np.linalg.inv(observed) if solved is None else solved[0]
    B = None if group.first_order is None else group.first_order[at]
    carried = None if B is None else inverse @ B
    trace = np.sum(W * inverse) if carried is None else np.sum(carried * (inverse @ W).T)
    return PreparedGroup(
        n=group.n,
        mean=group.mean,
        covariance=group.covariance,
        kept=kept,
        complete=W,
        curvature=observed if group.expected is None else group.expected[at],
        carried=carried,
        first_order=B,
        trace=float(trace),
    )


def missing_correction(
    groups: Sequence[PreparedGroup],
    *,
    means: Sequence[Array],
    implied: Sequence[Array],
    jacobians: Sequence[Array],
    df: int,
) -> Correction:
    """Correct for missing data (Zhang and Savalei, 2023, Psychological Methods 28, 263-283).

    X = N F_ML(EM moments, the model's moments at the FIML estimates), F of complete data. With W the complete
    data's information at the EM moments, A_o the observed information there, Gamma = A_o^-1 B A_o^-1 and
    M = Delta (Delta' A Delta)^-1 Delta', the mean of X is tr(W (I - M A_o) Gamma (I - M A_o)'). Without B it
    is tr(W A_o^-1) - tr(W M). Found so in lavaan 0.6-14 by experiment: A is the information of the kind asked
    for, all matrices are at the EM moments.

    Parameters
    ----------
    groups : sequence of PreparedGroup
    means, implied : sequence of ndarray, shape (p,) and (p, p)
        The model's moments at the FIML estimates.
    jacobians : sequence of ndarray, shape (q, k)
        Delta, d moments / d theta: `jq_models.sem.robust.sandwich.moment_jacobian`; for the baseline
        `independence_jacobians`.
    df : int
    """
    total = sum(g.n for g in groups)
    chi_square = expected = 0.0
    k = jacobians[0].shape[1]
    curvature: Array = np.zeros((k, k))
    seen, cross, spread = curvature.copy(), curvature.copy(), curvature.copy()
    for group, mean, sigma, jacobian in zip(groups, means, implied, jacobians, strict=True):
        d, share, J = group.mean - mean, group.n / total, jacobian[group.kept]
        value = discrepancy(sigma, group.covariance) + float(d @ np.linalg.solve(sigma, d))
        chi_square += group.n * value
        expected += group.trace
        WJ = group.complete @ J
        curvature += share * (J.T @ group.curvature @ J)
        seen += share * (J.T @ WJ)
        if group.carried is not None and group.first_order is not None:
            cross += share * ((group.carried @ J).T @ WJ)
            spread += share * (J.T @ group.first_order @ J)
    seen = _solved(curvature, seen)
    if groups[0].carried is None:
        expected -= float(np.trace(seen))
    else:
        expected -= 2.0 * float(np.trace(_solved(curvature, cross)))
        expected += float(np.trace(seen @ _solved(curvature, spread)))
    return correction(chi_square, df, expected=expected)


def missing_corrections(fit: SemFit, *, information: str = "observed") -> tuple[Correction, Correction]:
    """Return `missing_correction` of a fit with missing answers and of its independence model.

    Parameters
    ----------
    fit : SemFit
        By full-information maximum likelihood.
    information : {"observed", "expected"}
        The kind behind the fit's standard errors.
    """
    if not isinstance(fit.discrepancy, MissingNormal):
        raise TypeError("The fit is not by full-information maximum likelihood: it needs no such correction.")
    robust = find_estimator(fit.estimator).test == "yuan.bentler.mplus"
    x = covariate_places(fit.discrepancy)
    samples = fit.sample.groups
    groups = [
        prepare(_incomplete_group(data, group, robust=robust, expected=information == "expected"), x=x)
        for data, group in zip(fit.discrepancy.data, samples, strict=True)
    ]
    states = fit.states
    own = missing_correction(
        groups,
        means=[state.mean for state in states],
        implied=[state.implied for state in states],
        jacobians=[moment_jacobian(matrices, fit.theta) for matrices in fit.groups],
        df=fit.test.df,
    )
    moments = [independence_moments(group, x=x) for group in samples]
    baseline = missing_correction(
        groups,
        means=[mean for mean, _ in moments],
        implied=[covariance for _, covariance in moments],
        jacobians=independence_jacobians(len(moments[0][0]), len(groups), x=x),
        df=fit.baseline.df,
    )
    return own, baseline


def _incomplete_group(
    data: MissingData, group: GroupSample, *, robust: bool, expected: bool
) -> IncompleteGroup:
    mean, covariance = group.moments.mean, group.moments.covariance
    first_order = None
    if robust:
        scores = saturated_scores(data, mean=mean, covariance=covariance)
        first_order = first_order_information([scores], [group])
    return IncompleteGroup(
        n=data.n,
        mean=mean,
        covariance=covariance,
        observed=saturated_information(data, mean=mean, covariance=covariance),
        expected=saturated_information(data, mean=mean, covariance=covariance, kind="expected")
        if expected
        else None,
        first_order=first_order,
    )


def _free_moments(p: int, x: Sequence[int]) -> Whole:
    """Return the places of the moments that are not those of exogenous variables alone."""
    j, i = np.triu_indices(p)
    given = np.concatenate([np.isin(np.arange(p), x), np.isin(i, x) & np.isin(j, x)])
    return np.flatnonzero(~given)


def _solved(left: Array, right: Array) -> Array:
    return np.asarray(np.linalg.solve(left, right), dtype=np.float64)


def complete_information(covariance: Array) -> Array:
    """Return the information of one complete case about its q moments, at a covariance (p, p): (q, q)."""
    precision = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    j, i = np.triu_indices(len(precision))
    c = np.where(i == j, 0.5, 1.0)
    own: Array = precision[np.ix_(i, i)] * precision[np.ix_(j, j)]
    own = own + precision[np.ix_(i, j)] * precision[np.ix_(j, i)]
    own *= np.multiply.outer(c, c)
    result: Array = block_diag(precision, own)
    return result


def independence_jacobians(p: int, groups: int = 1, *, x: Sequence[int] = ()) -> list[Array]:
    """Return Delta (q, k) of the independence model, for each group.

    Its parameters are the means and variances of all variables but the fixed exogenous ones `x`.
    """
    kept = np.setdiff1d(np.arange(p), np.asarray(x, dtype=np.intp))
    j, i = np.triu_indices(p)
    diagonal = p + np.flatnonzero(i == j)
    own = np.zeros((p + len(i), 2 * len(kept)))
    own[kept, np.arange(len(kept))] = 1.0
    own[diagonal[kept], len(kept) + np.arange(len(kept))] = 1.0
    return [np.kron(np.eye(groups)[g], own) for g in range(groups)]
