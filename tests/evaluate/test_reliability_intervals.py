"""Intervals of reliabilities: against a bootstrap, on the logit, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from jq_models.evaluate import alphas, reliability, reliability_with_intervals
from jq_models.evaluate.reliability import alpha
from jq_models.evaluate.reliability_intervals import alpha_and_se, logit_interval, scale_coefficients
from jq_models.sem import bootstrap, fit_sem

BLOCKS = {"A": ["A1", "A2", "A3", "A4"], "B": ["B1", "B2", "B3"], "D": ["D1"]}


@pytest.fixture(scope="module")
def items(table):
    return table("reliability_htmt", "data.csv", index=False).dropna()


def test_alpha_and_its_standard_error_equal_a_bootstrap(items):
    answers = items[BLOCKS["A"]].to_numpy(float)
    rng = np.random.default_rng(2)
    drawn = [
        alpha(np.cov(answers[rng.integers(len(answers), size=len(answers))], rowvar=False))
        for _ in range(2000)
    ]
    estimate, se = alpha_and_se(answers)
    assert estimate == pytest.approx(alpha(np.cov(answers, rowvar=False)), rel=1e-12)
    assert se == pytest.approx(np.std(drawn), rel=0.08)


def test_alphas_use_the_complete_rows_of_each_scale(table):
    frame = table("reliability_htmt", "data.csv", index=False)
    found = alphas(frame, BLOCKS)
    assert list(found.index) == ["A", "B", "D"]
    assert found.loc["A", "n"] == len(frame[BLOCKS["A"]].dropna()) != len(frame[BLOCKS["B"]].dropna())
    assert found.loc["D", ["alpha", "alpha_low", "alpha_high"]].isna().all()
    assert (found["alpha_low"] < found["alpha"]).iloc[:2].all()


def test_a_scale_that_does_not_vary_has_no_alpha(items):
    flat = items.assign(A2=3.0)
    assert alphas(flat, BLOCKS).loc["A", "alpha":].isna().all()
    assert alphas(items.iloc[:2], BLOCKS)["alpha"].isna().all()


def test_omega_and_ave_intervals_agree_with_a_bootstrap(items):
    fit = fit_sem("A =~ A1 + A2 + A3 + A4\nB =~ B1 + B2 + B3\nD =~ D1\n", items)
    found = reliability_with_intervals(fit, items)
    assert found["omega"].to_numpy() == pytest.approx(reliability(fit)["omega"].to_numpy(), nan_ok=True)
    boot = bootstrap(fit, draws=1000, seed=3)
    scales = {name: BLOCKS[name] for name in ("A", "B")}
    drawn = np.array([scale_coefficients(fit.matrices, t, scales=scales) for t in boot.theta[boot.converged]])
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0).reshape(2, 2, 3)
    for k, name in enumerate(("omega", "composite_reliability", "ave")):
        width = high[:, k] - low[:, k]
        ours = found.loc[["A", "B"], f"{name}_high"] - found.loc[["A", "B"], f"{name}_low"]
        assert ours.to_numpy() == pytest.approx(width, rel=0.15)
    assert found.loc["D"].drop("n_items").isna().all()


def test_bounds_stay_between_zero_and_one():
    low, high = logit_interval(np.array([0.98, 0.02, 1.02, np.nan]), np.array([0.03, 0.03, 0.1, 0.1]))
    assert ((low[:2] > 0) & (high[:2] < 1)).all()
    assert np.isnan(low[2:]).all()
    assert np.isnan(high[2:]).all()


TWO = "A =~ A1 + A2 + A3 + A4\nB =~ B1 + B2 + B3\n"


@pytest.mark.parametrize("options", [{"meanstructure": True}, {"std_lv": True}, {"missing": "fiml"}])
def test_a_fit_with_options_has_the_intervals_of_the_plain_one(items, options):
    fit = fit_sem(TWO, items, **options)
    plain = reliability_with_intervals(fit_sem(TWO, items), items)
    found = reliability_with_intervals(fit, items)
    for name in ("omega", "omega_low", "omega_high", "ave_low", "ave_high"):
        # observed information behind the standard errors with missing data, expected without
        assert found[name].to_numpy() == pytest.approx(plain[name].to_numpy(), abs=2e-3), name


def test_missing_answers_are_refitted_as_the_fit_took_them(items):
    rng = np.random.default_rng(3)
    holes = items.astype(float).mask(rng.random(items.shape) < 0.05)
    fit = fit_sem(TWO, holes, missing="fiml")
    found = reliability_with_intervals(fit, holes)
    robust = fit_sem(TWO, holes, missing="fiml", estimator="MLR")
    expected = reliability_with_intervals(robust)
    for name in ("omega_low", "omega_high"):
        assert found[name].to_numpy() == pytest.approx(expected[name].to_numpy(), abs=1e-5)
