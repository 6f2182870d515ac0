"""From replications to power, bias, coverage and precision, each with its Monte Carlo error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm
from statsmodels.stats.proportion import proportion_confint

from jq_models.evaluate.power.chunk import Chunk, Truth
from jq_models.evaluate.power.conditions import Condition
from jq_models.evaluate.power.quantities import top_found
from jq_models.numeric.moments import Array

PLAIN, CLUSTERED = "plain", "clustered"
ALPHA = 0.05
RANKS = ("top", "top_low", "top_high")


def path_rows(condition: Condition, chunks: Sequence[Chunk], *, truth: Truth) -> pd.DataFrame:
    """Summarise one condition: a row for every quantity, and one more where errors respect clusters.

    Returns
    -------
    DataFrame
        n, organisations, loading (NaN: the population's own), source, target, kind, errors ("plain" or
        "clustered"), truth, mean (of the estimates), bias, sd (of the estimates), se (mean standard error),
        se_bias (se / sd - 1), power with power_low and power_high (95 % Wilson interval for the Monte Carlo
        error), coverage with coverage_low and coverage_high, width (mean of the 95 % interval), used
        (samples with a result). What rests on no sample is NaN.
    """
    estimate = np.concatenate([c.estimate for c in chunks])
    blocks = [(PLAIN, np.concatenate([c.se for c in chunks]))]
    if condition.organisations:
        blocks.append((CLUSTERED, np.concatenate([c.robust for c in chunks])))
    frames = [
        truth.quantities.rows.assign(errors=errors).join(_measures(estimate, se, truth=truth.values))
        for errors, se in blocks
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame.insert(0, "loading", np.nan if condition.loading is None else condition.loading)
    frame.insert(0, "organisations", condition.organisations)
    frame.insert(0, "n", condition.n)
    return frame


def _measures(estimate: Array, se: Array, *, truth: Array) -> pd.DataFrame:
    good = np.isfinite(estimate).all(axis=1) & np.isfinite(se).all(axis=1)
    estimate, se, used = estimate[good], se[good], int(good.sum())
    if used < 2:
        names = [
            *("mean", "bias", "sd", "se", "se_bias", "power", "power_low", "power_high", "coverage"),
            *("coverage_low", "coverage_high", "width"),
        ]
        return pd.DataFrame({"truth": truth} | dict.fromkeys(names, np.nan) | {"used": used})
    z = norm.ppf(1 - ALPHA / 2)
    found = np.abs(estimate) > z * se
    inside = np.abs(estimate - truth) <= z * se
    mean, sd = estimate.mean(axis=0), estimate.std(axis=0, ddof=1)
    return pd.DataFrame(
        {
            "truth": truth,
            "mean": mean,
            "bias": mean - truth,
            "sd": sd,
            "se": se.mean(axis=0),
            "se_bias": se.mean(axis=0) / sd - 1,
            **_share("power", found),
            **_share("coverage", inside),
            "width": 2 * z * se.mean(axis=0),
            "used": used,
        }
    )


def _share(name: str, hits: np.ndarray) -> dict[str, Array]:
    count, total = hits.sum(axis=0), len(hits)
    low, high = proportion_confint(count, total, alpha=ALPHA, method="wilson")
    return {name: count / total, f"{name}_low": low, f"{name}_high": high}


def condition_row(condition: Condition, chunks: Sequence[Chunk], *, truth: Truth) -> dict[str, float]:
    """Summarise how the fits of one condition ended.

    Returns
    -------
    dict
        n, organisations, loading, replications, converged and admissible (shares), rejected (share of
        samples in which the plain chi-square rejects the true model at 5 %), top (share in which the three
        strongest dimensions are truly among the strongest) with top_low and top_high.
    """
    good = np.array([not reason for c in chunks for reason in c.reasons])
    total, used = len(good), int(good.sum())
    row: dict[str, float] = {
        "n": condition.n,
        "organisations": condition.organisations,
        "loading": np.nan if condition.loading is None else condition.loading,
        "replications": total,
        "converged": used / total,
        "admissible": float(np.concatenate([c.admissible for c in chunks]).mean()),
    }
    if not used:
        return row | dict.fromkeys(("rejected", *RANKS), np.nan)
    chi_square = np.concatenate([c.chi_square for c in chunks])[good]
    critical = chi2.ppf(1 - ALPHA, truth.fit.df)
    hits = top_found(np.concatenate([c.loadings for c in chunks])[good], truth.loadings)
    # a dimension whose variance is estimated below zero has no rank
    ranked = hits[np.isfinite(hits)]
    if not len(ranked):
        return row | {"rejected": float((chi_square > critical).mean())} | dict.fromkeys(RANKS, np.nan)
    shares = {name: float(value) for name, value in _share("top", ranked).items()}
    return row | {"rejected": float((chi_square > critical).mean())} | shares
