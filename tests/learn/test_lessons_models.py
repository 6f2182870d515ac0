"""What chapters 04 to 07 say of their worlds is so."""

import math

import numpy as np
import pytest

from jq_models.evaluate import invariance
from jq_models.learn import (
    figures_design,
    figures_groups,
    figures_priorities,
    figures_structure,
    worlds_design,
    worlds_groups,
    worlds_priorities,
    worlds_structure,
)
from jq_models.learn.figures_dots import dots_figure
from jq_models.sem import bootstrap, fit_sem


def test_04_the_paths_are_found_again():
    fit = fit_sem(worlds_structure.MEDIATION, worlds_structure.mediation_world(n=40_000, seed=1).answers)
    found = [worlds_structure.path_of(fit, *pair) for pair in (("SAT", "JQ"), ("COM", "SAT"), ("COM", "JQ"))]
    assert found == pytest.approx([0.60, 0.40, 0.20], abs=0.02)


def test_04_four_rivals_are_equivalent_and_the_fifth_is_wrong():
    table = worlds_structure.rival_table(worlds_structure.mediation_world(n=600, seed=8).answers)
    same = table.set_index("Model")["Chi-square"]
    assert same.drop("no direct path").to_numpy() == pytest.approx(np.full(4, same["forward"]), abs=1e-6)
    assert same["no direct path"] > same["forward"] + 3.84


def test_04_the_small_study_is_one_in_which_the_intervals_differ_and_the_direct_path_is_open():
    fit = fit_sem(
        worlds_structure.MEDIATION, worlds_structure.mediation_world(n=100, seed=69, a=0.35, b=0.35).answers
    )
    rows = worlds_structure.two_intervals(fit, bootstrap(fit, draws=500, seed=1))
    direct, indirect = rows.loc["COM ~ JQ"], rows.loc["indirect"]
    assert direct["Curve low"] < 0 < direct["Curve high"]
    assert direct["Bootstrap low"] < 0 < direct["Bootstrap high"]
    up, down = (abs(indirect[f"Bootstrap {end}"] - indirect["Estimate"]) for end in ("high", "low"))
    assert up > 1.5 * down, "the interval leans to the right"
    assert indirect["Curve low"] < 0.35**2 < indirect["Curve high"]
    assert indirect["Bootstrap low"] < 0.35**2 < indirect["Bootstrap high"]


@pytest.mark.parametrize("strength", [0.0, 0.3, 0.6])
def test_04_a_hidden_cause_makes_the_path_that_the_formula_says(strength):
    # r(SAT, COM) less what JQ explains of it, over what JQ leaves of SAT
    assert worlds_structure.apparent_path(strength) == pytest.approx(strength**2 / (1 - 0.6**2), abs=1e-4)


def test_04_asking_about_mood_takes_the_false_path_away():
    people = worlds_structure.confounded_world(n=600, seed=8, strength=0.5).answers
    models = {"without": worlds_structure.MEDIATION, "with": worlds_structure.WITH_MOOD}
    fits = {name: fit_sem(text, people) for name, text in models.items()}
    rows = worlds_structure.path_table(fits, "COM", "SAT").set_index("Model")
    assert rows.loc["without", "Low"] > 0
    assert rows.loc["with", "Low"] < 0 < rows.loc["with", "High"]


@pytest.fixture(scope="module")
def contracts():
    return worlds_groups.contract_world(n=1200, seed=8)


@pytest.fixture(scope="module")
def ladder(contracts):
    return invariance(
        worlds_groups.model(),
        contracts,
        group=worlds_groups.GROUP,
        groups=worlds_groups.GROUPS,
        estimator="ML",
    )


def holds(rows, code, value):
    return rows.loc[code, "ci_low"] < value < rows.loc[code, "ci_high"]


def test_05_scores_show_three_differences_and_only_one_is_there(contracts):
    rows = worlds_groups.differences(worlds_groups.with_scores(contracts), list(worlds_groups.SCALES))
    assert not any(holds(rows, code, 0.0) for code in worlds_groups.SCALES)
    assert [code for code, true in worlds_groups.TRUE_DIFFERENCES.items() if true] == ["OPP"]


def test_05_all_questions_of_the_real_difference_move_and_one_each_of_the_others(contracts):
    items = [item for code in worlds_groups.SCALES for item in worlds_groups.items_of(code)]
    rows = worlds_groups.differences(contracts, items)
    assert [item for item in items if not holds(rows, item, 0.0)] == [
        "OPP1", "OPP2", "OPP3", "OPP4", "SUP3", "LCU2",
    ]  # fmt: skip


def test_05_the_ladder_names_the_questions_and_finds_the_truth(ladder):
    assert {release.item for release in ladder.releases} == {"LCU2", "SUP3"}
    released, forced = worlds_groups.latent_differences(ladder), worlds_groups.forced_differences(ladder)
    assert all(holds(released, code, true) for code, true in worlds_groups.TRUE_DIFFERENCES.items())
    assert not holds(forced, "LCU", 0.0), "equalities that do not hold give a sure and wrong answer"
    assert worlds_groups.ladder(ladder)["Verdict"].tolist() == [
        "holds",
        "holds",
        "fails",
        "holds in part",
        "holds",
    ]


