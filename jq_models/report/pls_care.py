"""What a reader of a PLS fit must take care of: few cases, signs left to chance, lost intervals."""

from __future__ import annotations

from collections.abc import Iterable

from jq_models.pls.dominance import WeakDominant
from jq_models.report.wording import wording


def few_for_items_sentences(n: int, n_items: int) -> list[str]:
    """Say that there are no more cases than items: what PLS finds then is mostly chance."""
    if n > n_items:
        return []
    return [
        f"Few cases for the size of the model: {n} for {n_items} items. With no more cases than items, "
        "weights fit chance: paths, R2 and effect sizes come out far too large."
    ]


def weak_dominant_sentences(found: Iterable[WeakDominant]) -> list[str]:
    """Say which constructs have a sign that chance gives them, a sentence each."""
    w = wording("en")
    return [
        f"In {w.percent(one.share)} of the bootstrap draws {one.construct} points the other way, as its "
        f"dominant indicator {one.dominant} hardly goes with it: standard errors and intervals of its "
        "loadings and paths hold changes of sign. "
        + (
            f"Name a better one: --dominant {one.construct}={one.better}."
            if one.better
            else "No other indicator goes with it more: it is measured too weakly."
        )
        for one in found
    ]


def lost_bca_sentences(lost: int, units: int, *, clusters: bool) -> list[str]:
    """Say that BCa has no intervals, and what has."""
    if not lost:
        return []
    unit = "cluster" if clusters else "case"
    return [
        f"BCa intervals need an estimate without each {unit} in turn; {lost} of these {units} fits have no "
        "usable solution, so intervals are absent. Use --interval bc or --interval percentile."
    ]


def fewer_draws_sentences(fewest: int, solved: int) -> list[str]:
    """Say that some quantity exists in fewer draws than have a solution."""
    if fewest >= solved:
        return []
    return [
        "Some quantities, such as HTMT2 or rho_A, do not exist in every draw with a solution: their standard "
        f"errors and intervals rest on {fewest} of {solved} draws or more."
    ]
