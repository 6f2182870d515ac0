"""Structural equation models: model and data in, a frozen fit out."""

from jq_models.numeric.moments import Moments, moments_of
from jq_models.numeric.reason import Reason
from jq_models.sem.derivatives import discrepancy
from jq_models.sem.failed import FailedFit, try_fit
from jq_models.sem.fit import fit_sem
from jq_models.sem.inference import parameter_estimates, standardized, wald
from jq_models.sem.matrices import Filled, ModelMatrices, filled, implied_at
from jq_models.sem.modification.indices import modification_indices
from jq_models.sem.modification.release import equality_tests, expected_changes
from jq_models.sem.resampling.bollen_stine import BollenStine, bollen_stine
from jq_models.sem.resampling.bootstrap import bootstrap
from jq_models.sem.resampling.draws import Bootstrap
from jq_models.sem.resampling.intervals import bootstrap_intervals, monte_carlo_intervals
from jq_models.sem.result import SemFit
from jq_models.sem.standardize import (
    delta_se,
    jacobian,
    latent_correlation,
    latent_covariance,
    r_squared,
    r_squared_by_group,
    standardized_rows,
)
from jq_models.sem.status import REASONS, FitStatus
from jq_models.sem.table import Parameter, Parameters, parameter_table
from jq_models.sem.versions import versions

__all__ = [
    "REASONS",
    "BollenStine",
    "Bootstrap",
    "FailedFit",
    "Filled",
    "FitStatus",
    "ModelMatrices",
    "Moments",
    "Parameter",
    "Parameters",
    "Reason",
    "SemFit",
    "bollen_stine",
    "bootstrap",
    "bootstrap_intervals",
    "delta_se",
    "discrepancy",
    "equality_tests",
    "expected_changes",
    "filled",
    "fit_sem",
    "implied_at",
    "jacobian",
    "latent_correlation",
    "latent_covariance",
    "modification_indices",
    "moments_of",
    "monte_carlo_intervals",
    "parameter_estimates",
    "parameter_table",
    "r_squared",
    "r_squared_by_group",
    "standardized",
    "standardized_rows",
    "try_fit",
    "versions",
    "wald",
]
