"""What it adds to an error that people of one team resemble each other: from the spread between all teams."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t

from jq_models.data import Responses
from jq_models.evaluate.nesting import one_way
from jq_models.evaluate.nesting.clusters import cluster_codes, team_grouping
from jq_models.evaluate.survey.differences import LEVEL, Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSpread:
    """How far the teams' true means lie apart on one score.

    Attributes
    ----------
    variance : float
        Between teams, the ANOVA estimator (MSB - MSW) / n0, never below zero (`nesting.one_way`).
    error, df : float
        MSB / n0 and its degrees of freedom: how sure the variance is.
    clusters : int
        Teams with somebody who has a score; who has no team stands alone and is not counted.
    codes : ndarray of int, shape (persons,)
        The team of each person of the sample.
    """

    variance: float
    error: float
    df: float
    clusters: int
    codes: NDArray[np.intp] = field(repr=False)

    def adds(self, weights: Vector) -> float:
        """Return sum over teams of (sum of its members' weights)^2 in a mean or difference of means."""
        return float(np.sum(np.bincount(self.codes, weights=weights) ** 2))


def team_spread(values: Vector, responses: Responses, *, group: str | None = None) -> TeamSpread | None:
    """Return the spread of a score between teams; None where nobody knows.

    Parameters
    ----------
    values : ndarray, shape (persons,)
        NaN for none.
    responses : Responses
    group : str, optional
        A grouping whose groups are compared: what they differ is no spread of teams.

    Returns
    -------
    TeamSpread or None
        None without a grouping of teams (`team_grouping`), when the teams themselves are compared, or when
        nothing varies within them.
    """
    name = team_grouping(responses)
    if name is None or name == group:
        return None
    codes = cluster_codes(responses.groups[name])
    known = np.isfinite(values)
    wholes = np.zeros(len(values), dtype=np.int64)
    if group is not None:
        wholes = cluster_wholes(responses.groups[group])
    own, teams, within = values[known], codes[known], wholes[known]
    if group is not None and not _nested(teams, within):
        means = pd.Series(own).groupby(within).transform("mean").to_numpy(dtype=float)
        own, within = own - means, np.zeros_like(within)
    found = one_way(own, teams.astype(np.int64), within=within)
    if not found.ms_within > 0.0 or not found.n0 > 0.0:
        return None
    return TeamSpread(
        variance=max((found.ms_between - found.ms_within) / found.n0, 0.0),
        error=found.ms_between / found.n0,
        df=float(found.df1),
        clusters=int(responses.groups[name][known].nunique()),
        codes=codes,
    )


def widened(found: dict[str, float], spread: TeamSpread | None, *, weights: Vector) -> dict[str, float]:
    """Return a difference of means with an error that lets people of one team resemble each other.

    The variance of the difference is Welch's plus (variance between teams) x sum over teams of (sum of
    weights)^2: what a random effect of teams adds (Searle, Casella & McCulloch 1992, ch. 3). Its degrees of
    freedom follow from both parts (Satterthwaite 1946, Biometrics Bulletin 2, 110-114). So a group of one or
    few teams has an error as well, which cluster-robust errors cannot give.

    Parameters
    ----------
    found : dict
        As `differences.welch` returns it.
    spread : TeamSpread or None
        None leaves the difference as it is.
    weights : ndarray, shape (persons,)
        Of each person's score in the difference: 1/n, -1/n, 0 for whoever has no part in it.
    """
    if spread is None or not spread.variance > 0.0 or math.isnan(found["se"]):
        return found
    times = spread.adds(weights)
    variance = found["se"] ** 2 + times * spread.variance
    df = variance**2 / (found["se"] ** 4 / found["df"] + (times * spread.error) ** 2 / spread.df)
    se = math.sqrt(variance)
    half = float(t.ppf((1.0 + LEVEL) / 2.0, df)) * se
    return found | {
        "se": se,
        "df": df,
        "ci_low": found["difference"] - half,
        "ci_high": found["difference"] + half,
        "p_value": float(2.0 * t.sf(abs(found["difference"]) / se, df)),
    }


def cluster_wholes(groups: pd.Series) -> NDArray[np.int64]:
    """Return a number from 0 on for each group; those without a group are one more."""
    codes = pd.factorize(groups, use_na_sentinel=True)[0].astype(np.int64)
    codes[codes < 0] = codes.max(initial=-1) + 1
    return codes


def _nested(teams: NDArray[np.intp], wholes: NDArray[np.int64]) -> bool:
    return bool((pd.Series(wholes).groupby(teams).nunique() == 1).all())
