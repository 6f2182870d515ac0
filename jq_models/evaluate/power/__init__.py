"""Planning: how many respondents are enough, by simulation and, where one exists, by formula."""

from jq_models.evaluate.power.clusters import design_effects
from jq_models.evaluate.power.compare import fit_test_rows, loading_rows, organisation_rows, weakest
from jq_models.evaluate.power.conditions import Condition, grid
from jq_models.evaluate.power.expected import (
    expected_rows,
    least_n,
    n_for_power,
    n_for_precision,
    smallest_found,
    unit_errors,
    wald_power,
)
from jq_models.evaluate.power.misfit import with_misfit
from jq_models.evaluate.power.population import PowerPopulation, documented_population, fitted_population
from jq_models.evaluate.power.rmsea import rmsea_power, rmsea_sample_size
from jq_models.evaluate.power.simulate import PowerStudy, simulate_power
from jq_models.evaluate.power.study import StudyPopulation, instrument_population, study_population

__all__ = [
    "Condition",
    "PowerPopulation",
    "PowerStudy",
    "StudyPopulation",
    "design_effects",
    "documented_population",
    "expected_rows",
    "fit_test_rows",
    "fitted_population",
    "grid",
    "instrument_population",
    "least_n",
    "loading_rows",
    "n_for_power",
    "n_for_precision",
    "organisation_rows",
    "rmsea_power",
    "rmsea_sample_size",
    "simulate_power",
    "smallest_found",
    "study_population",
    "unit_errors",
    "wald_power",
    "weakest",
    "with_misfit",
]
