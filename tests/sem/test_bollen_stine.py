"""The bootstrap test of fit: the transformation exactly, the distribution beside lavaan's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from references import REFERENCE, reference
from scipy.stats import ks_2samp

from jq_models.errors import DataError, SpecError
from jq_models.numeric.moments import moments_from
from jq_models.sem import SemFit, fit_sem, moments_of
from jq_models.sem.normal import NormalTheory
from jq_models.sem.resampling.bollen_stine import bollen_stine, transformed_cases
from jq_models.sem.resampling.bootstrap import bootstrap

FitOf = Callable[[str], SemFit]
CASE = reference("holzinger")


def test_the_model_holds_in_the_transformed_answers() -> None:
    fit = fit_sem(CASE.text, CASE.data, group="school", equal=("loadings", "intercepts"))
    cases = transformed_cases(fit)
    moments = [moments_from(x, fit.parameters.observed) for x in cases]
    for found, state in zip(moments, fit.states, strict=True):
        np.testing.assert_allclose(found.covariance, state.implied, atol=1e-11)
        np.testing.assert_allclose(found.mean, state.mean, atol=1e-11)
    point = NormalTheory(fit.groups, moments, means=True).point(fit.theta)
    assert abs(point.objective) < 1e-12


def test_means_stay_without_a_mean_structure(fit_of: FitOf) -> None:
    fit = fit_of("political_democracy")
    found = moments_from(transformed_cases(fit)[0], fit.parameters.observed)
    np.testing.assert_allclose(found.mean, fit.moments.mean, atol=1e-11)
    np.testing.assert_allclose(found.covariance, fit.implied, atol=1e-10)


def test_weighted_moments_are_transformed() -> None:
    data = CASE.data.assign(w=1.0 + np.arange(301) % 4)
    fit = fit_sem(CASE.text, data, weights="w")
    weights = fit.sample.groups[0].weights
    found = moments_from(transformed_cases(fit)[0], fit.parameters.observed, weights=weights)
    np.testing.assert_allclose(found.covariance, fit.implied, atol=1e-11)


def test_distribution_as_lavaan_draws_it(fit_of: FitOf) -> None:
    """intervals/bollen_stine.csv: bootstrapLavaan(R = 500, type = "bollen.stine")."""
    theirs = pd.read_csv(REFERENCE / "intervals" / "bollen_stine.csv")["chi_square"].dropna().to_numpy()
    fit = fit_of("holzinger")
    boot = bootstrap(fit, draws=800, seed=1, kind="bollen_stine")
    ours = boot.chi_square[boot.converged]
    error = np.hypot(ours.std() / np.sqrt(len(ours)), theirs.std() / np.sqrt(len(theirs)))
    assert abs(ours.mean() - theirs.mean()) < 3.5 * error
    assert ks_2samp(ours, theirs).pvalue > 0.01
    # the model does not hold: no draw comes near the 85 observed
    test = bollen_stine(fit, boot)
    assert test.p_value == np.mean(theirs >= test.chi_square) == 0.0
    assert (test.draws, test.failed) == (800, 0)
    assert test.chi_square == pytest.approx(CASE.measures["chisq"], abs=1e-6)


def test_p_is_the_share_at_or_above(fit_of: FitOf) -> None:
    fit = fit_of("political_democracy")
    boot = bootstrap(fit, draws=200, seed=1, kind="bollen_stine")
    test = bollen_stine(fit, boot)
    assert test.p_value == np.mean(boot.chi_square[boot.converged] >= fit.test.chi_square)
    # 35 degrees of freedom, chi-square 38.1: p .33 in theory; at n = 75 the draws lie higher
    assert 0.3 < test.p_value < 0.8


def test_errors_say_what_to_do(fit_of: FitOf) -> None:
    fit = fit_of("holzinger")
    with pytest.raises(SpecError, match=r"kind 'ordinary'. Draw them by bootstrap\(kind='bollen_stine'\)"):
        bollen_stine(fit, bootstrap(fit, draws=2, seed=1))
    data = CASE.data
    holes = data.assign(x1=data["x1"].mask(np.arange(301) < 9))
    with pytest.raises(SpecError, match=r"needs complete, continuous answers[.] Use missing='listwise'"):
        bootstrap(fit_sem(CASE.text, holes, missing="fiml"), draws=2, seed=1, kind="bollen_stine")
    items = data[list(fit.parameters.observed)]
    with pytest.raises(DataError, match="The Bollen-Stine bootstrap needs the answers"):
        bootstrap(fit_sem(CASE.text, moments_of(items)), draws=2, seed=1, kind="bollen_stine")
