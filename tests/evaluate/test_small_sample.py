"""Small-sample corrections: by hand, against semTools chisqSmallN(), and what they do to true models."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from after_fit_cases import FOLDER, data_of, fit_of, text_of
from scipy.stats import chi2

from jq_models.errors import FitError
from jq_models.evaluate.small_sample import (
    bartlett_factor,
    small_sample_tests,
    swain_factor,
    yuan_2005_factor,
    yuan_2015_factor,
)
from jq_models.sem import fit_sem


def test_factors_by_hand() -> None:
    # nine variables, three factors, 21 parameters, 24 degrees of freedom, n = 60
    assert bartlett_factor(p=9, k=3, n=60) == pytest.approx(1 - 35 / 360)
    assert yuan_2005_factor(p=9, k=3, n=60) == pytest.approx(1 - 31 / 360)
    # q = (sqrt(1 + 4 * 90 - 192) - 1) / 2 = 6: [9 * 188 - 6 * 89] / (12 * 24 * 60)
    assert swain_factor(p=9, df=24, n=60) == pytest.approx(1 - (1692 - 534) / 17280)
    assert yuan_2015_factor(p=9, q=21, n_cases=60, n=60) == pytest.approx((60 - 5.756) / 60)
    assert yuan_2015_factor(p=9, q=21, n_cases=60, n=59) == pytest.approx((60 - 5.756) / 59)


def test_semtools() -> None:
    theirs = pd.read_csv(FOLDER / "small_sample.csv")
    theirs = theirs.set_index(theirs["method"].str.replace(".", "_"))
    ours = small_sample_tests(fit_sem(text_of("three"), data_of("holzinger").iloc[:60])).loc[theirs.index]

    np.testing.assert_allclose(ours["factor"], theirs["factor"], rtol=1e-12)
    np.testing.assert_allclose(ours["chi_square"], theirs["corrected"], rtol=1e-6)
    np.testing.assert_allclose(ours["p_value"], theirs["p"], rtol=1e-5)
    assert (ours["df"] == 24).all()


def test_the_first_row_is_the_fits_own_test() -> None:
    fit = fit_of("three")
    first = small_sample_tests(fit).loc["plain"]

    assert (first["chi_square"], first["factor"]) == (fit.test.chi_square, 1.0)
    assert first["p_value"] == pytest.approx(fit.test.p_value)


def test_saturated_means_change_nothing() -> None:
    data = data_of("holzinger")
    one, other = (
        small_sample_tests(fit_sem(text_of("three"), data, meanstructure=means)) for means in (False, True)
    )

    np.testing.assert_allclose(one, other, rtol=1e-7)


@pytest.mark.parametrize(
    ("name", "problem"),
    [("scalar", "2 groups"), ("three_missing", "missing answers"), ("three_mlr", "estimator MLR")],
)
def test_refusals(name: str, problem: str) -> None:
    with pytest.raises(FitError, match=problem):
        small_sample_tests(fit_of(name))


def test_a_saturated_model_has_nothing_to_correct() -> None:
    with pytest.raises(FitError, match="no degrees of freedom"):
        small_sample_tests(fit_sem("visual =~ x1 + x2 + x3", data_of("holzinger")))


@pytest.mark.slow
def test_true_models_are_rejected_nearer_to_nominally() -> None:
    # 15 items, 5 factors, 50 cases: the plain test rejects about twice too often
    rng = np.random.default_rng(7)
    names = [f"x{i}" for i in range(15)]
    text = "\n".join(f"f{j} =~ " + " + ".join(names[3 * j : 3 * j + 3]) for j in range(5))
    loading = np.kron(np.eye(5), np.full((3, 1), 0.75))
    factors = np.full((5, 5), 0.4) + 0.6 * np.eye(5)
    root = np.linalg.cholesky(loading @ factors @ loading.T + np.diag(np.full(15, 1 - 0.75**2)))
    found = []
    for _ in range(600):
        fit = fit_sem(text, pd.DataFrame(rng.standard_normal((50, 15)) @ root.T, columns=names))
        if fit.usable:
            found.append(small_sample_tests(fit)["chi_square"])
    statistics = pd.DataFrame(found)
    rejected = (statistics > chi2.ppf(0.95, 80)).mean()
    off = (rejected - 0.05).abs()

    assert len(found) > 550
    assert rejected["plain"] > 0.12
    assert (off.drop("plain") < off["plain"] / 2).all()
    assert off["swain"] < 0.04
    # the mean of the statistic is what the corrections aim at
    assert abs(statistics["swain"].mean() - 80) < abs(statistics["plain"].mean() - 80) / 3
