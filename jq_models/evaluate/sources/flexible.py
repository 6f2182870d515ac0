"""Claims on flexible staff, value and appreciation (H16 to H21): a staffing agency's press release."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jq_models.evaluate.hypotheses.claims import Stated
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.hypotheses.rules import ALPHA, Verdict
from jq_models.evaluate.sources.averages import Found, agrees, share, standing
from jq_models.evaluate.sources.material import Material
from jq_models.evaluate.sources.relations import regression
from jq_models.evaluate.sources.steering import directed, part

CONTRACT, FLEX = "contract", "flex"
HALF = 0.5
SMALLEST_PRODUCT = (
    0.05  # a product of standardised scales that matters (ours): .05 more or less slope a deviation
)


def majority(found: Found, *, source: str, most: bool, against: float = HALF) -> Stated:
    """Return the claim that more (or fewer) than a share agree: the interval lies wholly on that side."""
    made = part(found, measure="share", source=source)

    def rule(p: float) -> Verdict:
        above, below = found.ci_low > against, found.ci_high < against
        if below if most else above:
            return "not_supported"
        return "supported" if (above if most else below) and p < ALPHA else "inconclusive"

    return Stated(pvalue=found.pvalue, parts=(made,), rule=rule)


def flexible(given: Material) -> pd.Series | Gap:
    """Return who works flexibly, a mask; a gap where contracts are not known or too few are."""
    who = given.members(CONTRACT, FLEX)
    if who is None:
        return Gap(code="not_asked", where=(CONTRACT,))
    return given.hidden(CONTRACT, who) or given.few(who) or who


def h16(given: Material) -> Stated | Gap:
    """More than half of the flexible staff find the work of great value."""
    if (gap := given.absent(("VAL",))) is not None:
        return gap
    who = flexible(given)
    if isinstance(who, Gap):
        return who
    agree = agrees(given.scores["VAL"], midpoint=given.midpoint)
    holds, others = agree.where(who), agree.where(~who & given.groups[CONTRACT].notna())
    if (gap := given.few(holds.notna()) or given.sides(holds)) is not None:
        return gap
    stated = majority(share(holds, given.groups, against=HALF), source="VAL", most=True)
    if given.few(others.notna()) is not None or given.sides(others) is not None:
        return stated
    rest = part(share(others, given.groups, against=HALF), measure="rest", source="VAL", decides=False)
    return replace(stated, parts=(*stated.parts, rest))


def h17(given: Material) -> Stated | Gap:
    """... but flexible staff feel valued less than they value their work."""
    if (gap := given.absent(("VAL", "APR"))) is not None:
        return gap
    who = flexible(given)
    if isinstance(who, Gap):
        return who
    difference = (given.scores["VAL"] - given.scores["APR"]).where(who)
    if (gap := given.few(difference.notna())) is not None:
        return gap
    found = standing(difference, given.groups)
    if found is None:
        return Gap(code="constant", where=("VAL", "APR"))
    return directed(((part(found, measure="gap", source="VAL", target="APR"), 1, 0.10),))


def h18(given: Material) -> Stated | Gap:
    """Under pressure, and without appreciation, the joy of helping satisfies less."""
    asked = ("HLP", "PRS", "APR")
    if (gap := given.absent((*asked, "SAT"))) is not None:
        return gap
    products = (("HLP", "PRS"), ("HLP", "APR"))
    found = regression(given, given.scores["SAT"], given.scores[list(asked)], products=products)
    if isinstance(found, Gap):
        return found
    signs = {"PRS": -1, "APR": 1}
    return directed(
        tuple(
            (
                part(found[f"{a} x {b}"], measure="changed", source=f"{a} {b}", target="SAT"),
                signs[b],
                SMALLEST_PRODUCT,
            )
            for a, b in products
        )
    )


def h19(given: Material) -> Stated | Gap:
    """Who enjoys helping and feels appreciated recommends the work; who works under pressure does not."""
    signs = {"HLP": 1, "APR": 1, "PRS": -1}
    if (gap := given.absent(signs)) is not None:
        return gap
    advice = given.opened.responses.covariates.get("recommend")
    if advice is None or advice.notna().sum() == 0:
        return Gap(code="not_asked", where=("recommend",))
    found = regression(given, advice, given.scores[list(signs)])
    if isinstance(found, Gap):
        return found
    return directed(
        tuple(
            (part(found[code], measure="slope", source=code, target="recommend"), sign, 0.10)
            for code, sign in signs.items()
        )
    )


def h20(given: Material) -> Stated | Gap:
    """Learning in the work goes with opportunity, feeling the firm's visiting card with commitment."""
    pairs = (("LRN", "OPP"), ("CAR", "COM"))
    if (gap := given.absent(code for pair in pairs for code in pair)) is not None:
        return gap
    parts = []
    for source, target in pairs:
        found = regression(given, given.scores[target], given.scores[[source]])
        if isinstance(found, Gap):
            return found
        parts.append((part(found[source], measure="slope", source=source, target=target), 1, 0.10))
    return directed(tuple(parts))


def h21(given: Material) -> Stated | Gap:
    """In the crisis the work came to mean more: its value in a wave of the crisis and in one outside it."""
    if (gap := given.absent(("VAL",))) is not None:
        return gap
    waves = in_crisis(given)
    if waves is None:
        return Gap(code="not_asked", where=("period",))
    values, during, teams = waves
    who = given.members("period", "crisis")
    if who is not None and (gap := given.hidden("period", who)) is not None:
        return gap
    for side in (during == 1.0, during == 0.0):
        if (gap := given.few(side & values.notna())) is not None:
            return gap
    found = regression(given, values, during.rename("period").to_frame(), groups=teams)
    if isinstance(found, Gap):
        return found
    return directed(((part(found["period"], measure="slope", source="period", target="VAL"), 1, 0.05),))


def in_crisis(given: Material) -> tuple[pd.Series, pd.Series, pd.DataFrame] | None:
    """Return the value of the work, whether it was answered in the crisis (1, 0, NaN), and the groups.

    From a grouping "period" whose groups include "crisis", or from two waves one of which the study file
    names as that of the crisis; None where neither is known.
    """
    during = given.members("period", "crisis")
    if during is not None:
        known = given.groups["period"].notna()
        return given.scores["VAL"], during.astype(float).where(known), given.groups
    crisis, before = given.opened.spec.client.crisis, given.asked_alike("VAL")
    if crisis is None or before is None:
        return None
    parts = (given, before)
    values = pd.concat([one.scores["VAL"] for one in parts], ignore_index=True)
    during = pd.concat(
        [pd.Series(float(one.opened.spec.name == crisis), index=one.scores.index) for one in parts],
        ignore_index=True,
    )
    shared = [name for name in given.groups if name in before.groups]
    teams = pd.concat([one.groups[shared].astype(object) for one in parts], ignore_index=True)
    return values, during, teams
