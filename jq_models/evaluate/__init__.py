"""From a fit or answers to judgement: fit indices, reliability, validity, effects, item statistics."""

from jq_models.evaluate.agreement import (
    OUTCOMES,
    Agreement,
    Difference,
    SecondEngine,
    compare_fits,
    second_engine,
)
from jq_models.evaluate.appraisals import appraisals
from jq_models.evaluate.attention import Attention, attention, group_attention
from jq_models.evaluate.composites.advice import Offer, second_order_offer
from jq_models.evaluate.composites.cvpat import cvpat
from jq_models.evaluate.composites.effects import (
    pls_effect_sizes,
    pls_effects,
    pls_r_squared,
    pls_specific_effects,
)
from jq_models.evaluate.composites.fit import composite_fit
from jq_models.evaluate.composites.group_study import ComparedComposites, composite_groups, judge_paths
from jq_models.evaluate.composites.ipma import ipma, item_scales
from jq_models.evaluate.composites.micom import Micom, micom
from jq_models.evaluate.composites.multigroup import PlsGroups, pls_groups
from jq_models.evaluate.composites.outlook import study_ipma, study_prediction
from jq_models.evaluate.composites.predict import pls_predict
from jq_models.evaluate.composites.quality import (
    pls_cross_loadings,
    pls_fornell_larcker,
    pls_item_vif,
    pls_loadings,
    pls_quality,
)
from jq_models.evaluate.composites.route_result import pls_routes
from jq_models.evaluate.composites.routes import compare_routes, direct_route
from jq_models.evaluate.cross_loadings import cross_loadings
from jq_models.evaluate.cutoffs import (
    Cutoffs,
    corrected_tests,
    cutoff_rows,
    judge_cutoffs,
    judged_models,
    simulate_cutoffs,
    why_no_cutoffs,
)
from jq_models.evaluate.effects import effects, effects_of, specific_effects
from jq_models.evaluate.effects_without import effects_without
from jq_models.evaluate.factor_scores import factor_scores
from jq_models.evaluate.fit_indices import FitIndices, fit_indices, fit_indices_of
from jq_models.evaluate.gates import Plan, plan
from jq_models.evaluate.groups import group_sizes, group_summary
from jq_models.evaluate.htmt_intervals import htmt_intervals
from jq_models.evaluate.hypotheses import (
    HYPOTHESES,
    Claim,
    Judged,
    allowed_fits,
    facet_tests,
    judge_dimensions,
    judge_facets,
    judge_hypotheses,
)
from jq_models.evaluate.invariance import (
    Alignment,
    Compared,
    Invariance,
    alignment,
    invariance,
    invariance_of,
)
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
from jq_models.evaluate.measurement_fits import measurement_fits
from jq_models.evaluate.nesting import (
    clustered_paths,
    icc_table,
    mixed_paths,
    nested_groupings,
    variance_parts,
)
from jq_models.evaluate.omega_hierarchical import Hierarchy, omega_hierarchical, omegas_of
from jq_models.evaluate.reliability import reliability
from jq_models.evaluate.reliability_intervals import alphas, reliability_with_intervals
from jq_models.evaluate.residuals import residual_correlations
from jq_models.evaluate.rivals.compare import Rivals, fit_rivals, nested_tests
from jq_models.evaluate.rivals.composite import (
    composite_effects,
    composite_weights,
    fit_forms,
    form_effects,
    form_tests,
)
from jq_models.evaluate.robustness import compare_variants, conclusions
from jq_models.evaluate.scores import construct_scores, construct_summary, score_correlations
from jq_models.evaluate.small_sample import small_sample_tests
from jq_models.evaluate.validity import fornell_larcker, htmt, htmt_interval

__all__ = [
    "DIRECTIONS",
    "HYPOTHESES",
    "LEVELS",
    "OUTCOMES",
    "SOURCES",
    "Agreement",
    "Alignment",
    "Attention",
    "Claim",
    "Compared",
    "ComparedComposites",
    "Cutoffs",
    "Difference",
    "FitIndices",
    "FitVerdict",
    "Hierarchy",
    "IndexVerdict",
    "Invariance",
    "Judged",
    "Line",
    "Micom",
    "NestedTest",
    "Offer",
    "Overlap",
    "Plan",
    "PlsGroups",
    "Rivals",
    "SecondEngine",
    "Shortfall",
    "alignment",
    "allowed_fits",
    "alphas",
    "answer_shares",
    "appraisals",
    "attention",
    "clustered_paths",
    "compare_fits",
    "compare_routes",
    "compare_variants",
    "composite_effects",
    "composite_fit",
    "composite_groups",
    "composite_weights",
    "conclusions",
    "construct_scores",
    "construct_summary",
    "corrected_tests",
    "cross_loadings",
    "cutoff_rows",
    "cvpat",
    "direct_route",
    "effects",
    "effects_of",
    "effects_without",
    "facet_tests",
    "factor_scores",
    "fit_forms",
    "fit_indices",
    "fit_indices_of",
    "fit_rivals",
    "form_effects",
    "form_tests",
    "fornell_larcker",
    "group_attention",
    "group_sizes",
    "group_summary",
    "htmt",
    "htmt_interval",
    "htmt_intervals",
    "icc_table",
    "invariance",
    "invariance_of",
    "ipma",
    "item_scales",
    "item_statistics",
    "items_by_construct",
    "judge_cutoffs",
    "judge_dimensions",
    "judge_effect",
    "judge_facets",
    "judge_fit",
    "judge_htmt",
    "judge_hypotheses",
    "judge_paths",
    "judge_reliability",
    "judged_models",
    "likelihood_ratio",
    "likelihood_ratios",
    "measurement_fits",
    "micom",
    "missingness",
    "mixed_paths",
    "nested_groupings",
    "nested_tests",
    "omega_hierarchical",
    "omegas_of",
    "overall_missingness",
    "plan",
    "pls_cross_loadings",
    "pls_effect_sizes",
    "pls_effects",
    "pls_fornell_larcker",
    "pls_groups",
    "pls_item_vif",
    "pls_loadings",
    "pls_predict",
    "pls_quality",
    "pls_r_squared",
    "pls_routes",
    "pls_specific_effects",
    "reliability",
    "reliability_with_intervals",
    "residual_correlations",
    "score_correlations",
    "second_engine",
    "second_order_offer",
    "simulate_cutoffs",
    "small_sample_tests",
    "specific_effects",
    "study_ipma",
    "study_prediction",
    "variance_parts",
    "why_no_cutoffs",
]
