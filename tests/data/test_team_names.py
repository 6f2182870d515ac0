"""Teams of one name in several organisations are told apart; the others keep their names."""

from __future__ import annotations

import pandas as pd

from jq_models.data.team_names import recurring, stands_for_several, teams_apart


def groups(organisations: list[str | None], teams: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {"organisation": pd.Categorical(organisations), "team": pd.Categorical(teams)},
        index=range(len(teams)),
    )


FRAME = groups(["N", "N", "S", "S", None, "S", None], ["T01", "T02", "T01", None, "T01", "T03", "T03"])


def test_a_name_in_two_organisations_is_two_teams() -> None:
    found = teams_apart(FRAME)["team"]
    assert found.iloc[[0, 1, 2, 5, 6]].tolist() == ["T01 (N)", "T02", "T01 (S)", "T03", "T03"]
    assert found.iloc[[3, 4]].isna().all()  # no team; and nobody knows which T01
    assert list(found.cat.categories) == ["T01 (N)", "T01 (S)", "T02", "T03"]
    assert recurring(FRAME["organisation"], FRAME["team"]) == ("T01",)


def test_names_of_one_organisation_each_are_left_alone() -> None:
    frame = groups(["N", "N", "S"], ["T01", "T02", "T03"])
    pd.testing.assert_frame_equal(teams_apart(frame), frame)
    alone = frame[["team"]]
    assert teams_apart(alone) is alone


def test_a_name_for_several_teams_is_known_as_such() -> None:
    teams = ["T01 (N)", "T01 (S)", "T02"]
    assert stands_for_several("T01", teams)
    assert not stands_for_several("T02", teams)
    assert not stands_for_several("T0", teams)
