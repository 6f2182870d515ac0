"""Group sizes as they may be shown: each grouping by itself, small groups hidden, order kept."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from jq_models.data import Responses, open_study
from jq_models.disclosure import MINIMUM, shown_group_sizes
from jq_models.errors import DisclosureError
from jq_models.spec import load_instrument


def answered_by(**groups: pd.Series | list | pd.Categorical) -> Responses:
    """Responses of persons in groups; their answers don't matter here."""
    frame = pd.DataFrame(groups)
    return Responses(
        items=pd.DataFrame({"OPP1": np.full(len(frame), 3.0)}),
        groups=frame,
        instrument=load_instrument("ccc_job_quality"),
        log=(),
        n_read=len(frame),
    )


def column(**sizes: int) -> pd.Categorical:
    """A grouping with groups of these sizes, its categories in this order."""
    return pd.Categorical(np.repeat(list(sizes), list(sizes.values())), categories=list(sizes))


def plain(sizes: pd.Series) -> dict[str, int | None]:
    return {group: None if math.isnan(n) else int(n) for group, n in sizes.items()}


def test_every_grouping_is_there_under_its_name_in_the_order_of_its_categories():
    found = shown_group_sizes(answered_by(team=column(zulu=30, alfa=50), contract=column(fixed=60, flex=20)))
    assert list(found) == ["team", "contract"]
    assert list(found["team"].items()) == [("zulu", 30), ("alfa", 50)]
    assert plain(found["contract"]) == {"fixed": 60, "flex": 20}
    assert found["team"].index.name == "team"


def test_a_small_group_is_hidden_and_the_next_smallest_with_it():
    found = shown_group_sizes(answered_by(team=column(a=9, b=31, c=40)))
    assert plain(found["team"]) == {"a": None, "b": None, "c": 40}


def test_what_one_grouping_hides_does_not_touch_another():
    found = shown_group_sizes(answered_by(team=column(a=9, b=31, c=40), year=column(old=40, new=40)))
    assert plain(found["year"]) == {"old": 40, "new": 40}


def test_the_default_minimum_is_ten():
    assert MINIMUM == 10
    assert plain(shown_group_sizes(answered_by(team=column(a=10, b=11)))["team"]) == {"a": 10, "b": 11}
    assert plain(shown_group_sizes(answered_by(team=column(a=9, b=11)))["team"]) == {"a": None, "b": None}


@pytest.mark.parametrize(("minimum", "shown"), [(5, 6), (6, 6), (7, None)])
def test_the_studys_minimum_decides(minimum, shown):
    found = shown_group_sizes(answered_by(team=column(a=6, b=30, c=40)), minimum=minimum)
    assert plain(found["team"])["a"] == shown


def test_a_minimum_below_the_floor_is_refused():
    with pytest.raises(DisclosureError, match="is 4; it cannot be below 5"):
        shown_group_sizes(answered_by(team=column(a=30)), minimum=4)


def test_persons_without_a_group_are_not_counted():
    team = pd.Categorical(["a"] * 30 + ["b"] * 30 + [None] * 7, categories=["a", "b"])
    assert plain(shown_group_sizes(answered_by(team=team))["team"]) == {"a": 30, "b": 30}


def test_no_grouping_gives_nothing():
    assert shown_group_sizes(answered_by()) == {}


def test_the_demo_shows_its_organisations_and_hides_its_smaller_teams(checkout):
    responses = open_study("demo").responses
    found = shown_group_sizes(responses, minimum=12)
    truth = json.loads((checkout / "data" / "simulated" / "demo_truth.json").read_text(encoding="utf-8"))
    assert found["organisation"].to_list() == list(truth["organisation_sizes"].values())
    teams = responses.groups["team"].value_counts()
    hidden = found["team"].index[found["team"].isna()]
    small = set(teams.index[teams < 12])
    organisation = responses.groups.groupby("team", observed=True)["organisation"].first()
    alone = [team for team in small if (organisation[list(small)] == organisation[team]).sum() == 1]
    protecting = set(hidden) - small  # one more in each organisation that has a single small team
    assert small <= set(hidden)
    assert sorted(organisation[list(protecting)]) == sorted(organisation[alone])
    assert len(alone) == 1


