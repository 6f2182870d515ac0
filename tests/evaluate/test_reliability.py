"""Reliability against semTools 0.5-6 and lavaan (tests/reference/reliability_htmt)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate import fornell_larcker, reliability
from jq_models.evaluate.measurement import measured_factors
from jq_models.evaluate.reliability import alpha, average_variance_extracted, composite_reliability, omega
from jq_models.sem import fit_sem

CASE = "reliability_htmt"


def test_alpha_and_omega_equal_semtools(scales_fit, table):
    reference = table(CASE, "reliability.csv")
    found = reliability(scales_fit)
    assert list(found.index) == ["A", "B", "C"]
    assert found["alpha"].to_numpy() == pytest.approx(reference.loc["alpha"].to_numpy(), rel=1e-12)
    assert found["omega"].to_numpy() == pytest.approx(reference.loc["omega"].to_numpy(), rel=1e-4)
    implied = table(CASE, "comprelsem.csv").loc["implied"]
    assert found["omega"].to_numpy() == pytest.approx(implied.to_numpy(), rel=1e-4)


def test_omega_with_the_observed_variance_equals_semtools_omega3(scales_fit, table):
    reference = table(CASE, "comprelsem.csv").loc["obs_var"]
    for factor in measured_factors(scales_fit):
        found = omega(
            factor.loadings,
            factor.residuals,
            variance=factor.variance,
            total=float(factor.observed.sum()),
        )
        assert found == pytest.approx(reference[factor.name], rel=1e-4)


def test_composite_reliability_and_ave_from_lavaans_standardised_loadings(scales_fit, table):
    reference = table(CASE, "fornell_larcker.csv")
    found = reliability(scales_fit)
    assert found["ave"].to_numpy() == pytest.approx(reference["ave_standardised"].to_numpy(), rel=1e-4)
    assert found["composite_reliability"].to_numpy() == pytest.approx(
        reference["composite"].to_numpy(), rel=1e-4
    )


def test_semtools_ave_is_the_same_kernel_on_unstandardised_loadings(scales_fit, table):
    reference = table(CASE, "reliability.csv").loc["avevar"]
    for factor in measured_factors(scales_fit):
        loadings = factor.loadings * np.sqrt(factor.variance)
        found = average_variance_extracted(loadings, np.diag(factor.residuals))
        assert found == pytest.approx(reference[factor.name], rel=1e-4)


def test_alpha_of_given_items_uses_their_complete_rows(scales_fit, table):
    items = table(CASE, "data.csv", index=False)
    complete = items[["B1", "B2", "B3"]].dropna()
    found = reliability(scales_fit, items).loc["B", "alpha"]
    assert found == pytest.approx(alpha(np.cov(complete.to_numpy(), rowvar=False)), rel=1e-12)
    assert found != pytest.approx(reliability(scales_fit).loc["B", "alpha"], rel=1e-6)


def test_single_items_have_no_reliability(table):
    fit = fit_sem("A =~ A1 + A2 + A3 + A4\nA3 ~~ A4\nD =~ D1\n", table(CASE, "data.csv", index=False))
    row = reliability(fit).loc["D"]
    assert row["n_items"] == 1
    assert row.drop("n_items").isna().all()
    assert np.isnan(fornell_larcker(fit).loc["D", "D"])


def test_kernels_by_hand():
    parallel = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    assert alpha(parallel) == pytest.approx(4 * 0.5 / (1 + 3 * 0.5))  # Spearman-Brown of r = .5
    loadings, residuals = np.full(4, np.sqrt(0.5)), np.full(4, 0.5)
    assert omega(loadings, np.diag(residuals)) == pytest.approx(alpha(parallel))
    assert composite_reliability(loadings, residuals) == pytest.approx(alpha(parallel))
    assert average_variance_extracted(loadings, residuals) == pytest.approx(0.5)


def test_second_order_factors_are_left_out(structure_fit):
    found = reliability(structure_fit)
    assert list(found.index) == ["D1", "D2", "D3", "D4", "SAT", "COM", "TIN"]
    # the population loadings are .85, .75, .65: AVE .5692, reliability .7988
    assert found["ave"].mean() == pytest.approx(0.5692, abs=0.03)
    assert found["omega"].mean() == pytest.approx(0.7955, abs=0.02)


def test_published_example_agrees_with_semtools(shared):
    folder = shared / "oracles" / "lavaan"
    model = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\n"
    fit = fit_sem(model, pd.read_csv(folder / "hs_data.csv"))
    reference = pd.read_csv(folder / "hs_reliability.csv", index_col=0)
    assert reliability(fit)["alpha"].to_numpy() == pytest.approx(reference.loc["alpha"].to_numpy(), rel=1e-12)
    for factor in measured_factors(fit):
        total = float(factor.observed.sum())
        found = omega(factor.loadings, factor.residuals, variance=factor.variance, total=total)
        assert found == pytest.approx(reference.loc["omega", factor.name], rel=1e-4)
