"""The units of the items do not matter to least squares: one for all, or very different ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lavaan_cases import cases

from jq_models.sem import SemFit, fit_sem
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.least_squares.units import working_units
from jq_models.sem.optimise import Optimum, minimise

THREE = cases()["three_groups/uls_pooled"]
UNITS = [1e-5, 1e-3, 1.0, 1e3, 1e6]
ONE = [f"a{i}" for i in (1, 2, 3)] + [f"b{i}" for i in (1, 2, 3)]
PAIR = "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3"
MIXED = ("a2", "b2", "b3")
DIFFERENT = {"a2": 1e4, "b2": 1e-4}


def least(fit: SemFit) -> LeastSquares:
    assert isinstance(fit.discrepancy, LeastSquares)
    return fit.discrepancy


def in_units(
    estimator: str, units: dict[str, float], *, ordered: tuple[str, ...] = (), means: bool | None = None
) -> tuple[SemFit, np.ndarray]:
    """Fit items multiplied by their units; the fit, and the unit of every row of its table."""
    cut = {name: pd.qcut(THREE.data[name], 4, labels=False) for name in ordered}
    data = THREE.data[ONE].assign(**cut)
    by = {name: 1.0 if name in ordered else units.get(name, 1.0) for name in ONE}
    fit = fit_sem(PAIR, data * by, estimator=estimator, ordered=ordered, meanstructure=means)
    by |= {"f": by["a1"], "g": by["b1"]}
    size = {
        "=~": lambda r: by[r.rhs] / by[r.lhs],
        "~~": lambda r: by[r.lhs] * by[r.rhs],
        "~1": lambda r: by[r.lhs],
    }
    return fit, np.array([size.get(r.op, lambda _: 1.0)(r) for r in fit.table.itertuples()])


def assert_same(
    found: SemFit, plain: SemFit, rows: np.ndarray, *, objective: float = 1.0, errors: float = 1.0
) -> None:
    assert found.status.reasons == plain.status.reasons == ()
    np.testing.assert_allclose(found.table["est"] / rows, plain.table["est"], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(found.table["se"] / rows * errors, plain.table["se"], rtol=1e-6)
    assert found.objective / objective == pytest.approx(plain.objective, rel=1e-6)
    assert found.test.chi_square / objective == pytest.approx(plain.test.chi_square, rel=1e-6)
    assert found.baseline.chi_square / objective == pytest.approx(plain.baseline.chi_square, rel=1e-6)
    assert found.test.scaled / (objective if np.isnan(plain.test.factor) else 1.0) == pytest.approx(
        plain.test.scaled, rel=1e-6, nan_ok=True
    )
    # what is kept of the fit is in the data's units
    point = least(found).point(found.theta)
    assert found.objective == pytest.approx(point.objective, rel=1e-8)
    np.testing.assert_allclose(found.information, point.information, rtol=1e-9)


@pytest.mark.parametrize("estimator", ["ULS", "ULSMV", "GLS", "WLS", "DWLS", "WLSMV"])
@pytest.mark.parametrize("c", UNITS)
def test_one_unit_for_all_items(estimator: str, c: float) -> None:
    """F of ULS has the units of squared covariances, and its plain standard errors know of no unit at all."""
    plain, _ = in_units(estimator, {})
    found, rows = in_units(estimator, dict.fromkeys(ONE, c))
    uls = estimator.startswith("ULS")
    assert_same(
        found, plain, rows, objective=c**4 if uls else 1.0, errors=c**2 if estimator == "ULS" else 1.0
    )


@pytest.mark.parametrize("estimator", ["WLS", "DWLS", "WLSMV"])
@pytest.mark.parametrize("c", UNITS)
def test_one_unit_for_all_continuous_items_beside_ordered_ones(estimator: str, c: float) -> None:
    plain, _ = in_units(estimator, {}, ordered=MIXED)
    found, rows = in_units(estimator, dict.fromkeys(ONE, c), ordered=MIXED)
    assert_same(found, plain, rows)


@pytest.mark.parametrize("estimator", ["GLS", "WLS", "DWLS", "WLSMV"])
@pytest.mark.parametrize("units", [DIFFERENT, {"a1": 1e-4, "b1": 1e5}])
def test_very_different_units(estimator: str, units: dict[str, float]) -> None:
    plain, _ = in_units(estimator, {})
    found, rows = in_units(estimator, units)
    assert_same(found, plain, rows)


@pytest.mark.parametrize(
    "text",
    [
        "f =~ a1 + p*a2 + a3\ng =~ b1 + p*b2 + b3",
        # fixed values, starts, a loading equal to a variance, a path between factors, a path of items
        "f =~ a1 + start(0.7)*a2 + a3\ng =~ b1 + 0.9*b2 + b3\ng ~ f",
        "f =~ a1 + p*a2 + a3\ng =~ b1 + b2 + b3\na3 ~~ p*a3",
        "f =~ NA*a1 + a2 + a3\nf ~~ 2*f\ng =~ b1 + p*b2 + q*b3\np == 2*q - 1",
        "f =~ a1 + a2 + a3\na2 ~~ a3\nb1 ~ f\nb3 ~ b1\nb2 ~ b3",
    ],
)
@pytest.mark.parametrize("estimator", ["ULS", "DWLS"])
def test_units_of_the_search_leave_the_model_as_it_is(text: str, estimator: str) -> None:
    """The gradient vanishes in the data's units, and from there no search in them finds a lower F."""
    data = THREE.data[ONE] * [3.0, 7.0, 11.0, 3.0, 5.0, 13.0]
    for means in (False, True):
        fit = fit_sem(text, data, estimator=estimator, meanstructure=means)
        ls = least(fit)
        working = working_units(ls)
        own = working.discrepancy.point(fit.theta / working.theta)
        point = working.in_data_units(Optimum(theta=fit.theta / working.theta, point=own, iterations=0)).point
        there = ls.point(fit.theta)
        assert point.objective == pytest.approx(there.objective, rel=1e-10)
        np.testing.assert_allclose(point.information, there.information, rtol=1e-9)
        size = np.sqrt(np.diag(there.information))
        np.testing.assert_allclose(point.gradient / size, there.gradient / size, atol=1e-6)
        again = minimise(ls, fit.theta)
        assert again.point.objective == pytest.approx(fit.objective, rel=1e-9)


def test_units_of_groups_are_one() -> None:
    fit = cases()["three_groups/uls_scalar"].fit()
    working = working_units(least(fit))
    for own, group in zip(working.discrepancy.groups, fit.groups, strict=True):
        np.testing.assert_array_equal(own.design, group.design)


@pytest.mark.parametrize("c", [1e-5, 1e-3, 1e3])
def test_small_units_beside_means_leave_the_scaled_test_its_digits(c: float) -> None:
    plain, _ = in_units("ULSMV", {})
    found, _ = in_units("ULSMV", dict.fromkeys(ONE, c), means=True)
    assert found.test.scaled == pytest.approx(plain.test.scaled, rel=1e-6)
    assert found.test.factor / c**4 == pytest.approx(plain.test.factor, rel=1e-6)
