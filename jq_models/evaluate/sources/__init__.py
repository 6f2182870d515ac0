"""Claims of the sources (H9 to H30): steering, flexible staff, the work of today."""

from jq_models.evaluate.sources.contracts import ByContract, by_contract
from jq_models.evaluate.sources.drivers import Drivers, drivers
from jq_models.evaluate.sources.group_gaps import group_gaps
from jq_models.evaluate.sources.home import group_days, shapes
from jq_models.evaluate.sources.judge import SOURCE_CLAIMS, judge_sources, judged_sources, verdicts_of_sources
from jq_models.evaluate.sources.material import Material, material
from jq_models.evaluate.sources.relations import simple_slopes
from jq_models.evaluate.sources.surface import Surface, quadrants, response_surface

__all__ = [
    "SOURCE_CLAIMS",
    "ByContract",
    "Drivers",
    "Material",
    "Surface",
    "by_contract",
    "drivers",
    "group_days",
    "group_gaps",
    "judge_sources",
    "judged_sources",
    "material",
    "quadrants",
    "response_surface",
    "shapes",
    "simple_slopes",
    "verdicts_of_sources",
]
