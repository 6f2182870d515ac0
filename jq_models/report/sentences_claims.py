"""What a report of this many people may be quoted for, and what not."""

from __future__ import annotations

from jq_models.evaluate import Plan
from jq_models.report.wording import Wording


def claim_sentences(plan: Plan, w: Wording, *, minimum: int) -> str:
    """Say what may be claimed from the report, and what may not, as a short list.

    Parameters
    ----------
    plan : Plan
        What the number of complete answers carries.
    w : Wording
    minimum : int
        Persons from which a group is shown.
    """
    may = [w("claim.scores")]
    if plan.allows("second_order"):
        may.append(w("claim.together"))
    elif plan.allows("score_path"):
        may.append(w("claim.scores_together"))
    if plan.allows("full"):
        may.append(w("claim.separate"))
    may_not = [w("claim.causes"), w("claim.ranks"), w("claim.persons", minimum=minimum)]
    if not plan.allows("score_path"):
        may_not.insert(0, w("claim.no_model", n=plan.n))
    return "\n\n".join(
        [w("claim.may"), _listed(may), w("claim.may_not"), _listed(may_not)],
    )


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
