"""Reliability, loadings, VIF, Fornell-Larcker and cross-loadings of PLS fits, against other programs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from composite_cases import (
    MIXED,
    SECOND,
    adanco_fit,
    adanco_sheet,
    answers,
    mixed,
    second,
    seminr,
)

from jq_models.errors import FitError
from jq_models.evaluate.composites.quality import (
    COEFFICIENTS,
    pls_cross_loadings,
    pls_fornell_larcker,
    pls_item_vif,
    pls_loadings,
    pls_quality,
    variance_inflation,
)
from jq_models.pls import bootstrap_pls, fit_pls, pls_estimates

PRINTED = 1e-6
CLOSE = 1e-9


@pytest.mark.parametrize("operator", ["=~", "<~"])
def test_cross_loadings_are_adancos(shared: Path, operator: str) -> None:
    expected = adanco_sheet(shared, operator, "Cross Loadings")
    found = pls_cross_loadings(adanco_fit(shared, operator))
    pd.testing.assert_frame_equal(
        found, expected.loc[found.index, found.columns], atol=PRINTED, rtol=0, check_names=False
    )


@pytest.mark.parametrize("operator", ["=~", "<~"])
def test_item_vif_is_adancos(shared: Path, operator: str) -> None:
    expected = adanco_sheet(shared, operator, "Indicator Multicollinearity").stack().dropna()
    found = pls_item_vif(adanco_fit(shared, operator)).set_index(["item", "construct"])["vif"]
    assert len(found) == len(expected)
    assert np.abs(found - expected.reindex(found.index)).max() < PRINTED


@pytest.mark.parametrize("operator", ["=~", "<~"])
def test_fornell_larcker_is_adancos_squared_correlations(shared: Path, operator: str) -> None:
    expected = adanco_sheet(shared, operator, "Fornell-Larcker Criterion")
    found = pls_fornell_larcker(adanco_fit(shared, operator))
    expected = expected.reindex(index=found.index, columns=found.columns)
    assert np.array_equal(found.isna(), expected.isna())
    assert np.nanmax(np.abs(found - expected)) < PRINTED


def test_quality_is_adancos(shared: Path) -> None:
    expected = adanco_sheet(shared, "=~", "Construct Reliability")
    found = pls_quality(adanco_fit(shared, "=~"))
    for k, name in enumerate(("rho_a", "rho_c", "alpha")):
        assert np.abs(found[name] - expected.iloc[:, k]).max() < PRINTED
    extracted = adanco_sheet(shared, "=~", "Convergent Validity").iloc[:, 0]
    assert np.abs(found["ave"] - extracted).max() < PRINTED
    composites = pls_quality(adanco_fit(shared, "<~"))
    assert composites[list(COEFFICIENTS)].isna().all(axis=None)


def test_plain_cross_loadings_and_vif_are_seminrs() -> None:
    raw = seminr("plain_path")
    cross = pls_cross_loadings(mixed(False))
    expected = pd.DataFrame(raw["cross"]).T.loc[cross.index, cross.columns]
    assert np.abs(cross - expected).max(axis=None) < CLOSE
    vif = pls_item_vif(mixed(False))
    for construct, item, value in vif.itertuples(index=False):
        assert value == pytest.approx(raw["item_vif"][construct][item], abs=CLOSE)


def test_a_consistent_cross_loading_is_divided_by_the_root_of_rho_a() -> None:
    plain, consistent = pls_cross_loadings(mixed(False)), pls_cross_loadings(mixed())
    rho = pls_quality(mixed())["rho_a"]
    # the path scheme's weights are those of plain PLS
    assert consistent.loc["b1", "A"] == pytest.approx(plain.loc["b1", "A"] / np.sqrt(rho["A"]), abs=1e-12)
    assert consistent.loc["b1", "C"] == pytest.approx(plain.loc["b1", "C"], abs=1e-12)
    loadings = pls_loadings(mixed()).set_index("item")["loading"]
    assert consistent.loc["a3", "A"] == loadings["a3"]


def test_quality_has_a_row_a_construct_and_both_stages() -> None:
    found = pls_quality(second())
    assert list(found.index) == ["A", "B", "E", "G", "D", "J"]
    assert found.loc["J", ["stage", "n_items", "kind", "mode", "corrected"]].tolist() == [
        2,
        3,
        "composite",
        "B",
        False,
    ]
    assert found.loc["D", ["n_items", "corrected"]].tolist() == [1, False]
    assert found.loc[["J", "D"], list(COEFFICIENTS)].isna().all(axis=None)
    assert found.loc["G", "alpha_low"] != found.loc["G", "alpha_low"]


def test_intervals_are_those_of_the_bootstrap() -> None:
    boot = bootstrap_pls(second(), draws=60, seed=4)
    found = pls_quality(second(), boot, kind="bc", level=0.9)
    rows = pls_estimates(second(), boot, kind="bc", level=0.9)
    row = rows[(rows["op"] == "rho_a") & (rows["lhs"] == "G")].iloc[0]
    assert found.loc["G", ["rho_a", "rho_a_low", "rho_a_high"]].tolist() == [
        row["est"],
        row["ci_low"],
        row["ci_high"],
    ]
    loadings = pls_loadings(second(), boot, kind="bc", level=0.9)
    row = rows[(rows["op"] == "<~") & (rows["rhs"] == "B")].iloc[0]
    mine = loadings[loadings["item"] == "B"].iloc[0]
    assert (mine["construct"], mine["mode"]) == ("J", "B")
    assert mine[["weight", "weight_low", "weight_high"]].tolist() == [
        row["est"],
        row["ci_low"],
        row["ci_high"],
    ]


def test_loadings_and_vif_have_the_same_rows() -> None:
    for fit in (mixed(), second()):
        loadings, vif = pls_loadings(fit), pls_item_vif(fit)
        assert loadings[["construct", "item"]].equals(vif[["construct", "item"]])
        assert (vif["vif"] >= 1.0 - 1e-12).all()


def test_members_of_a_composite_are_held_against_their_own_correlations() -> None:
    vif = pls_item_vif(second()).set_index("item")["vif"]
    rows = second().values("~~").set_index(["lhs", "rhs"])["est"]
    R = np.eye(3)
    for i, j in ((1, 0), (2, 0), (2, 1)):
        R[i, j] = R[j, i] = rows["ABE"[i], "ABE"[j]]
    assert vif[list("ABE")].to_numpy() == pytest.approx(np.diag(np.linalg.inv(R)), abs=1e-12)


def test_variance_inflation_by_regression() -> None:
    X = answers()[["a1", "a2", "a3", "b1"]].to_numpy(dtype=float)
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    found = variance_inflation(np.corrcoef(X.T))
    for i in range(4):
        others = np.delete(z, i, axis=1)
        fitted = others @ np.linalg.lstsq(others, z[:, i], rcond=None)[0]
        assert found[i] == pytest.approx(1.0 / np.mean((z[:, i] - fitted) ** 2), abs=1e-9)


def test_variables_that_others_determine_are_infinite_and_the_rest_is_not() -> None:
    X = answers()[["a1", "b1", "c1"]].to_numpy(dtype=float)
    R = np.corrcoef(np.column_stack([X, X[:, 0] + X[:, 1]]).T)
    found = variance_inflation(R)
    assert np.isinf(found[[0, 1, 3]]).all()
    assert found[2] == pytest.approx(variance_inflation(np.corrcoef(X.T))[2], abs=1e-6)


@pytest.mark.parametrize("value", [1.1, np.nan])
def test_correlations_that_cannot_exist_have_no_inflation(value: float) -> None:
    R = np.array([[1.0, value], [value, 1.0]])
    assert np.isnan(variance_inflation(R)).all()


def test_nothing_is_said_of_a_fit_that_failed() -> None:
    fit = fit_pls(MIXED, answers(), max_iterations=1)
    assert not fit.usable
    for function in (pls_quality, pls_loadings, pls_item_vif, pls_fornell_larcker, pls_cross_loadings):
        with pytest.raises(FitError, match="not converged"):
            function(fit)


def test_fornell_larcker_is_of_the_last_stage() -> None:
    found = pls_fornell_larcker(second())
    assert list(found.index) == ["J", "G", "D"]
    row = second().values("~~").set_index(["lhs", "rhs"])["est"]
    assert found.loc["G", "J"] == pytest.approx(row["G", "J"] ** 2, abs=1e-14)
    assert np.isnan([found.loc["J", "J"], found.loc["D", "D"], found.loc["J", "G"]]).all()


def test_a_composite_named_in_mode_a_keeps_its_mode() -> None:
    fit = fit_pls(SECOND, answers(), modes={"J": "A"})
    assert pls_loadings(fit).set_index("item").loc["A", "mode"] == "A"
    assert pls_quality(fit).loc["J", "mode"] == "A"
