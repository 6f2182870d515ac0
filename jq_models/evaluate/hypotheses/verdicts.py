"""One verdict a hypothesis: its evidence, the probability adjusted for the number of hypotheses, the rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd
from statsmodels.stats.multitest import multipletests

from jq_models.evaluate.hypotheses.added_value import AddedValue
from jq_models.evaluate.hypotheses.blocks import BlockDifference
from jq_models.evaluate.hypotheses.dimensionality import Dimensionality, Split
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.hypotheses.mediation import Mediation
from jq_models.evaluate.hypotheses.moderation import Moderation
from jq_models.evaluate.hypotheses.rules import (
    Verdict,
    absence_verdict,
    effect_verdict,
    equivalence_p,
    gain_verdict,
    split_verdict,
    together,
)

HYPOTHESES = ("H1", "H2", "H2b", "H3", "H5", "H6", "H7", "H8")
MEASURES = ("loading", "path", "indirect", "partial", "gain", "htmt", "d", "product", "correlation")
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
    "pvalue",
    "decides",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One number behind a verdict; those that decide nothing stand beside it for the reader."""

    measure: str
    source: str
    target: str
    estimate: float
    ci_low: float = math.nan
    ci_high: float = math.nan
    pvalue: float = math.nan
    basis: str = "latent"
    decides: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A hypothesis before adjustment: probability, evidence, and the rule that awaits the adjusted one."""

    pvalue: float
    parts: tuple[Part, ...]
    rule: Callable[[float], Verdict] = field(repr=False)


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
        Why a hypothesis is not testable here.
    """

    claims: pd.DataFrame = field(repr=False)
    evidence: pd.DataFrame = field(repr=False)
    gaps: Mapping[str, Gap] = field(repr=False)

    def of(self, verdict: Verdict) -> tuple[str, ...]:
        """Return the hypotheses with this verdict."""
        return tuple(self.claims.index[self.claims["verdict"] == verdict])


def verdicts(
    *,
    dimensionality: Dimensionality,
    mediation: Mediation,
    added: AddedValue,
    blocks: BlockDifference,
    moderation: Moderation,
    split: Split,
) -> Verdicts:
    """Give each hypothesis its verdict.

    The probabilities of the hypotheses that can be tested are adjusted together (Holm 1979). A hypothesis of
    several parts has the largest of their probabilities: all parts must hold. The rules stand in `rules`.
    """
    found: dict[str, Claim | Gap] = {
        "H1": dimensionality.gap or _h1(dimensionality),
        "H2": mediation.gap or _h2(mediation),
        "H2b": mediation.gap or _h2b(mediation),
        "H3": added.gap or _h3(added),
        "H5": blocks.gap or _h5(blocks),
        "H6": moderation.gap or _h6(moderation),
        "H7": _h7(added),
        "H8": split.gap or _h8(split),
    }
    claims = {name: claim for name, claim in found.items() if isinstance(claim, Claim)}
    adjusted = dict(zip(claims, _holm([claim.pvalue for claim in claims.values()]), strict=True))
    rows = [
        {
            "hypothesis": name,
            "verdict": claims[name].rule(adjusted[name]) if name in claims else "not_testable",
            "basis": claims[name].parts[0].basis if name in claims else "",
            "pvalue": claims[name].pvalue if name in claims else math.nan,
            "holm": adjusted.get(name, math.nan),
        }
        for name in HYPOTHESES
    ]
    evidence = [
        {"hypothesis": name, **{key: getattr(part, key) for key in EVIDENCE[1:]}}
        for name, claim in claims.items()
        for part in claim.parts
    ]
    return Verdicts(
        claims=pd.DataFrame(rows).set_index("hypothesis"),
        evidence=pd.DataFrame(evidence, columns=EVIDENCE),
        gaps={name: gap for name, gap in found.items() if isinstance(gap, Gap)},
    )


def _holm(pvalues: list[float]) -> list[float]:
    if not pvalues:
        return []
    return [float(p) for p in multipletests(pvalues, method="holm")[1]]


def _part(row: pd.Series, *, measure: str, source: str, target: str, **more: object) -> Part:
    values = {key: float(row[key]) for key in ("estimate", "ci_low", "ci_high", "pvalue") if key in row.index}
    return Part(measure=measure, source=source, target=target, **{**values, **more})  # type: ignore[arg-type]


def _h1(found: Dimensionality) -> Claim | Gap:
    """All dimensions load on job quality, and one factor is not enough for them."""
    if found.test is None:
        return Gap(code="failed")
    lowest = found.loadings.iloc[int(found.loadings["estimate"].to_numpy().argmin())]
    part = _part(lowest, measure="loading", source="JQ", target=str(lowest.name))

    def rule(p: float) -> Verdict:
        fits: Verdict = "supported" if found.level in ("good", "acceptable") else "inconclusive"
        return together([effect_verdict(part.ci_low, part.ci_high, p_value=p, sign=1), fits])

    worst = float(found.loadings["pvalue"].max())
    return Claim(pvalue=max(found.test.p_value, worst), parts=(part,), rule=rule)


