"""What needs most attention: importance of the dimensions, three readings, ranks with intervals."""

from jq_models.evaluate.attention.attention import PRIORITIES, Attention, attention, priorities
from jq_models.evaluate.attention.groups import group_attention
from jq_models.evaluate.attention.importance import METHODS, OVERALL
from jq_models.evaluate.attention.readings import BASES, READINGS, study_norm

__all__ = [
    "BASES",
    "METHODS",
    "OVERALL",
    "PRIORITIES",
    "READINGS",
    "Attention",
    "attention",
    "group_attention",
    "priorities",
    "study_norm",
]
