"""The employee net promoter score: promoters minus detractors, with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from jq_models.data import Responses
from jq_models.errors import DataError
from jq_models.evaluate.survey.teams import TeamSpread, team_spread

LEVEL = 0.95
QUESTION = "recommend"  # the covariate with answers from 0 to 10
PROMOTER, PASSIVE = 9, 7  # from here an answer is a promoter's, a passive's; below it a detractor's
MOST_GROUPS = 12  # beyond which groups are too many to be held beside each other one by one
ADDED = 3.0  # people added for the interval: a quarter promoters, a quarter detractors (Rocks 2016)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enps:
    """A net promoter score.

    Attributes
    ----------
    n : int
        Answers.
    promoters, passives, detractors : float
        Shares of those who answered 9-10, 7-8 and 0-6.
    score : float
        100 times promoters minus detractors, from -100 to 100.
    se, ci_low, ci_high : float
        Standard error of the score as a multinomial sample has it, and its 95 % interval, see `enps`.
    """

    n: int
    promoters: float
    passives: float
    detractors: float
    score: float
    se: float
    ci_low: float
    ci_high: float


def enps(answers: NDArray[np.float64] | pd.Series, *, between: float = 0.0) -> Enps:
    """Return the net promoter score of answers to "would you recommend working here?".

    The shares of a multinomial sample have var(p - d) = (p + d - (p - d)^2) / n (its square root, times 100,
    is `se`). The interval is the adjusted Wald interval of Rocks (2016, The American Statistician 70,
    365-372): the same formula after adding 3 people, 3/4 promoters, 3/4 detractors, 3/2 passives. The plain
    one has no width where all answer alike and is too narrow for small groups.

    Parameters
    ----------
    answers : array or Series, shape (n,)
        0 to 10; NaN is no answer.
    between : float
        What people of one team resembling each other adds to the variance of promoters minus detractors
        (`teams.TeamSpread`); widens the interval.

    Returns
    -------
    Enps
        NaN throughout without an answer.
    """
    given = np.asarray(answers, dtype=float)
    given = given[~np.isnan(given)]
    n = len(given)
    if not n:
        nothing = math.nan
        return Enps(n=0, promoters=nothing, passives=nothing, detractors=nothing, score=nothing,
                    se=nothing, ci_low=nothing, ci_high=nothing)  # fmt: skip
    up, down = int((given >= PROMOTER).sum()), int((given < PASSIVE).sum())
    centre, error = _net((up + ADDED / 4) / (n + ADDED), (down + ADDED / 4) / (n + ADDED), n + ADDED)
    half = float(norm.ppf((1.0 + LEVEL) / 2.0)) * math.sqrt(error**2 + between)
    score, se = _net(up / n, down / n, n)
    return Enps(
        n=n,
        promoters=up / n,
        passives=(n - up - down) / n,
        detractors=down / n,
        score=100.0 * score,
        se=100.0 * se,
        ci_low=100.0 * max(centre - half, -1.0),
        ci_high=100.0 * min(centre + half, 1.0),
    )


def study_enps(responses: Responses) -> Enps | None:
    """Return the net promoter score of a study, None when it did not ask or nobody answered."""
    if QUESTION not in responses.covariates:
        return None
    answers = responses.covariates[QUESTION].to_numpy(dtype=float)
    everybody = np.ones(len(answers), dtype=bool)
    found = enps(
        answers, between=_between(answers, everybody, spread=team_spread(_sides(answers), responses))
    )
    return found if found.n else None


def enps_of_groups(responses: Responses, group: str) -> pd.DataFrame:
    """Return the net promoter score of every group; what of it may be shown is for `disclosure` to say.

    Returns
    -------
    DataFrame
        Index: the groups, in the order of their categories; columns as the attributes of `Enps`.

    Raises
    ------
    DataError
        When the study did not ask, or has no such grouping.
    """
    if QUESTION not in responses.covariates:
        raise DataError(
            f"No answers from 0 to 10 on recommending: give their column as '{QUESTION}' under [covariates] "
            "in the study file."
        )
    if group not in responses.groups:
        raise DataError(f"No grouping variable '{group}' in this study.")
    members = responses.groups[group].astype("category")
    answers = responses.covariates[QUESTION].to_numpy(dtype=float)
    spread = team_spread(_sides(answers), responses, group=group)
    rows = {}
    for name in members.cat.categories:
        own = (members == name).to_numpy()
        rows[name] = _row(enps(answers[own], between=_between(answers, own, spread=spread)))
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(group)


def group_enps(responses: Responses) -> dict[str, pd.DataFrame]:
    """Return `enps_of_groups` of every grouping of at most twelve groups; none when the study did not ask."""
    if study_enps(responses) is None:
        return {}
    few = [str(name) for name in responses.groups if 1 < responses.groups[name].nunique() <= MOST_GROUPS]
    return {name: enps_of_groups(responses, name) for name in few}


def _sides(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return +1 for promoters, -1 for detractors, 0 for passives, NaN for no answer."""
    sides = (answers >= PROMOTER).astype(float) - (answers < PASSIVE).astype(float)
    return np.where(np.isnan(answers), np.nan, sides)


def _between(answers: NDArray[np.float64], own: NDArray[np.bool_], *, spread: TeamSpread | None) -> float:
    """Return the variance that teams add to the mean of these people's sides."""
    known = own & ~np.isnan(answers)
    if spread is None or not known.any():
        return 0.0
    return spread.variance * spread.adds(known / known.sum())


def _net(up: float, down: float, n: float) -> tuple[float, float]:
    return up - down, math.sqrt(max(up + down - (up - down) ** 2, 0.0) / n)


def _row(found: Enps) -> dict[str, float]:
    return {name: getattr(found, name) for name in Enps.__slots__}
