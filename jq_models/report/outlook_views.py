"""What a reader sees of priorities and predictions, from one way to arrive at the paths."""

from __future__ import annotations

from jq_models.data import OpenStudy
from jq_models.disclosure import mask_constructs, open_release
from jq_models.evaluate import attention, construct_summary
from jq_models.evaluate.composites.outlook import (
    overlapping_members,
    study_ipma,
    study_prediction,
    too_wide,
    true_ipma,
)
from jq_models.evaluate.composites.route_result import Route
from jq_models.report.figure import Drawing
from jq_models.report.figures_structure import urgent_dimensions
from jq_models.report.sentences_map import no_map_sentence
from jq_models.report.sentences_prediction import ipma_views, predicted_views
from jq_models.report.table import Table
from jq_models.report.wording import Wording

Views = list[Table | Drawing | str]
DRAWS = 2000
FEW = 20  # only estimates are looked at


def priority_views(
    route: Route | None, w: Wording, *, opened: OpenStudy, seed: int, target: str = "SAT"
) -> Views:
    """Return the map of importance and performance: sentences, figure, tables.

    The intervals rest on the same resamples as those of the route's weights, so that both say the same of a
    dimension. Where the dimensions overlap too much for weights to be read, one sentence says so.

    Parameters
    ----------
    route : Route or None
        Of ``evaluate.pls_routes``; without a usable fit nothing is shown.
    target : str
        The outcome; nothing is shown for one that no arrow of the model leads to.
    seed : int
        Of the bias-corrected intervals where the route comes without a bootstrap of its own.
    """
    if route is None or route.fit is None or not route.fit.usable:
        return []
    draws, seed = (DRAWS, seed) if route.boot is None else (route.boot.draws, route.boot.seed)
    found = study_ipma(opened, route.fit, target=target, draws=draws, seed=seed)
    if found is None:
        return []
    instrument = opened.instrument
    overlap, wide = overlapping_members(route.fit), too_wide(found)
    if overlap or wide:
        return [no_map_sentence(found, w, overlap=overlap, wide=wide, instrument=instrument)]
    truth = true_ipma(opened, route.fit, target=target)
    return ipma_views(found, w, instrument=instrument, truth=truth, front=front_dimensions(opened))


def front_dimensions(opened: OpenStudy) -> list[str] | None:
    """Return the dimensions that the report's first figure points to; None where it is not drawn."""
    found = attention(opened, draws=FEW, seed=opened.spec.seed)
    importance = found.weighing
    if importance.empty:
        return None
    shown = open_release(opened)
    summary = mask_constructs(construct_summary(opened.responses), minimum=shown.minimum, release=shown)
    return urgent_dimensions(summary, importance=importance, instrument=opened.instrument)


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
