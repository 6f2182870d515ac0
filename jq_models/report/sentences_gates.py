"""Sentences on what the number of complete answers does not carry."""

from __future__ import annotations

from jq_models.evaluate.gates import IN_GROUPS, Plan
from jq_models.report.wording import Wording


def gate_sentences(plan: Plan, w: Wording, *, analysis: str, part: str = "", group: str = "") -> str:
    """Say why an analysis was left out; nothing when it was not.

    Parameters
    ----------
    plan : Plan
    analysis : {"score_path", "second_order", "full", "group", "alignment"}
        The gate.
    part : str
        What is left out, in words of the language, to begin the sentence with; default: the gate's own name.
    group : str
        The grouping, for a gate in groups: its name in the study file. `part` then says what is compared.
    """
    subject = part or w(f"gate.{analysis}")
    if analysis in IN_GROUPS:
        if plan.groups_for(group, analysis="group" if analysis == "group" else "alignment"):
            return ""
        return w("gate.too_few_in_groups", part=subject, needs=plan.needs(analysis))
    if plan.n >= plan.needs(analysis):
        return ""
    return w("gate.too_few", part=subject, needs=plan.needs(analysis), n=plan.n)
