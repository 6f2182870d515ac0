"""The claims H1 to H8 before adjustment: the numbers each rests on, and the rule that reads them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from jq_models.evaluate.hypotheses.added_value import AddedValue
from jq_models.evaluate.hypotheses.attention import Everywhere
from jq_models.evaluate.hypotheses.blocks import BlockDifference
from jq_models.evaluate.hypotheses.dimensionality import Dimensionality
from jq_models.evaluate.hypotheses.facets import Split
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.hypotheses.mediation import Mediation
from jq_models.evaluate.hypotheses.moderation import Moderation
from jq_models.evaluate.hypotheses.rules import (
    Verdict,
    absence_verdict,
    apart_verdict,
    effect_verdict,
    equivalence_p,
    gain_verdict,
    together,
)
from jq_models.evaluate.likelihood_ratio import NestedTest


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One number behind a verdict; those that decide nothing stand beside it for the reader.

    A difference test has its chi-square as the estimate and `df`; a fit has its level as the target.
    """

    measure: str
    source: str
    target: str
    estimate: float
    ci_low: float = math.nan
    ci_high: float = math.nan
    df: float = math.nan
    pvalue: float = math.nan
    basis: str = "latent"
    decides: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A hypothesis before adjustment: probability, evidence, and the rule that awaits the adjusted one."""

    pvalue: float
    parts: tuple[Part, ...]
    rule: Callable[[float], Verdict] = field(repr=False)


def _part(row: pd.Series, *, measure: str, source: str, target: str, **more: object) -> Part:
    values = {key: float(row[key]) for key in ("estimate", "ci_low", "ci_high", "pvalue") if key in row.index}
    # a row's numbers and the caller's own values go in by name: their types cannot be seen here
    return Part(measure=measure, source=source, target=target, **{**values, **more})  # type: ignore[arg-type]


def _tested(test: NestedTest, *, measure: str, source: str, target: str) -> Part:
    return Part(
        measure=measure,
        source=source,
        target=target,
        estimate=test.difference,
        df=float(test.df),
        pvalue=test.p_value,
    )


def h1(found: Dimensionality) -> Stated | Gap:
    """Fewer factors are not enough, separate dimensions fit, and all load on job quality."""
    if found.test is None:
        return Gap(code="failed")
    parts = [
        _tested(found.test, measure="one_factor", source="JQ", target=""),
        Part(measure="bic", source="", target="", estimate=found.margin),
        Part(measure="fit", source="", target=found.level, estimate=math.nan),
    ]
    pvalue, loads = found.test.p_value, found.loadings
    lowest = None
    if len(loads):
        at = loads.iloc[int(loads["estimate"].to_numpy().argmin())]
        lowest = _part(at, measure="loading", source="JQ", target=str(at.name))
        pvalue = max(pvalue, float(loads["pvalue"].max()))
        parts.insert(0, lowest)

    def rule(p: float) -> Verdict:
        apart = apart_verdict(found.margin, p_value=p, level=found.level)
        if lowest is None:
            return apart
        return together([effect_verdict(lowest.ci_low, lowest.ci_high, p_value=p, sign=1), apart])

    return Stated(pvalue=pvalue, parts=tuple(parts), rule=rule)


def h2(found: Mediation) -> Stated:
    """Direct paths to satisfaction and to commitment, both positive."""
    parts = tuple(
        _part(found.effect(target, "direct"), measure="path", source="JQ", target=target, basis=found.basis)
        for target in ("SAT", "COM")
    )

    def rule(p: float) -> Verdict:
        return together(effect_verdict(part.ci_low, part.ci_high, p_value=p, sign=1) for part in parts)

    return Stated(pvalue=max(part.pvalue for part in parts), parts=parts, rule=rule)


def h2b(found: Mediation) -> Stated | Gap:
    """A negative indirect effect on turnover intention, and no direct path."""
    if found.partial_correlation.empty:
        return Gap(code="not_asked", where=("TIN",))
    options = {"source": "JQ", "target": "TIN", "basis": found.basis}
    direct_row = found.effect("TIN", "direct")
    indirect = _part(found.effect("TIN", "indirect"), measure="indirect", **options)
    direct = _part(direct_row, measure="path", **options)
    partial = _part(found.partial_correlation, measure="partial", decides=False, **options)
    absent = equivalence_p(direct.estimate, float(direct_row["se"]))
    absence = Part(
        measure="absence",
        source="JQ",
        target="TIN",
        basis=found.basis,
        estimate=math.nan,
        pvalue=absent,
    )

    def rule(p: float) -> Verdict:
        return together(
            [
                effect_verdict(indirect.ci_low, indirect.ci_high, p_value=p, sign=-1),
                absence_verdict(direct.ci_low, direct.ci_high, p_value=p),
            ]
        )

    return Stated(pvalue=max(indirect.pvalue, absent), parts=(indirect, direct, absence, partial), rule=rule)


def h3(found: AddedValue) -> Stated | Gap:
    """The paths of the new dimensions are not all zero, and what they add is not too small to matter."""
    if found.test is None:
        return Gap(code="failed")
    new = " ".join(found.new)
    parts = [_tested(found.test, measure="paths", source=new, target="")]
    parts += [
        _part(row, measure="gain", source=new, target=str(row["target"])) for _, row in found.gains.iterrows()
    ]
    highest = found.overlap.iloc[0] if len(found.overlap) else None
    if highest is not None and math.isfinite(highest["value"]):
        source, target, value = str(highest["new"]), str(highest["other"]), float(highest["value"])
        parts.append(Part(measure="htmt", source=source, target=target, estimate=value, decides=False))
    bounds = [part.ci_high for part in parts if part.measure == "gain"]
    return Stated(
        pvalue=found.test.p_value, parts=tuple(parts), rule=lambda p: gain_verdict(bounds, p_value=p)
    )


def h4(found: Everywhere) -> Stated:
    """The new dimensions score lower than the others in every organisation: all one-sided tests hold.

    Where organisations are left out, "every" cannot be supported, though one seen can refute it.
    """
    new = " ".join(found.new)
    rows, least = found.differences, found.weakest
    whole = len(rows) >= found.total
    count = Part(
        measure="holds",
        source=new,
        target="",
        estimate=float(found.holds),
        df=float(len(rows)),
        basis="scores",
    )
    seen = Part(
        measure="seen",
        source=new,
        target="",
        estimate=float(len(rows)),
        df=float(found.total),
        basis="scores",
    )
    weakest = Part(
        measure="weakest",
        source=new,
        target="",
        basis="scores",
        estimate=float(least["d"]),
        ci_low=float(least["d_low"]),
        ci_high=float(least["d_high"]),
        pvalue=float(least["pvalue"]),
    )

    def rule(p: float) -> Verdict:
        bounds = zip(rows["d_low"].astype(float), rows["d_high"].astype(float), strict=True)
        verdict = together([effect_verdict(low, high, p_value=p, sign=-1) for low, high in bounds])
        return "inconclusive" if verdict == "supported" and not whole else verdict

    parts = (count, weakest) if whole else (count, seen, weakest)
    return Stated(pvalue=weakest.pvalue, parts=parts, rule=rule)


def h5(found: BlockDifference) -> Stated:
    """The operational block scores higher than the learning block."""
    size = found.effect_size
    size["pvalue"] = found.difference["pvalue"]
    part = _part(size, measure="d", source="operational", target="learning", basis="scores")
    return Stated(
        pvalue=part.pvalue,
        parts=(part,),
        rule=lambda p: effect_verdict(part.ci_low, part.ci_high, p_value=p, sign=1),
    )


def h6(found: Moderation) -> Stated:
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
    return Stated(
        pvalue=first.pvalue,
        parts=parts,
        rule=lambda p: effect_verdict(first.ci_low, first.ci_high, p_value=p, sign=1),
    )


def h7(found: AddedValue) -> Stated | Gap:
    """Learning from employees has a positive path of its own to commitment."""
    rows = found.paths
    own = rows[(rows["source"] == "LEM") & (rows["target"] == "COM")] if len(rows) else rows
    if own.empty:
        asked = "LEM" in found.new
        return found.gap if asked and found.gap is not None else Gap(code="not_asked", where=("LEM",))
    part = _part(own.iloc[0], measure="path", source="LEM", target="COM")
    return Stated(
        pvalue=part.pvalue,
        parts=(part,),
        rule=lambda p: effect_verdict(part.ci_low, part.ci_high, p_value=p, sign=1),
    )


def h8(found: Split) -> Stated | Gap:
    """Two facets are two factors."""
    if found.test is None or not found.estimated:
        return Gap(code="failed")
    names = found.facets
    part = _part(
        found.correlation, measure="correlation", source=names[0], target=names[1], pvalue=found.test.p_value
    )
    return Stated(
        pvalue=part.pvalue,
        parts=(part,),
        rule=found.verdict,
    )
