"""Scores that appraise one person: a team's score about its supervisor, whom everybody there can name.

The questionnaire says which constructs do (`Construct.appraises_one`), this module which groups are teams.
What of it may be shown is for `disclosure` to say.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from jq_models.data.responses import Responses
from jq_models.evaluate.nesting.clusters import INNERMOST, OUTERMOST
from jq_models.numeric.moments import Whole

NO_TEAM = -1
# in a study that does not say who is in which team, any other grouping may be the teams, but for these: they
# say what people are or where they come from, not whom they work for
NEVER_TEAMS = (
    OUTERMOST, "contract", "home_days", "language", "wave", "role", "sector", "country", "tenure",
)  # fmt: skip
LARGEST_TEAM = 50  # ours: nobody supervises more; a larger group of a grouping with another name is no team


def appraisals(responses: Responses) -> tuple[str, ...]:
    """Return the constructs with data that appraise one person, in the questionnaire's order."""
    return tuple(
        c.code for c in responses.instrument.constructs if c.appraises_one and c.code in responses.constructs
    )


def team_numbers(groups: pd.DataFrame) -> tuple[Whole, ...]:
    """Return a number for everybody's team, by every grouping that says who is in which.

    Parameters
    ----------
    groups : DataFrame of categories, persons x groups

    Returns
    -------
    tuple of arrays of int
        `NO_TEAM` for who is in none. The grouping "team" alone where the study has it; else every grouping
        but `NEVER_TEAMS`, whose groups of at most `LARGEST_TEAM` persons count as teams.
    """
    if INNERMOST in groups:
        return (pd.factorize(groups[INNERMOST])[0].astype(np.intp),)
    found = []
    for name in groups.columns.difference(list(NEVER_TEAMS), sort=False):
        codes = pd.factorize(groups[name])[0].astype(np.intp)
        sizes = np.bincount(codes[codes >= 0], minlength=1)
        found.append(np.where((codes >= 0) & (sizes[codes] <= LARGEST_TEAM), codes, NO_TEAM))
    return tuple(found)


def single_teams(groups: pd.DataFrame, grouping: str) -> tuple[str, ...]:
    """Return the groups of a grouping whose people are all of one team, while others are of another or none.

    In the order of the categories.
    """
    members = groups[grouping].astype("category")
    found: dict[str, None] = {}
    for numbers in team_numbers(groups):
        if len(set(numbers.tolist())) < 2:  # everybody: that is the study itself
            continue
        for label in members.cat.categories:
            own = set(numbers[(members == label).to_numpy()].tolist())
            if len(own) == 1 and NO_TEAM not in own:
                found[str(label)] = None
    return tuple(str(label) for label in members.cat.categories if str(label) in found)


def appraisals_of(
    responses: Responses, grouping: str, *, groups: Collection[str] | None = None
) -> tuple[str, ...]:
    """Return the constructs that would appraise one person in one of these groups.

    Parameters
    ----------
    grouping : str
    groups : collection of str, optional
        Default: all of the grouping.
    """
    single = single_teams(responses.groups, grouping)
    return appraisals(responses) if any(groups is None or name in groups for name in single) else ()
