"""The chi-square test of a fitted model, plain or scaled."""

from __future__ import annotations

from jq_models.sem.estimators import Estimator
from jq_models.sem.optimise import Discrepancy, Optimum
from jq_models.sem.robust.inference import RobustParts, robust_test
from jq_models.sem.robust.scaled_test import TestStatistic, standard_test
from jq_models.sem.sample import Sample


def model_test(
    estimator: Estimator,
    discrepancy: Discrepancy,
    sample: Sample,
    *,
    optimum: Optimum,
    parts: RobustParts | None,
    df: int,
) -> TestStatistic:
    """Test a model against the saturated one by N F, scaled when there are `parts` for it."""
    # F is never negative; rounding may be, when df = 0
    chi_square = max(sample.n * optimum.point.objective, 0.0)
    if parts is None:
        return standard_test(chi_square, df)
    return robust_test(
        estimator, discrepancy, sample, parts=parts, theta=optimum.theta, chi_square=chi_square, df=df
    )
