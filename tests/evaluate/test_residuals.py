"""Residual correlations and their z values against lavaan's lavResiduals() and residuals()."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from after_fit_cases import OWN, assert_near, engine_with, fit_of, table_of, tolerance
from lavaan_cases import cases

from jq_models.errors import FitError
from jq_models.evaluate import residuals
from jq_models.evaluate.residuals import residual_correlations

ENGINE = engine_with("residuals", estimators=("ML", "MLR", "MLM"))
COLUMNS = {
    "cov": "residual_cor",
    "cov.se": "se",
    "cov.z": "z",
    "mean": "residual_cor",
    "mean.se": "se",
    "mean.z": "z",
}


def keyed(table: pd.DataFrame) -> pd.DataFrame:
    pairs = zip(table["lhs"], table["rhs"], table["group"], strict=True)
    return table.set_index(pd.Index([(*sorted((a, b)), g) for a, b, g in pairs], tupleize_cols=False))


def lavaans(name: str) -> pd.DataFrame:
    table = table_of(name, "residuals")
    if "quantity" in table:
        table = table.rename(columns={"quantity": "what", "column": "lhs", "row": "rhs"})
        table[["lhs", "rhs"]] = table[["lhs", "rhs"]].fillna("")
    return table


@pytest.mark.parametrize("name", [*OWN, *ENGINE])
def test_residuals_and_z_are_lavaans(name: str) -> None:
    ours = keyed(residual_correlations(fit_of(name)))
    theirs = lavaans(name)
    compared = 0
    for what, column in COLUMNS.items():
        wanted = theirs[theirs["what"] == what]
        if not len(wanted):
            continue
        wanted = keyed(wanted)
        assert set(wanted.index) <= set(ours.index)
        own = ours.loc[wanted.index]
        known = own["se"] > 0
        if what.endswith(".z"):
            # lavaan does not divide residuals this close to 0
            known &= own["residual_cor"].abs() >= 1.1e-4
        assert_near(own.loc[known, column], wanted.loc[known, "value"], 10 * tolerance(name))
        if not what.endswith(".z"):
            assert_near(wanted.loc[own["se"] == 0, "value"], 0.0, 1e-5)
        compared += int(known.sum())
    assert compared > 50


def test_means_come_with_a_mean_structure() -> None:
    table = residual_correlations(fit_of("scalar"))

    assert list(table.groupby("group").size()) == [54, 54]
    assert (table["op"] == "~1").sum() == 18
    assert set(residual_correlations(fit_of("three"))["op"]) == {"~~"}


def test_observed_less_implied_in_units_of_the_observed() -> None:
    fit = fit_of("three")
    table = residual_correlations(fit).set_index(["lhs", "rhs"])
    row, S = table.loc[("x1", "x9")], fit.moments.covariance
    i, j = fit.moments.names.index("x1"), fit.moments.names.index("x9")
    unit = np.sqrt(S[i, i] * S[j, j])

    assert row["observed"] == S[i, j]
    assert row["residual"] == pytest.approx(S[i, j] - fit.implied[i, j], rel=1e-12)
    assert row["observed_cor"] == pytest.approx(S[i, j] / unit, rel=1e-12)
    assert row["implied_cor"] == pytest.approx(fit.implied[i, j] / unit, rel=1e-12)
    assert row["residual_cor"] == pytest.approx((S[i, j] - fit.implied[i, j]) / unit, rel=1e-10)
    assert row["z"] == pytest.approx(row["residual_cor"] / row["se"], rel=1e-12)


def test_what_is_always_reproduced_has_no_z() -> None:
    table = residual_correlations(fit_of("three"))
    alone = table[table["lhs"] == table["rhs"]]

    assert (alone["se"] == 0).all()
    assert alone["z"].isna().all()


def test_the_short_route_and_the_long_one_agree() -> None:
    for name, means in (("three", False), ("scalar", True)):
        fit = fit_of(name)
        short = residuals._normal_variances(fit, means=means)
        long = residuals._variances(fit, means=means, information="expected", robust=False)
        for (a, b), (c, d) in zip(short, long, strict=True):
            at = 9 if not means else 0
            np.testing.assert_allclose(a[at:], c[at:], atol=1e-12)
            np.testing.assert_allclose(b[at:], d[at:], rtol=1e-10)


def test_oracle_of_raw_residuals(shared) -> None:
    # residuals(fit, type = "standardized") of the covariances
    theirs = pd.read_csv(shared / "oracles" / "lavaan" / "hs_ml_cov_z.csv").to_numpy()
    fit = cases()["hs_ml"].fit()
    table = residual_correlations(fit)
    at = {name: i for i, name in enumerate(fit.moments.names)}
    rows = table[table["lhs"] != table["rhs"]]

    assert_near(
        rows["z"], [theirs[at[a], at[b]] for a, b in zip(rows["lhs"], rows["rhs"], strict=True)], 1e-4
    )


def test_least_squares_is_refused() -> None:
    with pytest.raises(FitError, match="standardised residuals are there for maximum likelihood only"):
        residual_correlations(replace(fit_of("three"), discrepancy=object(), estimator="ULS"))
