"""From items to the constructs that the arrows connect, over one stage or two."""

from __future__ import annotations

import numpy as np

from jq_models.numeric.moments import Array, Whole
from jq_models.pls.design import Design
from jq_models.pls.solution import Measured, Solution


def last_owner(design: Design) -> Whole:
    """Return the construct of the last stage that each item belongs to, (p,)."""
    if design.second is None:
        return design.first.owner
    names = design.first.constructs
    above = np.empty(len(names), dtype=np.intp)
    for member, owner in zip(design.second.indicators, design.second.owner, strict=True):
        above[names.index(member)] = owner
    result: Whole = above[design.first.owner]
    return result


def score_weights(solution: Solution, design: Design) -> Array:
    """Return what a standardised item adds to the score of each construct of the last stage, (b, p, m).

    A second-order construct's score is the weighted sum of its members' scores. Scores of such constructs
    are not of variance 1 when the fit is consistent: its weights are made for members without error.
    """
    found = _spread(solution.first, design.first.owner, count=len(design.first.blocks))
    if design.second is None or solution.second is None:
        return found
    names = design.first.constructs
    inside = [names.index(x) for x in design.second.indicators]
    above = _spread(solution.second, design.second.owner, count=len(design.second.blocks))
    result: Array = found[:, :, inside] @ above
    return result


def item_loadings(solution: Solution, design: Design) -> Array:
    """Return each item's loading on its construct of the last stage, by way of its member there, (b, p)."""
    if design.second is None or solution.second is None:
        return solution.first.loadings
    names = design.first.constructs
    place = {name: k for k, name in enumerate(design.second.indicators)}
    to = np.array([place[name] for name in names])
    result: Array = solution.first.loadings * solution.second.loadings[:, to[design.first.owner]]
    return result


def _spread(measured: Measured, owner: Whole, *, count: int) -> Array:
    """Return the weights as matrices, (b, indicators, constructs), zero outside the blocks."""
    member = owner[:, None] == np.arange(count)
    result: Array = measured.outer.weights[:, :, None] * member
    return result
