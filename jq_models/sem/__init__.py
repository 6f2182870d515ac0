"""Structural equation models: model and data in, a frozen fit out."""

from jq_models.sem.derivatives import discrepancy
from jq_models.sem.failed import FailedFit, try_fit
from jq_models.sem.fit import SemFit, fit_sem
from jq_models.sem.inference import parameter_estimates, standardized, wald
from jq_models.sem.matrices import Filled, ModelMatrices, filled, implied_at
from jq_models.sem.moments import Moments, moments_of
from jq_models.sem.standardize import (
    delta_se,
    jacobian,
    latent_correlation,
    latent_covariance,
    r_squared,
    standardized_rows,
)
from jq_models.sem.status import REASONS, FitStatus, Reason
from jq_models.sem.table import Parameter, Parameters, parameter_table
from jq_models.sem.versions import versions

__all__ = [
    "REASONS",
    "FailedFit",
    "Filled",
    "FitStatus",
    "ModelMatrices",
    "Moments",
    "Parameter",
    "Parameters",
    "Reason",
    "SemFit",
    "delta_se",
    "discrepancy",
    "filled",
    "fit_sem",
    "implied_at",
    "jacobian",
    "latent_correlation",
    "latent_covariance",
    "moments_of",
    "parameter_estimates",
    "parameter_table",
    "r_squared",
    "standardized",
    "standardized_rows",
    "try_fit",
    "versions",
    "wald",
]
