"""Which groups are single teams, and what of them would appraise the person who leads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data import OpenStudy, Responses, open_study
from jq_models.evaluate import appraisals
from jq_models.evaluate.appraisals import LARGEST_TEAM, NO_TEAM, appraisals_of, single_teams, team_numbers
from jq_models.spec import load_instrument


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo")


def groups(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Categorical(values) for name, values in columns.items()})


def test_both_questionnaires_have_a_score_about_the_supervisor(demo: OpenStudy) -> None:
    for name in ("ccc_job_quality", "gss_quality_of_worklife"):
        found = [c.code for c in load_instrument(name).constructs if c.appraises_one]
        assert found == ["SUP"]
        texts = [item.text["en"] for item in load_instrument(name).construct("SUP").items]
        assert "supervisor" in " ".join(texts)
    assert appraisals(demo.responses) == ("SUP",)
    without = demo.responses.items.drop(columns=["SUP1", "SUP2", "SUP3", "SUP4"])
    assert appraisals(replace(demo.responses, items=without)) == ()


def test_teams_are_told_by_their_grouping_alone_where_there_is_one() -> None:
    found = team_numbers(groups(unit=["u", "v", "v"], team=["a", "b", None], contract=["p", "f", "f"]))
    assert [numbers.tolist() for numbers in found] == [[0, 1, NO_TEAM]]


def test_without_it_every_small_group_that_may_be_a_team_is_one() -> None:
    large = LARGEST_TEAM + 1
    frame = groups(
        organisation=["x"] * 3 + ["y"] * large,
        contract=["p"] * 3 + ["f"] * large,
        unit=["u"] * 2 + [None] + ["v"] * large,
    )
    (numbers,) = team_numbers(frame)
    assert numbers.tolist() == [0, 0, NO_TEAM] + [NO_TEAM] * large
    assert team_numbers(frame[["organisation", "contract"]]) == ()


def test_single_teams_are_found_in_every_grouping() -> None:
    frame = groups(
        organisation=["x", "x", "y", "y", "z", "z"],
        team=["a", "b", "c", "c", "d", None],
        contract=["p", "p", "p", "f", "f", "f"],
    )
    assert single_teams(frame, "team") == ("a", "b", "c", "d")
    assert single_teams(frame, "organisation") == ("y",)  # of z nobody knows
    assert single_teams(frame, "contract") == ()
    alone = groups(team=["a"] * 4, contract=["p", "p", "f", "f"])
    assert single_teams(alone, "team") == single_teams(alone, "contract") == ()


def test_what_appraises_one_in_some_of_the_groups(make_responses: Callable[..., Responses]) -> None:
    items = pd.DataFrame(np.ones((6, 2)), columns=["A1", "B1"])
    frame = groups(organisation=["x", "x", "y", "y", "y", "y"], team=["a", "b", "c", "c", "c", "c"])
    responses = make_responses(items, frame)
    assert appraisals_of(responses, "organisation") == ()
    constructs = tuple(replace(c, appraises_one=c.code == "B") for c in responses.instrument.constructs)
    told = replace(responses, instrument=replace(responses.instrument, constructs=constructs))
    assert appraisals_of(told, "organisation") == ("B",)
    assert appraisals_of(told, "organisation", groups=["x"]) == ()
    assert appraisals_of(told, "organisation", groups=["x", "y"]) == ("B",)
