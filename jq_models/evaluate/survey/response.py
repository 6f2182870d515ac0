"""How many of those invited answered, in all and by group."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from jq_models.data import OpenStudy
from jq_models.data.team_names import stands_for_several
from jq_models.evaluate.groups import group_sizes
from jq_models.spec import Group

LEVEL = 0.95
RESPONSE_STATES = ("known", "not_given", "more_than_invited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The way from the people invited to those in the models.

    Attributes
    ----------
    invited : int or None
        People the questionnaire was sent to; None when the study file does not say.
    read, answered, used : int
        Rows of the file; people with an answer to at least one item; people who answered every item of the
        study's models.
    rate, ci_low, ci_high : float
        Share of those invited who answered and its 95 % Wilson (1927) interval; NaN unless `state` is
        "known". The interval takes those who answered as drawn by chance from all who might have been asked.
    state : {"known", "not_given", "more_than_invited"}
        "more_than_invited": more answered than were invited, so that one of the two numbers is wrong.
    """

    invited: int | None
    read: int
    answered: int
    used: int
    rate: float
    ci_low: float
    ci_high: float
    state: str


def response(opened: OpenStudy) -> Response:
    """Return who was invited, answered and is used in a study."""
    invited, answered = opened.spec.client.invited, opened.responses.n
    rate, low, high, state = _rate(answered, invited)
    return Response(
        invited=invited,
        read=opened.responses.n_read,
        answered=answered,
        used=opened.complete.n,
        rate=rate,
        ci_low=low,
        ci_high=high,
        state=state,
    )


def response_of_groups(opened: OpenStudy, group: str) -> pd.DataFrame:
    """Return the response of every group of a grouping; what of it may be shown is for `disclosure` to say.

    Parameters
    ----------
    group : str
        Name of a grouping of the study.

    Returns
    -------
    DataFrame
        Index: the groups as the responses name them, those invited of whom nobody answered included; columns
        invited, answered, rate, ci_low, ci_high, state. NaN where the study file gives no number.
    """
    invited = _invited(opened, opened.spec.group(group))
    sizes = group_sizes(opened.responses, group)
    names = [*map(str, sizes.index), *(name for name in invited if name not in set(map(str, sizes.index)))]
    rows = []
    for name in names:
        asked, answered = invited.get(name), int(sizes.get(name, 0))
        rows.append((math.nan if asked is None else asked, answered, *_rate(answered, asked)))
    columns = ["invited", "answered", "rate", "ci_low", "ci_high", "state"]
    return pd.DataFrame(rows, index=pd.Index(names, name=group), columns=columns)


def group_response(opened: OpenStudy) -> dict[str, pd.DataFrame]:
    """Return `response_of_groups` of every grouping whose invited people the study file gives."""
    given = opened.spec.client.invited_by
    return {g.name: response_of_groups(opened, g.name) for g in opened.spec.groups if g.name in given}


def _invited(opened: OpenStudy, group: Group) -> dict[str, int]:
    """Return the people invited by the names that the responses carry: labels, where there are any."""
    given = opened.spec.client.invited_by.get(group.name, {})
    labels = {code: text[opened.language] for code, text in group.labels.items()}
    named = {labels.get(code, code): people for code, people in given.items()}
    teams = [str(name) for name in opened.responses.groups[group.name].cat.categories]
    # a number for "T01" where several organisations have one belongs to none of them
    return {name: people for name, people in named.items() if not stands_for_several(name, teams)}


def _rate(answered: int, invited: int | None) -> tuple[float, float, float, str]:
    if invited is None:
        return math.nan, math.nan, math.nan, "not_given"
    if answered > invited:
        return math.nan, math.nan, math.nan, "more_than_invited"
    low, high = proportion_confint(answered, invited, alpha=1.0 - LEVEL, method="wilson")
    return answered / invited, float(low), float(high), "known"
