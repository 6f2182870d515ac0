"""Shapley shares and relative weights against other software; total effects against path algebra."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jq_models.data import open_study
from jq_models.evaluate import effects, plan
from jq_models.evaluate.attention.formulas import (
    regression_weights,
    relative_weights,
    shapley_coefficients,
    shapley_shares,
)
from jq_models.evaluate.attention.latent import direct_fit, total_effects
from jq_models.evaluate.scores import construct_scores
from jq_models.sem import SemFit, fit_sem, standardized

REFERENCE = Path(__file__).parents[2] / "reference" / "importance"
EXPECTED = pd.read_csv(REFERENCE / "importance.csv")


def correlations(name: str) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    expected = EXPECTED[EXPECTED["data"] == name]
    drivers, outcome = list(expected["driver"]), expected["outcome"].iloc[0]
    whole = pd.read_csv(REFERENCE / f"{name}.csv").corr()
    return (
        whole.loc[drivers, drivers].to_numpy()[None],
        whole.loc[drivers, [outcome]].to_numpy()[None],
        expected,
    )


@pytest.mark.parametrize("name", ["attitude", "swiss", "twelve"])
def test_shares_and_weights_are_those_of_other_software(name: str) -> None:
    among, toward, expected = correlations(name)
    np.testing.assert_allclose(shapley_shares(among, toward)[0, :, 0], expected["lmg"], rtol=1e-10)
    np.testing.assert_allclose(relative_weights(among, toward)[0, :, 0], expected["relative"], rtol=1e-10)


@pytest.mark.parametrize("formula", [shapley_shares, relative_weights])
def test_both_add_up_to_the_explained_variance(formula: object) -> None:
    among, toward, _ = correlations("twelve")
    explained = float(toward[0, :, 0] @ np.linalg.solve(among[0], toward[0, :, 0]))
    assert formula(among, toward).sum() == pytest.approx(explained, rel=1e-12)  # type: ignore[operator]


def test_many_samples_and_outcomes_go_through_the_same_lines() -> None:
    rng = np.random.default_rng(1)
    data = rng.standard_normal((40, 60, 6)) + rng.standard_normal((40, 60, 1))
    whole = np.array([np.corrcoef(one, rowvar=False) for one in data])
    among, toward = whole[:, :4, :4], whole[:, :4, 4:]
    for formula in (shapley_shares, relative_weights, regression_weights):
        together = formula(among, toward)
        one = formula(among[33:34], toward[33:34, :, 1:])
        np.testing.assert_allclose(together[33, :, 1], one[0, :, 0], rtol=1e-12)


def test_unrelated_predictors_share_by_their_squared_correlations() -> None:
    toward = np.array([[[0.5], [0.3], [0.1]]])
    for formula in (shapley_shares, relative_weights):
        np.testing.assert_allclose(formula(np.eye(3)[None], toward)[0], toward[0] ** 2, atol=1e-14)


def test_each_subset_counts_as_in_the_shapley_value() -> None:
    # a worker's wage when all but one are worth nothing: it gets the whole
    k = 5
    value = ((np.arange(2**k) >> 2) & 1).astype(float)
    np.testing.assert_allclose(shapley_coefficients(k) @ value, [0, 0, 1, 0, 0], atol=1e-14)


def test_on_scores_total_effects_are_those_of_the_path_model() -> None:
    opened = open_study("demo")
    scores = construct_scores(opened.responses)[[*opened.dimensions, "SAT", "COM"]].dropna()
    sources = " + ".join(opened.dimensions)
    fit = fit_sem(f"SAT ~ {sources}\nCOM ~ SAT + {sources}\n", scores)
    rows = standardized(fit).set_index(["lhs", "rhs"])["est_std"]
    whole = scores.corr().to_numpy()
    k = len(opened.dimensions)
    found = regression_weights(whole[None, :k, :k], whole[None, :k, k:])[0]
    for j, code in enumerate(opened.dimensions):
        assert found[j, 0] == pytest.approx(rows["SAT", code], abs=1e-6)
        assert found[j, 1] == pytest.approx(
            rows["COM", code] + rows["COM", "SAT"] * rows["SAT", code], abs=1e-6
        )


@pytest.mark.parametrize("scaled", [True, False])
def test_the_models_total_effects_and_errors_are_those_of_effects(scaled: bool) -> None:
    opened = open_study("demo")
    fit = direct_fit(opened, plan(opened), grouping="team")
    assert isinstance(fit, SemFit)
    estimates, covariance = total_effects(fit, opened.dimensions, ("SAT", "COM"), standardized=scaled)
    rows = effects(fit, opened.dimensions, ("SAT", "COM"), standardized=scaled)
    rows = rows[rows["kind"] == "total"]
    np.testing.assert_allclose(estimates.ravel(), rows["estimate"], rtol=1e-10)
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), rows["se"], rtol=1e-8)
    # errors are robust to teams
    assert "team" not in opened.responses.items
    assert fit.estimator == "MLR"
