"""All that is said of one PLS fit outside a study: numbers in full precision, and warnings in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from jq_models.evaluate.composites.advice import OFTEN, UNRELIABLE, VIF_LINE, Offer
from jq_models.pls.blocks import USUAL_MODE
from jq_models.pls.design import Design
from jq_models.report.pls_care import fewer_draws_sentences
from jq_models.report.wording import wording
from jq_models.sem.status import ENOUGH_CLUSTERS

# names that a sentence lists
MOST_NAMES = 5

INDICES = {"srmr": "SRMR", "d_uls": "d_ULS", "d_g": "d_G"}
WHY_NO_TEST = {
    "observed_not_positive_definite": "items determine one another, or there are fewer cases than items",
    "implied_not_positive_definite": "the correlations the model implies cannot exist",
    "too_few_draws": "too few draws have a solution and that distance; HI95 needs 19 and half of all",
    "nothing_to_test": "a model like this fits any answers exactly",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How the bootstrap went.

    Attributes
    ----------
    draws, seed : int
    failed : int
        Draws without a usable solution.
    fewest : int
        Draws of the quantity that the fewest have, of those the fit has.
    inadmissible_share : float
        Of the draws with a usable solution; NaN without any.
    interval : {"percentile", "bc", "bca"}
    level : float
    """

    draws: int
    seed: int
    failed: int
    fewest: int
    inadmissible_share: float
    interval: str
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlsRecord:
    """One PLS fit.

    Attributes
    ----------
    model, data : str
        Names of the files.
    scheme : str
        Of the inner weights.
    consistent : bool
        Whether factors are corrected for attenuation.
    modes : mapping of str to str
        Construct -> "A" or "B", in the order of the model.
    n, n_dropped : int
        Cases used and left out.
    n_items : int
        Indicators.
    iterations : tuple of int
        Of each stage; none when nothing was estimated.
    admissible : bool or None
        None when there is no solution.
    table : DataFrame or None
        As `pls_estimates` returns it; None when there is no solution.
    quality : DataFrame or None
        As `pls_quality` returns it.
    explained : DataFrame or None
        As `pls_r_squared` returns it.
    distances : DataFrame or None
        As `composite_fit` returns it.
    drawn : Drawn or None
        None without a bootstrap.
    offer : Offer or None
        As `second_order_offer` returns it.
    failure : str
        What failed; "" when all that was asked for is here.
    warnings : tuple of str
        Worst first, the failure among them.
    """

    model: str
    data: str
    scheme: str
    consistent: bool
    modes: Mapping[str, str]
    n: int
    n_dropped: int
    n_items: int
    iterations: tuple[int, ...] = ()
    admissible: bool | None = None
    table: pd.DataFrame | None = field(default=None, repr=False)
    quality: pd.DataFrame | None = field(default=None, repr=False)
    explained: pd.DataFrame | None = field(default=None, repr=False)
    distances: pd.DataFrame | None = field(default=None, repr=False)
    drawn: Drawn | None = None
    offer: Offer | None = field(default=None, repr=False)
    failure: str = ""
    warnings: tuple[str, ...] = ()


def left_out_sentences(ignored: Iterable[str]) -> list[str]:
    """Say which statements of the model PLS has no place for."""
    listed = ", ".join(ignored)
    if not listed:
        return []
    return [f"PLS has no place for covariances, intercepts and equal loadings; left out: {listed}."]


def reversed_sentences(items: Iterable[str]) -> list[str]:
    """Say which items run against the rest of their construct."""
    names = list(items)
    if not names:
        return []
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    run = "runs against the other items of its" if len(names) == 1 else "run against the other items of their"
    return [
        f"{', '.join(names[:MOST_NAMES])}{more} {run} construct. Loadings and paths allow for that; alpha "
        "and rho_C, which add the answers up as they are, are not given: turn such items round first."
    ]


