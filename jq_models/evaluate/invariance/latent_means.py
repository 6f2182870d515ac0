"""Differences of latent means, where intercepts are equal enough to compare them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri
from statsmodels.stats.multitest import multipletests

from jq_models.evaluate.invariance.ladder import Release
from jq_models.evaluate.invariance.lines import ANCHORS
from jq_models.sem import SemFit, wald

MEAN_STATES = ("compared", "partial", "single_item", "too_few_anchors")
COLUMNS = ["factor", "group", "reference", "state", "anchors", "items", "difference", "se"]
COLUMNS += ["effect", "ci_low", "ci_high", "p_value", "p_holm"]


def latent_means(
    fit: SemFit, *, labels: Sequence[str], releases: Sequence[Release], level: float = 0.95
) -> pd.DataFrame:
    """Compare the factor means of every later group with the first group's.

    The effect is d = mu / sqrt((n1 phi1 + ng phig) / (n1 + ng)): the difference in pooled latent standard
    deviations (Hancock, 2001, Psychometrika 66, 373-388), its interval by the delta method.

    Parameters
    ----------
    fit : SemFit
        With equal loadings and intercepts, but those released; the first group's factors have mean 0 and
        variance 1 (``std_lv=True``).
    releases : sequence of Release
        Of loadings and intercepts: a factor needs two items without any.
    labels : sequence of str
        The groups, in the fit's order.

    Returns
    -------
    DataFrame
        One row a factor and later group: factor, group, reference, state, anchors (items without release),
        items, difference and se (in standard deviations of the first group), effect, ci_low, ci_high,
        p_value, p_holm (Holm's correction for all rows). NaN where `state` is "too_few_anchors". A factor
        with a single item is compared on trust: nothing about it can be tested.
    """
    factors, deviating = list(fit.model.factors), {r.item for r in releases if r.kind != "residual"}
    rows = []
    for factor in factors:
        items = _items(fit, factor)
        anchors = len([i for i in items if i not in deviating])
        for g in range(1, len(labels)):
            row: dict[str, object] = {"factor": factor, "group": labels[g], "reference": labels[0]}
            row |= {"state": _state(len(items), anchors), "anchors": anchors, "items": len(items)}
            compared = row["state"] != "too_few_anchors"
            rows.append(row | (_effect(fit, factor, g, level=level) if compared else {}))
    table = pd.DataFrame(rows).reindex(columns=[c for c in COLUMNS if c != "p_holm"])
    return table.assign(p_holm=holm(table["p_value"]))[COLUMNS]


def holm(p_values: pd.Series) -> pd.Series:
    """Correct p values for their number (Holm, 1979); NaN stays NaN."""
    known = p_values.notna()
    corrected = pd.Series(math.nan, index=p_values.index)
    if known.any():
        corrected[known] = multipletests(p_values[known].to_numpy(), method="holm")[1]
    return corrected


def _state(items: int, anchors: int) -> str:
    if items == 1:
        return "single_item"
    if anchors < ANCHORS:
        return "too_few_anchors"
    return "compared" if anchors == items else "partial"


def _items(fit: SemFit, factor: str) -> list[str]:
    rows = fit.table[(fit.table["op"] == "=~") & (fit.table["lhs"] == factor) & (fit.table["group"] == 1)]
    return [str(item) for item in rows["rhs"]]


def _effect(fit: SemFit, factor: str, g: int, *, level: float) -> dict[str, float]:
    table = fit.table[(fit.table["lhs"] == factor) & (fit.table["group"] == g + 1)]
    mean = table[table["op"] == "~1"].iloc[0]
    variance = table[(table["op"] == "~~") & (table["rhs"] == factor)].iloc[0]
    first, own = (fit.sample.groups[k].size for k in (0, g))
    mu, phi = float(mean["est"]), float(variance["est"])
    pooled = (first + own * phi) / (first + own)
    gradient = np.zeros(len(fit.theta))
    if pooled > 0:
        gradient[int(mean["free"]) - 1] = pooled**-0.5
        if variance["free"]:
            gradient[int(variance["free"]) - 1] = -0.5 * mu * pooled**-1.5 * own / (first + own)
    effect = mu / math.sqrt(pooled) if pooled > 0 else math.nan
    se = math.sqrt(max(float(gradient @ fit.vcov @ gradient), 0.0))
    half = float(ndtri(0.5 + level / 2.0)) * se
    test = wald(np.array([mu]), np.array([float(mean["se"])]))
    return {
        "difference": mu,
        "se": float(mean["se"]),
        "effect": effect,
        "ci_low": effect - half,
        "ci_high": effect + half,
        "p_value": float(test["pvalue"].iloc[0]),
    }
