"""The difference of two means, its interval and its size: of persons, of a sample and a norm, of clusters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t, ttest_ind_from_stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.meta_analysis import effectsize_smd

Vector = NDArray[np.float64]
LEVEL = 0.95
WELCH = ("difference", "se", "df", "ci_low", "ci_high", "p_value", "effect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """What Welch's test needs of a sample: size, mean, spread (n - 1)."""

    n: int
    mean: float
    sd: float


def moments_of(values: Vector) -> Moments:
    """Return the moments of finite values (n,); NaN where too few give none."""
    n = len(values)
    return Moments(
        n=n,
        mean=float(values.mean()) if n else math.nan,
        sd=float(values.std(ddof=1)) if n > 1 else math.nan,
    )


def welch(first: Moments, second: Moments) -> dict[str, float]:
    """Return the difference of two means, first minus second, without assuming equal spread.

    se^2 = s1^2/n1 + s2^2/n2, degrees of freedom after Welch (1947, Biometrika 34, 28-35) and Satterthwaite;
    the p value is scipy's. The effect is Hedges' g (1981), the difference in pooled standard deviations,
    corrected for small samples (statsmodels).

    Returns
    -------
    dict
        Keys `WELCH`; NaN where a sample has fewer than two values or nothing varies.
    """
    parts = [one.sd**2 / one.n if one.n > 1 else math.nan for one in (first, second)]
    variance = sum(parts)
    if not variance > 0.0:
        return dict.fromkeys(WELCH, math.nan) | {"difference": first.mean - second.mean}
    se = math.sqrt(variance)
    df = variance**2 / sum(part**2 / (one.n - 1) for part, one in zip(parts, (first, second), strict=True))
    half = float(t.ppf((1.0 + LEVEL) / 2.0, df)) * se
    difference = first.mean - second.mean
    sides = (first.mean, first.sd, first.n, second.mean, second.sd, second.n)
    return {
        "difference": difference,
        "se": se,
        "df": df,
        "ci_low": difference - half,
        "ci_high": difference + half,
        "p_value": float(ttest_ind_from_stats(*sides, equal_var=False).pvalue),
        "effect": float(effectsize_smd(*sides)[0]),
    }


def clustered(values: Vector, first: NDArray[np.bool_], *, clusters: NDArray[np.object_]) -> dict[str, float]:
    """Return the same difference with an error that lets people of one cluster resemble each other.

    Least squares of the values on membership with statsmodels' cluster-robust errors (Liang & Zeger, small
    sample correction) and t on clusters - 1 degrees of freedom (Cameron & Miller 2015).

    Parameters
    ----------
    values : ndarray, shape (n,)
        Finite.
    first : ndarray of bool, shape (n,)
        Who belongs to the sample the difference starts from.
    clusters : ndarray, shape (n,)
        Whom each person belongs with.

    Returns
    -------
    dict
        se, ci_low, ci_high, p_value, clusters (their number); NaN with fewer than two clusters.
    """
    _, codes = np.unique(clusters.astype(str), return_inverse=True)
    count = int(codes.max()) + 1 if len(codes) else 0
    nothing = dict.fromkeys(("se", "ci_low", "ci_high", "p_value"), math.nan)
    if count < 2 or not (first.any() and (~first).any()) or float(np.ptp(values)) == 0.0:
        return nothing | {"clusters": count}
    design = np.column_stack([np.ones(len(values)), first.astype(float)])
    fit = OLS(values, design).fit(cov_type="cluster", cov_kwds={"groups": codes}, use_t=True)
    low, high = np.asarray(fit.conf_int(alpha=1.0 - LEVEL))[1]
    return {
        "se": float(fit.bse[1]),
        "ci_low": float(low),
        "ci_high": float(high),
        "p_value": float(fit.pvalues[1]),
        "clusters": count,
    }
