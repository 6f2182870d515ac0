"""Intervals: formulas against R's boot and lavaan on the same draws, the rest against second routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from references import REFERENCE, reference
from scipy.stats import norm

from jq_models.errors import DataError, FitError, SpecError
from jq_models.numeric import interval_formulas as formulas
from jq_models.sem import SemFit, fit_sem, moments_of
from jq_models.sem.resampling.bootstrap import bootstrap
from jq_models.sem.resampling.draws import Bootstrap
from jq_models.sem.resampling.functionals import functional_jacobian, functional_values
from jq_models.sem.resampling.intervals import (
    INTERVALS,
    accelerations,
    bootstrap_intervals,
    monte_carlo_intervals,
)
from jq_models.sem.standardize import standardized_values

FitOf = Callable[[str], SemFit]
FOLDER = REFERENCE / "intervals"
MODEL = (FOLDER / "model.txt").read_text(encoding="utf-8")
DATA = reference("political_democracy").data
COLUMNS = ["lhs", "op", "rhs", "group", "label", "est", "se", "ci_low", "ci_high"]
LAVAAN = {"percentile": "perc", "bc": "bca.simple", "basic": "basic", "normal": "norm"}


@pytest.fixture(scope="module")
def democracy() -> SemFit:
    return fit_sem(MODEL, DATA)


@pytest.fixture(scope="module")
def boot(democracy: SemFit) -> Bootstrap:
    return bootstrap(democracy, draws=300, seed=1)


@pytest.fixture(scope="module")
def their_draws(democracy: SemFit) -> Bootstrap:
    """lavaan's own draws as if they were ours."""
    theta = pd.read_csv(FOLDER / "draws.csv").to_numpy()
    B = len(theta)
    return Bootstrap(
        theta=theta,
        chi_square=np.zeros(B),
        admissible=np.ones(B, dtype=bool),
        fixed=(np.zeros((B, 0)),),
        reasons=("",) * B,
        seed=0,
        kind="ordinary",
        estimate=democracy.theta,
    )


@pytest.mark.parametrize("kind", ["normal", "basic", "percentile", "bca"])
def test_formulas_are_those_of_boot(kind: str) -> None:
    draws, influence = pd.read_csv(FOLDER / "boot_draws.csv"), pd.read_csv(FOLDER / "boot_influence.csv")
    a = dict(zip(influence.columns, formulas.acceleration(influence.to_numpy()), strict=True))
    table = pd.read_csv(FOLDER / "boot_intervals.csv")
    for row in table[table["kind"] == kind].itertuples():
        values, est = draws[row.statistic].to_numpy(), row.estimate
        found = {
            "normal": lambda v=values, e=est: formulas.normal(v, e, level=0.9),
            "basic": lambda v=values, e=est: formulas.basic(v, e, level=0.9),
            "percentile": lambda v=values: formulas.percentile(v, level=0.9),
            "bca": lambda v=values, e=est, s=row.statistic: formulas.bias_corrected(
                v, e, level=0.9, acceleration=a[s]
            ),
        }[kind]()
        np.testing.assert_allclose(found, [row.low, row.high], rtol=1e-12)


@pytest.mark.parametrize("kind", LAVAAN)
def test_intervals_are_lavaans_on_its_draws(democracy: SemFit, their_draws: Bootstrap, kind: str) -> None:
    """parameterEstimates(fit, boot.ci.type = ...), defined parameters included."""
    theirs = pd.read_csv(FOLDER / f"lavaan_{LAVAAN[kind]}.csv")
    ours = bootstrap_intervals(democracy, their_draws, kind=kind)
    assert list(ours["op"]) == list(theirs["op"])
    # lavaan 0.6-14 has divisor B for the standard errors of free parameters, B - 1 for defined ones
    ratio = np.where(theirs["op"] == ":=", 1.0, np.sqrt(199 / 198))
    np.testing.assert_allclose(ours["se"], theirs["se"] * ratio, rtol=1e-8)
    # optima of two optimisers, 1e-5 apart; lavaan's normal interval has its own divisor and, of a defined
    # parameter, the bias of its value at the mean draw
    allowed = 0.02 if kind == "normal" else 5e-5
    for end, name in (("ci_low", "ci.lower"), ("ci_high", "ci.upper")):
        np.testing.assert_allclose(ours[end], theirs[name], atol=allowed, rtol=allowed / 10)


def test_standard_errors_within_monte_carlo_error_of_lavaans(boot: Bootstrap, democracy: SemFit) -> None:
    theirs = pd.read_csv(FOLDER / "lavaan_perc.csv")["se"].to_numpy()
    ours = bootstrap_intervals(democracy, boot)["se"].to_numpy()
    moving = theirs > 0
    np.testing.assert_array_equal(ours > 0, moving)
    ratio = np.log(ours[moving] / theirs[moving])
    assert abs(np.median(ratio)) < 0.1
    assert np.abs(ratio).max() < 0.4


