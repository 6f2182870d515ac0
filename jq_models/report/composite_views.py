"""What a PLS fit shows, in the order a reader needs it; nothing where nothing was fitted."""

from __future__ import annotations

from jq_models.data import OpenStudy
from jq_models.evaluate.composites.advice import OFTEN, second_order_offer
from jq_models.evaluate.composites.effects import pls_effect_sizes, pls_effects
from jq_models.evaluate.composites.quality import (
    pls_cross_loadings,
    pls_item_vif,
    pls_loadings,
    pls_quality,
)
from jq_models.evaluate.composites.route_result import Route, often_impossible
from jq_models.pls import PlsFit
from jq_models.report.names import inline
from jq_models.report.reason_names import named_reason
from jq_models.report.sentences_composites import (
    effect_size_sentences,
    pls_cross_sentences,
    quality_sentences,
    weight_overlap_sentence,
    weight_sentences,
)
from jq_models.report.sentences_offer import offer_sentences
from jq_models.report.table import Table
from jq_models.report.tables_composite_items import example_table, pls_cross_table
from jq_models.report.tables_composites import (
    effect_size_table,
    overlap_table,
    pls_effect_table,
    quality_table,
    weight_table,
)
from jq_models.report.wording import Wording
from jq_models.spec import Instrument
from jq_models.spec.model import JOB_QUALITY

# percentile intervals of a composite hold the truth too seldom: what it explains runs high in resamples
INTERVAL = "bc"
Views = list[str | Table]


def pls_quality_views(route: Route | None, w: Wording, *, instrument: Instrument) -> Views:
    """Return how reliable the scales are by PLS, and whether items go most with their own.

    Parameters
    ----------
    route : Route or None
        Of ``compare_routes``; without a usable fit nothing is shown.
    """
    if route is None or route.fit is None or not route.fit.usable:
        return []
    quality = pls_quality(route.fit, route.boot, kind=INTERVAL)
    cross = pls_cross_loadings(route.fit)
    return [
        quality_sentences(quality, w, instrument=instrument),
        quality_table(quality, w, instrument=instrument),
        pls_cross_sentences(cross, w, instrument=instrument),
        pls_cross_table(cross, w, instrument=instrument),
    ]


def pls_weight_views(route: Route | None, w: Wording, *, instrument: Instrument) -> Views:
    """Return what each dimension adds to the composite of job quality; why not, where members overlap.

    Parameters
    ----------
    route
        As for `pls_quality_views`: the route in which job quality is a composite.
    """
    if route is None or route.fit is None or not route.fit.usable:
        return []
    loadings, vif = pls_loadings(route.fit, route.boot, kind=INTERVAL), pls_item_vif(route.fit)
    overlap = weight_overlap_sentence(vif, w, instrument=instrument, composite=JOB_QUALITY)
    if overlap:
        return [overlap]
    return [
        weight_sentences(loadings, w, instrument=instrument),
        weight_table(loadings, w, vif=vif, instrument=instrument),
    ]


def pls_effect_views(route: Route | None, w: Wording, *, instrument: Instrument) -> Views:
    """Return direct, indirect and total effects of the composite of job quality, arguments as above.

    Parameters
    ----------
    route : Route or None
        The usable route by PLS.
    """
    if route is None or route.fit is None or not route.fit.usable:
        return []
    effects = pls_effects(route.fit, route.boot, sources=[JOB_QUALITY], kind=INTERVAL)
    return [pls_effect_table(effects, w, instrument=instrument)]


def first_scores(fit: PlsFit, w: Wording, *, instrument: Instrument) -> Views:
    """Return how one score is made: the weights of the first construct's items, as an example.

    Parameters
    ----------
    fit : PlsFit
        Any; nothing is shown of one that may not be used.
    """
    if not fit.usable:
        return []
    loadings = pls_loadings(fit)
    code = str(loadings["construct"].iloc[0])
    rows = loadings[loadings["construct"] == code]
    name = inline(code, instrument=instrument, w=w)
    terms = " + ".join(
        f"{w.coefficient(float(v))} {i}" for v, i in zip(rows["weight"], rows["item"], strict=True)
    )
    return [
        example_table(rows, w, instrument=instrument, construct=name),
        w("composites.example", construct=name, terms=terms),
    ]


def direct_views(route: Route | None, w: Wording, *, opened: OpenStudy) -> Views:
    """Return whether the separate paths of the dimensions can be told apart, and what solves it if not.

    Parameters
    ----------
    route : Route or None
        Of ``direct_route``; without a fit nothing is shown.
    """
    if route is None or route.fit is None:
        return []
    fit, instrument = route.fit, opened.instrument
    among = [code for code in opened.dimensions if code in fit.design.last.constructs]
    offer = second_order_offer(fit, route.boot, among=among, name=JOB_QUALITY)
    said = offer_sentences(fit, offer, w=w, instrument=instrument)
    share = route.boot.inadmissible_share if route.boot is not None else 0.0
    if said and offer is None and share > OFTEN:
        said = f"{said} {_unsteady(route, w, instrument=instrument)}"
    views: Views = [said] if said else []
    if fit.usable:
        sizes = pls_effect_sizes(fit)
        if offer is None:
            # impossible paths have no sizes worth a sentence
            views.append(effect_size_sentences(sizes, w, instrument=instrument))
            views.append(effect_size_table(sizes, w, instrument=instrument))
        else:
            views.append(overlap_table(sizes, w, instrument=instrument))
    if offer is not None and offer.fit is not None:
        loadings, vif = pls_loadings(offer.fit), pls_item_vif(offer.fit)
        views.append(weight_table(loadings, w, vif=vif, instrument=instrument, composite=offer.name))
    return views


def _unsteady(route: Route, w: Wording, *, instrument: Instrument) -> str:
    share, why = w.percent(route.impossible_share), often_impossible(route)
    if why is None:
        return w("composites.offer.unsteady_plain", share=share)
    return w("composites.offer.unsteady", share=share, reason=named_reason(why, w, instrument=instrument))