def test_05_answers_are_turned_and_complete(contracts):
    items = contracts.drop(columns=worlds_groups.GROUP)
    assert set(np.unique(items)) == {1, 2, 3, 4, 5}
    assert (items[worlds_groups.items_of("OPP")].corr() > 0).all().all()


def test_06_many_people_show_the_weights_and_means_that_are_true():
    people, truth = worlds_priorities.priority_world(n=60_000, seed=1), worlds_priorities.true_table()
    codes = list(worlds_priorities.CODES)
    assert people[codes].mean().to_numpy() == pytest.approx(truth["mean"].to_numpy(), abs=0.02)
    weights = worlds_priorities.importance(people)["weight"]
    assert weights.to_numpy() == pytest.approx(truth["weight"].to_numpy(), abs=0.02)
    assert truth["product"].idxmax() == figures_priorities.FIRST == max(codes, key=worlds_priorities.gain)
    assert truth["mean"].idxmin() != truth["product"].idxmax()


def test_06_one_dimension_correlates_without_a_weight_and_one_is_supported():
    people = worlds_priorities.priority_world(n=600, seed=13)
    readings, rows = worlds_priorities.importance(people), worlds_priorities.ranks(people)
    assert readings.loc["INF", "correlation"] > 0.4 > 0.05 > abs(readings.loc["INF", "weight"])
    assert list(rows.index[rows["rank_high"] <= 2]) == ["SUP"]
    assert readings[["relative", "lmg"]].sum().to_numpy() == pytest.approx(
        np.full(2, (readings["weight"] * readings["correlation"]).sum())
    ), "both share out R2"


def test_06_first_places_get_surer_with_people_and_stay_a_lottery_among_equals():
    shares = [worlds_priorities.first_places(n)["SUP"] for n in (60, 150, 600)]
    assert 0.4 < shares[0] < shares[1] < shares[2] < 0.95
    equal = worlds_priorities.first_places(600, alike=True)
    assert sum(equal.values()) == pytest.approx(1)
    assert max(equal.values()) < 0.25
    for seed in (2, 3):
        rows = worlds_priorities.ranks(worlds_priorities.priority_world(n=150, seed=seed, alike=True))
        assert (rows["rank_low"] == 1).all()
        assert (rows["rank_high"] == 6).all()


def test_07_many_studies_find_what_their_power_says_and_exaggerate_when_small():
    # power of Fisher's z: two-sided, .20, root of n - 3
    for n, power in ((50, 0.283), (150, 0.689), (400, 0.981)):
        assert worlds_design.power_of(n) == pytest.approx(power, abs=0.03)
    assert worlds_design.published_mean(50) > 1.5 * worlds_design.EFFECT
    assert worlds_design.published_mean(400) == pytest.approx(worlds_design.EFFECT, abs=0.01)
    assert worlds_design.fished(1) == pytest.approx(0.05, abs=0.015)
    assert worlds_design.fished(5) == pytest.approx(1 - 0.95**5, abs=0.03)


def test_07_an_interval_that_forgets_organisations_is_as_wrong_as_the_design_effect_says():
    from scipy.stats import norm

    for organisations, icc in ((8, 0.0), (30, 0.1), (60, 0.1)):
        deff = worlds_design.design_effect(600, organisations=organisations, icc=icc)
        wanted = 2 * norm.cdf(worlds_design.Z / math.sqrt(deff)) - 1
        found = worlds_design.covered(organisations=organisations, icc=icc)
        assert found == pytest.approx(wanted, abs=0.03)
    # by hand: 75 people each, 1 + 74 x .10 = 8.4
    assert worlds_design.effective_n(600, organisations=8, icc=0.10) == pytest.approx(600 / 8.4)


def test_figures_say_in_words_what_they_draw():
    hidden = figures_structure.hidden_cause_figure([0.0, 0.4])
    assert ".40: .25" in hidden.alt
    assert "in truth .00" in figures_structure.hidden_cause_case(0.4).alt
    assert "compare means as well" in figures_groups.ladder_figure().alt
    assert "−0.6 higher" not in figures_groups.item_figure(0.8, 0.6).alt
    share = worlds_priorities.first_places(60)["SUP"]
    assert f"60 people: {100 * share:.0f}%" in figures_priorities.first_figure(60).alt
    assert "8 organisations 71" in figures_design.effective_figure(0.1).alt
    assert f"{100 * worlds_design.power_of(50):.0f}%" in figures_design.studies_figure(50).alt


def test_dots_stand_where_the_numbers_are(contracts):
    rows = worlds_groups.differences(worlds_groups.with_scores(contracts), ["OPP", "SUP"])
    drawn = dots_figure(
        {"scores": rows},
        name="x",
        title="x",
        axis="d",
        names={"SUP": "Superior", "OPP": "Challenge"},
        truth={"SUP": 0.0, "OPP": -0.4},
        marked=["OPP"],
    )
    (ax,) = drawn.figure.axes
    dots = [points.get_offsets() for points in ax.collections if len(points.get_offsets()) == 2]
    assert np.asarray(dots[-2])[:, 0] == pytest.approx(rows.loc[["SUP", "OPP"], "estimate"].to_numpy())
    assert np.asarray(dots[-1])[:, 0] == pytest.approx([0.0, -0.4])
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Superior", "Challenge"]
