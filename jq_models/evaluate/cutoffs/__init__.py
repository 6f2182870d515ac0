"""Cut-offs for fit indices, simulated for the model and the sample size at hand."""

from jq_models.evaluate.cutoffs.cutoffs import (
    ANSWERS,
    WHY_NO_CUTOFFS,
    Cutoffs,
    Wrong,
    cutoff_of,
    simulate_cutoffs,
    why_no_cutoffs,
)
from jq_models.evaluate.cutoffs.indices import INDICES
from jq_models.evaluate.cutoffs.judged import JudgedModel, NotJudged, judged_models
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
    "WHY_NO_CUTOFFS",
    "Cutoffs",
    "Distribution",
    "FairVerdict",
    "JudgedModel",
    "NotJudged",
    "Place",
    "Planted",
    "Wrong",
    "corrected_tests",
    "cutoff_of",
    "cutoff_rows",
    "judge_cutoffs",
    "judged_models",
    "planted",
    "simulate_cutoffs",
    "why_no_cutoffs",
]
