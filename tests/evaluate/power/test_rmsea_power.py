"""Power of the tests of fit: semTools, the published table, and simulation from a known misfit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ncx2

from jq_models.errors import SpecError
from jq_models.evaluate.power import rmsea_power, rmsea_sample_size, with_misfit
from jq_models.evaluate.power.draw import wishart
from jq_models.sem import Moments, SemFit, fit_sem
from jq_models.sem.resampling.refit import refit

REFERENCE = Path(__file__).parents[2] / "reference" / "power"
MODEL = "a =~ y1 + y2 + y3\nb =~ y4 + y5 + y6\nc =~ y7 + y8 + y9"
NAMES = tuple(f"y{i}" for i in range(1, 10))


def rows(name: str) -> list[dict[str, float]]:
    return pd.read_csv(REFERENCE / name).to_dict("records")


@pytest.mark.parametrize("row", rows("power.csv"), ids=lambda r: f"{r['test']}-{r['df']}-{r['n']}")
def test_power_equals_semtools(row: dict[str, float]) -> None:
    found = rmsea_power(
        int(row["df"]), int(row["n"]), null=row["null"], alternative=row["alternative"], alpha=row["alpha"]
    )
    assert found == pytest.approx(row["power"], abs=1e-6)


@pytest.mark.parametrize("row", rows("sample_size.csv"), ids=lambda r: f"{r['test']}-{r['df']}-{r['wanted']}")
def test_sample_size_equals_semtools(row: dict[str, float]) -> None:
    found = rmsea_sample_size(
        int(row["df"]), null=row["null"], alternative=row["alternative"], power=row["wanted"]
    )
    assert found == row["n"]


@pytest.mark.parametrize(("alternative", "published"), [(0.08, 132), (0.01, 178)])
def test_sample_size_equals_the_published_table(alternative: float, published: int) -> None:
    assert rmsea_sample_size(100, null=0.05, alternative=alternative) == published


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"df": 0}, "df = 0"),
        ({"n": 1}, "n = 1"),
        ({"alternative": 0.05}, "two different values"),
        ({"alpha": 1.0}, "alpha = 1.0"),
    ],
)
def test_what_makes_no_test_is_refused(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        rmsea_power(**({"df": 10, "n": 100} | wrong))  # type: ignore[arg-type]


def test_a_power_below_alpha_is_refused() -> None:
    with pytest.raises(SpecError, match=r"power = 0\.01"):
        rmsea_sample_size(10, power=0.01)


@pytest.fixture(scope="module")
def true_fit() -> SemFit:
    loading = np.kron(np.eye(3), np.array([[0.7], [0.8], [0.6]]))
    latent = np.array([[1, 0.4, 0.3], [0.4, 1, 0.5], [0.3, 0.5, 1]])
    sigma = loading @ latent @ loading.T
    np.fill_diagonal(sigma, 1.0)
    return fit_sem(MODEL, Moments(names=NAMES, covariance=sigma, mean=np.zeros(9), n=300))


@pytest.mark.parametrize("rmsea", [0.05, 0.08])
def test_planted_misfit_is_exact_and_leaves_the_estimates(true_fit: SemFit, rmsea: float) -> None:
    planted = with_misfit(true_fit, rmsea=rmsea, seed=1)
    fit = fit_sem(MODEL, Moments(names=NAMES, covariance=planted, mean=np.zeros(9), n=300))
    assert np.sqrt(fit.objective / fit.df) == pytest.approx(rmsea, abs=1e-9)
    assert fit.theta == pytest.approx(true_fit.theta, abs=1e-7)


def test_misfit_too_large_for_a_direction_is_refused(true_fit: SemFit) -> None:
    with pytest.raises(SpecError, match="Try another seed"):
        with_misfit(true_fit, rmsea=3.0, seed=1)


@pytest.mark.parametrize("seed", [1, 2])
def test_simulated_power_of_close_fit_equals_the_analytic_one(true_fit: SemFit, seed: int) -> None:
    n, replications, df = 400, 3000, true_fit.df
    planted = with_misfit(true_fit, rmsea=0.08, seed=seed)
    drawn = wishart(planted, n=n, rng=np.random.default_rng(seed), size=replications)
    statistic = refit(true_fit, drawn, n=n).chi_square * (n - 1) / n
    simulated = (statistic > ncx2.ppf(0.95, df, (n - 1) * df * 0.05**2)).mean()
    analytic = rmsea_power(df, n)
    # three Monte Carlo errors, and one per cent for what the asymptotic theory leaves out at n = 400
    assert simulated == pytest.approx(
        analytic, abs=3 * np.sqrt(analytic * (1 - analytic) / replications) + 0.01
    )
