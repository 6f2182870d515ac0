"""Which verdicts rest on a model with impossible values: those stay open, whatever the numbers say."""

from __future__ import annotations

from collections.abc import Mapping

from jq_models.evaluate.hypotheses.facets import Split
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.hypotheses.mediation import Mediation
from jq_models.evaluate.hypotheses.moderation import Moderation
from jq_models.evaluate.hypotheses.rules import Verdict


def doubts_of(*, mediation: Mediation, moderation: Moderation, split: Split) -> dict[str, Gap]:
    """Return by hypothesis why no verdict may rest on its model; those without a doubt have no entry.

    H1, H3 and H7 have no numbers from an inadmissible model: there the reason is the gap itself.
    """
    found = {
        "H2": mediation.doubt,
        "H2b": mediation.doubt,
        "H6": moderation.doubt,
        "H8": split.doubt,
    }
    return {name: doubt for name, doubt in found.items() if doubt is not None}


def cautious(name: str, verdict: Verdict, *, doubts: Mapping[str, Gap], gaps: Mapping[str, Gap]) -> Verdict:
    """Return the verdict, or ``"inconclusive"`` where the model behind it has impossible values.

    A claim refuted by such a model is open, too.
    """
    if name in gaps:
        return "inconclusive" if gaps[name].code == "inadmissible" else verdict
    return "inconclusive" if name in doubts else verdict
