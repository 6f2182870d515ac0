"""A world is what it says: its moments, its answers, its seed."""

import numpy as np
import pytest

from jq_models.learn import as_answers, factor_world, implied, model_text
from jq_models.sem import fit_sem, parameter_estimates

LOADINGS = {"CLA": {"c1": 0.8, "c2": 0.7, "c3": 0.6}, "FEE": {"f1": 0.7, "f2": -0.5, "f3": 0.9}}
PAIRS = {("CLA", "FEE"): 0.4}


def test_many_people_show_the_moments_that_the_truth_implies():
    world = factor_world(LOADINGS, n=60_000, seed=1, correlations=PAIRS)
    wanted = implied(LOADINGS, n=100, correlations=PAIRS)
    assert np.allclose(np.cov(world.answers.to_numpy().T), wanted.covariance, atol=0.02)
    assert np.allclose(world.true_scores.corr(), world.correlations, atol=0.02)
    # by hand: .8 x .4 x .9, and .7 x -.5
    assert wanted.covariance[0, 5] == pytest.approx(0.288)
    assert wanted.covariance[3, 4] == pytest.approx(-0.35)


def test_the_implied_moments_give_back_the_truth():
    fit = fit_sem(model_text(LOADINGS), implied(LOADINGS, n=500, correlations=PAIRS), std_lv=True)
    rows = parameter_estimates(fit)
    truth = [value for items in LOADINGS.values() for value in items.values()]
    assert np.allclose(rows[rows["op"] == "=~"]["est"], truth, atol=1e-4)
    assert fit.test.chi_square == pytest.approx(0, abs=1e-5)


def test_the_same_seed_gives_the_same_people():
    one, same, other = (factor_world(LOADINGS, n=20, seed=seed).answers for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


def test_answers_run_from_1_to_5_around_the_wanted_mean():
    answers = as_answers(factor_world(LOADINGS, n=20_000, seed=3).answers, mean=3.6, sd=1.0)
    assert set(np.unique(answers)) == {1, 2, 3, 4, 5}
    assert answers.mean().to_numpy() == pytest.approx(np.full(6, 3.6), abs=0.03)
    assert answers.std().to_numpy() == pytest.approx(np.full(6, 1.0), abs=0.03)
