"""What people expect of an employee survey: response, favourable answers, eNPS, norm, trend, segments."""

from jq_models.evaluate.survey.enps import Enps, enps, group_enps, study_enps
from jq_models.evaluate.survey.favourable import (
    BANDS,
    favourable_constructs,
    favourable_items,
)
from jq_models.evaluate.survey.norms import NORM_STATES, NormComparison, against_norm
from jq_models.evaluate.survey.response import (
    RESPONSE_STATES,
    Response,
    group_response,
    response,
)
from jq_models.evaluate.survey.segments import corrected, group_segments
from jq_models.evaluate.survey.trend import TREND_STATES, TREND_WHYS, Trend, trend

__all__ = [
    "BANDS",
    "NORM_STATES",
    "RESPONSE_STATES",
    "TREND_STATES",
    "TREND_WHYS",
    "Enps",
    "NormComparison",
    "Response",
    "Trend",
    "against_norm",
    "corrected",
    "enps",
    "favourable_constructs",
    "favourable_items",
    "group_enps",
    "group_response",
    "group_segments",
    "response",
    "study_enps",
    "trend",
]
