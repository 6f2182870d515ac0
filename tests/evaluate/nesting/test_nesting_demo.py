"""The demo's people lie in teams within organisations: what was planted is found."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data import open_study
from jq_models.evaluate.nesting import (
    cluster_level,
    clustered_paths,
    grouping_pair,
    icc_table,
    mixed_paths,
    nested_groupings,
    team_grouping,
    variance_parts,
)

POLICY = ["TOO", "INT", "LCU", "LEM", "INF"]  # decided by the organisation: ICC .12 to .25


@pytest.fixture(scope="module")
def opened():
    return open_study("demo")


@pytest.fixture(scope="module")
def truth(checkout) -> dict:
    text = (checkout / "data" / "simulated" / "demo_truth.json").read_text(encoding="utf-8")
    return json.loads(text)["scores"]


@pytest.fixture(scope="module")
def parts(opened) -> pd.DataFrame:
    return variance_parts(opened.responses)


@pytest.fixture(scope="module")
def icc(opened, parts) -> pd.DataFrame:
    return icc_table(opened.responses, parts=parts)


def with_truth(icc: pd.DataFrame, truth: dict, grouping: str) -> pd.DataFrame:
    rows = icc[icc["grouping"] == grouping].set_index("construct")
    organisation, team = pd.Series(truth["icc_organisation"]), pd.Series(truth["icc_team"])
    known = organisation if grouping == "organisation" else team / (1 - organisation)
    rows = rows.assign(truth=known)
    return rows.assign(covered=rows["truth"].between(rows["ci_low"], rows["ci_high"]))


def test_organisations_and_teams_nest_people_and_nothing_else_does(opened):
    assert nested_groupings(opened.responses) == ("organisation", "team")
    assert grouping_pair(opened.responses) == ("organisation", "team")


def test_the_planted_shares_of_the_organisation_lie_in_the_intervals(icc, truth):
    rows = with_truth(icc, truth, "organisation")
    assert rows.loc[POLICY, "covered"].all(), rows.loc[POLICY].to_string()
    assert rows["covered"].sum() >= 13  # of 15 intervals of 95 %


def test_the_planted_shares_of_the_team_lie_in_the_intervals(icc, truth):
    rows = with_truth(icc, truth, "team")
    assert rows["covered"].sum() >= 14
    assert rows.loc[["SUP", "ATM"], "covered"].all()
    assert set(rows.index[rows["ci_low"] > 0]) == {"SUP", "ATM"}  # the two planted, and no other
    assert (rows["within"] == "organisation").all()


def test_two_routes_agree(icc):
    assert (icc["reml_state"] == "converged").all()
    gap = icc["icc_reml"] - icc["icc1"].clip(lower=0.0)
    assert gap.abs().max() < 0.04


def test_the_three_levels_add_up(parts):
    assert (parts["state"] == "converged").all()
    np.testing.assert_allclose(parts[["outer", "inner", "person"]].sum(axis=1), 1.0)


def test_rows_stand_in_a_fixed_order_whatever_the_order_of_people(opened, icc, parts):
    order = np.random.default_rng(1).permutation(opened.responses.n)
    shuffled = replace(
        opened.responses,
        items=opened.responses.items.iloc[order].reset_index(drop=True),
        groups=opened.responses.groups.iloc[order].reset_index(drop=True),
        covariates=opened.responses.covariates.iloc[order].reset_index(drop=True),
    )
    again = icc_table(shuffled, parts=parts)
    pd.testing.assert_frame_equal(icc, again, rtol=1e-6)


def test_clustered_errors_stand_beside_plain_ones(opened):
    errors = clustered_paths(opened.model("second_order"), opened.complete, outcomes=opened.outcomes)
    assert list(errors["grouping"].unique()) == ["organisation", "team"]
    assert list(errors.groupby("grouping", sort=False)["n_clusters"].first()) == [8, 51]
    np.testing.assert_allclose(errors["ratio"], errors["se"] / errors["se_plain"])
    plain, clustered = errors[errors["grouping"] == "team"][["se_plain", "se"]].to_numpy().T
    assert (plain != clustered).all()
    assert [cluster_level(n) for n in (8, 19, 20, 29, 30, 51)] == ["too_few"] * 2 + ["few"] * 2 + [
        "enough"
    ] * 2


def test_mixed_models_on_scores_point_the_same_way(opened):
    found = mixed_paths(opened.responses, targets=("SAT", "COM"))
    assert list(found["state"]) == ["converged"] * 4
    assert (found["ci_low"] > 0.4).all()
    assert (found["estimate"] < 0.76).all()  # attenuated: scores are not corrected for unreliability


def test_a_grouping_without_people_enough_is_no_cluster(opened):
    few = opened.responses.groups.assign(team=pd.Categorical(np.arange(opened.responses.n) % 5))
    assert nested_groupings(replace(opened.responses, groups=few)) == ("organisation",)
    own = opened.responses.groups.assign(team=pd.Categorical(np.arange(opened.responses.n) // 2))
    assert nested_groupings(replace(opened.responses, groups=own)) == ("organisation",)


def test_a_split_in_many_classes_is_no_cluster_but_holders_of_whole_teams_are(opened):
    old, place = opened.responses.groups, np.arange(opened.responses.n)
    region = old["organisation"].cat.codes.to_numpy()
    groups = old.assign(
        age=pd.Categorical(place % 6), tenure=pd.Categorical(place % 30), region=pd.Categorical(region)
    )
    responses = replace(opened.responses, groups=groups)
    assert nested_groupings(responses) == ("organisation", "region", "team")
    only = replace(opened.responses, groups=groups[["age", "tenure"]])
    assert nested_groupings(only) == ()
    assert team_grouping(only) is None
    unit = replace(opened.responses, groups=old.rename(columns={"team": "unit"}))
    assert team_grouping(unit) == "unit"  # lies within organisations, whatever its name


def test_groups_that_cross_are_not_nested(opened):
    crossed = opened.responses.groups.assign(team=pd.Categorical(np.arange(opened.responses.n) % 40))
    responses = replace(opened.responses, groups=crossed)
    assert grouping_pair(responses) is None


def test_people_without_a_group_are_left_out(opened):
    groups = opened.responses.groups.copy()
    groups.loc[:99, "organisation"] = np.nan
    found = icc_table(replace(opened.responses, groups=groups), groupings=("organisation",))
    assert found["n"].max() <= opened.responses.n - 100


def test_no_interval_without_its_estimate_and_no_negative_reliability(opened):
    """Every group has the same mean: the interval ends at -1 / (largest group - 1), the estimate below."""
    responses = opened.responses
    items = responses.items.copy()
    place = np.arange(responses.n)
    own = [code for code in items if code.startswith("SAT")]
    # groups of 2 and of 20 whose members are spread alike: far less difference than by chance
    cuts = np.r_[np.repeat(np.arange(20), 2), 20 + (place[40:] - 40) // 20]
    for code in own:
        items[code] = 1.0 + 4.0 * (place % 2)
    groups = responses.groups.assign(organisation=pd.Categorical(cuts))
    found = icc_table(replace(responses, items=items, groups=groups), groupings=("organisation",))
    row = found.set_index("construct").loc["SAT"]
    assert row["icc1"] < -1 / 19  # where an interval would end
    assert np.isnan(row["ci_low"])
    assert np.isnan(row["ci_high"])
    assert np.isnan(row["icc2"])
    known = found.dropna(subset=["ci_low"])
    assert (known["icc1"].between(known["ci_low"], known["ci_high"])).all()
    assert not (found["icc2"] < 0).any()
