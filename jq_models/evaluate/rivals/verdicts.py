"""What the rivals say about two claims: the dimensions are separate (H1), a dimension is twofold (H8)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.rivals.compare import LEVEL, Rivals, nested_tests
from jq_models.sem import FailedFit, SemFit, delta_se, filled, try_fit, wald
from jq_models.sem.matrices import Numbers
from jq_models.spec import Facets, build_facets, facets_of

COARSE = ("one_factor", "three_blocks")
# Raftery (1995, Sociological Methodology 25, 111-163): a BIC difference below 2 is hardly evidence
WEAK = 2.0
VERDICTS = ("supported", "not_supported", "inconclusive", "not_testable")
# why: of H1, then of H8
H1_REASONS = ("separate", "coarse", "close", "disagree", "not_fitted")
H8_REASONS = ("one", "two", "disagree", "not_asked", "failed")
FACET_COLUMNS = (
    "construct",
    "first",
    "second",
    "correlation",
    "ci_low",
    "ci_high",
    "difference",
    "df",
    "p_value",
    "delta_bic",
    "verdict",
    "reason",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A verdict and its reason, as codes.

    Attributes
    ----------
    verdict : {"supported", "not_supported", "inconclusive", "not_testable"}
    reason : str
        Of `H1_REASONS` or `H8_REASONS`.
    margin : float
        By how much the BIC of the best model of the losing side lies above the other's; NaN without both.
    """

    verdict: str
    reason: str
    margin: float


def judge_dimensions(rivals: Rivals) -> Claim:
    """Judge H1: are the dimensions separate, or do one or three factors say as much?

    Separate is every form that keeps the dimensions apart: correlated, second order or bifactor. It is
    supported when the lowest BIC of such a form lies at least `WEAK` below that of one and of three factors
    and the difference tests of these against the separate dimensions reject them; not supported when the
    lowest BIC is theirs by as much.
    """
    table = rivals.table.set_index("model")
    fitted, few = table["state"] == "fitted", table.index.isin(COARSE)
    apart = table.loc[fitted & ~few, "bic"].min()
    if math.isnan(apart):
        # where fewer factors are true, separate ones correlate above 1: such a solution can lose, not win
        apart = table.loc[~few, "bic"].min()
        if not table.loc[fitted & few, "bic"].min() < apart - WEAK:
            return Claim(verdict="not_testable", reason="not_fitted", margin=math.nan)
    margin = float(table.loc[fitted & few, "bic"].min() - apart)
    if math.isnan(margin):
        return Claim(verdict="not_testable", reason="not_fitted", margin=math.nan)
    if abs(margin) < WEAK:
        return Claim(verdict="inconclusive", reason="close", margin=margin)
    if margin < 0:
        return Claim(verdict="not_supported", reason="coarse", margin=-margin)
    against = rivals.tests[rivals.tests["smaller"].isin(COARSE)]
    rejected = bool((against["p_value"].dropna() < LEVEL).all())
    return Claim(
        verdict="supported" if rejected else "inconclusive",
        reason="separate" if rejected else "disagree",
        margin=margin,
    )


def facet_tests(opened: OpenStudy, rivals: Rivals) -> pd.DataFrame:
    """Test for every dimension with facets whether it is one factor or two, among the other dimensions.

    Parameters
    ----------
    opened : OpenStudy
    rivals : Rivals
        Of the same study: its correlated dimensions are the smaller model.

    Returns
    -------
    DataFrame
        One row a dimension, the new ones first: construct; first and second facet (the first two when there
        are more); their latent correlation with its 95 % interval, NaN when it cannot be right; difference
        test; delta_bic (one - two: above 0 favours two); verdict (of `VERDICTS`, on "twofold") and reason.
    """
    whole = rivals.fits.get("dimensions")
    facets = facets_of(opened.instrument, dimensions=opened.dimensions)
    new = {c.code for c in opened.instrument.dimensions if c.new}
    ordered = sorted(facets, key=lambda f: f.construct not in new)
    rows = [_facet_row(f, opened, whole) for f in ordered] if whole is not None else []
    return pd.DataFrame(rows, columns=list(FACET_COLUMNS))


def judge_facets(tests: pd.DataFrame, construct: str) -> Claim:
    """Return the verdict of `facet_tests` on one dimension (H8: ``"INF"``)."""
    rows = tests[tests["construct"] == construct]
    if rows.empty:
        return Claim(verdict="not_testable", reason="not_asked", margin=math.nan)
    row = rows.iloc[0]
    return Claim(verdict=str(row["verdict"]), reason=str(row["reason"]), margin=abs(float(row["delta_bic"])))


def _facet_row(facets: Facets, opened: OpenStudy, whole: SemFit | FailedFit) -> Mapping[str, object]:
    model = build_facets(facets, instrument=opened.instrument, dimensions=opened.dimensions)
    split = try_fit(model, opened.complete, estimator=whole.estimator)
    test = nested_tests({"one": whole, "two": split}, (("one", "two"),)).iloc[0]
    names, (first, second) = facets.factors[:2], list(facets.items)[:2]
    estimate, low, high = _correlation(split, names)
    verdict, reason = _twofold(test, correlation=estimate, high=high)
    return {
        "construct": facets.construct,
        "first": first,
        "second": second,
        "correlation": estimate,
        "ci_low": low,
        "ci_high": high,
        **{key: float(test[key]) for key in ("difference", "df", "p_value", "delta_bic")},
        "verdict": verdict,
        "reason": reason,
    }


def _correlation(split: SemFit | FailedFit, names: tuple[str, ...]) -> tuple[float, float, float]:
    """Return the facets' correlation with its interval; NaN when it is estimated above 1."""
    if not isinstance(split, SemFit) or not split.usable:
        return math.nan, math.nan, math.nan
    at = [split.matrices.latent.index(name) for name in names]

    def values(theta: Numbers) -> Numbers:
        block = filled(split.matrices, theta).latent_covariance[np.ix_(at, at)]
        return np.array([block[0, 1] / np.sqrt(block[0, 0] * block[1, 1])])

    estimate = values(split.theta)
    if not abs(estimate[0]) <= 1:
        return math.nan, math.nan, math.nan
    interval = wald(estimate, delta_se(values, split)).iloc[0]
    return float(estimate[0]), float(interval["ci_low"]), float(interval["ci_high"])


def _twofold(test: pd.Series, *, correlation: float, high: float) -> tuple[str, str]:
    if test["reason"]:
        return "not_testable", "failed"
    two = test["p_value"] < LEVEL and test["delta_bic"] > WEAK and high < 1
    one = test["delta_bic"] < -WEAK and (test["p_value"] >= LEVEL or math.isnan(correlation))
    if two:
        return "supported", "two"
    return ("not_supported", "one") if one else ("inconclusive", "disagree")
