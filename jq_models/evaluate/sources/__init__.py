"""Claims of the sources (H9 to H30): steering, flexible staff, the work of today."""

from jq_models.evaluate.sources.judge import SOURCE_CLAIMS, judge_sources
from jq_models.evaluate.sources.material import Material, material

__all__ = ["SOURCE_CLAIMS", "Material", "judge_sources", "material"]
