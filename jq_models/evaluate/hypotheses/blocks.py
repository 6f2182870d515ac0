"""The operational block against the learning block (H5): a paired difference of person means."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd
import statsmodels.api as sm

from jq_models.data import OpenStudy
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.scores import construct_scores
from jq_models.spec.rivals import BLOCKS

CLUSTERS = ("organisation", "team")
FEWEST = 10  # persons, and never fewer than may be shown
FEW_CLUSTERS = 20  # below this, cluster-robust intervals are a rough guide
FEWEST_CLUSTERS = 5  # t with fewer than four degrees of freedom says next to nothing
FEWEST_KNOWN = 0.5  # ours: share of persons whose group is known; with fewer they do not stand for the rest
FEWEST_DIMENSIONS = 2  # of a block: one dimension does not stand for it


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDifference:
    """Mean of the operational block minus mean of the learning block.

    Attributes
    ----------
    blocks : mapping of str to tuple of str
        The dimensions of each block that were asked.
    means : Series
        Mean score of each block.
    sd : float
        Standard deviation of the difference over persons.
    differences : DataFrame
        Index "persons", "organisation", "team" (those with five clusters or more, known for half of the
        persons or more); estimate, se, pvalue, ci_low, ci_high, df, clusters, n (persons whose group is
        known). The widest interval decides.
    n : int
    gap : Gap or None
    """

    blocks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    means: pd.Series = field(default_factory=lambda: pd.Series(dtype=float), repr=False)
    sd: float = math.nan
    differences: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    n: int = 0
    gap: Gap | None = None

    @property
    def deciding(self) -> str:
        """The row of `differences` with the widest interval."""
        return str((self.differences["ci_high"] - self.differences["ci_low"]).idxmax())

    @property
    def difference(self) -> pd.Series:
        """The row of `differences` that decides."""
        found: pd.Series = self.differences.loc[[self.deciding]].iloc[0]
        return found

    @property
    def effect_size(self) -> pd.Series:
        """The deciding difference in standard deviations of the difference (d_z of Cohen 1988, section 2.3).

        Its interval takes the standard deviation as known.
        """
        found: pd.Series = self.difference[["estimate", "ci_low", "ci_high"]] / self.sd
        return found


def block_difference(opened: OpenStudy) -> BlockDifference:
    """Compare the two blocks within persons, with errors that respect organisations and teams.

    The blocks are this project's choice (``spec.rivals.BLOCKS``). A block's score is the mean of its
    dimensions' scores, of persons who have all. Persons whose organisation or team is unknown are left out of
    that row only. Cluster-robust errors: least squares on the intercept with
    t(clusters - 1), as in statsmodels (Liang & Zeger 1986).
    """
    blocks = {name: tuple(c for c in codes if c in opened.dimensions) for name, codes in BLOCKS.items()}
    few = [name for name, codes in blocks.items() if len(codes) < FEWEST_DIMENSIONS]
    absent = tuple(code for name in few for code in BLOCKS[name] if code not in blocks[name])
    if absent:
        return BlockDifference(blocks=blocks, gap=Gap(code="not_asked", where=absent))
    scores = construct_scores(opened.responses)
    block = pd.DataFrame(
        {name: scores[list(codes)].mean(axis=1, skipna=False) for name, codes in blocks.items()}
    )
    complete = block.notna().all(axis=1)
    least = max(FEWEST, opened.spec.minimum_group)
    if int(complete.sum()) < least:
        return BlockDifference(blocks=blocks, gap=Gap(code="too_few", needs=least, n=int(complete.sum())))
    difference = (block["operational"] - block["learning"])[complete].reset_index(drop=True)
    groups = opened.responses.groups[complete.to_numpy()].reset_index(drop=True)
    rows = {"persons": cluster_row(difference)}
    for name in CLUSTERS:
        if name not in groups:
            continue
        known = groups[name].notna()
        clusters = groups.loc[known, name].astype(str)
        enough = int(known.sum()) >= max(least, FEWEST_KNOWN * len(known))
        if enough and clusters.nunique() >= FEWEST_CLUSTERS:
            rows[name] = cluster_row(difference[known], clusters=clusters)
    return BlockDifference(
        blocks=blocks,
        means=block[complete].mean(),
        sd=float(difference.std(ddof=1)),
        differences=pd.DataFrame.from_dict(rows, orient="index"),
        n=len(difference),
    )


def cluster_row(difference: pd.Series, *, clusters: pd.Series | None = None) -> dict[str, float]:
    """Return a mean with its t interval, with errors robust to clusters where there are any.

    Returns
    -------
    dict
        estimate, se, pvalue (two-sided), ci_low, ci_high (95 %), df, clusters (NaN without), n.
    """
    model = sm.OLS(difference.to_numpy(dtype=float), [1.0] * len(difference))
    if clusters is None:
        fit, count = model.fit(), math.nan
        df = float(len(difference) - 1)
    else:
        codes = clusters.astype("category").cat.codes.to_numpy()
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": codes}, use_t=True)
        count = float(clusters.nunique())
        df = count - 1
    low, high = fit.conf_int()[0]
    return {
        "estimate": float(fit.params[0]),
        "se": float(fit.bse[0]),
        "pvalue": float(fit.pvalues[0]),
        "ci_low": float(low),
        "ci_high": float(high),
        "df": df,
        "clusters": count,
        "n": float(len(difference)),
    }
