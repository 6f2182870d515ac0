"""Cut-offs for fit indices, simulated for the model and the sample size at hand."""

from jq_models.evaluate.cutoffs.cutoffs import ANSWERS, Cutoffs, Wrong, cutoff_of, simulate_cutoffs
from jq_models.evaluate.cutoffs.indices import INDICES
from jq_models.evaluate.cutoffs.plant import KINDS, LEVELS, Place, Planted, planted
from jq_models.evaluate.cutoffs.simulate import Distribution
from jq_models.evaluate.cutoffs.verdicts import (
    JUDGED,
    PASSES,
    FairVerdict,
    corrected_tests,
    cutoff_rows,
    judge_cutoffs,
)

__all__ = [
    "ANSWERS",
    "INDICES",
    "JUDGED",
    "KINDS",
    "LEVELS",
    "PASSES",
    "Cutoffs",
    "Distribution",
    "FairVerdict",
    "Place",
    "Planted",
    "Wrong",
    "corrected_tests",
    "cutoff_of",
    "cutoff_rows",
    "judge_cutoffs",
    "planted",
    "simulate_cutoffs",
]
