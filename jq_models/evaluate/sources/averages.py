"""Means, differences within persons and shares; errors let people of one group resemble each other."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from jq_models.evaluate.hypotheses.blocks import FEWEST_CLUSTERS, FEWEST_KNOWN, cluster_row
from jq_models.evaluate.sources.material import CLUSTERS


class Found(NamedTuple):
    """An estimate with its 95 % interval, p-value and the persons behind it."""

    estimate: float
    ci_low: float
    ci_high: float
    pvalue: float
    n: int


def widest(values: pd.Series, groups: pd.DataFrame) -> dict[str, float]:
    """Return the mean of the values with the widest interval: of persons, organisations or teams.

    Parameters
    ----------
    values : Series
        NaN for who has none.
    groups : DataFrame
        Aligned with `values`.

    Returns
    -------
    dict
        As `hypotheses.blocks.cluster_row`.
    """
    known = values.notna()
    own = values[known].reset_index(drop=True)
    rows = [cluster_row(own)]
    for name in CLUSTERS:
        if name not in groups:
            continue
        cluster = groups.loc[known, name].reset_index(drop=True)
        there = cluster.notna()
        enough = int(there.sum()) >= FEWEST_KNOWN * len(own)
        if enough and cluster[there].nunique() >= FEWEST_CLUSTERS:
            rows.append(cluster_row(own[there], clusters=cluster[there].astype(str)))
    return max(rows, key=lambda row: row["ci_high"] - row["ci_low"])


def standing(values: pd.Series, groups: pd.DataFrame) -> Found | None:
    """Return a mean in standard deviations, d_z of Cohen (1988, section 2.3); the deviation taken as known.

    None where nothing varies.
    """
    sd = float(values.std(ddof=1))
    if not sd > 0.0:
        return None
    row = widest(values, groups)
    return Found(row["estimate"] / sd, row["ci_low"] / sd, row["ci_high"] / sd, row["pvalue"], int(row["n"]))


def share(holds: pd.Series, groups: pd.DataFrame, *, against: float) -> Found:
    """Return a share with its Wilson (1927) interval, on the number of independent answers.

    n_eff = n / max(1, deff), with deff the cluster-robust variance of the mean over that of independent
    answers (Kish 1965); the p-value is the score test's against `against`.

    Parameters
    ----------
    holds : Series
        1 and 0, NaN for who did not answer.
    """
    row = widest(holds, groups)
    p, n = row["estimate"], row["n"]
    simple = math.sqrt(p * (1.0 - p) / n)
    effective = n / max(1.0, (row["se"] / simple) ** 2) if simple > 0.0 else n
    z = float(norm.ppf(0.975))
    centre = (p + z**2 / (2 * effective)) / (1 + z**2 / effective)
    half = z * math.sqrt(p * (1 - p) / effective + z**2 / (4 * effective**2)) / (1 + z**2 / effective)
    score = (p - against) / math.sqrt(against * (1.0 - against) / effective)
    return Found(p, centre - half, centre + half, float(2 * norm.sf(abs(score))), int(n))


def agrees(scores: pd.Series, *, midpoint: float) -> pd.Series:
    """Return 1 for a score above the middle of the scale, 0 for another, NaN for none."""
    return pd.Series(np.where(scores.isna(), np.nan, scores > midpoint), index=scores.index)
