"""The independence model, which incremental fit indices compare with: no variables covary."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jq_models.numeric.moments import Array, Moments
from jq_models.sem.estimators import Estimator
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.normal import normal_log_likelihood
from jq_models.sem.optimise import Discrepancy
from jq_models.sem.robust.inference import RobustParts, robust_baseline
from jq_models.sem.robust.scaled_test import TestStatistic, standard_test
from jq_models.sem.sample import GroupSample, Sample


def baseline_test(
    estimator: Estimator,
    discrepancy: Discrepancy,
    sample: Sample,
    *,
    parts: RobustParts | None,
    covariates: Sequence[str],
) -> TestStatistic:
    """Test independence in closed form.

    Parameters
    ----------
    estimator : Estimator
    discrepancy : Discrepancy
        Of the model, for the log-likelihood of the saturated one.
    sample : Sample
    parts : RobustParts or None
        Of the model, for a scaled test.
    covariates : sequence of str
        Observed exogenous variables, which keep their covariances, as in lavaan.
    """
    found = [baseline_chi_square(g.moments, covariates, size=g.size) for g in sample.groups]
    chi_square, df = sum(value for value, _ in found), sum(df for _, df in found)
    if isinstance(discrepancy, MissingNormal):
        alone = sum(independent_log_likelihood(g, covariates) for g in sample.groups)
        chi_square = 2.0 * (discrepancy.saturated - alone)
    if parts is None:
        return standard_test(chi_square, df)
    return robust_baseline(estimator, discrepancy, sample, parts=parts, chi_square=chi_square, df=df)


def independent_log_likelihood(group: GroupSample, covariates: Sequence[str]) -> float:
    """Return the maximal log-likelihood of independent variables, each from its own observed answers.

    The observed covariates, which are complete, keep their covariances.
    """
    names, cases = group.moments.names, group.cases
    assert cases is not None
    w = np.ones(len(cases)) if group.weights is None else group.weights
    x = [names.index(name) for name in covariates]
    total = 0.0
    for j in (j for j in range(len(names)) if j not in x):
        there = ~np.isnan(cases[:, j])
        share, values = w[there], cases[there, j]
        n = float(share.sum())
        mean = float(share @ values) / n
        variance = float(share @ (values - mean) ** 2) / n
        total -= n / 2 * (np.log(2 * np.pi * variance) + 1)
    S = group.moments.covariance[np.ix_(x, x)]
    return float(total + normal_log_likelihood(S, S, n=float(w.sum())))


def baseline_chi_square(
    moments: Moments, covariates: Sequence[str] = (), *, size: float | None = None
) -> tuple[float, int]:
    """Return N (sum log s_ii - log|S|) and p (p - 1) / 2; covariates keep their covariances."""
    S: Array = moments.covariance
    x = np.array([moments.names.index(name) for name in covariates], dtype=np.intp)
    y = np.delete(np.arange(len(S)), x)
    log_det = np.log(S.diagonal()[y]).sum()
    if len(x):
        log_det += np.linalg.slogdet(S[np.ix_(x, x)])[1]
    chi_square = (size or moments.n) * float(log_det - np.linalg.slogdet(S)[1])
    return chi_square, len(y) * (len(y) - 1) // 2 + len(y) * len(x)
