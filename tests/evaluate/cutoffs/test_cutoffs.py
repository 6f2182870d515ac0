"""Cut-offs simulated for a model: draws, indices, cut-offs and verdicts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from false_alarms import three_factors
from scipy.stats import multivariate_normal

from jq_models.errors import DataError, FitError, SpecError
from jq_models.evaluate import fit_indices
from jq_models.evaluate.cutoffs import (
    INDICES,
    Cutoffs,
    corrected_tests,
    cutoff_of,
    cutoff_rows,
    judge_cutoffs,
    simulate_cutoffs,
)
from jq_models.evaluate.cutoffs.draw import drawn, normal_answers, ordered_answers
from jq_models.evaluate.cutoffs.latent_response import hermite_coefficients, latent_correlations, shares_of
from jq_models.sem import Moments, SemFit, fit_sem

WORLD = three_factors("small", (0.65, 0.75, 0.80, 0.85), crossed=0.22)
N = 300


def fitted(covariance: np.ndarray, n: int = N) -> SemFit:
    S = drawn(normal_answers(covariance, n=n), seed=5, stream=0, replicates=[0])[0]
    return fit_sem(WORLD.text, Moments(names=WORLD.names, covariance=S, mean=np.zeros(len(S)), n=n))


@pytest.fixture(scope="module")
def fit() -> SemFit:
    return fitted(WORLD.true)


@pytest.fixture(scope="module")
def cutoffs(fit: SemFit) -> Cutoffs:
    return simulate_cutoffs(fit, draws=199, planted_draws=60, seed=1)


def test_wishart_draws_have_the_mean_and_the_variance_of_sample_covariances() -> None:
    n, b = 40, 4000
    S = drawn(normal_answers(WORLD.true, n=n), seed=2, stream=0, replicates=range(b))
    mean, Sigma = S.mean(axis=0), WORLD.true
    variance = (np.outer(np.diag(Sigma), np.diag(Sigma)) + Sigma**2) * (n - 1) / n**2
    assert np.abs((mean - Sigma * (n - 1) / n) / np.sqrt(variance / b)).max() < 4.5
    assert np.abs(S.var(axis=0) / variance - 1).max() < 0.15


def test_a_replicate_is_the_same_whatever_is_drawn_beside_it() -> None:
    source = normal_answers(WORLD.true, n=N)
    many, one = (drawn(source, seed=3, stream=1, replicates=r) for r in (range(5), [4]))
    assert (many[4] == one[0]).all()
    assert (drawn(source, seed=3, stream=2, replicates=[4])[0] != one[0]).any()


def test_workers_change_nothing(fit: SemFit, cutoffs: Cutoffs) -> None:
    two = simulate_cutoffs(fit, draws=199, planted_draws=60, seed=1, workers=2)
    pd.testing.assert_frame_equal(two.true.indices, cutoffs.true.indices, check_exact=True)
    pd.testing.assert_frame_equal(
        two.wrong[2].distribution.indices, cutoffs.wrong[2].distribution.indices, check_exact=True
    )


def test_the_fits_own_indices_are_those_of_fit_indices(fit: SemFit, cutoffs: Cutoffs) -> None:
    expected = fit_indices(fit)
    for index in INDICES:
        assert cutoffs.values[index] == pytest.approx(getattr(expected, index), abs=1e-10)


def test_every_replicate_has_the_indices_of_a_fit_of_its_own(fit: SemFit, cutoffs: Cutoffs) -> None:
    S = drawn(normal_answers(np.array(fit.implied), n=N), seed=1, stream=0, replicates=range(12))
    for i, covariance in enumerate(S):
        moments = Moments(names=WORLD.names, covariance=covariance, mean=np.zeros(len(covariance)), n=N)
        alone = fit_indices(fit_sem(WORLD.text, moments))
        for index in INDICES:
            assert cutoffs.true.indices.at[i, index] == pytest.approx(getattr(alone, index), abs=2e-6)


def test_the_cutoff_is_missed_by_k_of_r_plus_1() -> None:
    misfits = np.arange(1.0, 100.0)
    assert cutoff_of(misfits, 0.05) == 95.0
    assert np.isnan(cutoff_of(misfits[:18], 0.05))


def test_five_percent_of_the_true_models_miss_each_cutoff(cutoffs: Cutoffs) -> None:
    rows = cutoff_rows(cutoffs)
    for index in INDICES:
        drawn_values = cutoffs.drawn(index)
        sign = -1 if index in ("cfi", "tli") else 1
        assert (sign * drawn_values > sign * rows.at[index, "cutoff"]).sum() == 9  # k - 1 of 199, k = 10


def test_a_true_model_passes_and_a_wrong_one_does_not(cutoffs: Cutoffs) -> None:
    assert judge_cutoffs(cutoffs).simulated == ("cfi", "tli", "rmsea", "srmr")
    wrong = simulate_cutoffs(fitted(WORLD.crossed, n=1500), draws=199, planted_draws=0, seed=1)
    rows = cutoff_rows(wrong)
    assert list(rows.loc[["cfi", "tli", "rmsea", "srmr"], "verdict"]) == ["usual_only"] * 4
    assert wrong.p_value("rmsea") == 1 / 200
    assert judge_cutoffs(wrong).simulated == ()
    assert np.isnan(judge_cutoffs(wrong).seen)


def test_larger_planted_faults_are_seen_more_often_and_excluded_first(cutoffs: Cutoffs) -> None:
    rows = cutoff_rows(cutoffs)
    seen = [rows.at["rmsea", f"seen_{level}"] for level in (1, 2, 3)]
    assert seen == sorted(seen)
    assert seen[0] > 0.2 > rows.at["rmsea", "false_alarm"]
    population = [wrong.population["rmsea"] for wrong in cutoffs.wrong]
    assert population == sorted(population)
    assert population[0] > 0
    excluded = judge_cutoffs(cutoffs).excluded
    assert rows.at["rmsea", f"as_good_{excluded}"] <= 0.05


def test_the_combination_misses_at_least_as_often_as_its_worst_index(cutoffs: Cutoffs) -> None:
    rows = cutoff_rows(cutoffs)
    assert rows.at["combined", "false_alarm"] >= rows["false_alarm"].drop(["chi_square"]).max() - 1e-12


def test_corrections_bring_the_false_alarms_down(make_ordered: pd.DataFrame) -> None:
    fit = fit_sem(WORLD.text, make_ordered[:90])
    cutoffs = simulate_cutoffs(fit, draws=400, planted_draws=0, seed=1, answers="normal")
    tests = corrected_tests(fit, cutoffs)
    assert list(tests.index) == ["plain", "bartlett", "swain", "yuan_2005", "yuan_2015", "simulated"]
    assert tests.at["plain", "false_alarm"] > tests.at["swain", "false_alarm"] > 0.02
    assert tests.at["simulated", "p_value"] == cutoffs.p_value("chi_square")


@pytest.fixture(scope="module")
def make_ordered() -> pd.DataFrame:
    """Skewed answers from 1 to 5."""
    rng = np.random.default_rng(4)
    answers = rng.multivariate_normal(np.zeros(12), WORLD.true, size=400)
    cut = np.searchsorted([-2.0, -1.2, -0.4, 0.6], answers) + 1
    return pd.DataFrame(cut.astype(float), columns=list(WORLD.names))


def test_the_series_gives_the_correlation_of_answers(make_ordered: pd.DataFrame) -> None:
    a, b = (shares_of(make_ordered[name].to_numpy()) for name in ("a1", "c4"))
    assert a is not None
    assert b is not None
    rho = 0.55
    series = hermite_coefficients(a) * hermite_coefficients(b) @ rho ** np.arange(1, 41)
    # the same by rectangles of the bivariate normal distribution
    edges = [np.concatenate([[-9.0], item.thresholds, [9.0]]) for item in (a, b)]
    at = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    cdf = np.array([[at.cdf([x, y]) for y in edges[1]] for x in edges[0]])
    cells = cdf[1:, 1:] - cdf[:-1, 1:] - cdf[1:, :-1] + cdf[:-1, :-1]
    assert series == pytest.approx(a.standardised @ cells @ b.standardised, abs=1e-6)
    wanted = np.array([[1.0, series], [series, 1.0]])
    assert latent_correlations(wanted, [a, b])[0, 1] == pytest.approx(rho, abs=1e-8)


def test_ordered_answers_have_the_models_covariances_and_the_shares(make_ordered: pd.DataFrame) -> None:
    fit = fit_sem(WORLD.text, make_ordered)
    cases = make_ordered.to_numpy()
    source = ordered_answers(np.array(fit.implied), cases, n=400)
    S = drawn(source, seed=6, stream=0, replicates=range(400)) * 400 / 399
    sd = np.sqrt(np.diag(fit.implied))
    difference = (S.mean(axis=0) - fit.implied) / np.outer(sd, sd)
    assert np.abs(difference).max() < 4.5 / np.sqrt(400 * 400) * 1.5
    assert source.scores[0] @ np.bincount(cases[:, 0].astype(int))[1:] == pytest.approx(0.0, abs=1e-9)


def test_ordered_answers_are_taken_where_there_are_any(make_ordered: pd.DataFrame, cutoffs: Cutoffs) -> None:
    fit = fit_sem(WORLD.text, make_ordered)
    kinds = {
        answers: simulate_cutoffs(fit, draws=300, planted_draws=0, seed=1, answers=answers)
        for answers in ("auto", "normal", "ordinal")
    }
    assert cutoffs.answers == "normal"  # moments only
    assert kinds["auto"].answers == "ordinal"
    assert (kinds["auto"].drawn("cfi") == kinds["ordinal"].drawn("cfi")).all()
    # skew and few categories inflate chi-square
    assert kinds["ordinal"].drawn("chi_square").mean() > kinds["normal"].drawn("chi_square").mean()


def test_what_cannot_be_simulated_is_refused(fit: SemFit, make_ordered: pd.DataFrame) -> None:
    with pytest.raises(SpecError, match="No kind of answers 'ordnal'"):
        simulate_cutoffs(fit, seed=1, answers="ordnal")
    with pytest.raises(SpecError, match="got draws = 0"):
        simulate_cutoffs(fit, seed=1, draws=0)
    with pytest.raises(DataError, match="needs the answers themselves"):
        simulate_cutoffs(fit, seed=1, draws=20, answers="ordinal")
    with pytest.raises(FitError, match="has a mean structure"):
        simulate_cutoffs(fit_sem(WORLD.text, make_ordered, meanstructure=True), seed=1)
    with pytest.raises(FitError, match="no degrees of freedom"):
        simulate_cutoffs(fit_sem("F =~ a1 + a2 + a3", make_ordered), seed=1)
    noise = make_ordered + np.random.default_rng(1).normal(size=make_ordered.shape)
    with pytest.raises(DataError, match="too many different answers"):
        simulate_cutoffs(fit_sem(WORLD.text, noise), seed=1, draws=20, answers="ordinal")


def test_too_few_replicates_give_no_cutoff(fit: SemFit) -> None:
    few = simulate_cutoffs(fit, draws=10, planted_draws=0, seed=1)
    rows = cutoff_rows(few)
    assert rows["cutoff"].isna().all()
    assert set(rows["verdict"]) == {"unknown"}
