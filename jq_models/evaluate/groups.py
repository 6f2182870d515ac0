"""Sizes and scores of groups. What of it may be shown is for `disclosure` to say."""

from __future__ import annotations

import pandas as pd

from jq_models.data.responses import Responses
from jq_models.errors import DataError, suggest
from jq_models.evaluate.scores import construct_scores, summary


def group_sizes(responses: Responses, group: str) -> pd.Series:
    """Return the number of persons in every group of a grouping variable.

    Parameters
    ----------
    responses : Responses
    group : str
        Name of the grouping variable.

    Returns
    -------
    Series of int
        Index: the groups, in the order of their categories; persons without a group are not counted.

    Raises
    ------
    DataError
        On a grouping variable the responses do not have.
    """
    sizes = _members(responses, group).value_counts(sort=False)
    return sizes.rename("n").rename_axis(group)


def group_summary(responses: Responses, group: str) -> pd.DataFrame:
    """Return the mean of every construct in every group with its 95 % t interval.

    Parameters
    ----------
    group : str
        The grouping variable.

    Returns
    -------
    DataFrame
        Index (group, ``construct``); columns ``n``, ``mean``, ``sd``, ``ci_low``, ``ci_high``.

    Raises
    ------
    DataError
        On a grouping variable the responses do not have.
    """
    members, scores = _members(responses, group), construct_scores(responses)
    rows = {
        (name, code): summary(scores[code][members == name])
        for name in members.cat.categories
        for code in scores
    }
    frame = pd.DataFrame(list(rows.values()), index=pd.MultiIndex.from_tuples(rows))
    return frame.rename_axis([group, "construct"])


def _members(responses: Responses, group: str) -> pd.Series:
    if group not in responses.groups.columns:
        raise DataError(f"No grouping variable '{group}'. {suggest(group, map(str, responses.groups))}")
    return responses.groups[group].astype("category")
