"""The new dimensions against the others in every organisation (H4)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd
from scipy.stats import t

from jq_models.data import OpenStudy
from jq_models.evaluate.appraisals import appraisals_of
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.hypotheses.blocks import FEWEST, FEWEST_CLUSTERS, FEWEST_DIMENSIONS, cluster_row
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.scores import construct_scores

ORGANISATION, TEAM = "organisation", "team"
FEWEST_ORGANISATIONS = 2  # one organisation is not "all organisations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """Mean of the new dimensions minus mean of the others, organisation by organisation.

    Attributes
    ----------
    new, others : tuple of str
        The dimensions that were asked; without those that would appraise one person in an organisation of one
        team.
    differences : DataFrame
        Index: the organisations that may be shown and have enough persons; estimate, se, ci_low, ci_high
        (95 %, scale points), df, clusters (NaN where persons are taken as independent), n, pvalue (one-sided:
        the new dimensions score lower), d, d_low, d_high (in standard deviations of the difference over all
        persons, taken as known).
    sd : float
        Of the difference over persons.
    total : int
        Organisations in the data; those missing from `differences` may not be shown or have too few persons.
    gap : Gap or None
    """

    new: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    differences: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    sd: float = math.nan
    total: int = 0
    gap: Gap | None = None

    @property
    def weakest(self) -> pd.Series:
        """The row of the organisation in which it is least clear that the new dimensions score lower."""
        found: pd.Series = self.differences.iloc[int(self.differences["pvalue"].to_numpy().argmax())]
        return found

    @property
    def holds(self) -> int:
        """The number of organisations whose whole interval lies below zero."""
        return int((self.differences["ci_high"] < 0).sum())


def everywhere(opened: OpenStudy, plan: Plan) -> Everywhere:
    """Compare the new dimensions with the others within persons, in every organisation that may be shown.

    Differences of two means of the same persons, of those who have all scores. Where an organisation has five
    teams or more, errors are robust to teams too, and the wider interval counts (as for the blocks of H5).
    """
    asked = [c for c in opened.instrument.dimensions if c.code in opened.dimensions]
    new = tuple(c.code for c in asked if c.new)
    told = appraisals_of(opened.responses, ORGANISATION) if ORGANISATION in opened.responses.groups else ()
    others = tuple(c.code for c in asked if not c.new and c.code not in told)
    if min(len(new), len(others)) < FEWEST_DIMENSIONS:
        wanted = tuple(c.code for c in opened.instrument.dimensions if c.code not in opened.dimensions)
        return Everywhere(new=new, others=others, gap=Gap(code="not_asked", where=wanted or new or others))
    shown = plan.sizes.get(ORGANISATION, pd.Series(dtype=float)).index
    if len(shown) < FEWEST_ORGANISATIONS:
        return Everywhere(new=new, others=others, gap=Gap(code="no_organisations"))
    scores = construct_scores(opened.responses)
    lower = scores[list(new)].mean(axis=1, skipna=False) - scores[list(others)].mean(axis=1, skipna=False)
    members = opened.responses.groups[ORGANISATION].astype(str)
    least = max(FEWEST, opened.spec.minimum_group)
    sizes = {name: int(lower[members == name].notna().sum()) for name in map(str, shown)}
    few = min(sizes.values())
    if few < least:
        return Everywhere(new=new, others=others, gap=Gap(code="too_few", needs=least, n=few))
    rows = {name: _organisation(lower[members == name], opened) for name in sizes}
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis(ORGANISATION)
    if frame["pvalue"].isna().any():
        return Everywhere(new=new, others=others, gap=Gap(code="constant", where=new))
    sd = float(lower.std(ddof=1))
    total = int(opened.responses.groups[ORGANISATION].nunique())
    standard = frame[["estimate", "ci_low", "ci_high"]] / sd
    return Everywhere(
        new=new,
        others=others,
        differences=frame.assign(
            d=standard["estimate"], d_low=standard["ci_low"], d_high=standard["ci_high"]
        ),
        sd=sd,
        total=total,
    )


def _organisation(lower: pd.Series, opened: OpenStudy) -> dict[str, float]:
    """Return the mean difference in one organisation, with the wider of its intervals."""
    lower = lower.dropna()
    rows = [cluster_row(lower)]
    groups = opened.responses.groups
    if TEAM in groups:
        team = groups.loc[lower.index, TEAM]
        known = team.notna().to_numpy()
        if known.all() and team.astype(str).nunique() >= FEWEST_CLUSTERS:
            rows.append(cluster_row(lower, clusters=team.astype(str)))
    row = max(rows, key=lambda one: one["ci_high"] - one["ci_low"])
    # without any spread there is no test
    one_sided = float(t.cdf(row["estimate"] / row["se"], row["df"])) if row["se"] > 0.0 else math.nan
    return {**row, "pvalue": one_sided}
