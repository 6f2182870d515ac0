"""How each group of a grouping differs from all others, construct by construct."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy, Responses
from jq_models.errors import DataError, suggest
from jq_models.evaluate.invariance.latent_means import holm
from jq_models.evaluate.scores import construct_scores
from jq_models.evaluate.survey.differences import WELCH, moments_of, welch
from jq_models.evaluate.survey.enps import MOST_GROUPS
from jq_models.evaluate.survey.teams import team_spread, widened

COLUMNS = ("group", "construct", "n", "mean", "rest_n", "rest_mean", *WELCH, "clusters")


def segments(responses: Responses, group: str, *, minimum: int) -> pd.DataFrame:
    """Return the difference of every group's mean from that of all people outside it.

    A group is held against the rest, not the whole: it is no part of what it is compared with. Errors let
    people of one team resemble each other where teams are known (`teams.widened`). What of it may be shown is
    for `disclosure` to say.

    Parameters
    ----------
    responses : Responses
    group : str
        Name of the grouping.
    minimum : int
        Scores needed on either side; with fewer, a row holds no numbers.

    Returns
    -------
    DataFrame
        One row a group and construct: group, construct, n, mean, rest_n, rest_mean, difference (group minus
        rest), se, df, ci_low, ci_high (95 %), p_value, effect (Hedges' g), clusters (teams;
        NaN: Welch's interval, people taken as independent). The rest is everybody outside the group, those
        without a group included: what is left of the whole sample then
        tells about nobody else.

    Raises
    ------
    DataError
        On a grouping the responses do not have.
    """
    if group not in responses.groups:
        raise DataError(f"No grouping variable '{group}'. {suggest(group, map(str, responses.groups))}")
    members = responses.groups[group].astype("category")
    scores = construct_scores(responses)
    values = {str(code): scores[code].to_numpy(dtype=float) for code in scores}
    spreads = {code: team_spread(own, responses, group=group) for code, own in values.items()}
    rows = []
    for name in members.cat.categories:
        inside = (members == name).to_numpy()
        for code, all_values in values.items():
            known = np.isfinite(all_values)
            own, rest = (moments_of(all_values[known & mask]) for mask in (inside, ~inside))
            row: dict[str, object] = {"group": str(name), "construct": code}
            if min(own.n, rest.n) >= minimum:
                row |= {"n": own.n, "mean": own.mean, "rest_n": rest.n, "rest_mean": rest.mean}
                spread, weights = spreads[code], known * np.where(inside, 1.0 / own.n, -1.0 / rest.n)
                row |= widened(welch(own, rest), spread, weights=weights)
                row["clusters"] = np.nan if spread is None else spread.clusters
            rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def group_segments(opened: OpenStudy) -> dict[str, pd.DataFrame]:
    """Return `segments` of every grouping of two to twelve groups."""
    minimum = opened.spec.minimum_group
    return {
        group.name: segments(opened.responses, group.name, minimum=minimum)
        for group in opened.spec.groups
        if 1 < opened.responses.groups[group.name].nunique() <= MOST_GROUPS
    }


def corrected(rows: pd.DataFrame) -> pd.DataFrame:
    """Return segments with a column p_holm, corrected for all rows that have a p value.

    It comes after masking: a number that is not shown is no comparison made.

    Parameters
    ----------
    rows : DataFrame
        With a column pvalue.
    """
    return rows.assign(p_holm=holm(rows["p_value"].astype(float)))
