"""The number of complete answers held against what each analysis needs."""

from __future__ import annotations

from jq_models.evaluate import Plan
from jq_models.evaluate.gates import ANALYSES
from jq_models.report.columns import numbers, words
from jq_models.report.table import Table, build
from jq_models.report.wording import Wording


def gate_table(plan: Plan, w: Wording) -> Table:
    """Show what each analysis of the whole sample needs, and whether it was run.

    Parameters
    ----------
    plan : Plan
        The gates of the study and the complete answers there are.
    """
    outcomes = ["run" if plan.n >= plan.needs(name) else "left_out" for name in ANALYSES]
    return build(
        "gates",
        title=w("gates.title", n=plan.n),
        note=w("gates.note"),
        columns=[
            words("analysis", heading=w("gates.analysis"), shown=[w(f"gate.{name}") for name in ANALYSES]),
            numbers(
                "needs",
                heading=w("gates.needs"),
                values=[plan.needs(name) for name in ANALYSES],
                w=w,
                kind="count",
            ),
            words(
                "outcome",
                heading=w("gates.outcome"),
                shown=[w(f"gates.{outcome}") for outcome in outcomes],
                values=outcomes,
            ),
        ],
    )