def _h2(found: Mediation) -> Claim:
    """Direct paths to satisfaction and to commitment, both positive."""
    parts = tuple(
        _part(found.effect(target, "direct"), measure="path", source="JQ", target=target, basis=found.basis)
        for target in ("SAT", "COM")
    )

    def rule(p: float) -> Verdict:
        return together(effect_verdict(part.ci_low, part.ci_high, p_value=p, sign=1) for part in parts)

    return Claim(pvalue=max(part.pvalue for part in parts), parts=parts, rule=rule)


def _h2b(found: Mediation) -> Claim | Gap:
    """A negative indirect effect on turnover intention, and no direct path."""
    if found.partial_correlation.empty:
        return Gap(code="not_asked", where=("TIN",))
    options = {"source": "JQ", "target": "TIN", "basis": found.basis}
    direct_row = found.effect("TIN", "direct")
    indirect = _part(found.effect("TIN", "indirect"), measure="indirect", **options)
    direct = _part(direct_row, measure="path", **options)
    partial = _part(found.partial_correlation, measure="partial", decides=False, **options)
    absent = equivalence_p(direct.estimate, float(direct_row["se"]))

    def rule(p: float) -> Verdict:
        return together(
            [
                effect_verdict(indirect.ci_low, indirect.ci_high, p_value=p, sign=-1),
                absence_verdict(direct.ci_low, direct.ci_high, p_value=p),
            ]
        )

    return Claim(pvalue=max(indirect.pvalue, absent), parts=(indirect, direct, partial), rule=rule)


def _h3(found: AddedValue) -> Claim | Gap:
    """The paths of the new dimensions are not all zero, and what they add is not too small to matter."""
    if found.test is None:
        return Gap(code="failed")
    new = " ".join(found.new)
    parts = [
        _part(row, measure="gain", source=new, target=str(row["target"])) for _, row in found.gains.iterrows()
    ]
    highest = found.overlap.iloc[0] if len(found.overlap) else None
    if highest is not None and math.isfinite(highest["value"]):
        source, target, value = str(highest["new"]), str(highest["other"]), float(highest["value"])
        parts.append(Part(measure="htmt", source=source, target=target, estimate=value, decides=False))
    bounds = [part.ci_high for part in parts if part.measure == "gain"]
    return Claim(
        pvalue=found.test.p_value, parts=tuple(parts), rule=lambda p: gain_verdict(bounds, p_value=p)
    )


def _h5(found: BlockDifference) -> Claim:
    """The operational block scores higher than the learning block."""
    size = found.effect_size
    size["pvalue"] = found.difference["pvalue"]
    part = _part(size, measure="d", source="operational", target="learning", basis="scores")
    return Claim(
        pvalue=part.pvalue,
        parts=(part,),
        rule=lambda p: effect_verdict(part.ci_low, part.ci_high, p_value=p, sign=1),
    )


def _h6(found: Moderation) -> Claim:
    """The slope is steeper for those with more customer contact."""
    parts = tuple(
        _part(
            row,
            measure="product",
            source=found.source,
            target=found.target,
            basis=str(route),
            decides=route == found.main,
        )
        for route, row in found.routes.iterrows()
    )
    first = parts[0]
    return Claim(
        pvalue=first.pvalue,
        parts=parts,
        rule=lambda p: effect_verdict(first.ci_low, first.ci_high, p_value=p, sign=1),
    )


def _h7(found: AddedValue) -> Claim | Gap:
    """Learning from employees has a positive path of its own to commitment."""
    rows = found.paths
    own = rows[(rows["source"] == "LEM") & (rows["target"] == "COM")] if len(rows) else rows
    if own.empty:
        asked = "LEM" in found.new
        return found.gap if asked and found.gap is not None else Gap(code="not_asked", where=("LEM",))
    part = _part(own.iloc[0], measure="path", source="LEM", target="COM")
    return Claim(
        pvalue=part.pvalue,
        parts=(part,),
        rule=lambda p: effect_verdict(part.ci_low, part.ci_high, p_value=p, sign=1),
    )


def _h8(found: Split) -> Claim | Gap:
    """Two facets are two factors."""
    if found.test is None or found.correlation.empty or not math.isfinite(found.correlation["estimate"]):
        return Gap(code="failed")
    names = found.facets
    part = _part(
        found.correlation, measure="correlation", source=names[0], target=names[1], pvalue=found.test.p_value
    )
    return Claim(
        pvalue=part.pvalue,
        parts=(part,),
        rule=lambda p: split_verdict(part.ci_low, part.ci_high, p_value=p),
    )
