"""One verdict a hypothesis: its evidence, the probability adjusted for the number of hypotheses, the rule."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
from statsmodels.stats.multitest import multipletests

from jq_models.evaluate.hypotheses.added_value import AddedValue
from jq_models.evaluate.hypotheses.attention import Everywhere
from jq_models.evaluate.hypotheses.blocks import BlockDifference
from jq_models.evaluate.hypotheses.claims import Stated, h1, h2, h2b, h3, h4, h5, h6, h7, h8
from jq_models.evaluate.hypotheses.dimensionality import Dimensionality
from jq_models.evaluate.hypotheses.doubts import cautious, doubts_of
from jq_models.evaluate.hypotheses.facets import Split
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.hypotheses.mediation import Mediation
from jq_models.evaluate.hypotheses.moderation import Moderation
from jq_models.evaluate.hypotheses.rules import Verdict

HYPOTHESES = ("H1", "H2", "H2b", "H3", "H4", "H5", "H6", "H7", "H8")
MEASURES = (
    "loading",
    "one_factor",
    "bic",
    "fit",
    "path",
    "indirect",
    "absence",
    "partial",
    "paths",
    "gain",
    "htmt",
    "holds",
    "seen",
    "weakest",
    "d",
    "product",
    "correlation",
)
# the hypotheses judged by one model: when that does not fit, they are read with care
BEHIND = {"mediation": ("H2", "H2b"), "added": ("H3", "H7")}
BASES = ("latent", "scores")
EVIDENCE = [
    "hypothesis",
    "measure",
    "source",
    "target",
    "basis",
    "estimate",
    "ci_low",
    "ci_high",
    "df",
    "pvalue",
    "decides",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What the study says of each hypothesis.

    Attributes
    ----------
    claims : DataFrame
        Index hypothesis, in the order of `HYPOTHESES`; columns verdict, basis, pvalue, holm (NaN where not
        testable).
    evidence : DataFrame
        One row a number, columns `EVIDENCE`; `decides` says whether the rule reads it.
    gaps : mapping of str to Gap
        Why a hypothesis is not testable here, or has no numbers to show.
    doubts : mapping of str to Gap
        Why a hypothesis with numbers is inconclusive whatever they say: its model has impossible values.
    poor : tuple of tuple of str
        The tested hypotheses behind which one and the same model does not fit, a tuple a model.
    """

    claims: pd.DataFrame = field(repr=False)
    evidence: pd.DataFrame = field(repr=False)
    gaps: Mapping[str, Gap] = field(repr=False)
    doubts: Mapping[str, Gap] = field(default_factory=dict, repr=False)
    poor: tuple[tuple[str, ...], ...] = ()

    def of(self, verdict: Verdict) -> tuple[str, ...]:
        """Return the hypotheses with this verdict."""
        return tuple(self.claims.index[self.claims["verdict"] == verdict])


def verdicts(
    *,
    dimensionality: Dimensionality,
    mediation: Mediation,
    added: AddedValue,
    everywhere: Everywhere,
    blocks: BlockDifference,
    moderation: Moderation,
    split: Split,
) -> Verdicts:
    """Give each hypothesis its verdict.

    The probabilities of the hypotheses that can be tested are adjusted together (Holm 1979). A hypothesis of
    several parts has the largest of their probabilities: all parts must hold. The rules stand in `rules`.
    """
    found: dict[str, Stated | Gap] = {
        "H1": dimensionality.gap or h1(dimensionality),
        "H2": mediation.gap or h2(mediation),
        "H2b": mediation.gap or h2b(mediation),
        "H3": added.gap or h3(added),
        "H4": everywhere.gap or h4(everywhere),
        "H5": blocks.gap or h5(blocks),
        "H6": moderation.gap or h6(moderation),
        "H7": h7(added),
        "H8": split.gap or h8(split),
    }
    return stated_verdicts(
        found,
        doubts=doubts_of(mediation=mediation, moderation=moderation, split=split),
        poor=(mediation.level, added.level),
    )


def stated_verdicts(
    found: Mapping[str, Stated | Gap], *, doubts: Mapping[str, Gap], poor: tuple[str, ...]
) -> Verdicts:
    """Give each of a family of hypotheses its verdict, in the order given.

    Parameters
    ----------
    found : mapping of str to Stated or Gap
    doubts : mapping of str to Gap
        Why a hypothesis is inconclusive whatever its numbers say.
    poor : tuple of str
        How the models of `BEHIND` fit, in its order; empty where none stands behind the family.
    """
    claims = {name: claim for name, claim in found.items() if isinstance(claim, Stated)}
    adjusted = dict(zip(claims, _holm([claim.pvalue for claim in claims.values()]), strict=True))
    gaps = {name: gap for name, gap in found.items() if isinstance(gap, Gap)}
    rows = [
        {
            "hypothesis": name,
            "verdict": cautious(
                name,
                claims[name].rule(adjusted[name]) if name in claims else "not_testable",
                doubts=doubts,
                gaps=gaps,
            ),
            "basis": claims[name].parts[0].basis if name in claims else "",
            "pvalue": claims[name].pvalue if name in claims else math.nan,
            "holm": adjusted.get(name, math.nan),
        }
        for name in found
    ]
    evidence = [
        {"hypothesis": name, **{key: getattr(part, key) for key in EVIDENCE[1:]}}
        for name, claim in claims.items()
        for part in claim.parts
    ]
    return Verdicts(
        claims=pd.DataFrame(rows).set_index("hypothesis"),
        evidence=pd.DataFrame(evidence, columns=EVIDENCE),
        gaps=gaps,
        doubts={name: doubt for name, doubt in doubts.items() if name in claims},
        poor=_poor(claims, **dict(zip(BEHIND, poor, strict=False))),
    )


def _poor(claims: Mapping[str, Stated], **levels: str) -> tuple[tuple[str, ...], ...]:
    """Return the tested claims of every model that fits poorly."""
    behind = (BEHIND[name] for name, level in levels.items() if level == "poor")
    tested = (tuple(name for name in names if name in claims) for names in behind)
    return tuple(names for names in tested if names)


def _holm(pvalues: list[float]) -> list[float]:
    if not pvalues:
        return []
    return [float(p) for p in multipletests(pvalues, method="holm")[1]]
