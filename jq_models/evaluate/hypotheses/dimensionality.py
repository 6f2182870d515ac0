"""Twelve dimensions of one job quality (H1); information sharing as one thing or two (H8)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.hypotheses.gap import Gap, closed_gate, failed, missing_constructs
from jq_models.evaluate.judge import judge_fit
from jq_models.evaluate.likelihood_ratio import NestedTest, likelihood_ratio
from jq_models.sem import FailedFit, SemFit, standardized, try_fit
from jq_models.spec.model import JOB_QUALITY
from jq_models.spec.rivals import build_facets, build_rival, facets_of

FEWEST = 3  # dimensions below which a second order cannot be judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensionality:
    """Separate dimensions against one factor, and their loadings on job quality.

    Attributes
    ----------
    count : int
        Dimensions asked.
    test : NestedTest or None
        One factor against the separate dimensions.
    level : str
        How the separate dimensions fit: "good", "acceptable", "poor" or "unknown".
    loadings : DataFrame
        Index dimension; estimate se z pvalue ci_low ci_high on job quality, standardised.
    gap : Gap or None
    """

    count: int = 0
    test: NestedTest | None = None
    level: str = "unknown"
    loadings: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    gap: Gap | None = None


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
        estimate se ci_low ci_high: the correlation of the two facets.
    admissible : bool
        Whether the solution with facets is; a correlation above 1 is not.
    gap : Gap or None
    """

    construct: str
    facets: tuple[str, ...] = ()
    test: NestedTest | None = None
    correlation: pd.Series = field(default_factory=lambda: pd.Series(dtype=float), repr=False)
    admissible: bool = False
    gap: Gap | None = None


def dimensionality(
    opened: OpenStudy, plan: Plan, *, second_order: SemFit | FailedFit | None
) -> Dimensionality:
    """Hold the separate dimensions against one factor, and read their loadings on job quality.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        From ``full`` on: the model of separate dimensions is the largest of all.
    second_order : SemFit or FailedFit or None
        The study's second-order model.
    """
    count = len(opened.dimensions)
    gap = closed_gate(plan, "full")
    if gap is None and count < FEWEST:
        gap = Gap(code="not_asked", where=tuple(c.code for c in opened.instrument.dimensions)[:FEWEST])
    if gap is not None or second_order is None:
        return Dimensionality(count=count, gap=gap)
    one, several = (
        try_fit(
            build_rival(name, instrument=opened.instrument, dimensions=opened.dimensions), opened.complete
        )
        for name in ("one_factor", "dimensions")
    )
    gap = failed(one, several, second_order)
    if gap is not None or not (
        isinstance(one, SemFit) and isinstance(several, SemFit) and isinstance(second_order, SemFit)
    ):
        return Dimensionality(count=count, gap=gap)
    rows = standardized(second_order)
    rows = rows[(rows["lhs"] == JOB_QUALITY) & (rows["op"] == "=~")].set_index("rhs")
    return Dimensionality(
        count=count,
        test=likelihood_ratio(one, several),
        level=judge_fit(fit_indices(several)).level,
        loadings=rows[["est_std", "se", "z", "pvalue", "ci_low", "ci_high"]].rename(
            columns={"est_std": "estimate"}
        ),
    )


def split(opened: OpenStudy, plan: Plan, *, construct: str = "INF") -> Split:
    """Test whether a dimension is one factor or one a facet, inside the model of separate dimensions.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        From ``full`` on.
    construct : str
        A dimension whose items the questionnaire sorts into two facets of two items or more.
    """
    gap = missing_constructs(opened, (construct,)) or closed_gate(plan, "full")
    facets = {f.construct: f for f in facets_of(opened.instrument, dimensions=opened.dimensions)}
    if gap is None and construct not in facets:
        gap = Gap(code="no_facets", where=(construct,))
    if gap is not None:
        return Split(construct=construct, gap=gap)
    instrument, dimensions = opened.instrument, opened.dimensions
    one = try_fit(build_rival("dimensions", instrument=instrument, dimensions=dimensions), opened.complete)
    by_facet = build_facets(facets[construct], instrument=instrument, dimensions=dimensions)
    two = try_fit(by_facet, opened.complete)
    gap = failed(one, two)
    names = facets[construct].factors
    if gap is not None or not (isinstance(one, SemFit) and isinstance(two, SemFit)):
        return Split(construct=construct, facets=names, gap=gap)
    rows = standardized(two)
    pair = rows[(rows["op"] == "~~") & (rows["lhs"] == names[0]) & (rows["rhs"] == names[1])].iloc[0]
    return Split(
        construct=construct,
        facets=names,
        test=likelihood_ratio(one, two),
        correlation=pair[["est_std", "se", "ci_low", "ci_high"]]
        .rename({"est_std": "estimate"})
        .astype(float),
        admissible=two.status.admissible,
    )
