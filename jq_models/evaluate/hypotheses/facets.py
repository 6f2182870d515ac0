"""A dimension as one thing or as two (H8: information sharing), by the facets of its questions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.errors import FitError
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.hypotheses.dimensionality import Claim
from jq_models.evaluate.hypotheses.gap import Gap, closed_gate, failed, inadmissible, missing_constructs
from jq_models.evaluate.hypotheses.rules import Verdict, split_verdict
from jq_models.evaluate.likelihood_ratio import NestedTest, likelihood_ratio
from jq_models.evaluate.rivals.compare import Rivals
from jq_models.sem import FailedFit, SemFit, standardized, try_fit
from jq_models.spec import Facets, build_facets, facets_of

H8_REASONS = ("one", "two", "undecided", "not_asked", "failed")
REASON = {"supported": "two", "not_supported": "one", "inconclusive": "undecided", "not_testable": "failed"}
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
class Split:
    """A dimension as one factor and as one factor a facet, the other dimensions beside it.

    Attributes
    ----------
    construct : str
    facets : tuple of str
    test : NestedTest or None
        One factor against the facets.
    correlation : Series
        estimate se ci_low ci_high: the correlation of the first two facets. It may lie above 1, as happens
        where two names stand for one thing.
    delta_bic : float
        One factor minus facets: above 0 favours the facets.
    admissible : bool
        Whether the solution with facets is; a correlation above 1 is not.
    gap : Gap or None
    doubt : Gap or None
        Why no verdict may rest on it: the model with one factor has impossible values.
    """

    construct: str
    facets: tuple[str, ...] = ()
    test: NestedTest | None = None
    correlation: pd.Series = field(default_factory=lambda: pd.Series(dtype=float), repr=False)
    delta_bic: float = math.nan
    admissible: bool = False
    gap: Gap | None = None
    doubt: Gap | None = None

    @property
    def estimated(self) -> bool:
        """Whether there is a test and a correlation with its interval."""
        return self.test is not None and bool(self.correlation[["ci_low", "ci_high"]].notna().all())

    def verdict(self, p_value: float) -> Verdict:
        """Return the verdict on "this is two things", with the probability of the test or an adjusted one."""
        if not self.estimated:
            return "not_testable"
        if self.doubt is not None:
            return "inconclusive"
        return split_verdict(
            float(self.correlation["ci_low"]), float(self.correlation["ci_high"]), p_value=p_value
        )


def split(opened: OpenStudy, plan: Plan, *, rivals: Rivals | None, construct: str = "INF") -> Split:
    """Test whether a dimension is one factor or one a facet, inside the model of separate dimensions.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        From ``full`` on.
    rivals : Rivals or None
        Of the same study: its separate dimensions are the smaller model.
    construct : str
        A dimension whose items the questionnaire sorts into two facets of two items or more.
    """
    gap = missing_constructs(opened, (construct,)) or closed_gate(plan, "full")
    facets = {f.construct: f for f in facets_of(opened.instrument, dimensions=opened.dimensions)}
    if gap is None and construct not in facets:
        gap = Gap(code="no_facets", where=(construct,))
    if gap is not None or rivals is None:
        return Split(construct=construct, gap=gap)
    return _split(facets[construct], opened, rivals.fits["dimensions"])


def facet_tests(opened: OpenStudy, rivals: Rivals) -> pd.DataFrame:
    """Test for every dimension with facets whether it is one factor or two, among the other dimensions.

    Parameters
    ----------
    opened : OpenStudy
    rivals : Rivals
        Of the same study: its separate dimensions are the smaller model.

    Returns
    -------
    DataFrame
        One row a dimension, the new ones first: construct; first and second facet (the first two when there
        are more); their latent correlation with its 95 % interval; difference test; delta_bic (one - two:
        above 0 favours two); verdict on "twofold" by the rule of H8, p not adjusted; reason (`H8_REASONS`).
    """
    whole = rivals.fits.get("dimensions")
    facets = facets_of(opened.instrument, dimensions=opened.dimensions)
    new = {c.code for c in opened.instrument.dimensions if c.new}
    ordered = sorted(facets, key=lambda f: f.construct not in new)
    rows = [_row(f, _split(f, opened, whole)) for f in ordered] if whole is not None else []
    return pd.DataFrame(rows, columns=list(FACET_COLUMNS))


def judge_facets(tests: pd.DataFrame, construct: str) -> Claim:
    """Return the verdict of `facet_tests` on one dimension (H8: ``"INF"``).

    Parameters
    ----------
    tests : DataFrame
        As `facet_tests` returns it.
    construct : str
        The dimension.
    """
    rows = tests[tests["construct"] == construct]
    if rows.empty:
        return Claim(verdict="not_testable", reason="not_asked", margin=math.nan)
    row = rows.iloc[0]
    return Claim(verdict=row["verdict"], reason=str(row["reason"]), margin=abs(float(row["delta_bic"])))


def _split(facets: Facets, opened: OpenStudy, one: SemFit | FailedFit) -> Split:
    model = build_facets(facets, instrument=opened.instrument, dimensions=opened.dimensions)
    two = try_fit(model, opened.complete, estimator=one.estimator)
    names, gap = facets.factors, failed(one, two)
    if gap is not None or not (isinstance(one, SemFit) and isinstance(two, SemFit)):
        return Split(construct=facets.construct, facets=names, gap=gap)
    try:
        test = likelihood_ratio(one, two)
    except FitError:  # the larger model did not reach the smaller one's moments
        return Split(construct=facets.construct, facets=names, gap=Gap(code="failed", status=two.status))
    rows = standardized(two)
    pair = rows[(rows["op"] == "~~") & (rows["lhs"] == names[0]) & (rows["rhs"] == names[1])].iloc[0]
    return Split(
        construct=facets.construct,
        facets=names,
        test=test,
        correlation=pair[["est_std", "se", "ci_low", "ci_high"]]
        .rename({"est_std": "estimate"})
        .astype(float),
        delta_bic=fit_indices(one).bic - fit_indices(two).bic,
        admissible=two.status.admissible,
        # not of `two`: a correlation of the facets above one is itself the evidence for one factor
        doubt=inadmissible(one),
    )


def _row(facets: Facets, found: Split) -> dict[str, object]:
    first, second = list(facets.items)[:2]
    numbers = dict.fromkeys(("correlation", "ci_low", "ci_high", "difference", "df", "p_value"), math.nan)
    verdict: Verdict = "not_testable"
    if found.test is not None and found.estimated:
        verdict = found.verdict(found.test.p_value)
        numbers = {
            "correlation": float(found.correlation["estimate"]),
            "ci_low": float(found.correlation["ci_low"]),
            "ci_high": float(found.correlation["ci_high"]),
            "difference": found.test.difference,
            "df": float(found.test.df),
            "p_value": found.test.p_value,
        }
    return {
        "construct": facets.construct,
        "first": first,
        "second": second,
        **numbers,
        "delta_bic": found.delta_bic,
        "verdict": verdict,
        "reason": REASON[verdict],
    }
