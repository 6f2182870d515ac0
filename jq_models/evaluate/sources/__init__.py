"""Claims of the sources (H9 to H30): steering, flexible staff, the work of today."""

from jq_models.evaluate.sources.contracts import ByContract, by_contract
from jq_models.evaluate.sources.home import by_days, shapes
from jq_models.evaluate.sources.judge import SOURCE_CLAIMS, judge_sources, judged_sources, verdicts_of_sources
from jq_models.evaluate.sources.material import Material, material
from jq_models.evaluate.sources.surface import Surface, quadrants, response_surface

__all__ = [
    "SOURCE_CLAIMS",
    "ByContract",
    "Material",
    "Surface",
    "by_contract",
    "by_days",
    "judge_sources",
    "judged_sources",
    "material",
    "quadrants",
    "response_surface",
    "shapes",
    "verdicts_of_sources",
]
