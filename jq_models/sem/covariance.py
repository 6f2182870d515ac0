"""The covariance matrix of the estimates, by the estimator's kind of standard errors."""

from __future__ import annotations

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.estimators import Estimator
from jq_models.sem.normal import inverse_and_log_det, inverse_of_root
from jq_models.sem.optimise import Discrepancy, Optimum
from jq_models.sem.robust.inference import RobustParts, robust_vcov


def vcov_of(
    estimator: Estimator,
    discrepancy: Discrepancy,
    *,
    optimum: Optimum,
    information: str,
    parts: RobustParts | None,
    n: int,
) -> Array:
    """Return the covariance matrix of the free parameters, (k, k).

    Parameters
    ----------
    estimator : Estimator
    discrepancy : Discrepancy
    optimum : Optimum
        Of an identified model.
    information : {"expected", "observed"}
        Behind plain standard errors.
    parts : RobustParts or None
        For robust ones.
    n : int
    """
    if parts is not None:
        return robust_vcov(estimator, parts, n=n)
    if information == "observed":
        return inverse(discrepancy.point(optimum.theta, curvature="observed").information) / n
    standing = optimum.standing
    if standing is None or standing.root is None:
        return inverse(optimum.point.information) / n
    found = inverse_of_root(standing.root)
    scale = standing.scale / np.sqrt(n)
    result: Array = found * np.multiply.outer(scale, scale)
    return result


def inverse(information: Array) -> Array:
    """Invert a positive definite information matrix in units of its diagonal; NaN when it is not definite."""
    scale = 1.0 / np.sqrt(np.diag(information))
    units = np.outer(scale, scale)
    found = inverse_and_log_det(information * units)
    return np.full_like(information, np.nan) if found is None else found[0] * units
