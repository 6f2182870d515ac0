"""What a release shows and hides: crossings, constructs, answers that are all alike, tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from grouped_answers import answered_by, column, plain, some_items

from jq_models.data import open_study
from jq_models.disclosure import release
from jq_models.errors import DisclosureError
from jq_models.evaluate import construct_summary, group_sizes, group_summary


def crossed(cells: dict[tuple[str, str], int], **options):
    """Responses of persons by region and contract."""
    rows = [labels for labels, n in cells.items() for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["region", "contract"])
    items = some_items(len(frame))
    return answered_by(items=items, region=frame["region"], contract=frame["contract"]), options


CELLS = {("x", "fixed"): 30, ("x", "flex"): 6, ("y", "fixed"): 40, ("y", "flex"): 34}


def test_a_small_crossing_hides_the_other_part_of_its_group_and_of_its_contract():
    responses, _ = crossed(CELLS)
    found = release(responses, crossings=[("region", "contract")])
    assert plain(found.sizes("region")) == {"x": 36, "y": 74}
    assert plain(found.sizes("contract")) == {"fixed": 70, "flex": 40}
    assert found.sizes(("region", "contract")).isna().all()  # one shown would give all four
    assert found.hidden == {("region",): 0, ("contract",): 0, ("region", "contract"): 4}


def test_large_crossings_are_shown_in_the_order_of_their_groupings():
    responses, _ = crossed(CELLS)
    found = release(responses, crossings=[("region", "contract")], minimum=6)
    assert found.sizes(("region", "contract")).to_dict() == CELLS
    assert found.shows(("region", "contract"), ("x", "flex"))


def test_only_what_was_released_is_shown():
    responses, _ = crossed(CELLS)
    found = release(responses)
    with pytest.raises(DisclosureError, match="Nothing was released of 'region x contract'"):
        found.sizes(("region", "contract"))
    with pytest.raises(DisclosureError, match=r"Nothing was released of 'regio'\. Did you mean 'region'"):
        found.shows("regio", "x")
    assert not found.shows("region", "nowhere")


@pytest.mark.parametrize(
    ("crossing", "said"),
    [
        (("region", "contracts"), "'contracts'. Did you mean 'contract'"),
        (("region",), "two or more"),
        (("region", "region"), "two or more"),
    ],
)
def test_crossings_that_cannot_be(crossing, said):
    with pytest.raises(DisclosureError, match=said):
        release(crossed(CELLS)[0], crossings=[crossing])


def test_a_grouping_that_crosses_may_give_a_small_difference_away():
    # all of team a but four persons are those of region x: the difference would be told
    team = ["a"] * 24 + ["b"] * 40
    region = ["x"] * 20 + ["y"] * 44
    found = release(answered_by(team=team, region=region))
    assert found.sizes("team").notna().all()
    assert found.sizes("region").isna().all()


def test_a_construct_that_few_of_a_group_answered_is_hidden_there_and_where_it_would_follow():
    items = some_items(60)
    items.loc[:7, ["OPP1", "OPP2", "OPP3", "OPP4"]] = np.nan
    found = release(answered_by(items=items, team=column(a=17, b=20, c=23)))
    assert plain(found.sizes("team")) == {"a": 17, "b": 20, "c": 23}
    assert [found.shows("team", t, of="OPP") for t in "abc"] == [False, False, True]
    assert all(found.shows("team", t, of="AMB") for t in "abc")
    assert [found.shows("team", t, of="OPP2") for t in "abc"] == [False, False, True]
    assert [found.shows("team", t, of="JQ") for t in "abc"] == [False, False, True]  # rests on all constructs


def test_a_construct_not_asked_in_a_group_is_no_secret():
    items = some_items(60)
    items.loc[:19, ["OPP1", "OPP2", "OPP3", "OPP4"]] = np.nan
    found = release(answered_by(items=items, team=column(a=20, b=20, c=20)))
    assert all(found.shows("team", t, of="OPP") for t in "bc")


def test_where_all_answer_alike_nothing_is_shown_and_nothing_follows():
    items = some_items(60)
    items.loc[:19, ["OPP1", "OPP2", "OPP3", "OPP4"]] = 5.0
    found = release(answered_by(items=items, team=column(a=20, b=18, c=22)))
    assert found.sizes("team").notna().all()
    assert [found.shows("team", t, of="OPP") for t in "abc"].count(False) == 2
    assert not found.shows("team", "a", of="OPP")
    assert all(found.shows("team", t, of="AMB") for t in "abc")
    items.loc[0, "OPP1"] = 4.0  # one who differs
    found = release(answered_by(items=items, team=column(a=20, b=18, c=22)))
    assert found.shows("team", "a", of="OPP")
    # all answered OPP2 alike; OPP1 would follow from the scale, so the items of a scale go together
    assert not any(found.shows("team", "a", of=item) for item in ("OPP1", "OPP2", "OPP3"))


def test_a_scale_that_is_alike_does_not_follow_from_its_items():
    items = some_items(60)
    answers = np.array([2.0, 3.0, 4.0, 3.0])  # every mean is 3, whatever the order
    items.loc[:19, ["OPP1", "OPP2", "OPP3", "OPP4"]] = [np.roll(answers, k) for k in range(20)]
    found = release(answered_by(items=items, team=column(a=20, b=18, c=22)))
    assert not found.shows("team", "a", of="OPP")
    assert not any(found.shows("team", "a", of=item) for item in ("OPP1", "OPP2", "OPP3", "OPP4"))
    assert found.shows("team", "a", of="AMB1")


def test_persons_without_an_answer_do_not_make_a_group_less_alike():
    # in team a only those of region x answered, all the same
    items = some_items(80)
    items.loc[:19, ["OPP1", "OPP2", "OPP3", "OPP4"]] = 2.0
    items.loc[20:39, ["OPP1", "OPP2", "OPP3", "OPP4"]] = np.nan
    region = ["x"] * 20 + ["y"] * 20 + ["x", "y"] * 20
    found = release(answered_by(items=items, team=["a"] * 40 + ["b"] * 40, region=region))
    assert found.sizes("team").notna().all()
    assert not found.shows("team", "a", of="OPP")
    assert found.shows("team", "a", of="AMB")


def test_alike_by_subtraction_only():
    # the 12 persons of x outside team a all answered alike; nobody else's cell is theirs alone
    items = some_items(80)
    items.loc[20:31, ["OPP1", "OPP2", "OPP3", "OPP4"]] = 2.0
    team = ["a"] * 20 + ["b"] * 60
    region = ["x"] * 32 + ["y"] * 48
    found = release(answered_by(items=items, team=team, region=region))
    assert found.sizes("region").notna().all()
    assert all(found.shows("team", t, of="OPP") for t in "ab")
    assert not any(found.shows("region", r, of="OPP") for r in "xy")
    assert all(found.shows("region", r, of="CON") for r in "xy")


def test_the_whole_sample_is_a_cell():
    few = release(answered_by(team=column(a=6)))
    assert not few.whole
    assert few.n == 6
    with pytest.raises(DisclosureError, match="results of everybody may not be shown"):
        few.require_whole()
    enough = release(answered_by(team=column(a=12)))
    enough.require_whole()
    assert enough.whole


def summary_and_release():
    items = some_items(60)
    items.loc[:7, ["OPP1", "OPP2", "OPP3", "OPP4"]] = np.nan
    responses = answered_by(items=items, team=column(a=17, b=20, c=15, d=8))
    return group_summary(responses, "team"), release(responses), responses


def test_hidden_rows_of_a_table_lose_their_numbers():
    summary, shown, _ = summary_and_release()
    found = shown.mask(summary, group="team")
    assert found.index.equals(summary.index)
    told = found.notna().all(axis=1)
    assert told["a"].to_dict() == {"OPP": False, "AMB": True, "CON": True, "ENJ": True}
    assert not told["d"].any()
    assert found.isna().all(axis=1).sum() == (~told).sum()
    pd.testing.assert_frame_equal(found[told], summary[told].astype(float))
    assert summary.notna().all(axis=None)  # the table given is as it was


def test_a_table_may_hold_its_groups_and_constructs_in_columns():
    summary, shown, _ = summary_and_release()
    flat = summary.reset_index().rename(columns={"team": "group"})
    flat["higher"], flat["words"] = flat["mean"] > 3, "text"
    found = shown.mask(flat, group="team", at="group")
    hidden = shown.mask(summary, group="team")["n"].isna().to_numpy()
    assert found["higher"].isna().to_numpy().tolist() == hidden.tolist()
    assert found["group"].tolist() == flat["group"].tolist()
    assert found["words"].tolist() == flat["words"].tolist()
    items = flat.assign(construct="OPP1")
    assert shown.mask(items, group="team", at="group")["n"].isna().sum() >= hidden.sum()


def test_rows_about_one_code_and_rows_about_none():
    summary, shown, responses = summary_and_release()
    sizes = group_sizes(responses, "team").to_frame()
    assert shown.mask(sizes, group="team", construct=None)["n"].isna().tolist() == [False, False, True, True]
    of = shown.mask(sizes, group="team", of="OPP")["n"].isna()
    assert of["a"]
    assert of.equals(shown.mask(summary, group="team").xs("OPP", level="construct")["n"].isna())
    with pytest.raises(DisclosureError, match="no column or index level 'construct'"):
        shown.mask(sizes, group="team")


def test_unknown_groups_and_persons_without_one_are_hidden():
    shown = summary_and_release()[1]
    frame = pd.DataFrame({"team": ["a", "z", None, "b"], "mean": [1.0, 2.0, 3.0, 4.0]})
    assert shown.mask(frame, group="team", construct=None)["mean"].isna().tolist() == [
        False,
        True,
        True,
        False,
    ]


def test_crossings_in_a_table():
    responses, _ = crossed(CELLS)
    shown = release(responses, crossings=[("region", "contract")], minimum=7)
    frame = responses.groups.groupby(["region", "contract"]).size().rename("n").to_frame()
    found = shown.mask(frame, group=("region", "contract"), construct=None)
    assert found["n"].isna().all()


def test_the_demo_shows_its_groups_and_all_but_a_few_scores():
    responses = open_study("demo").responses
    shown = release(responses)
    assert sum(shown.hidden.values()) == 0
    assert shown.whole
    scores = shown.mask(group_summary(responses, "team"), group="team")["mean"].drop("SUP", level="construct")
    assert 0 < scores.isna().sum() <= 6  # teams of ten, one of whom left a scale out
    assert all(shown.shows((), (), of=str(code)) for code in construct_summary(responses).index)


def test_a_release_shows_no_answers_when_printed():
    assert "items" not in repr(release(answered_by(team=column(a=12))))
