"""What a reader sees of priorities and predictions, from one way to arrive at the paths."""

from __future__ import annotations

from jq_models.data import OpenStudy
from jq_models.evaluate.composites.outlook import study_ipma, study_prediction
from jq_models.evaluate.composites.route_result import Route
from jq_models.report.figure import Drawing
from jq_models.report.sentences_prediction import ipma_views, predicted_views
from jq_models.report.table import Table
from jq_models.report.wording import Wording

Views = list[Table | Drawing | str]


def priority_views(
    route: Route | None,
    w: Wording,
    *,
    opened: OpenStudy,
    seed: int,
    target: str = "SAT",
    draws: int = 1000,
) -> Views:
    """Return the map of importance and performance: sentences, figure, tables.

    Parameters
    ----------
    route : Route or None
        Of ``evaluate.pls_routes``; without a usable fit nothing is shown.
    target : str
        The outcome; nothing is shown for one that no arrow of the model leads to.
    seed, draws : int
        Of the bias-corrected intervals.
    """
    if route is None:
        return []
    found = study_ipma(opened, route.fit, target=target, draws=draws, seed=seed)
    return ipma_views(found, w, instrument=opened.instrument)


def prediction_views(route: Route | None, w: Wording, *, opened: OpenStudy, seed: int) -> Views:
    """Return how well the model predicts people it has not seen: sentences, figure, tables.

    Parameters
    ----------
    route : Route or None
        Of ``evaluate.pls_routes``; without a usable fit nothing is shown.
    seed : int
        Of the parts in which people are held out.
    """
    if route is None:
        return []
    return predicted_views(study_prediction(route.fit, seed=seed), w, instrument=opened.instrument)
