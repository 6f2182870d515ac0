"""What chapters 01 to 03 say of their worlds is so."""

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate import alphas, fit_indices
from jq_models.learn import (
    figures_fit,
    figures_items,
    figures_scales,
    implied,
    model_text,
    worlds_fit,
    worlds_items,
    worlds_scales,
)
from jq_models.sem import fit_sem


def test_01_only_one_way_to_the_mean_finds_the_truth():
    rows, truth = worlds_items.ways(), worlds_items.clarity_lesson().truth
    found = (rows["low"] <= truth) & (truth <= rows["high"])
    assert found.tolist() == [False, False, False, True]


def test_01_the_stored_answers_hold_every_kind_of_trouble():
    lesson = worlds_items.clarity_lesson()
    stored = lesson.answers
    assert (stored == worlds_items.NOT_ANSWERED).any().sum() >= 2
    assert stored.isna().any().any()
    ready = worlds_items.turned(stored)
    assert set(np.unique(ready.stack().dropna())) == {1, 2, 3, 4, 5}
    assert (stored.mask(stored == 99).corr()[lesson.reversed_items[0]] < 0).sum() == 3
    assert (ready.corr() > 0).all().all()


def test_01_a_score_takes_half_of_the_answers():
    answers = pd.DataFrame([[1, 2, np.nan, np.nan], [1, np.nan, np.nan, np.nan]], columns=list("abcd"))
    assert worlds_items.clarity_scores(answers).tolist() == pytest.approx([1.5, np.nan], nan_ok=True)


def test_01_two_teams_share_a_mean_and_nothing_else():
    teams = worlds_items.two_teams()
    assert teams.mean().tolist() == [3.0, 3.0]
    assert teams.std()["Team South"] > 5 * teams.std()["Team North"]


def test_01_small_teams_stray_as_the_square_root_of_their_size_says():
    spread = {size: worlds_items.team_means(size).std() for size in (8, 32, 128)}
    assert spread[8] / spread[32] == pytest.approx(2, rel=0.1)
    assert spread[32] / spread[128] == pytest.approx(2, rel=0.1)


def test_02_the_loadings_are_found_and_the_rival_fails():
    world = worlds_fit.two_scales()
    rows = worlds_fit.loading_rows(fit_sem(worlds_fit.TWO, world.answers), world.loadings)
    assert rows["Truth"].between(rows["low"], rows["high"]).sum() >= 7
    assert fit_indices(fit_sem(worlds_fit.TWO, world.answers)).p_value > 0.05
    assert fit_indices(fit_sem(worlds_fit.ONE, world.answers)).cfi < 0.90


def test_02_the_strayed_question_stands_first_by_far():
    rows = worlds_fit.largest_releases(fit_sem(worlds_fit.TWO, worlds_fit.strayed().answers), 2)
    first, second = rows["Chi-square falls by"]
    assert rows["Question"][0] == worlds_fit.STRAYED
    assert first > 3 * second


def test_02_three_stories_fit_exactly_alike():
    rows = worlds_fit.fit_rows(worlds_fit.fitted(worlds_fit.ARROWS, worlds_fit.two_scales().answers))
    assert np.ptp(rows["Chi-square"]) < 1e-5
    assert set(rows["df"]) == {19}


def test_02_the_simulated_share_agrees_with_the_computed_one():
    rates = worlds_fit.close_worlds()
    wrong = rates[rates["Model"].str.contains("wrong")].set_index("People")["Rejected"]
    sizes = wrong.index.to_numpy(dtype=float)
    computed = worlds_fit.detection(0.85, sizes)
    error = np.sqrt(computed * (1 - computed) / 60)
    assert (np.abs(wrong.to_numpy() - computed) <= 3 * error + 0.05).all()
    assert wrong.is_monotonic_increasing


def test_02_a_true_model_of_many_questions_is_rejected_too_often_by_few_people():
    rates = worlds_fit.many_questions().set_index("People")["Rejected"]
    assert rates[60] > 0.4 > rates[600]


def test_03_omega_comes_nearer_the_known_reliability_than_alpha():
    world = worlds_scales.uneven()
    fit = fit_sem(model_text(worlds_scales.UNEVEN), world.answers)
    row = worlds_scales.three_reliabilities(world, fit).iloc[0]
    loading = np.array(list(worlds_scales.UNEVEN["CLARITY"].values()))
    by_hand = loading.sum() ** 2 / (loading.sum() ** 2 + (1 - loading**2).sum())
    assert row["Truth"] == pytest.approx(by_hand, abs=0.03)
    assert abs(row["Omega"] - row["Truth"]) < abs(row["Alpha"] - row["Truth"])
    assert row["Alpha"] < row["Truth"]


def test_03_two_things_give_a_high_alpha_and_a_bad_fit():
    answers = worlds_scales.mixed().answers
    assert alphas(answers, {"ALL": list(answers)})["alpha"].iloc[0] > 0.8
    assert fit_indices(fit_sem("ALL =~ " + " + ".join(answers), answers)).cfi < 0.85


def test_03_scores_hide_the_overlap_and_htmt_shows_it():
    rows = worlds_scales.overlap_rows(worlds_scales.twins()).set_index("Pair")
    twins = rows.loc["ENJ and SAT"]
    assert twins["Scores"] < figures_scales.CUT < figures_scales.STRICT < twins["HTMT"]
    assert rows["Truth"].between(rows["low"], rows["high"]).all()
    assert (rows["high"].drop("ENJ and SAT") < figures_scales.CUT).all()


def test_03_the_test_of_one_against_two_is_that_of_the_implied_moments_in_the_limit():
    """Without sampling error the two differ as little as .95 from 1, and by two parameters."""
    truth = implied(worlds_scales.TWINS, n=500, correlations=worlds_scales.TWINS_TOGETHER)
    fits = {
        "one": fit_sem(worlds_scales.WIDER, truth),
        "two": fit_sem(model_text(worlds_scales.TWINS), truth),
    }
    row = worlds_scales.one_or_two(fits).iloc[0]
    assert row["df"] == 2
    assert row["Chi-square difference"] == pytest.approx(fits["one"].test.chi_square, abs=1e-4)


def test_alpha_by_length_is_spearman_brown():
    assert worlds_scales.standardised_alpha(np.array([4.0]), 0.5)[0] == pytest.approx(0.8)


DRAWN = [
    (lambda: figures_items.ways_figure(worlds_items.ways()), 1, "turned, gaps left out: 3.8"),
    (
        lambda: figures_items.teams_figure(worlds_items.two_teams()),
        2,
        "Team South: mean 3.00, from 1.25 to 4.75",
    ),
    (lambda: figures_items.team_means_figure(8, 30), 2, "teams of 30: 95% of the means from 3."),
    (lambda: figures_fit.noticed_figure(0.85), 1, "90% with 200 people"),
    (lambda: figures_scales.length_figure(0.2, 0.5), 2, ".80 with 4 questions, .95 with 20"),
    (
        lambda: figures_scales.noise_figure(0.95),
        1,
        "true correlation .95: scores correlate .57 at reliability .60",
    ),
]


@pytest.mark.parametrize(("draw", "panels", "said"), DRAWN, ids=[str(k) for k in range(len(DRAWN))])
def test_a_figure_says_in_words_what_it_draws(draw, panels, said):
    drawing = draw()
    assert len(drawing.figure.axes) == panels
    assert said in drawing.alt
    assert drawing.note
    assert drawing.svg() == draw().svg(), "the same drawing gives the same bytes"
