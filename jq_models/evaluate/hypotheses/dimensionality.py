"""Separate dimensions of one job quality (H1): held against fewer factors, and their loadings."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.errors import FitError
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.hypotheses.gap import Gap, closed_gate, failed, inadmissible, missing_constructs
from jq_models.evaluate.hypotheses.rules import ALPHA, WEAK, Verdict, apart_verdict
from jq_models.evaluate.judge import judge_fit
from jq_models.evaluate.likelihood_ratio import NestedTest, likelihood_ratio
from jq_models.evaluate.rivals.compare import Rivals
from jq_models.sem import FailedFit, SemFit, standardized
from jq_models.spec.model import JOB_QUALITY

FEWEST = 3  # dimensions below which a second order cannot be judged
COARSE = ("one_factor", "three_blocks")
SEPARATE = ("dimensions", "higher")
# the rivals that H1 is judged by, and why it is judged so
JUDGED = (*COARSE, *SEPARATE)
H1_REASONS = ("separate", "coarse", "close", "disagree", "poor_fit", "not_fitted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A verdict and its reason, as codes.

    Attributes
    ----------
    verdict : {"supported", "not_supported", "inconclusive", "not_testable"}
    reason : str
        Of `H1_REASONS` or ``facets.H8_REASONS``.
    margin : float
        By how much the BIC of the best model of the losing side lies above the other's; NaN without both.
    """

    verdict: Verdict
    reason: str
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensionality:
    """Separate dimensions against fewer factors, and their loadings on job quality.

    Attributes
    ----------
    count : int
        Dimensions asked.
    test : NestedTest or None
        One factor against the separate dimensions.
    level : str
        How the separate dimensions fit: "good", "acceptable", "poor" or "unknown".
    margin : float
        Lowest BIC of one factor and three blocks minus that of the models that keep the dimensions apart.
    loadings : DataFrame
        Index dimension; estimate se z pvalue ci_low ci_high on job quality, standardised. Empty where fewer
        factors win and the loadings are impossible values.
    gap : Gap or None
    """

    count: int = 0
    test: NestedTest | None = None
    level: str = "unknown"
    margin: float = math.nan
    loadings: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    gap: Gap | None = None


def dimensionality(
    opened: OpenStudy, plan: Plan, *, rivals: Rivals | None, second_order: SemFit | FailedFit | None
) -> Dimensionality:
    """Hold the separate dimensions against fewer factors, and read their loadings on job quality.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        From ``full`` on: the model of separate dimensions is the largest of all.
    rivals : Rivals or None
        Those of `JUDGED`.
    second_order : SemFit or FailedFit or None
        The study's second-order model.
    """
    count = len(opened.dimensions)
    gap = closed_gate(plan, "full")
    if gap is None and count < FEWEST:
        gap = Gap(code="not_asked", where=tuple(c.code for c in opened.instrument.dimensions)[:FEWEST])
    if gap is None and second_order is None:  # a structural model needs both
        gap = missing_constructs(opened, ("SAT", "COM"))
    if gap is not None or second_order is None or rivals is None:
        return Dimensionality(count=count, gap=gap)
    gap = failed(*(rivals.fits[name] for name in ("one_factor", "dimensions")), second_order)
    if gap is not None or not isinstance(second_order, SemFit):
        return Dimensionality(count=count, gap=gap)
    test, level, margin = _held_against_fewer(rivals)
    found = Dimensionality(count=count, test=test, level=level, margin=margin)
    gap = inadmissible(second_order)
    if gap is not None:
        # where fewer factors are true, loadings on job quality go beyond one: they say nothing, and lose
        return found if test is not None and margin < -WEAK else Dimensionality(count=count, gap=gap)
    if math.isnan(margin):
        several = rivals.fits["dimensions"]
        gap = inadmissible(several) or Gap(code="failed", status=several.status)
    rows = standardized(second_order)
    rows = rows[(rows["lhs"] == JOB_QUALITY) & (rows["op"] == "=~")].set_index("rhs")
    kept = rows[["est_std", "se", "z", "pvalue", "ci_low", "ci_high"]]
    return replace(found, loadings=kept.rename(columns={"est_std": "estimate"}), gap=gap)


def judge_dimensions(rivals: Rivals) -> Claim:
    """Judge the part of H1 that the rivals decide: are the dimensions separate?

    By the rule of H1 (`rules.apart_verdict`) and on its numbers; H1 asks for loadings on job quality, too,
    and takes a probability adjusted for the number of claims, so it can only be weaker.
    """
    test, level, margin = _held_against_fewer(rivals)
    p_value = test.p_value if test is not None else math.nan
    verdict = apart_verdict(margin, p_value=p_value, level=level)
    if verdict == "not_testable":
        reason = "not_fitted"
    elif abs(margin) <= WEAK:
        reason = "close"
    elif margin < 0:
        reason = "coarse"
    elif not p_value < ALPHA:
        reason = "disagree"
    else:
        reason = "separate" if verdict == "supported" else "poor_fit"
    return Claim(verdict=verdict, reason=reason, margin=abs(margin))


def _held_against_fewer(rivals: Rivals) -> tuple[NestedTest | None, str, float]:
    """Return the test of one factor, the fit of the separate dimensions and the distance in BIC."""
    one, several = rivals.fits.get("one_factor"), rivals.fits.get("dimensions")
    test, level = None, "unknown"
    if isinstance(several, SemFit) and several.usable:
        level = judge_fit(fit_indices(several)).level
        if isinstance(one, SemFit) and one.usable:
            try:
                test = likelihood_ratio(one, several)
            except FitError:  # the larger model did not reach the smaller one's moments
                test = None
    return test, level, _margin(rivals.table.set_index("model"))


def _margin(table: pd.DataFrame) -> float:
    ended = table["state"] == "fitted"
    few, many = table.index.isin(COARSE), table.index.isin(SEPARATE)
    fewer, apart = (float(table.loc[ended & kind, "bic"].min()) for kind in (few, many))
    if not math.isnan(apart):
        return fewer - apart
    # where fewer factors are true, separate ones correlate above 1: such a solution can lose, not win
    margin = fewer - float(table.loc[many & (table["state"] == "inadmissible"), "bic"].min())
    return margin if margin < -WEAK else math.nan
