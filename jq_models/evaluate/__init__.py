"""From a fit or answers to judgement: fit indices, reliability, validity, effects, item statistics."""

from jq_models.evaluate.agreement import (
    OUTCOMES,
    Agreement,
    Difference,
    SecondEngine,
    compare_fits,
    second_engine,
)
from jq_models.evaluate.effects import effects, effects_of, specific_effects
from jq_models.evaluate.factor_scores import factor_scores
from jq_models.evaluate.fit_indices import FitIndices, fit_indices, fit_indices_of
from jq_models.evaluate.gates import Plan, plan
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
from jq_models.evaluate.likelihood_ratio import NestedTest, likelihood_ratio, likelihood_ratios
from jq_models.evaluate.reliability import reliability
from jq_models.evaluate.residuals import residual_correlations
from jq_models.evaluate.scores import construct_scores, construct_summary, score_correlations
from jq_models.evaluate.small_sample import small_sample_tests
from jq_models.evaluate.validity import fornell_larcker, htmt, htmt_interval

__all__ = [
    "DIRECTIONS",
    "LEVELS",
    "OUTCOMES",
    "SOURCES",
    "Agreement",
    "Difference",
    "FitIndices",
    "FitVerdict",
    "IndexVerdict",
    "Line",
    "NestedTest",
    "Overlap",
    "Plan",
    "SecondEngine",
    "Shortfall",
    "answer_shares",
    "compare_fits",
    "construct_scores",
    "construct_summary",
    "effects",
    "effects_of",
    "factor_scores",
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
    "likelihood_ratio",
    "likelihood_ratios",
    "missingness",
    "overall_missingness",
    "plan",
    "reliability",
    "residual_correlations",
    "score_correlations",
    "second_engine",
    "small_sample_tests",
    "specific_effects",
]
