"""Value and appreciation by contract: whether the questions mean the same to both, and the gap in each."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.invariance import Invariance, invariance
from jq_models.evaluate.sources.averages import standing
from jq_models.evaluate.sources.flexible import CONTRACT
from jq_models.evaluate.sources.material import Material
from jq_models.spec.model import Model

SCALES = ("VAL", "APR")


@dataclass(frozen=True, slots=True, kw_only=True)
class ByContract:
    """The ladder of invariance over contracts, and the gap of value and appreciation in each.

    Attributes
    ----------
    ladder : Invariance or None
        None where no two contracts have enough complete answers (the study's gate for groups).
    gaps : DataFrame
        group, estimate, ci_low, ci_high (value minus appreciation in standard deviations of the difference),
        n; what may be shown is for `disclosure` to say.
    """

    ladder: Invariance | None
    gaps: pd.DataFrame = field(repr=False)


def by_contract(given: Material) -> ByContract | Gap:
    """Compare contracts on value and appreciation, invariance first."""
    if (gap := given.absent(SCALES)) is not None:
        return gap
    if CONTRACT not in given.groups:
        return Gap(code="not_asked", where=(CONTRACT,))
    names = given.item_names(SCALES)
    items = [item for own in names.values() for item in own]
    contract = given.groups[CONTRACT]
    frame = given.items[items].assign(**{CONTRACT: contract.astype(object)}).dropna().reset_index(drop=True)
    sizes = frame[CONTRACT].value_counts()
    enough = [
        str(label)
        for label in contract.cat.categories
        if sizes.get(label, 0) >= given.opened.spec.gates.group
    ]
    text = "\n".join(f"{code} =~ {' + '.join(own)}" for code, own in names.items()) + "\n"
    model = Model(name="value_appreciation", text=text, factors=SCALES)
    rows = []
    for label in contract.cat.categories:
        difference = (given.scores["VAL"] - given.scores["APR"]).where(contract == label)
        n = int(difference.notna().sum())
        found = standing(difference, given.groups) if n >= given.opened.spec.minimum_group else None
        if found is not None:
            rows.append(
                {
                    "group": str(label),
                    **{k: getattr(found, k) for k in ("estimate", "ci_low", "ci_high", "n")},
                }
            )
    return ByContract(
        ladder=invariance(model, frame, group=CONTRACT, groups=enough) if len(enough) > 1 else None,
        gaps=pd.DataFrame(rows, columns=["group", "estimate", "ci_low", "ci_high", "n"]),
    )
