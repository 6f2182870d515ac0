"""Hypotheses H1 to H8: effects, their intervals, and one verdict each."""

from jq_models.evaluate.hypotheses.added_value import AddedValue, added_value
from jq_models.evaluate.hypotheses.attention import Everywhere, everywhere
from jq_models.evaluate.hypotheses.blocks import BlockDifference, block_difference
from jq_models.evaluate.hypotheses.dimensionality import (
    H1_REASONS,
    Claim,
    Dimensionality,
    dimensionality,
    judge_dimensions,
)
from jq_models.evaluate.hypotheses.draws import ENOUGH
from jq_models.evaluate.hypotheses.facets import H8_REASONS, Split, facet_tests, judge_facets, split
from jq_models.evaluate.hypotheses.gap import GAPS, Gap
from jq_models.evaluate.hypotheses.mediation import PUBLISHED, Mediation, mediation
from jq_models.evaluate.hypotheses.moderation import Moderation, moderation
from jq_models.evaluate.hypotheses.rules import VERDICTS, Verdict
from jq_models.evaluate.hypotheses.study import Judged, allowed_fits, judge_hypotheses
from jq_models.evaluate.hypotheses.verdicts import HYPOTHESES, MEASURES, Verdicts, verdicts

__all__ = [
    "ENOUGH",
    "GAPS",
    "H1_REASONS",
    "H8_REASONS",
    "HYPOTHESES",
    "MEASURES",
    "PUBLISHED",
    "VERDICTS",
    "AddedValue",
    "BlockDifference",
    "Claim",
    "Dimensionality",
    "Everywhere",
    "Gap",
    "Judged",
    "Mediation",
    "Moderation",
    "Split",
    "Verdict",
    "Verdicts",
    "added_value",
    "allowed_fits",
    "block_difference",
    "dimensionality",
    "everywhere",
    "facet_tests",
    "judge_dimensions",
    "judge_facets",
    "judge_hypotheses",
    "mediation",
    "moderation",
    "split",
    "verdicts",
]
