"""Analysis of variance with groups of unequal size, and the intraclass correlation behind it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import f as f_distribution

Vector = NDArray[np.float64]
Codes = NDArray[np.int64]
LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWay:
    """An analysis of variance of persons in groups, perhaps groups within larger ones.

    Attributes
    ----------
    n, n_groups : int
        Persons and groups.
    mean_size, n0, weighted_size : float
        Three averages of the groups' sizes n_i: N / a; the one of the ANOVA estimator (see `one_way`);
        and sum n_i^2 / N, the mean size of the group a person is in.
    ms_between, ms_within : float
        Mean squares.
    f, pvalue : float
        Test of no difference between groups, on df1 = a - k and df2 = N - a degrees of freedom (k larger
        groups, else 1).
    icc1, icc2 : float
        See `one_way`.
    ci_low, ci_high : float
        95 % interval of ICC(1), see `variance_ratio_interval`.
    """

    n: int
    n_groups: int
    mean_size: float
    n0: float
    weighted_size: float
    ms_between: float
    ms_within: float
    f: float
    pvalue: float
    df1: int
    df2: int
    icc1: float
    icc2: float
    ci_low: float
    ci_high: float

    @property
    def design_effect(self) -> float:
        """How many times larger the variance of a plain mean is than that of independent persons.

        1 + (sum n_i^2 / N - 1) ICC(1): Kish (1965) for groups of unequal size, exact for the unweighted
        mean; 1 + (n - 1) ICC(1) for equal groups. An ICC(1) estimated below zero counts as zero.
        """
        return 1.0 + (self.weighted_size - 1.0) * max(self.icc1, 0.0)

    @property
    def effective_n(self) -> float:
        """The number of independent persons whose mean is as precise: n / design effect."""
        return self.n / self.design_effect


def one_way(values: Vector, codes: Codes, *, within: Codes | None = None) -> OneWay:
    """Analyse the variance of persons' values between and within groups.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Finite.
    codes : ndarray of int, shape (n,)
        The group of each person, from 0; groups without persons are passed over.
    within : ndarray of int, shape (n,), optional
        The larger group each person's group lies in: what differs between larger groups is then taken out.

    Returns
    -------
    OneWay
        NaN where too few groups, no group of two, or no variance within groups leave it undefined.

    Notes
    -----
    ICC(1) = (MSB - MSW) / (MSB + (n0 - 1) MSW), the ANOVA estimator (Shrout & Fleiss 1979, case 1), with
    n0 = (N - sum n_i^2 / N_k(i)) / (a - k) for unequal groups, N_k(i) the persons in the larger group, k = 1
    and N_k = N without (Searle, Casella & McCulloch 1992, ch. 3 and 5). It is the share of the variance
    (inside a larger group) that lies between groups; below zero when groups differ less than chance alone
    would make them. ICC(2) = (MSB - MSW) / MSB: the reliability of a group's mean (Bliese 2000).
    """
    codes = np.unique(codes, return_inverse=True)[1].reshape(-1)
    sizes = np.bincount(codes).astype(float)
    n, a = len(values), len(sizes)
    wholes = np.zeros(a, dtype=np.int64)
    if within is not None and n:
        wholes[codes] = np.unique(within, return_inverse=True)[1].reshape(-1)
    k = len(np.unique(wholes))
    weighted = float(np.sum(sizes**2) / n) if n else math.nan
    if a <= k or n <= a:
        return _undefined(n, a, weighted=weighted)
    means = np.bincount(codes, weights=values) / sizes
    msw = float(np.sum((values - means[codes]) ** 2) / (n - a))
    if not msw > 0.0:
        return _undefined(n, a, weighted=weighted)
    f = _between(0.0, means, sizes=sizes, wholes=wholes) / (a - k) / msw
    msb = f * msw
    in_whole = np.bincount(wholes, weights=sizes)[wholes]
    n0 = float((n - np.sum(sizes**2 / in_whole)) / (a - k))
    low, high = variance_ratio_interval(means, sizes, ms_within=msw, wholes=wholes)
    return OneWay(
        n=n,
        n_groups=a,
        mean_size=n / a,
        n0=n0,
        weighted_size=weighted,
        ms_between=msb,
        ms_within=msw,
        f=f,
        pvalue=float(f_distribution.sf(f, a - k, n - a)),
        df1=a - k,
        df2=n - a,
        icc1=(msb - msw) / (msb + (n0 - 1.0) * msw),
        icc2=(msb - msw) / msb if msb > 0.0 else math.nan,
        ci_low=low / (1.0 + low),
        ci_high=high / (1.0 + high),
    )


def variance_ratio_interval(
    means: Vector,
    sizes: Vector,
    *,
    ms_within: float,
    wholes: Codes | None = None,
    level: float = LEVEL,
) -> tuple[float, float]:
    """Return the interval of theta = variance between / variance within groups, for groups of any sizes.

    Wald (1940, Annals of Mathematical Statistics 11, 96-100): with weights w_i = n_i / (1 + n_i theta),
    sum w_i (mean_i - weighted mean)^2 / (a - k) / MSW follows F(a - k, N - a) exactly when scores are
    normal, and falls with theta; the bounds are where it meets the quantiles. For equal groups this is
    Searle's interval (Shrout & Fleiss 1979); with larger groups the weighted mean is each one's own. ICC(1) =
    theta / (1 + theta).

    Parameters
    ----------
    means, sizes : ndarray, shape (a,)
        Of the groups.
    ms_within : float
    wholes : ndarray of int, shape (a,), optional
        The larger group of each group, from 0.
    level : float

    Returns
    -------
    (float, float)
        Bounds may be negative (groups more alike than chance), down to -1 / largest size.
    """
    wholes = np.zeros(len(means), dtype=np.int64) if wholes is None else wholes
    df1, df2 = len(means) - len(np.unique(wholes)), float(sizes.sum()) - len(means)

    def statistic(theta: float) -> float:
        return _between(theta, means, sizes=sizes, wholes=wholes) / df1 / ms_within

    tail = (1.0 - level) / 2.0
    floor = -1.0 / float(sizes.max()) * (1.0 - 1e-9)
    quantiles = f_distribution.ppf([1.0 - tail, tail], df1, df2)
    low, high = (_where(statistic, float(q), floor=floor) for q in quantiles)
    return low, high


def _between(theta: float, means: Vector, *, sizes: Vector, wholes: Codes) -> float:
    """Return the weighted sum of squares of group means round the centre of their larger group."""
    weights = sizes / (1.0 + sizes * theta)
    centres = np.bincount(wholes, weights=weights * means) / np.bincount(wholes, weights=weights)
    return float(np.sum(weights * (means - centres[wholes]) ** 2))


def _where(statistic: Callable[[float], float], value: float, *, floor: float) -> float:
    """Return where a falling function meets `value`, or `floor` when it begins below it."""
    if statistic(floor) <= value:
        return floor
    high = 1.0
    while statistic(high) > value:
        high *= 4.0
    return float(brentq(lambda theta: statistic(theta) - value, floor, high, xtol=1e-13, rtol=1e-13))


def _undefined(n: int, a: int, *, weighted: float) -> OneWay:
    nan = math.nan
    return OneWay(
        n=n,
        n_groups=a,
        mean_size=n / a if a else nan,
        n0=nan,
        weighted_size=weighted,
        ms_between=nan,
        ms_within=nan,
        f=nan,
        pvalue=nan,
        df1=max(a - 1, 0),
        df2=max(n - a, 0),
        icc1=nan,
        icc2=nan,
        ci_low=nan,
        ci_high=nan,
    )
