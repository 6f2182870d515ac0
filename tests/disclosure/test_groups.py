"""Group sizes as they may be shown: each grouping by itself, small groups hidden, order kept."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from grouped_answers import answered_by, column, nested, plain

from jq_models.data import open_study
from jq_models.disclosure import MINIMUM, shown_group_sizes
from jq_models.errors import DisclosureError


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


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([10, 25, 40], [10, 25, 40]),
        ([9, 25, 40], [None, None, 40]),  # the next smallest goes too
        ([9, 8, 40], [None, None, 40]),  # two hidden, 17 together: enough
        ([3, 2, 12, 40], [None, None, None, 40]),  # two hidden, but only 5 together
        ([40, 12, 12, 9], [40, None, 12, None]),  # of equals the first
        ([0, 30, 40], [None, 30, 40]),  # nobody to protect
        ([0, 4, 30, 40], [None, None, None, 40]),  # the empty group protects nobody
        ([4], [None]),
        ([], []),
    ],
)
def test_hidden_groups_of_one_grouping(counts, expected):
    names = [f"g{k}" for k in range(len(counts))]
    found = shown_group_sizes(answered_by(team=column(**dict(zip(names, counts, strict=True)))))
    assert list(plain(found["team"]).values()) == expected


def test_the_default_minimum_is_ten():
    assert MINIMUM == 10
    assert plain(shown_group_sizes(answered_by(team=column(a=10, b=11)))["team"]) == {"a": 10, "b": 11}
    assert plain(shown_group_sizes(answered_by(team=column(a=9, b=11)))["team"]) == {"a": None, "b": None}


@pytest.mark.parametrize(("minimum", "shown"), [(5, 6), (6, 6), (7, None)])
def test_the_studys_minimum_decides(minimum, shown):
    found = shown_group_sizes(answered_by(team=column(a=6, b=30, c=40)), minimum=minimum)
    assert plain(found["team"])["a"] == shown


@pytest.mark.parametrize("minimum", [4, 0, -1])
def test_a_minimum_below_the_floor_is_refused(minimum):
    with pytest.raises(DisclosureError, match=f"is {minimum}; it cannot be below 5"):
        shown_group_sizes(answered_by(team=column(a=30)), minimum=minimum)


@pytest.mark.parametrize(("without", "shown"), [(12, 30), (7, None), (0, 30)])
def test_persons_without_a_group_are_not_counted_and_protected_like_a_group(without, shown):
    team = pd.Categorical(["a"] * 30 + ["b"] * 32 + [None] * without, categories=["a", "b"])
    assert plain(shown_group_sizes(answered_by(team=team))["team"]) == {"a": shown, "b": 32}


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


def test_a_hidden_team_does_not_follow_from_its_organisation():
    # a team of its own organisation protects t3; the smallest one, t4, lies elsewhere and would not
    responses = nested(o1={"t1": 30, "t2": 26, "t3": 4}, o2={"t4": 20, "t5": 40})
    found = shown_group_sizes(responses)
    assert plain(found["organisation"]) == {"o1": 60, "o2": 60}
    assert plain(found["team"]) == {"t1": 30, "t2": None, "t3": None, "t4": 20, "t5": 40}


def test_an_organisation_hidden_for_anothers_sake_does_not_follow_from_its_teams():
    # o1 protects o2; were t1 shown, o1 were known and o2 with it
    found = shown_group_sizes(nested(o1={"t1": 15}, o2={"t2": 8}, o3={"t3": 12, "t4": 40}))
    assert plain(found["organisation"]) == {"o1": None, "o2": None, "o3": 52}
    assert found["team"][["t1", "t2"]].isna().all()


def test_the_other_team_of_an_organisation_is_hidden_with_a_small_one():
    found = shown_group_sizes(nested(o1={"t1": 6, "t2": 30}, o2={"t3": 40, "t4": 30}))
    assert plain(found["organisation"]) == {"o1": 36, "o2": 70}
    assert found["team"][["t1", "t2"]].isna().all()  # its other team is hidden with it
    found = shown_group_sizes(answered_by(team=column(a=6, b=30), region=column(x=6, y=30)))
    assert found["team"].isna().all()
    assert found["region"].isna().all()


def test_persons_without_a_team_protect_the_small_one_of_their_organisation():
    teams = pd.Series(["t1"] * 6 + [None] * 30 + ["t2"] * 40 + ["t3"] * 30)
    organisations = pd.Series(["o1"] * 36 + ["o2"] * 70)
    found = shown_group_sizes(answered_by(organisation=organisations, team=teams))
    assert plain(found["organisation"]) == {"o1": 36, "o2": 70}
    assert plain(found["team"]) == {"t1": None, "t2": 40, "t3": 30}


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
