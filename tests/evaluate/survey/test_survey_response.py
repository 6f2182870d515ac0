"""Response rates: Wilson's interval, labels, and what a wrong number of invited people does."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from jq_models.data import OpenStudy
from jq_models.evaluate.survey import group_response, response
from jq_models.evaluate.survey.response import response_of_groups
from jq_models.spec import Client


def with_client(opened: OpenStudy, client: Client) -> OpenStudy:
    return replace(opened, spec=replace(opened.spec, client=client))


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson (1927), typed from the formula."""
    z = 1.959963984540054
    centre, half = k / n + z**2 / (2 * n), z * math.sqrt(k / n * (1 - k / n) / n + z**2 / (4 * n**2))
    return (centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)


def test_the_demo_has_its_response(demo: OpenStudy) -> None:
    found = response(demo)
    assert (found.invited, found.read, found.answered, found.used) == (785, 577, 577, 497)
    assert found.rate == 577 / 785
    assert (found.ci_low, found.ci_high) == pytest.approx(wilson(577, 785), rel=1e-10)


def test_groups_are_found_by_their_labels(demo: OpenStudy) -> None:
    rows = group_response(demo)
    assert list(rows) == ["organisation"]  # the only grouping with invited people
    fifth = rows["organisation"].loc["Organisation 5"]
    assert (fifth["invited"], fifth["answered"], fifth["rate"]) == (50, 42, 0.84)
    assert (fifth["ci_low"], fifth["ci_high"]) == pytest.approx(wilson(42, 50), rel=1e-10)
    assert rows["organisation"]["answered"].sum() == 577


def test_a_study_without_invited_people_has_no_rate(demo: OpenStudy) -> None:
    found = response(with_client(demo, Client()))
    assert (found.invited, found.answered, found.state) == (None, 577, "not_given")
    assert math.isnan(found.rate)
    assert group_response(with_client(demo, Client())) == {}


def test_more_answers_than_people_invited_give_no_rate(demo: OpenStudy) -> None:
    found = response(with_client(demo, Client(invited=500)))
    assert found.state == "more_than_invited"
    assert math.isnan(found.rate)


def test_a_number_for_a_name_of_several_teams_belongs_to_none(demo: OpenStudy) -> None:
    old = demo.responses.groups
    teams = old["team"].cat.rename_categories(lambda name: f"T01 ({name})")
    apart = replace(demo, responses=replace(demo.responses, groups=old.assign(team=teams)))
    rows = response_of_groups(with_client(apart, Client(invited_by={"team": {"T01": 12}})), "team")
    assert "T01" not in rows.index
    assert rows["rate"].isna().all()


def test_a_group_nobody_answered_in_stands_there_with_zero(demo: OpenStudy) -> None:
    client = Client(invited_by={"contract": {"permanent": 400, "intern": 20}})
    rows = response_of_groups(with_client(demo, client), "contract")
    assert rows.loc["intern", "rate"] == 0.0
    assert rows.loc["intern", "ci_high"] > 0.1
    assert rows.loc["Permanent", "invited"] == 400
    assert rows.loc["Flexible", "state"] == "not_given"