@pytest.mark.parametrize("standardized", [False, True])
@pytest.mark.parametrize("kind", INTERVALS)
def test_every_row_has_an_interval(democracy: SemFit, boot: Bootstrap, kind: str, standardized: bool) -> None:
    found = bootstrap_intervals(democracy, boot, kind=kind, standardized=standardized, level=0.9)
    assert list(found.columns) == COLUMNS
    assert list(found["label"]) == list(democracy.table["label"])
    assert list(found["op"])[-2:] == [":=", ":="]
    moving = found["se"] > 0
    assert (found["ci_low"] < found["ci_high"])[moving].all()
    np.testing.assert_array_equal(found["ci_low"][~moving], found["est"][~moving])
    inside = (found["ci_low"] <= found["est"]) & (found["est"] <= found["ci_high"])
    assert inside.all()
    wide = bootstrap_intervals(democracy, boot, kind=kind, standardized=standardized, level=0.95)
    assert (wide["ci_low"] <= found["ci_low"])[moving].all()


@pytest.mark.parametrize("case", ["political_democracy", "covariates", "observed_paths", "factor_variance"])
def test_standardised_values_of_many_draws(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    theta = fit.theta * np.random.default_rng(1).uniform(0.8, 1.2, (4, len(fit.theta)))
    found = functional_values(fit, theta, standardized=True)
    wanted = [standardized_values(fit, row) for row in theta]
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


def test_standardised_draws_have_the_covariates_of_their_sample() -> None:
    case = reference("covariates")
    fit = fit_sem(case.text, case.data)
    drawn = bootstrap(fit, draws=40, seed=1)
    assert bootstrap_intervals(fit, drawn)["se"][[r.sample for r in fit.parameters.rows]].eq(0).all()
    found = functional_values(fit, drawn.theta, standardized=True, fixed=drawn.fixed)
    held = functional_values(fit, drawn.theta, standardized=True)
    paths = (fit.table["op"] == "~").to_numpy()
    assert not np.isclose(found[:, paths], held[:, paths]).any(axis=1).all()


def test_groups_and_negative_variances() -> None:
    data = reference("holzinger").data
    fit = fit_sem(reference("holzinger").text, data, group="school", equal=("loadings",))
    drawn = bootstrap(fit, draws=40, seed=1)
    table = bootstrap_intervals(fit, drawn, standardized=True)
    assert list(table["group"]) == list(fit.table["group"])
    theta = drawn.theta.copy()
    column = fit.parameters.free_names.index("visual ~~ visual")
    theta[::2, column] = -0.1
    half = bootstrap_intervals(fit, replace(drawn, theta=theta), standardized=True, kind="bca")
    assert half["se"].notna().all()
    theta[1:, column] = -0.1
    none = bootstrap_intervals(fit, replace(drawn, theta=theta), standardized=True)
    lost = none["ci_low"].isna()
    assert lost.any()
    assert ((none["lhs"] == "visual") | (none["rhs"] == "visual"))[lost].all()


@pytest.mark.parametrize("standardized", [False, True])
def test_jacobian_against_finite_differences(democracy: SemFit, standardized: bool) -> None:
    found, step = functional_jacobian(democracy, standardized=standardized), 1e-6
    for k in range(len(democracy.theta)):
        ends = democracy.theta + np.outer([step, -step], np.eye(len(democracy.theta))[k])
        above, below = functional_values(democracy, ends, standardized=standardized)
        np.testing.assert_allclose(found[:, k], (above - below) / (2 * step), atol=2e-7)


@pytest.mark.parametrize("options", [{}, {"missing": "fiml"}, {"weights": "w"}, {"cluster": "cl"}])
def test_acceleration_is_that_of_the_infinitesimal_jackknife(options: dict[str, str]) -> None:
    """Give every case, or cluster, a little more and a little less weight in turn, and fit again."""
    rng = np.random.default_rng(12)
    factor = rng.exponential(size=(60, 1)) - 1.0
    data = pd.DataFrame(0.8 * factor + 0.6 * rng.normal(size=(60, 4)), columns=list("abcd"))
    if "missing" in options:
        data.loc[:12, "b"] = np.nan
    data = data.assign(w=1.0 + np.arange(60) % 2, cl=np.arange(60) // 2)
    model, means = "f =~ p*a + q*b + d\nc ~ r*f\nind := q*r", "missing" in options or "cluster" in options
    fit = fit_sem(model, data, **options)
    units = (data["cl"] if "cluster" in options else data.index).to_numpy()
    base, step = data["w"] if "weights" in options else 1.0, 1e-3
    missing = options.get("missing", "listwise")

    def weighted(unit: int, size: float) -> np.ndarray:
        table = data.assign(w=base * (1.0 + size * (units == unit)))
        return fit_sem(model, table, weights="w", missing=missing, meanstructure=means).theta

    moved = np.array([weighted(u, step) - weighted(u, -step) for u in np.unique(units)]) / (2 * step)
    for standardized in (False, True):
        influence = moved @ functional_jacobian(fit, standardized=standardized).T
        wanted, found = formulas.acceleration(influence), accelerations(fit, standardized=standardized)
        moving = np.abs(influence).max(axis=0) > 1e-9
        # against a test of zeros with zeros
        assert np.abs(found[moving]).max() > 0.02
        np.testing.assert_allclose(found[moving], wanted[moving], atol=2e-5)


def test_acceleration_of_robust_least_squares_is_near_that_of_the_jackknife() -> None:
    rng = np.random.default_rng(12)
    factor = rng.exponential(size=(150, 1)) - 1.0
    data = pd.DataFrame(0.8 * factor + 0.6 * rng.normal(size=(150, 4)), columns=list("abcd"))
    fit = fit_sem("f =~ a + b + c + d", data, estimator="ULSMV")
    left = [fit_sem("f =~ a + b + c + d", data.drop(i), estimator="ULS").theta for i in range(150)]
    jackknife = formulas.acceleration(np.mean(left, axis=0) - left)
    found = accelerations(fit)[(fit.table["free"] > 0).to_numpy()]
    assert np.abs(found).max() > 0.05
    # cases left out whole are not infinitesimal
    np.testing.assert_allclose(found, jackknife, atol=0.02)
    with pytest.raises(SpecError, match="casewise scores, which ULS has not"):
        accelerations(fit_sem("f =~ a + b + c + d", data, estimator="ULS"))


def test_monte_carlo_draws_from_the_normal_approximation(democracy: SemFit) -> None:
    found = monte_carlo_intervals(democracy, seed=1, draws=20_000)
    table = democracy.table
    assert list(found.columns) == COLUMNS
    free = (table["free"] > 0).to_numpy()
    np.testing.assert_allclose(found["se"][free] / table["se"][free], 1.0, atol=0.025)
    for end, share in (("ci_low", 0.025), ("ci_high", 0.975)):
        z = (found[end] - table["est"])[free] / table["se"][free]
        np.testing.assert_allclose(z, norm.ppf(share), atol=0.09)
    fixed = ~free & (table["op"] != ":=").to_numpy()
    np.testing.assert_array_equal(found["ci_low"][fixed], table["est"][fixed])
    # a product of two normal variables is skewed
    product = found[found["label"] == "ind"].iloc[0]
    assert product["ci_high"] - product["est"] > product["est"] - product["ci_low"]


def test_monte_carlo_interval_of_a_product_has_its_moments(democracy: SemFit) -> None:
    """Goodman (1960): the variance of a product of two correlated normal variables."""
    names = democracy.parameters.free_names
    i, j = names.index("a"), names.index("b")
    (a, b), V = democracy.theta[[i, j]], democracy.vcov[np.ix_([i, j], [i, j])]
    variance = a**2 * V[1, 1] + b**2 * V[0, 0] + 2 * a * b * V[0, 1] + V[0, 0] * V[1, 1] + V[0, 1] ** 2
    found = monte_carlo_intervals(democracy, seed=2, draws=40_000).set_index("label").loc["ind", "se"]
    assert found == pytest.approx(np.sqrt(variance), rel=0.02)


def test_monte_carlo_is_reproducible_and_standardised(democracy: SemFit) -> None:
    one = monte_carlo_intervals(democracy, seed=3, draws=500, standardized=True)
    two = monte_carlo_intervals(democracy, seed=3, draws=500, standardized=True)
    pd.testing.assert_frame_equal(one, two)
    path = one[one["label"] == "b"].iloc[0]
    assert path["ci_low"] < path["est"] < path["ci_high"]


def test_nothing_is_made_up_when_all_draws_lie_on_one_side() -> None:
    draws = np.linspace(1.0, 2.0, 99)
    assert np.isnan(formulas.bias_corrected(draws, 0.5, level=0.95)).all()
    assert np.isnan(formulas.bias_corrected(draws, 1.5, level=0.95, acceleration=np.nan)).all()
    np.testing.assert_array_equal(formulas.order_quantiles(draws, np.array([1e-9, 1 - 1e-9])), [1.0, 2.0])
    np.testing.assert_allclose(formulas.order_quantiles(draws, np.array([0.5])), 1.5)
    assert np.isnan(formulas.acceleration(np.zeros((5, 1)))).all()


def test_errors_say_what_to_do(democracy: SemFit, boot: Bootstrap) -> None:
    with pytest.raises(SpecError, match=r"No kind of interval 'bcaa'[.] Did you mean 'bca'"):
        bootstrap_intervals(democracy, boot, kind="bcaa")
    with pytest.raises(SpecError, match="between 0 and 1; found 95"):
        bootstrap_intervals(democracy, boot, level=95)
    with pytest.raises(SpecError, match="Bollen-Stine replicates tell about the test"):
        bootstrap_intervals(democracy, replace(boot, kind="bollen_stine"))
    with pytest.raises(FitError, match="Only 0 of 300 replicates have estimates"):
        bootstrap_intervals(democracy, replace(boot, reasons=("singular",) * 300))
    with pytest.raises(SpecError, match=r"draws = 1[.] Give at least 2"):
        monte_carlo_intervals(democracy, seed=1, draws=1)
    moments_only = fit_sem(MODEL, moments_of(DATA))
    with pytest.raises(DataError, match="acceleration of BCa needs the answers"):
        accelerations(moments_only)
