"""Robust standard errors and scaled tests of a fit: which matrices and traces each estimator takes.

`robust_parts` is computed once and serves both; so a fit pays one pass over the cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jq_models.errors import SpecError
from jq_models.numeric.moments import Array
from jq_models.sem.estimators import Estimator
from jq_models.sem.matrices import filled
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.missing.patterns import MissingData
from jq_models.sem.missing.saturated_information import saturated_trace as incomplete_trace
from jq_models.sem.normal import NormalTheory
from jq_models.sem.optimise import Discrepancy
from jq_models.sem.robust.gamma import gamma_traces, independence_traces, spread_of
from jq_models.sem.robust.sandwich import (
    cluster_factor,
    first_order_information,
    first_order_vcov,
    gamma_meat,
    moment_rows,
    sandwich_vcov,
    trace_ratio,
)
from jq_models.sem.robust.scaled_test import (
    TestStatistic,
    satorra_bentler_test,
    saturated_test,
    scaled_shifted_test,
    standard_test,
    yuan_bentler_test,
)
from jq_models.sem.robust.traces import independence_trace, saturated_trace
from jq_models.sem.sample import GroupSample, Sample

Normal = NormalTheory | MissingNormal


def _normal(estimator: Estimator, discrepancy: Discrepancy) -> Normal:
    if isinstance(discrepancy, NormalTheory | MissingNormal):
        return discrepancy
    raise SpecError(f"Estimator {estimator.name} has no robust inference of normal theory.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustParts:
    """What robust standard errors and scaled tests share, at the estimates.

    Attributes
    ----------
    information : ndarray, shape (k, k)
        A, of one case, observed or expected.
    meat : ndarray, shape (k, k)
        B: from casewise scores, or `robust.sandwich.gamma_meat`.
    rows : tuple of ndarray, shape (n_g, k)
        `robust.sandwich.moment_rows` for "robust.sem", else empty.
    saturated : float
        tr(A1^-1 B1) of the saturated model for "yuan.bentler.mplus", else NaN.
    """

    information: Array
    meat: Array
    rows: tuple[Array, ...] = ()
    saturated: float = np.nan


def robust_parts(
    estimator: Estimator,
    discrepancy: Discrepancy,
    sample: Sample,
    *,
    theta: Array,
    information: str | None = None,
) -> RobustParts:
    """Compute A and B.

    Parameters
    ----------
    estimator : Estimator
        MLR, MLF, MLM or MLMV.
    discrepancy : NormalTheory or MissingNormal
    sample : Sample
    theta : ndarray, shape (k,)
    information : {"observed", "expected"}, optional
        In the place of the estimator's own.

    Raises
    ------
    DataError
        When there are moments only, or a group has one cluster.
    SpecError
        For MLM and MLMV with missing answers, weights, clusters or observed information.
    """
    cases = sample.require_cases(f"Estimator {estimator.name}")
    kind = information or estimator.information
    curvature = discrepancy.point(theta, curvature=kind).information
    normal = _normal(estimator, discrepancy)
    if estimator.se != "robust.sem":
        scores = normal.scores(theta, cases) if isinstance(normal, NormalTheory) else normal.scores(theta)
        meat = first_order_information(scores, sample.groups)
        wanted = estimator.test == "yuan.bentler.mplus"
        saturated = _saturated(normal, sample, kind=kind) if wanted else np.nan
        return RobustParts(information=curvature, meat=meat, saturated=saturated)
    if kind != "expected":
        raise SpecError(
            f"Estimator {estimator.name} is defined by the expected information, with complete data: leave "
            "`information` and `missing` out, or use MLR."
        )
    whole = _complete(estimator, normal, sample)
    rows = tuple(
        moment_rows(matrices, theta, group=group, means=whole.means, x=covariate_places(whole))
        for matrices, group in zip(whole.groups, sample.groups, strict=True)
    )
    return RobustParts(information=curvature, meat=gamma_meat(rows, sample.groups), rows=rows)


def _complete(estimator: Estimator, discrepancy: Normal, sample: Sample) -> NormalTheory:
    plain = all(g.weights is None and g.clusters is None for g in sample.groups)
    if plain and isinstance(discrepancy, NormalTheory):
        return discrepancy
    raise SpecError(
        f"Estimator {estimator.name} is for complete data without weights or clusters. Use MLR, whose test "
        "is scaled as well."
    )


def covariate_places(discrepancy: Normal) -> tuple[int, ...]:
    """Return the places of the fixed exogenous variables among the observed ones."""
    parameters = discrepancy.groups[0].parameters
    return tuple(parameters.observed.index(name) for name in parameters.covariates)


def robust_vcov(estimator: Estimator, parts: RobustParts, *, n: float) -> Array:
    """Return the covariance matrix of the estimates, shape (k, k)."""
    if estimator.se == "first.order":
        return first_order_vcov(parts.meat, n=n)
    return sandwich_vcov(parts.information, parts.meat, n=n)


def robust_test(
    estimator: Estimator,
    discrepancy: Discrepancy,
    sample: Sample,
    *,
    parts: RobustParts,
    theta: Array,
    chi_square: float,
    df: int,
) -> TestStatistic:
    """Scale a model's chi-square by the estimator's test."""
    if estimator.test == "standard" or df == 0:
        return saturated_test(chi_square, kind=estimator.test) if df == 0 else standard_test(chi_square, df)
    if estimator.test == "yuan.bentler.mplus":
        own = trace_ratio(parts.information, parts.meat)
        return yuan_bentler_test(chi_square, df, saturated=parts.saturated, model=own)
    normal = _complete(estimator, _normal(estimator, discrepancy), sample)
    x = covariate_places(normal)
    spreads = [
        spread_of(group, filled(matrices, theta).implied, means=normal.means, x=x)
        for matrices, group in zip(normal.groups, sample.groups, strict=True)
    ]
    shifted = estimator.test == "scaled.shifted"
    traces = gamma_traces(spreads, parts.rows, parts.information, square=shifted)
    return _by_gamma(chi_square, df, traces=traces, shifted=shifted)


def robust_baseline(
    estimator: Estimator,
    discrepancy: Discrepancy,
    sample: Sample,
    *,
    parts: RobustParts,
    chi_square: float,
    df: int,
) -> TestStatistic:
    """Scale the independence model's chi-square by the estimator's test.

    Parameters
    ----------
    estimator : Estimator
    discrepancy : NormalTheory or MissingNormal
        The model's, for its covariates and mean structure.
    sample : Sample
    parts : RobustParts
        The model's, for the saturated model's trace.
    chi_square : float
    df : int
    """
    if estimator.test == "standard" or df == 0:
        return standard_test(chi_square, df)
    normal = _normal(estimator, discrepancy)
    x, means = covariate_places(normal), _means(normal)
    if estimator.test == "yuan.bentler.mplus":
        own = sum(independence_trace(g, means=means, x=x) for g in sample.groups)
        return yuan_bentler_test(chi_square, df, saturated=parts.saturated, model=own)
    shifted = estimator.test == "scaled.shifted"
    return _by_gamma(
        chi_square, df, traces=independence_traces(sample.groups, x=x, square=shifted), shifted=shifted
    )


def _by_gamma(chi_square: float, df: int, *, traces: tuple[float, float], shifted: bool) -> TestStatistic:
    if shifted:
        return scaled_shifted_test(chi_square, df, trace=traces[0], trace_of_square=traces[1])
    return satorra_bentler_test(chi_square, df, trace=traces[0])


def _means(discrepancy: Normal) -> bool:
    return discrepancy.means if isinstance(discrepancy, NormalTheory) else True


def _saturated(discrepancy: Normal, sample: Sample, *, kind: str) -> float:
    x = covariate_places(discrepancy)
    if isinstance(discrepancy, NormalTheory):
        return sum(saturated_trace(g, means=discrepancy.means, x=x) for g in sample.groups)
    return sum(
        _incomplete_trace(data, group, kind=kind, x=x)
        for data, group in zip(discrepancy.data, sample.groups, strict=True)
    )


def _incomplete_trace(data: MissingData, group: GroupSample, *, kind: str, x: Sequence[int]) -> float:
    """Return tr(A1^-1 B1) with missing answers; moments of fixed exogenous variables are no parameters."""
    mean, covariance = group.moments.mean, group.moments.covariance
    clusters, factor = None, 1.0
    if group.clusters is not None:
        clusters = np.unique(group.clusters[data.patterns.kept], return_inverse=True)[1]
        factor = cluster_factor(int(clusters.max()) + 1, label=group.label)
    return factor * incomplete_trace(
        data, mean=mean, covariance=covariance, clusters=clusters, kind=kind, x=x
    )