def offer_sentences(offer: Offer | None) -> list[str]:
    """Say that constructs overlap too much, and whether a second-order composite helps."""
    if offer is None:
        return []
    w = wording("en")
    if len(offer.collinear) < 2:
        return _elsewhere_sentences(offer)
    says = (
        f"One composite of {w.join(offer.members)} in their place does: its model stands below the "
        "estimates, and in the JSON as 'offer'."
        if offer.fit is not None
        else "No composite of them does, either: leave one of them out, or collect more answers."
    )
    return [
        f"{w.join(offer.collinear)} overlap too much: the answers do not carry separate paths for them. "
        f"{says}"
    ]


def _elsewhere_sentences(offer: Offer) -> list[str]:
    """Say what is wrong with the paths when no two constructs overlap too much."""
    w = wording("en")
    where = {reason.code: reason.where for reason in offer.reasons}
    found = []
    if "inflated" in where:
        found.append(
            f"{w.join(where['inflated'])}: the other predictors of the same construct all but determine it "
            f"(VIF of {VIF_LINE.value:g} or more). Leave one of them out, or collect more answers."
        )
    if "often_above_one" in where:
        found.append(
            f"In more than {w.percent(OFTEN)} of the draws that have them, paths pass 1: "
            f"{', '.join(where['often_above_one'])}."
        )
    if offer.unreliable:
        found.append(
            f"The reliability (rho_A) of {w.join(offer.unreliable)}, below {w.coefficient(UNRELIABLE)}, is "
            "too low to correct with: measure better, or fit without --consistent."
        )
    return found


def unusual_modes(design: Design) -> dict[str, str]:
    """Return the constructs whose mode must be named, as ``--mode`` does, beside the model text."""
    blocks = [*design.first.blocks, *(design.second.blocks if design.second else ())]
    return {b.name: b.mode for b in blocks if len(b.indicators) > 1 and b.mode != USUAL_MODE[b.operator]}


def drawn_sentences(drawn: Drawn | None, *, clusters: int | None) -> list[str]:
    """Say whether clusters were few, how many draws have no solution, and how many an impossible one."""
    if drawn is None:
        return []
    found = []
    if clusters is not None and clusters < ENOUGH_CLUSTERS:
        found.append(
            f"The bootstrap draws from {clusters} clusters only: below {ENOUGH_CLUSTERS} its standard errors "
            "and intervals are uncertain."
        )
    if drawn.failed:
        found.append(
            f"{drawn.failed} of {drawn.draws} bootstrap draws have no usable solution; standard errors and "
            "intervals are from the others."
        )
    solved = drawn.draws - drawn.failed
    impossible = round(drawn.inadmissible_share * solved) if solved else 0
    if impossible:
        found.append(
            f"{impossible} of {drawn.draws} bootstrap draws have an impossible solution (a loading, path, "
            "correlation, reliability or R2 above 1, or correlations of constructs that cannot exist); they "
            "are counted in."
        )
    return [*found, *fewer_draws_sentences(drawn.fewest, solved)]


def untested_fit_sentences(distances: pd.DataFrame) -> list[str]:
    """Say why a test of fit is absent, and how many draws one that was made rests on."""
    found = []
    for model in dict.fromkeys(distances["model"]):
        own = distances[distances["model"] == model]
        for reason in dict.fromkeys(own.loc[own["reason"] != "", "reason"]):
            rows = own[own["reason"] == reason]
            by = "" if len(rows) == len(own) else f" by {', '.join(INDICES[x] for x in rows['index'])}"
            found.append(
                f"The test of fit of the {model} model{by} could not be made: {WHY_NO_TEST[reason]}."
            )
        made = own[(own["reason"] == "") & (own["failed"] > 0)]
        if len(made):
            found.append(
                f"The test of fit of the {model} model leaves out {made['failed'].max()} of "
                f"{made['draws'].max()} draws, which have no solution or lack one of the distances."
            )
    return found
