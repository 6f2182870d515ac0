"""Every grouping of a study: what can be compared between its groups, and how."""

from __future__ import annotations

from dataclasses import dataclass, field

from jq_models.data import OpenStudy
from jq_models.evaluate.appraisals import appraisals_of
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.invariance.aligned import FEWEST_ITEMS, Alignment, alignment
from jq_models.evaluate.invariance.compare import Invariance, invariance
from jq_models.evaluate.items import items_by_construct

# groups from which one speaks of many, and beyond which they are a sample of groups: a matter of nesting
MANY, NESTED = 6, 30
WHYS = ("compared", "nested", "too_few")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One grouping.

    Attributes
    ----------
    name : str
    why : {"compared", "nested", "too_few"}
        "nested": more than 30 groups, such as teams. "too_few": fewer than two groups have enough answers.
    ladder : Invariance or None
        With at least two groups large enough for a model of several groups.
    aligned : Alignment or None
        With at least six groups large enough for one scale at a time.
    left_out : tuple of str
        Groups that may be shown and have too few answers for what was done.
    untold : tuple of str
        Constructs that took no part since they would appraise one person.
    """

    name: str
    why: str
    ladder: Invariance | None = field(repr=False)
    aligned: Alignment | None = field(repr=False)
    left_out: tuple[str, ...]
    untold: tuple[str, ...] = ()


def invariance_of(opened: OpenStudy, plan: Plan, *, estimator: str = "MLR") -> dict[str, Compared]:
    """Compare the groups of every grouping of a study.

    The ladder is climbed with the correlated model of all constructs. Alignment takes each construct with
    three items or more by itself. What would appraise one person in a group that takes part (`appraisals_of`)
    is left out.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        Whose groups may be shown and have enough complete answers.
    estimator : str
        ML or MLR, whose difference tests are scaled.

    Returns
    -------
    dict of str to Compared
        In the order of the study file.
    """
    return {g.name: _compared(opened, plan, g.name, estimator=estimator) for g in opened.spec.groups}


def _compared(opened: OpenStudy, plan: Plan, name: str, *, estimator: str) -> Compared:
    complete = opened.complete
    shown = tuple(str(group) for group in plan.sizes[name].index)
    if int(complete.groups[name].nunique()) > NESTED:
        return Compared(name=name, why="nested", ladder=None, aligned=None, left_out=())
    large, many = plan.groups_for(name), plan.groups_for(name, analysis="alignment")
    ladder, aligned = None, None
    untold = appraisals_of(complete, name, groups=(*large, *many))
    model = opened.model("correlated", without=untold)
    if large:
        ladder = invariance(model, complete, group=name, groups=large, estimator=estimator)
    if len(many) >= MANY:
        constructs = items_by_construct(complete, model.factors)
        if any(len(items) >= FEWEST_ITEMS for items in constructs.values()):
            aligned = alignment(complete, constructs, group=name, groups=many, seed=opened.spec.seed)
    used = {*(ladder.labels if ladder else ()), *(aligned.labels if aligned else ())}
    return Compared(
        name=name,
        why="compared" if used else "too_few",
        ladder=ladder,
        aligned=aligned,
        left_out=tuple(group for group in shown if used and group not in used),
        untold=untold if used else (),
    )
