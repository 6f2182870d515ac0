"""Standardised values, their exact derivatives, and what is constant by construction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from after_fit_cases import fit_of as after_fit
from after_fit_cases import table_of
from references import Reference

from jq_models.sem import SemFit, delta_se, fit_sem, jacobian, standardized, standardized_rows, wald
from jq_models.sem.standardize import r_squared, r_squared_by_group

FitOf = Callable[[str], SemFit]


def test_jacobian_of_a_known_function() -> None:
    theta = np.array([0.3, 2.0])
    found = jacobian(lambda t: np.array([t[0] * t[1] ** 2, np.sqrt(t[1]), t[0] / t[1]]), theta)
    by_hand = [[4.0, 1.2], [0.0, 0.5 / np.sqrt(2)], [0.5, -0.075]]
    np.testing.assert_allclose(found, by_hand, rtol=1e-14)


@pytest.mark.parametrize("case", ["political_democracy", "second_order", "covariates", "single_indicator"])
def test_complex_step_against_finite_differences(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)

    def rows(theta: np.ndarray) -> np.ndarray:
        return standardized_rows(fit.matrices, theta)

    exact = jacobian(rows, fit.theta)
    step = 1e-6
    columns = [
        (rows(fit.theta + e) - rows(fit.theta - e)) / (2 * step) for e in step * np.eye(len(fit.theta))
    ]
    defined = np.isfinite(exact).all(axis=1)
    np.testing.assert_allclose(exact[defined], np.column_stack(columns)[defined], atol=1e-7)


def test_a_single_item_has_a_standardised_loading_of_one_without_error(fit_of: FitOf) -> None:
    solution = standardized(fit_of("single_indicator")).set_index(["lhs", "op", "rhs"])
    loading = solution.loc[("quick", "=~", "x9")]
    assert loading["est_std"] == pytest.approx(1.0, abs=1e-14)
    assert loading["se"] == 0.0
    assert np.isnan(loading["z"])
    assert solution.loc[("x9", "~~", "x9"), "est_std"] == 0.0


def test_standardised_data_give_the_standardised_solution(holzinger: Reference) -> None:
    data = holzinger.data[[f"x{i}" for i in range(1, 10)]]
    fit = fit_sem(holzinger.text, data)
    again = fit_sem(holzinger.text, (data - data.mean()) / data.std(ddof=0))
    pd.testing.assert_frame_equal(standardized(fit), standardized(again), atol=2e-6, rtol=1e-4)


def test_marker_or_variance_gives_one_standardised_solution(holzinger: Reference) -> None:
    freed = (
        holzinger.text.replace("=~ ", "=~ NA*")
        + "\nvisual ~~ 1*visual\ntextual ~~ 1*textual\nspeed ~~ 1*speed"
    )
    keys = ["lhs", "op", "rhs"]
    one, two = (standardized(fit_sem(t, holzinger.data)).set_index(keys) for t in (holzinger.text, freed))
    two = two.loc[one.index]
    np.testing.assert_allclose(one["est_std"], two["est_std"], atol=2e-6)
    np.testing.assert_allclose(one["se"], two["se"], atol=1e-6)


def test_delta_method_of_a_parameter_is_its_standard_error(fit_of: FitOf) -> None:
    fit = fit_of("holzinger")
    np.testing.assert_allclose(delta_se(lambda t: t, fit), np.sqrt(np.diag(fit.vcov)), rtol=1e-12)


def test_wald_by_hand() -> None:
    table = wald(np.array([1.0, -2.0, 1.0]), np.array([0.5, 0.5, 0.0]))
    assert table["z"].to_list()[:2] == [2.0, -4.0]
    assert table["pvalue"].to_list()[:2] == pytest.approx([0.0455002638963584, 6.33424836662398e-05])
    assert table["ci_high"].to_list() == pytest.approx([1.97998199, -1.02001801, 1.0])
    assert table[["z", "pvalue"]].iloc[2].isna().all()


def test_interval_level(fit_of: FitOf) -> None:
    wide = standardized(fit_of("holzinger"), level=0.99)
    usual = standardized(fit_of("holzinger"))
    width = (wide["ci_high"] - wide["ci_low"]) / (usual["ci_high"] - usual["ci_low"])
    np.testing.assert_allclose(width[usual["se"] > 0], 2.575829303548901 / 1.959963984540054, rtol=1e-12)


def test_r_squared_by_group_is_lavaans() -> None:
    fit = after_fit("three_groups/ml_scalar")
    ours = r_squared_by_group(fit).set_index(["variable", "group"])["r_squared"]
    theirs = table_of("three_groups/ml_scalar", "estimates").query("op == 'r2'")
    keys = list(zip(theirs["lhs"], theirs["group"], strict=True))

    assert len(ours) == len(keys)
    np.testing.assert_allclose(ours.loc[keys], theirs["est"], atol=1e-8)
    assert list(r_squared_by_group(fit)["label"].unique()) == [g.label for g in fit.sample.groups]


def test_r_squared_by_group_of_one_group_is_r_squared() -> None:
    fit = after_fit("three")
    table = r_squared_by_group(fit)

    assert table.set_index("variable")["r_squared"].to_dict() == r_squared(fit).to_dict()
    assert set(table["group"]) == {1}
