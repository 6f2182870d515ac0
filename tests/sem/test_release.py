"""Score tests of equality constraints against lavaan's lavTestScore()."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from after_fit_cases import (
    LEAST_SQUARES,
    assert_near,
    data_of,
    engine_with,
    fit_of,
    parameters,
    table_of,
    text_of,
    tolerance,
)
from lavaan_cases import cases

from jq_models.errors import FitError
from jq_models.sem import fit_sem
from jq_models.sem.modification.indices import modification_indices
from jq_models.sem.modification.release import equality_tests, expected_changes, written
from jq_models.spec.expression import parse_expression

OWN = ("labels", "linear", "scalar")
ENGINE = engine_with("release", estimators=("ML", "MLR", *LEAST_SQUARES))


@pytest.mark.parametrize("name", OWN)
def test_each_constraint(name: str) -> None:
    ours = equality_tests(fit_of(name))
    theirs = table_of(name, "release")

    assert len(ours) == len(theirs) + 1
    sides = [(a.replace(" ", ""), b.replace(" ", "")) for a, b in zip(ours["lhs"], ours["rhs"], strict=True)]
    own = ours.set_index(pd.Index(sides, tupleize_cols=False))
    wanted = [
        (a.replace(" ", ""), b.replace(" ", ""))
        for a, b in zip(theirs["first"], theirs["second"], strict=True)
    ]
    assert_near(own.loc[wanted, "chi_square"], theirs["X2"], tolerance(name))
    assert_near(own.loc[wanted, "p_value"], theirs["p.value"], tolerance(name))
    assert (own.loc[wanted, "df"] == 1).all()


@pytest.mark.parametrize("name", ENGINE)
def test_each_constraint_of_the_engine_cases(name: str) -> None:
    # lavaan names the sides by row: the tests are compared in order of size
    ours = equality_tests(fit_of(name)).iloc[:-1]["chi_square"]
    theirs = table_of(name, "release")["X2"]

    assert_near(np.sort(ours.fillna(0.0)), np.sort(theirs), 1e-5)


@pytest.mark.parametrize("name", [*OWN, *ENGINE])
def test_all_at_once(name: str) -> None:
    ours = equality_tests(fit_of(name)).iloc[-1]
    theirs = table_of(name, "release_total").iloc[0]

    assert (ours["lhs"], ours["df"]) == ("total", theirs["df"])
    assert_near(ours["chi_square"], theirs["X2"], tolerance(name))
    assert_near(ours["p_value"], theirs["p.value"], tolerance(name))


@pytest.mark.parametrize("name", [*OWN, *ENGINE])
def test_expected_changes(name: str) -> None:
    ours = parameters(expected_changes(fit_of(name)))
    theirs = table_of(name, "release_epc").dropna(subset="epc")
    theirs = parameters(theirs)

    assert set(theirs.index) <= set(ours.index)
    # lavaan's expected changes after least squares have the wrong sign: see the next test
    sign = 1.0 if "/" not in name or cases()[name].normal else -1.0
    limit = 2e-5 if name.endswith("theta") else tolerance(name)
    assert_near(ours.loc[theirs.index, "epc"], sign * theirs["epc"], limit)
    assert_near(ours["epv"], ours["est"] + ours["epc"], 1e-12)


@pytest.mark.parametrize("name", ["three_groups/gls_scalar", "three_groups/wls_scalar"])
def test_expected_changes_of_least_squares_go_to_the_released_estimates(name: str) -> None:
    expected = parameters(expected_changes(fit_of(name)))
    free = parameters(cases()[name].fit(equal=()).table)
    # loadings have the same unit in both fits
    rows = [key for key in expected.index if key[1] == "=~"]
    moved = free.loc[rows, "est"] - expected.loc[rows, "est"]

    assert np.corrcoef(moved, expected.loc[rows, "epc"])[0, 1] > 0.9
    assert np.sum((free.loc[rows, "est"] - expected.loc[rows, "epv"]) ** 2) < 0.2 * np.sum(moved**2)


def test_oracle_of_scalar_invariance(shared) -> None:
    theirs = pd.read_csv(shared / "oracles" / "lavaan" / "hs_mg_scalar_scoretest.csv")
    fit = fit_sem(text_of("three"), data_of("holzinger"), group="school", equal=("loadings", "intercepts"))

    assert_near(equality_tests(fit).iloc[:-1]["chi_square"], theirs["X2"], 1e-4)


def test_the_expected_change_is_that_of_the_difference() -> None:
    # released alone, the two loadings go where the fit without their label puts them, nearly
    fit = fit_of("labels")
    row = equality_tests(fit).set_index("lhs").loc["dem60 =~ y2"]
    free = fit_sem(text_of("labels").replace("a*y6", "y6"), data_of("political_democracy"))
    estimates = parameters(free.table)["est"]
    difference = estimates[("dem60", "=~", "y2", 1)] - estimates[("dem65", "=~", "y6", 1)]

    assert row["epc"] == pytest.approx(difference, rel=0.1)
    assert row["chi_square"] == pytest.approx(fit.test.chi_square - free.test.chi_square, rel=0.1)


def test_a_value_given_by_equality_is_released_like_a_fixed_one() -> None:
    text = "visual =~ x1 + {}x2 + x3\ntextual =~ x4 + x5 + x6"
    tied = equality_tests(fit_sem(text.format("a*") + "\na == 0.5", data_of("holzinger"))).iloc[0]
    fixed = parameters(modification_indices(fit_sem(text.format("0.5*"), data_of("holzinger"))))

    assert (tied["lhs"], tied["rhs"]) == ("a", "0.5")
    assert_near(
        tied[["chi_square", "epc"]], fixed.loc[[("visual", "=~", "x2", 1)], ["mi", "epc"]].iloc[0], 1e-8
    )


def test_an_equality_implied_by_others_cannot_be_released_alone() -> None:
    text = "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + x6\na == b\nb == c\na == c"
    table = equality_tests(fit_sem(text, data_of("holzinger")))

    assert table.iloc[:3]["chi_square"].isna().all()
    assert table.iloc[3]["df"] == 2
    assert table.iloc[3]["chi_square"] > 0


def test_nothing_to_release() -> None:
    with pytest.raises(FitError, match=r"has no equality constraint to test. Use modification_indices"):
        equality_tests(fit_of("three"))


@pytest.mark.parametrize("text", ["a", "2 * e", "(c + d) * 2", "exp(a) / (b - 1)", "-a", "a ^ 2"])
def test_formulas_are_written_as_read(text: str) -> None:
    again = written(parse_expression(text))

    assert parse_expression(again) == parse_expression(text)
