"""From a fit or answers to judgement: fit indices, reliability, validity, effects, item statistics."""

from jq_models.evaluate.agreement import Agreement, compare_fits
from jq_models.evaluate.effects import effects, specific_effects
from jq_models.evaluate.fit_indices import FitIndices, fit_indices, fit_indices_of
from jq_models.evaluate.groups import group_sizes, group_summary
from jq_models.evaluate.items import (
    answer_shares,
    item_statistics,
    items_by_construct,
    missingness,
    overall_missingness,
)
from jq_models.evaluate.judge import (
    DIRECTIONS,
    LEVELS,
    SOURCES,
    FitVerdict,
    IndexVerdict,
    Line,
    Overlap,
    Shortfall,
    judge_effect,
    judge_fit,
    judge_htmt,
    judge_reliability,
)
from jq_models.evaluate.reliability import reliability
from jq_models.evaluate.scores import construct_scores, construct_summary, score_correlations
from jq_models.evaluate.validity import fornell_larcker, htmt, htmt_interval

__all__ = [
    "DIRECTIONS",
    "LEVELS",
    "SOURCES",
    "Agreement",
    "FitIndices",
    "FitVerdict",
    "IndexVerdict",
    "Line",
    "Overlap",
    "Shortfall",
    "answer_shares",
    "compare_fits",
    "construct_scores",
    "construct_summary",
    "effects",
    "fit_indices",
    "fit_indices_of",
    "fornell_larcker",
    "group_sizes",
    "group_summary",
    "htmt",
    "htmt_interval",
    "item_statistics",
    "items_by_construct",
    "judge_effect",
    "judge_fit",
    "judge_htmt",
    "judge_reliability",
    "missingness",
    "overall_missingness",
    "reliability",
    "score_correlations",
    "specific_effects",
]