def nested(**organisations: dict[str, int]) -> Responses:
    """Responses of persons in teams within organisations."""
    rows = [(o, t) for o, teams in organisations.items() for t, n in teams.items() for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["organisation", "team"])
    return answered_by(organisation=frame["organisation"], team=frame["team"])


def test_a_hidden_team_does_not_follow_from_its_organisation():
    # teams hidden by themselves: t3 and the smallest other one, which lies elsewhere
    responses = nested(o1={"t1": 30, "t2": 26, "t3": 4}, o2={"t4": 20, "t5": 40})
    found = shown_group_sizes(responses)
    assert plain(found["organisation"]) == {"o1": 60, "o2": 60}
    assert plain(found["team"]) == {"t1": 30, "t2": None, "t3": None, "t4": None, "t5": 40}


def test_an_organisation_hidden_for_anothers_sake_does_not_follow_from_its_teams():
    # o1 protects o2; were t1 shown, o1 were known and o2 with it
    found = shown_group_sizes(nested(o1={"t1": 15}, o2={"t2": 8}, o3={"t3": 12, "t4": 40}))
    assert plain(found["organisation"]) == {"o1": None, "o2": None, "o3": 52}
    assert found["team"][["t1", "t2"]].isna().all()


def test_an_organisation_whose_teams_cannot_protect_each_other_is_hidden_itself():
    teams = pd.Series(["t1"] * 6 + [None] * 30 + ["t2"] * 40 + ["t3"] * 30)
    organisations = pd.Series(["o1"] * 36 + ["o2"] * 70)
    found = shown_group_sizes(answered_by(organisation=organisations, team=teams))
    assert math.isnan(found["organisation"]["o1"])


def test_groups_that_cross_are_left_alone():
    team, year = ["a"] * 4 + ["b"] * 30 + ["c"] * 40, ["old", "new"] * 37
    found = shown_group_sizes(answered_by(team=pd.Series(team), year=pd.Series(year)))
    assert plain(found["year"]) == {"new": 37, "old": 37}
    assert plain(found["team"]) == {"a": None, "b": None, "c": 40}


@pytest.mark.parametrize("seed", range(60))
def test_no_small_number_follows_by_subtraction_at_any_level(seed):
    rng = np.random.default_rng(seed)
    team_sizes = rng.choice([1, 3, 4, 6, 9, 10, 12, 20, 33], size=rng.integers(2, 14))
    team = np.repeat(np.arange(len(team_sizes)), team_sizes)
    organisation = rng.integers(0, 4, size=len(team_sizes))[team]
    region = np.array([0, 0, 1, 1])[organisation]
    levels = {"region": region, "organisation": organisation, "team": team}
    found = shown_group_sizes(answered_by(**{name: pd.Series(v) for name, v in levels.items()}))
    shown = {name: np.isin(v, found[name].dropna().index) for name, v in levels.items()}
    if not any(mask.any() for mask in shown.values()):
        return
    for part, names in {"region": [], "organisation": ["region"], "team": ["region", "organisation"]}.items():
        hidden = ~shown[part]
        assert hidden.all() or hidden.sum() == 0 or hidden.sum() >= MINIMUM
        for whole in names:
            pieces = [levels[whole] == name for name in found[whole].dropna().index]
            for piece in [*pieces, ~shown[whole]]:
                rest = (piece & hidden).sum()
                alone = not shown[part][piece].any() and piece.sum() == rest  # nothing to subtract
                assert rest == 0 or rest >= MINIMUM or (alone and not shown[whole].any())
