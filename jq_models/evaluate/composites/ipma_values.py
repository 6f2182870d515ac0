"""Importance and performance as formulas on arrays, of one solution or of many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.evaluate.composites.chain import last_owner
from jq_models.numeric.moments import Array, Whole
from jq_models.pls.design import Design, Flags
from jq_models.pls.solution import Measured, Solution, total_effects

# "higher": made of other constructs
LEVELS = ("higher", "construct", "item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A row of the map: a construct, or an item ("" where it is none)."""

    level: str
    construct: str
    item: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Of b samples and c cells: importance and performance (b, c, 2), weights that sum to 1 within what a
    cell belongs to (b, c), and the outcome's own performance (b,)."""

    values: Array
    shares: Array
    target: Array


def cells_of(design: Design, *, target: str) -> tuple[Cell, ...]:
    """Return the rows: constructs with a route to the outcome, each after what it is a member of; items."""
    last, first = design.last, design.first
    end = last.constructs.index(target)
    reach = total_effects(last.paths[None].astype(float))[0][end] > 0
    cells = []
    if design.second is not None:
        several = [k for k, b in enumerate(last.blocks) if b.name not in first.constructs]
        cells = [
            Cell(level="higher", construct=last.constructs[k], item="", place=k) for k in several if reach[k]
        ]
    taken = reach[_above(design)]
    cells += [
        Cell(level="construct", construct=name, item="", place=k)
        for k, name in enumerate(first.constructs)
        if taken[k]
    ]
    cells += [
        Cell(level="item", construct=first.constructs[k], item=item, place=i)
        for i, (item, k) in enumerate(zip(first.indicators, first.owner, strict=True))
        if taken[k]
    ]
    return tuple(cells)


def ipma_values(solution: Solution, design: Design, *, target: str, mean: Array, deviation: Array) -> Values:
    """Return importance and performance of every cell.

    Parameters
    ----------
    solution : Solution
    design : Design
    target : str
    mean, deviation : ndarray, shape (b, p)
        Of the items, on 0 to 100.
    """
    first, second = design.first, design.second
    with np.errstate(all="ignore"):
        shares, performance, spread = _composed(
            solution.first, first.owner, corrected=first.corrected, mean=mean, deviation=deviation
        )
        above = _above(design)
        members = np.ones_like(spread)
        high, wide = performance, spread
        if second is not None and solution.second is not None:
            order = [first.constructs.index(x) for x in second.indicators]
            inside, high, wide = _composed(
                solution.second,
                second.owner,
                corrected=second.corrected,
                mean=performance[:, order],
                deviation=spread[:, order],
            )
            members[:, order] = inside
        end = design.last.constructs.index(target)
        importance = total_effects(solution.paths)[:, end] * wide[:, [end]] / wide
        of_first = members * importance[:, above]
        of_items = shares * of_first[:, first.owner]
    cells = cells_of(design, target=target)
    pairs = {
        "higher": (importance, high, np.full_like(high, np.nan)),
        "construct": (of_first, performance, _members_only(members, design)),
        "item": (of_items, mean, shares),
    }
    columns = [tuple(part[:, c.place] for part in pairs[c.level]) for c in cells]
    return Values(
        values=np.stack([np.stack([c[0], c[1]], axis=1) for c in columns], axis=1),
        shares=np.stack([c[2] for c in columns], axis=1),
        target=high[:, end],
    )


def _composed(
    measured: Measured, owner: Whole, *, corrected: Flags, mean: Array, deviation: Array
) -> tuple[Array, Array, Array]:
    """Return weights that sum to 1, the constructs' means and standard deviations, in the parts' units.

    A score is the sum of w z, of variance 1; in the parts' units it is the sum of w / s times the part. The
    sum of these k = w / s stands for its unit: divided by it, weights sum to 1 and the score's standard
    deviation is 1 / k; without error the root of the reliability times that.
    """
    raw = measured.outer.weights / deviation
    member = (owner[:, None] == np.arange(len(corrected))).astype(float)
    unit = raw @ member
    unit = np.where(unit > 0.0, unit, np.nan)
    shares = raw / unit[:, owner]
    reliable = np.where(corrected, measured.rho_a, 1.0)
    return shares, (shares * mean) @ member, np.sqrt(reliable) / unit


def _above(design: Design) -> Whole:
    """Return the construct of the last stage that each of the first belongs to, (m,)."""
    result: Whole = last_owner(design)[design.first.starts]
    return result


def _members_only(members: Array, design: Design) -> Array:
    """Keep the weights of members of second-order constructs; NaN for what belongs to nothing."""
    single = np.array([name in design.last.constructs for name in design.first.constructs])
    return np.where(single, np.nan, members)
