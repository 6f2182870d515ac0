"""Fits against lavaan: our reference cases, and the outside oracles where they are at hand.

Tolerances: chi-square 1e-6 relative (reached: 1e-10; semopy's optimum limits nothing here). lavaan's own
optimum, like semopy's, is right to about 1e-5, so estimates are held to 2e-5 or, where a standard error
is large, to 5e-4 of it; standard errors 5e-6; standardised values 1e-5.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from references import CASES, keyed, reference

from jq_models.sem import (
    SemFit,
    filled,
    fit_sem,
    latent_correlation,
    latent_covariance,
    parameter_estimates,
    r_squared,
    standardized,
)

FitOf = Callable[[str], SemFit]
CHI_SQUARE, ESTIMATE, STANDARD_ERROR, STANDARDISED = 1e-6, 2e-5, 5e-6, 1e-5

THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\n"
FREED = THREE.replace("=~ ", "=~ NA*") + "visual ~~ 1*visual\ntextual ~~ 1*textual\nspeed ~~ 1*speed"
ORACLES = {
    "hs_ml": THREE,
    "hs_stdlv": FREED,
    "hs_2nd": THREE + "g =~ visual + textual + speed",
    "hs_exo": THREE + "visual ~ sex + ageyr\nspeed ~ sex",
    # there by a == b, here by one label
    "hs_eqcon": "visual =~ x1 + a*x2 + a*x3 + x4",
    "pd_ml": reference("political_democracy").text,
}


def close(ours: pd.Series, theirs: pd.Series, tolerance: float, *, relative: float = 0.0) -> None:
    assert list(ours.index) == list(theirs.index)
    np.testing.assert_allclose(ours, theirs, atol=tolerance, rtol=relative)


def compare(fit: SemFit, estimates: pd.DataFrame, solution: pd.DataFrame) -> None:
    ours = keyed(parameter_estimates(fit))
    theirs = keyed(estimates).loc[ours.index]
    close(ours["est"], theirs["est"], ESTIMATE)
    close(ours["se"], theirs["se"], STANDARD_ERROR)
    close(ours["std_all"], theirs["std.all"], STANDARDISED)
    moving = ours["se"] > 0
    assert (ours.loc[~moving, ["z", "pvalue"]].isna()).all(axis=None)
    assert ((ours["est"] - theirs["est"])[moving].abs() < 5e-4 * ours["se"][moving]).all()
    close(ours["z"][moving], theirs["z"][moving], 5e-4, relative=1e-4)
    close(ours["pvalue"][moving], theirs["pvalue"][moving], 1e-4)
    for low_high, name in (("ci_low", "ci.lower"), ("ci_high", "ci.upper")):
        close(ours[low_high], theirs[name], ESTIMATE)
    mine = keyed(standardized(fit))
    other = keyed(solution).loc[mine.index]
    close(mine["est_std"], other["est.std"], STANDARDISED)
    close(mine["se"], other["se"], STANDARD_ERROR)
    close(mine["ci_low"], other["ci.lower"], 2 * STANDARDISED)


@pytest.mark.parametrize("case", CASES)
def test_estimates_errors_and_standardised_solution(fit_of: FitOf, case: str) -> None:
    compare(fit_of(case), reference(case).table("estimates"), reference(case).table("standardized"))


@pytest.mark.parametrize("case", CASES)
def test_chi_square_and_degrees_of_freedom(fit_of: FitOf, case: str) -> None:
    fit, measures = fit_of(case), reference(case).measures
    assert fit.n * fit.objective == pytest.approx(measures["chisq"], rel=CHI_SQUARE)
    assert fit.df == measures["df"]
    assert fit.n == measures["ntotal"]
    assert len(fit.theta) == measures["npar"]


@pytest.mark.parametrize("case", CASES)
def test_explained_variance(fit_of: FitOf, case: str) -> None:
    rows = reference(case).table("estimates").query("op == 'r2'").set_index("lhs")["est"]
    ours = r_squared(fit_of(case))
    assert sorted(ours.index) == sorted(rows.index)
    # NaN in both where the residual variance is negative
    close(ours, rows.loc[ours.index], STANDARDISED)
    assert ours.isna().sum() == (1 if case == "heywood" else 0)


@pytest.mark.parametrize("case", CASES)
def test_implied_and_latent_matrices(fit_of: FitOf, case: str) -> None:
    fit, case_ = fit_of(case), reference(case)
    implied = pd.DataFrame(fit.implied, index=fit.parameters.observed, columns=fit.parameters.observed)
    for ours, name, tolerance in (
        (implied, "implied", 5e-5),
        (latent_covariance(fit), "latent_covariance", 5e-5),
        (latent_correlation(fit), "latent_correlation", 2e-5),
    ):
        theirs = case_.square(name)
        # lavaan counts observed variables in regressions among the latent ones; ours leaves them out
        assert set(ours.index) <= set(theirs.index)
        theirs = theirs.loc[ours.index, ours.columns]
        np.testing.assert_allclose(ours, theirs, atol=tolerance, rtol=1e-5)


@pytest.mark.parametrize("case", ["holzinger", "political_democracy", "demo/second_order"])
def test_implied_matrix_follows_from_theta(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    np.testing.assert_allclose(filled(fit.matrices, fit.theta).implied, fit.implied, rtol=1e-14)


@pytest.mark.parametrize("case", CASES)
def test_every_case_ends_well(fit_of: FitOf, case: str) -> None:
    status = fit_of(case).status
    assert status.converged
    assert status.identified
    assert status.admissible == (case != "heywood")
    assert status.gradient_norm < 1e-6


@pytest.mark.parametrize("tag", ORACLES)
def test_outside_oracles(shared: Path, tag: str) -> None:
    folder = shared / "oracles" / "lavaan"
    fit = fit_sem(ORACLES[tag], pd.read_csv(folder / f"{tag.split('_')[0]}_data.csv"))
    measures = pd.read_csv(folder / f"{tag}_fm.csv").set_index("name")["value"].astype(float)
    assert fit.n * fit.objective == pytest.approx(measures["chisq"], rel=CHI_SQUARE)
    assert fit.df == measures["df"]
    compare(fit, pd.read_csv(folder / f"{tag}_pe.csv"), pd.read_csv(folder / f"{tag}_std.csv"))


def test_the_demo_case_is_the_demo_study() -> None:
    from jq_models.data.open import open_study

    study = open_study("demo")
    pd.testing.assert_frame_equal(
        study.responses.items.reset_index(drop=True),
        reference("demo/direct").data,
        check_dtype=False,
        obj="tests/reference/demo/data.csv (run prepare.py and generate.R there after a change of the demo)",
    )
    for name in ("correlated", "second_order", "direct"):
        assert study.model(name).text == reference(f"demo/{name}").text
