"""Readings, their bases, priorities and groups: on the demo, and where something is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data import OpenStudy, open_study
from jq_models.data.responses import read_only
from jq_models.errors import DataError
from jq_models.evaluate import Attention, attention, construct_scores, construct_summary, group_attention
from jq_models.evaluate.attention import METHODS, READINGS, priorities, study_norm
from jq_models.evaluate.attention.sample import cluster_codes, cluster_grouping, score_sample

DRAWS = 200
# what others score: enough to make the gap a reading of its own
NORM = {
    "OPP": 3.8,
    "AMB": 3.4,
    "CON": 3.1,
    "SUP": 3.7,
    "ATM": 3.8,
    "EMP": 3.5,
    "ENJ": 3.6,
    "TOO": 3.4,
    "INT": 3.7,
    "LCU": 3.2,
    "LEM": 3.3,
    "INF": 3.1,
}


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo")


@pytest.fixture(scope="module")
def found(demo: OpenStudy) -> Attention:
    return attention(demo, norm=NORM, draws=DRAWS, seed=1)


def comparing(opened: OpenStudy, **client: object) -> OpenStudy:
    spec = replace(opened.spec, client=replace(opened.spec.client, **client))
    return replace(opened, spec=spec)


def edited(opened: OpenStudy, edit: Callable[[pd.DataFrame], pd.DataFrame]) -> OpenStudy:
    items = edit(pd.DataFrame(opened.responses.items).copy())
    return replace(opened, responses=replace(opened.responses, items=read_only(items)))


def only(opened: OpenStudy, rows: np.ndarray) -> OpenStudy:
    old = opened.responses
    responses = replace(
        old,
        items=read_only(old.items.iloc[rows].reset_index(drop=True)),
        groups=old.groups.iloc[rows].reset_index(drop=True),
        covariates=read_only(old.covariates.iloc[rows].reset_index(drop=True)),
    )
    return replace(opened, responses=responses)


def test_the_table_has_every_reading_and_dimension_once(found: Attention, demo: OpenStudy) -> None:
    pairs = [(reading, code) for reading in READINGS for code in demo.dimensions]
    assert list(zip(found.table["reading"], found.table["dimension"], strict=True)) == pairs
    rows = found.table
    assert (rows["ci_low"] < rows["estimate"]).all()
    assert (rows["estimate"] < rows["ci_high"]).all()
    assert (rows["rank_low"] <= rows["rank"]).all()
    assert (rows["rank"] <= rows["rank_high"]).all()
    assert found.basis == {"gap": "norm", "weighted": "maximum"}
    assert not found.mirrored
    assert found.reasons == {}
    assert (found.n, found.clusters, found.grouping) == (577, 51, "team")


def test_each_reading_is_what_it_says(found: Attention, demo: OpenStudy) -> None:
    means = construct_summary(demo.responses)["mean"][list(demo.dimensions)]
    lowest, gap, weighted = (found.of(reading) for reading in READINGS)
    pd.testing.assert_series_equal(lowest["estimate"], means, check_names=False, rtol=1e-12)
    assert lowest["rank"].tolist() == means.rank().astype(int).tolist()
    np.testing.assert_allclose(gap["estimate"], pd.Series(NORM) - means, rtol=1e-9)
    importance = found.importance.query("method == 'lmg' and outcome == 'overall'")["estimate"].to_numpy()
    np.testing.assert_allclose(weighted["estimate"], importance * (5.0 - means), rtol=1e-12)
    assert weighted["rank"].tolist() == (-weighted["estimate"]).rank().astype(int).tolist()


def test_the_demos_low_trio_is_certain_to_be_low(found: Attention) -> None:
    lowest = found.of("lowest")
    assert lowest.loc[["LEM", "INF"], "rank_high"].max() <= 4
    assert lowest["rank_high"]["LCU"] <= 6
    # importance is far less certain than scores
    assert found.of("weighted").eval("rank_high - rank_low").mean() > 9


def test_importance_stands_by_method_outcome_and_dimension(found: Attention, demo: OpenStudy) -> None:
    rows = found.importance
    assert rows["method"].unique().tolist() == list(METHODS)
    assert rows["outcome"].unique().tolist() == ["SAT", "COM", "overall"]
    assert len(rows) == 4 * 3 * len(demo.dimensions)
    wide = rows.pivot_table(index=["method", "dimension"], columns="outcome", values="estimate")
    np.testing.assert_allclose(wide["overall"], wide[["SAT", "COM"]].mean(axis=1), rtol=1e-9)
    assert (rows.loc[rows["method"].isin(["relative", "lmg"]), "ci_low"] >= 0).all()
    assert (found.route, found.method) == ("latent", "lmg")


def test_shapley_intervals_are_narrower_than_those_of_total_effects(found: Attention) -> None:
    # in shares of the sum, which total effects have too
    rows = found.importance[found.importance["outcome"] == "overall"]
    rows = rows.assign(width=rows["ci_high"] - rows["ci_low"])
    sums = rows.groupby("method")[["width", "estimate"]].sum()
    relative = sums["width"] / sums["estimate"]
    assert relative["lmg"] < 0.8 * relative["total"]


def test_the_same_seed_gives_the_same_numbers(demo: OpenStudy, found: Attention) -> None:
    again = attention(demo, norm=NORM, draws=DRAWS, seed=1)
    pd.testing.assert_frame_equal(again.table, found.table)
    other = attention(demo, norm=NORM, draws=DRAWS, seed=2)
    assert not np.array_equal(other.table["ci_low"], found.table["ci_low"])


def test_a_norm_comes_before_a_target_and_a_target_before_the_mean(demo: OpenStudy) -> None:
    norm = {"LEM": 3.9, "OPP": 3.4, "INF": 2.0}
    aimed = comparing(demo, target=4.0)
    means = construct_summary(demo.responses)["mean"]
    one = attention(aimed, norm=norm, draws=60, seed=1)
    assert one.basis == {"gap": "norm", "weighted": "target"}
    gap = one.of("gap")
    assert gap.index.tolist() == ["OPP", "LEM", "INF"]  # what the norm does not know has no gap
    assert gap["estimate"].tolist() == pytest.approx([norm[c] - means[c] for c in gap.index])
    assert gap["rank"].tolist() == [2, 1, 3]
    two = attention(aimed, norm={}, draws=60, seed=1)
    assert two.basis["gap"] == "target"
    assert attention(comparing(demo, norm=None, target=None), draws=60, seed=1).basis["gap"] == "dimensions"


def test_above_the_target_nothing_falls_short(demo: OpenStudy) -> None:
    weighted = attention(comparing(demo, target=3.2), norm={}, draws=60, seed=1).of("weighted")
    means = construct_summary(demo.responses)["mean"][list(demo.dimensions)]
    assert (weighted["estimate"][means > 3.2] == 0).all()
    assert (weighted["estimate"][means < 3.2] > 0).all()
    assert weighted["ci_low"].min() == 0
    assert weighted["rank"][means > 3.2].nunique() == 1


def test_the_studys_own_norm_is_taken_where_wording_and_scale_agree(demo: OpenStudy) -> None:
    named = study_norm(demo)
    assert set(named) <= set(demo.dimensions)
    if named:
        assert attention(demo, draws=60, seed=1).basis["gap"] == "norm"
    assert study_norm(comparing(demo, norm=None)) == {}


def block(reading: str, ranks: list[tuple[int, int, int]]) -> pd.DataFrame:
    rows = [(reading, f"D{i}", 0.0, 0.0, 0.0, *rank) for i, rank in enumerate(ranks)]
    return pd.DataFrame(
        rows,
        columns=["reading", "dimension", "estimate", "ci_low", "ci_high", "rank", "rank_low", "rank_high"],
    )


def test_a_gap_that_mirrors_the_score_is_no_reading(demo: OpenStudy) -> None:
    bare = comparing(demo, norm=None, target=None)
    for opened, norm in ((bare, {}), (comparing(demo, target=4.0), {}), (bare, dict.fromkeys(NORM, 3.5))):
        found = attention(opened, norm=norm, draws=60, seed=1)
        assert found.mirrored
        assert found.table["reading"].unique().tolist() == ["lowest", "weighted"]
        assert "gap" not in found.reasons
        assert not found.supported["readings"].str.contains("gap").any()


def test_only_what_certainly_lies_in_the_first_third_is_a_priority() -> None:
    table = pd.concat(
        [
            block("lowest", [(6, 4, 6), (1, 1, 3), (2, 1, 2), (3, 1, 2), (4, 2, 6), (5, 3, 6)]),
            block("weighted", [(1, 1, 6), (4, 1, 6), (2, 1, 6), (5, 1, 2), (3, 1, 6), (6, 2, 6)]),
        ],
        ignore_index=True,
    )
    found = priorities(table)
    # D3 by two readings, D2 by one; D1 may be third of six, D0 leads by its rank alone
    assert found["dimension"].tolist() == ["D3", "D2"]
    assert found["readings"].tolist() == ["lowest weighted", "lowest"]
    assert found["reading"].tolist() == ["lowest", "lowest"]
    assert found[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[3, 1, 2], [2, 1, 2]]


def test_equal_evidence_is_ordered_by_the_reading_that_supports() -> None:
    low = [(9, 9, 9), (4, 3, 4), (2, 1, 3), (1, 1, 3), (3, 2, 3)] + [(8, 5, 12)] * 7
    # the other reading's bare ranks say the reverse
    other = [(9, 9, 9), (1, 1, 12), (3, 1, 12), (4, 1, 12), (2, 1, 12)] + [(8, 1, 12)] * 7
    table = pd.concat([block("lowest", low), block("weighted", other)], ignore_index=True)
    assert priorities(table)["dimension"].tolist() == ["D3", "D2", "D4", "D1"]


def test_a_third_is_rounded_up() -> None:
    ranks = [(i, i, i) for i in range(1, 8)]
    assert priorities(block("lowest", ranks))["dimension"].tolist() == ["D0", "D1", "D2"]
    assert priorities(block("lowest", ranks[:2]))["dimension"].tolist() == ["D0"]


def test_an_interval_in_the_second_half_speaks_against_a_priority() -> None:
    low = [(1, 1, 2), (2, 1, 2), (3, 3, 4), (4, 3, 4)]
    table = pd.concat([block("lowest", low), block("gap", low[::-1])], ignore_index=True)
    assert priorities(table).empty


def test_there_may_be_no_priority_and_never_more_than_three(found: Attention) -> None:
    wide = replace(found, supported=priorities(block("lowest", [(i, 1, 6) for i in range(1, 7)])))
    assert wide.priorities.empty
    assert list(wide.priorities) == ["dimension", "reading", "rank", "rank_low", "rank_high", "readings"]
    many = replace(found, supported=priorities(block("lowest", [(i, i, i) for i in range(1, 13)])))
    assert (len(many.supported), many.priorities["dimension"].tolist()) == (4, ["D0", "D1", "D2"])
    assert priorities(found.table.iloc[:0]).empty


def test_more_certainty_never_puts_a_higher_score_first(demo: OpenStudy) -> None:
    old = demo.responses
    flat = replace(demo, responses=replace(old, groups=old.groups[["organisation"]]))
    first = attention(flat, norm={}, draws=DRAWS, seed=1).priorities
    assert first["dimension"].tolist()[:2] == ["LEM", "INF"]
    assert "TOO" not in set(first["dimension"])


def test_with_few_answers_only_the_scores_are_read(demo: OpenStudy) -> None:
    rows = np.flatnonzero(demo.responses.items.notna().all(axis=1).to_numpy())[:80]
    few = attention(only(demo, rows), norm={}, draws=60, seed=1)
    assert few.table["reading"].unique().tolist() == ["lowest"]
    assert few.importance.empty
    assert {name: (gap.code, gap.needs, gap.n) for name, gap in few.reasons.items()} == dict.fromkeys(
        [*METHODS, "weighted"], ("too_few", 100, 80)
    )
    assert (few.mirrored, few.method, few.route) == (True, "", "")


def test_below_the_full_gate_total_effects_come_from_scores(demo: OpenStudy) -> None:
    rows = np.flatnonzero(demo.responses.items.notna().all(axis=1).to_numpy())[::3]
    some = attention(only(demo, rows), norm={}, draws=60, seed=1)
    assert some.route == "scores"
    assert (some.reasons["latent"].code, some.reasons["latent"].n) == ("too_few", len(rows))
    assert some.importance["method"].unique().tolist() == list(METHODS)


def test_a_dimension_without_variation_has_no_importance(demo: OpenStudy) -> None:
    codes = [i.code for i in demo.instrument.items if i.construct == "TOO"]
    still = attention(
        edited(demo, lambda items: items.assign(**dict.fromkeys(codes, 3.0))), norm={}, draws=60, seed=1
    )
    assert (still.reasons["lmg"].code, still.reasons["lmg"].where) == ("constant", ("TOO",))
    assert "weighted" not in set(still.table["reading"])
    assert still.of("lowest")["estimate"]["TOO"] == 3.0


def test_two_dimensions_that_are_one_have_no_importance_of_their_own(demo: OpenStudy) -> None:
    def same(items: pd.DataFrame) -> pd.DataFrame:
        for i in range(1, 5):
            items[f"EMP{i}"] = items[f"OPP{i}"]
        return items

    twins = attention(edited(demo, same), norm={}, draws=60, seed=1)
    assert twins.reasons["weighted"].code == "collinear"


def test_without_outcomes_there_is_no_importance(demo: OpenStudy) -> None:
    gone = [i.code for i in demo.instrument.items if i.construct in ("SAT", "COM")]
    bare = attention(edited(demo, lambda items: items.drop(columns=gone)), norm={}, draws=60, seed=1)
    assert (bare.reasons["lmg"].code, bare.reasons["lmg"].where) == ("not_asked", ("SAT", "COM"))


def test_one_outcome_is_enough_for_importance_from_scores(demo: OpenStudy) -> None:
    gone = [i.code for i in demo.instrument.items if i.construct == "COM"]
    one = attention(edited(demo, lambda items: items.drop(columns=gone)), norm={}, draws=60, seed=1)
    assert one.importance["outcome"].unique().tolist() == ["SAT", "overall"]
    assert (one.route, one.reasons["latent"].code) == ("scores", "not_asked")


def test_whole_teams_are_drawn_and_lone_persons_are_their_own(demo: OpenStudy) -> None:
    assert cluster_grouping(demo) == "team"
    sample = score_sample(demo)
    times = sample.drawn(20, seed=1)
    teams = demo.responses.groups["team"].astype(str).to_numpy()
    for team in np.unique(teams):
        assert (np.ptp(times[:, teams == team], axis=1) == 0).all()
    codes = cluster_codes(pd.Series(["a", None, "b", "a", None], dtype="category"))
    assert codes[0] == codes[3]
    assert len(set(codes.tolist())) == 4


def test_without_teams_persons_are_drawn(demo: OpenStudy) -> None:
    old = demo.responses
    flat = replace(demo, responses=replace(old, groups=old.groups[["organisation"]]))
    assert cluster_grouping(flat) is None
    found = attention(flat, norm={}, draws=60, seed=1)
    assert (found.clusters, found.grouping) == (0, "")
    # a t interval by hand
    row, scores = found.of("lowest").loc["OPP"], construct_scores(old)["OPP"].dropna()
    half = (row["ci_high"] - row["ci_low"]) / 2
    assert half == pytest.approx(1.96 * scores.std() / np.sqrt(len(scores)), rel=0.25)


def test_every_group_that_is_large_enough_has_its_readings(demo: OpenStudy, found: Attention) -> None:
    rows = group_attention(demo, "team", norm={}, overall=found, seed=1)
    sizes = demo.responses.groups["team"].value_counts()
    scores = construct_scores(demo.responses)[list(demo.dimensions)]
    known = scores.notna().groupby(demo.responses.groups["team"], observed=True).sum()
    assert set(rows["group"]) == set(known.index[(known >= demo.spec.minimum_group).sum(axis=1) >= 2])
    assert sizes[list(rows["group"].unique())].min() >= demo.spec.minimum_group
    assert rows["n"].min() >= demo.spec.minimum_group
    assert rows["reading"].unique().tolist() == list(READINGS)
    one = rows[(rows["group"] == rows["group"].iloc[0]) & (rows["reading"] == "lowest")]
    inside = (demo.responses.groups["team"] == rows["group"].iloc[0]).to_numpy()
    assert one["estimate"].tolist() == pytest.approx(scores[inside].mean()[one["dimension"]].tolist())
    assert one["n"].tolist() == scores[inside].notna().sum()[one["dimension"]].tolist()


def test_a_groups_gap_is_to_everybodys_mean(demo: OpenStudy, found: Attention) -> None:
    rows = group_attention(demo, "organisation", norm={}, overall=found, seed=1)
    assert rows["group"].nunique() == 8
    gap = rows[(rows["group"] == "Organisation 1") & (rows["reading"] == "gap")].set_index("dimension")
    scores = construct_scores(demo.responses)[list(demo.dimensions)]
    inside = (demo.responses.groups["organisation"] == "Organisation 1").to_numpy()
    expected = scores.mean() - scores[inside].mean()
    pd.testing.assert_series_equal(gap["estimate"], expected, check_names=False, rtol=1e-9)
    weighted = rows[(rows["group"] == "Organisation 1") & (rows["reading"] == "weighted")]
    importance = found.importance.query("method == 'lmg' and outcome == 'overall'")["estimate"].to_numpy()
    np.testing.assert_allclose(weighted["estimate"], importance * (5 - scores[inside].mean()), rtol=1e-9)


def test_a_groups_gap_to_a_target_is_to_that(demo: OpenStudy, found: Attention) -> None:
    rows = group_attention(comparing(demo, target=4.0), "organisation", norm={}, overall=found, seed=1)
    wide = rows[rows["group"] == "Organisation 2"].pivot(
        index="dimension", columns="reading", values="estimate"
    )
    np.testing.assert_allclose(wide["gap"], 4.0 - wide["lowest"], rtol=1e-12)


def test_an_unknown_grouping_is_refused_with_a_hint(demo: OpenStudy) -> None:
    with pytest.raises(DataError, match=r"No grouping variable 'teams'\. Did you mean 'team'"):
        group_attention(demo, "teams", draws=60, seed=1)
