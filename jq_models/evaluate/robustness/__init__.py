"""Does the conclusion survive other estimators, other samples and other models?"""

from jq_models.evaluate.robustness.careless import (
    CARELESS_INDICES,
    CarelessCounts,
    careless_counts,
    careless_flags,
    careless_indices,
)
from jq_models.evaluate.robustness.conclusions import conclusions
from jq_models.evaluate.robustness.method_factor import with_method_factor
from jq_models.evaluate.robustness.result import VARIANTS, WHY_NOT, Robustness, Variant
from jq_models.evaluate.robustness.variants import compare_variants

__all__ = [
    "CARELESS_INDICES",
    "VARIANTS",
    "WHY_NOT",
    "CarelessCounts",
    "Robustness",
    "Variant",
    "careless_counts",
    "careless_flags",
    "careless_indices",
    "compare_variants",
    "conclusions",
    "with_method_factor",
]
