"""Teams of one name in several organisations are several teams: "T01" of one is not "T01" of another."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

ORGANISATION, TEAM = "organisation", "team"


def recurring(organisations: pd.Series, teams: pd.Series) -> tuple[str, ...]:
    """Return the names of teams that stand in more than one organisation, in alphabetical order."""
    known = pd.DataFrame({ORGANISATION: organisations, TEAM: teams}).dropna().astype(str)
    counts = known.groupby(TEAM)[ORGANISATION].nunique()
    return tuple(map(str, counts.index[counts > 1]))


def teams_apart(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with such a team named after its organisation as well: "T01 (North)".

    Parameters
    ----------
    groups : DataFrame of categories, persons x groups
        Only its columns "organisation" and "team" are looked at; returned as it is without both.

    Returns
    -------
    DataFrame
        Other teams keep their names. Of who is in such a team of an unknown organisation nobody knows which
        team it is: no team.
    """
    if not {ORGANISATION, TEAM} <= set(groups):
        return groups
    organisations, teams = groups[ORGANISATION], groups[TEAM]
    names = set(recurring(organisations, teams))
    if not names:
        return groups
    apart = [
        team if team not in names else None if pd.isna(place) else team_name(team, place)
        for place, team in zip(organisations, teams, strict=True)
    ]
    order = [
        new
        for name in teams.cat.categories
        for new in ([team_name(name, place) for place in organisations.cat.categories], [name])[
            name not in names
        ]
    ]
    found = {name for name in apart if isinstance(name, str)}
    kept = [name for name in order if name in found]
    return groups.assign(**{TEAM: pd.Series(pd.Categorical(apart, categories=kept), index=groups.index)})


def team_name(team: str, organisation: str) -> str:
    """Return what a team is called whose name stands in several organisations."""
    return f"{team} ({organisation})"


def stands_for_several(name: str, teams: Iterable[str]) -> bool:
    """Say whether a name is that of several teams, told apart by `teams_apart`."""
    known = tuple(teams)
    return name not in known and any(team.startswith(f"{name} (") for team in known)
