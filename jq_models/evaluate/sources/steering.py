"""Claims on steering (H9 to H15): an e-mail of a contact-center manager, and what two seeds say of cost."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jq_models.evaluate.hypotheses.claims import Part, Stated
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.hypotheses.rules import Verdict, effect_verdict, together
from jq_models.evaluate.sources.averages import Found, standing
from jq_models.evaluate.sources.material import Material
from jq_models.evaluate.sources.relations import chain, regression

# An indirect effect is a product of two paths: two of .22 give it (ours; `rules.SMALLEST` is for one).
SMALLEST_INDIRECT = 0.05


def part(
    found: Found, *, measure: str, source: str, target: str = "", basis: str = "scores", decides: bool = True
) -> Part:
    """Return a number of a claim as the table of evidence holds it."""
    return Part(
        measure=measure,
        source=source,
        target=target,
        estimate=found.estimate,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        pvalue=found.pvalue,
        basis=basis,
        decides=decides,
    )


def directed(parts: tuple[tuple[Part, int, float], ...]) -> Stated:
    """Return a claim whose parts all must go in their direction: (part, sign, smallest effect)."""

    def rule(p: float) -> Verdict:
        return together(
            effect_verdict(one.ci_low, one.ci_high, p_value=p, sign=sign, smallest=smallest)
            for one, sign, smallest in parts
        )

    return Stated(
        pvalue=max(one.pvalue for one, *_ in parts), parts=tuple(one for one, *_ in parts), rule=rule
    )


def chained(given: Material, chains: tuple[tuple[str, tuple[str, ...], str, int], ...]) -> Stated | Gap:
    """Return the claim that indirect effects go in a direction: (source, mediators, target, sign)."""
    parts = []
    for source, via, target, sign in chains:
        found = chain(given, source, via, target)
        if isinstance(found, Gap):
            return found
        made = part(found, measure="chain", source=source, target=f"{via[0]} {target}", basis="latent")
        parts.append((made, sign, SMALLEST_INDIRECT))
    return directed(tuple(parts))


def compared(given: Material, first: str, second: str, *, sign: int = 1) -> Stated | Gap:
    """Return the claim that people score higher on one scale than on another."""
    if (gap := given.absent((first, second))) is not None:
        return gap
    difference = given.scores[first] - given.scores[second]
    if (gap := given.few(difference.notna())) is not None:
        return gap
    found = standing(difference, given.groups)
    if found is None:
        return Gap(code="constant", where=(first, second))
    return directed(((part(found, measure="gap", source=first, target=second), sign, 0.10),))


def above_middle(given: Material, scales: tuple[tuple[str, int], ...]) -> Stated | Gap:
    """Return the claim that scores lie above (sign 1) or below (-1) the middle of the answer scale."""
    if (gap := given.absent(code for code, _ in scales)) is not None:
        return gap
    parts = []
    for code, sign in scales:
        values = given.scores[code] - given.midpoint
        if (gap := given.few(values.notna())) is not None:
            return gap
        found = standing(values, given.groups)
        if found is None:
            return Gap(code="constant", where=(code,))
        parts.append((part(found, measure="middle", source=code), sign, 0.10))
    return directed(tuple(parts))


def h9(given: Material) -> Stated | Gap:
    """Output steering leads by role conflict (CON: high = none) to less satisfaction."""
    return chained(given, (("OUT", ("CON",), "SAT", -1),))


def h10(given: Material) -> Stated | Gap:
    """Cost comes before the customer."""
    return compared(given, "COF", "CUF")


def h11(given: Material) -> Stated | Gap:
    """More output than input steering."""
    return compared(given, "OUT", "INP")


def h12(given: Material) -> Stated | Gap:
    """Input steering leads by empowerment to satisfaction and to commitment."""
    return chained(given, (("INP", ("EMP",), "SAT", 1), ("INP", ("EMP",), "COM", 1)))


def h13(given: Material) -> Stated | Gap:
    """The lower a team's results were, the more output steering: needs results of the wave before."""
    if (gap := given.absent(("OUT",))) is not None:
        return gap
    results = earlier_results(given)
    if results is None:
        return Gap(code="not_given", where=("earlier_results",))
    found = regression(given, given.scores["OUT"], results.rename("earlier_results").to_frame())
    if isinstance(found, Gap):
        return found
    made = part(found["earlier_results"], measure="slope", source="earlier_results", target="OUT")
    return directed(((made, -1, 0.10),))


def earlier_results(given: Material) -> pd.Series | None:
    """Return the results of each person's group before this wave; None where the study file names none."""
    for name, results in given.opened.spec.client.results.items():
        labels = given.opened.spec.group(name).labels
        by_label = {
            labels[code][given.opened.language] if code in labels else code: value
            for code, value in results.items()
        }
        found: pd.Series = given.groups[name].astype(object).map(by_label).astype(float)
        if found.notna().any():
            return found
    return None


def h14(given: Material) -> Stated | Gap:
    """Employees are not treated as adults: the score lies below the middle.

    Beside it, what such treatment may do: learning from employees, and so empowerment; it decides nothing.
    """
    stated = above_middle(given, (("ADU", -1),))
    way = chain(given, "ADU", ("LEM",), "EMP") if isinstance(stated, Stated) else None
    if not isinstance(stated, Stated) or not isinstance(way, Found):
        return stated
    beside = part(way, measure="chain", source="ADU", target="LEM EMP", basis="latent", decides=False)
    return replace(stated, parts=(*stated.parts, beside))


def h15(given: Material) -> Stated | Gap:
    """Systems and certificates come before the dialogue with the customer."""
    return compared(given, "SYS", "DIA")
