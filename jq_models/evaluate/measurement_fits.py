"""The measurement model that the number of answers carries."""

from __future__ import annotations

from jq_models.data import OpenStudy
from jq_models.evaluate.gates import Plan
from jq_models.sem import FailedFit, SemFit, try_fit


def measurement_fits(opened: OpenStudy, plan: Plan) -> dict[str, SemFit | FailedFit]:
    """Fit the largest measurement model allowed.

    Returns
    -------
    dict
        ``"correlated"`` where separate dimensions are allowed, else ``"second_order"`` where that is, which
        measures the same scales with fewer parameters; empty where neither is.
    """
    if not plan.allows("second_order"):
        return {}
    name = "correlated" if plan.allows("full") else "second_order"
    return {name: try_fit(opened.model(name), opened.responses)}
