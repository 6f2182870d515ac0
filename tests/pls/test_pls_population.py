"""Population matrices with known parameters: PLS must find them exactly, whatever the inner weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pls_cases import Measure, composite, estimate, factor, model_text, population, raw

from jq_models.numeric.moments import Moments
from jq_models.pls import fit_pls
from jq_models.pls.algorithm import SCHEMES

EXACT = 1e-12
# the constructs' correlations that X -> Y .5, X -> Z .3, Y -> Z .4 imply
PATHS = {("Y", "X"): 0.5, ("Z", "X"): 0.3, ("Z", "Y"): 0.4}
BETWEEN = np.array([[1.0, 0.5, 0.5], [0.5, 1.0, 0.55], [0.5, 0.55, 1.0]])
ARROWS = "Y ~ a*X\nZ ~ c*X + b*Y\nind := a*b"
FACTORS = {"X": factor(0.8, 0.9, 0.7), "Y": factor(0.6, 0.75, 0.85, 0.5), "Z": factor(0.7, 0.7)}
COMPOSITES = {"X": composite(0.2, 0.6, 0.5), "Y": composite(0.3, 0.9), "Z": composite(0.5, 0.1, 0.8, 0.2)}
MIXED = {"X": composite(0.2, 0.6, 0.5), "Y": factor(0.8, 0.7, 0.6), "Z": factor(1.0)}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("measures", [FACTORS, COMPOSITES, MIXED], ids=["factors", "composites", "mixed"])
def test_loadings_weights_and_paths_are_those_of_the_population(
    measures: dict[str, Measure], scheme: str
) -> None:
    operators = {name: "=~" if m.weights is None else "<~" for name, m in measures.items()}
    fit = fit_pls(model_text(operators, measures, ARROWS), population(measures, BETWEEN), scheme=scheme)
    assert fit.status.admissible
    for name, m in measures.items():
        items = [f"{name.lower()}{i + 1}" for i in range(len(m.loadings))]
        loadings = [estimate(fit, "=~", name, x) for x in items]
        np.testing.assert_allclose(loadings, m.loadings, atol=EXACT)
        if m.weights is not None:
            np.testing.assert_allclose([estimate(fit, "<~", name, x) for x in items], m.weights, atol=EXACT)
    for (to, cause), value in PATHS.items():
        assert estimate(fit, "~", to, cause) == pytest.approx(value, abs=EXACT)
    assert estimate(fit, "total", "Z", "X") == pytest.approx(0.5, abs=EXACT)
    assert estimate(fit, "indirect", "Z", "X") == pytest.approx(0.2, abs=EXACT)
    assert estimate(fit, ":=", "ind") == pytest.approx(0.2, abs=EXACT)
    assert estimate(fit, "r2", "Y") == pytest.approx(0.25, abs=EXACT)
    assert estimate(fit, "r2", "Z") == pytest.approx(0.3 * 0.5 + 0.4 * 0.55, abs=EXACT)
    assert estimate(fit, "~~", "Z", "Y") == pytest.approx(0.55, abs=EXACT)


def test_reliability_and_htmt_of_factors_have_their_closed_forms() -> None:
    fit = fit_pls(model_text(dict.fromkeys("XYZ", "=~"), FACTORS, ARROWS), population(FACTORS, BETWEEN))
    for name, m in FACTORS.items():
        loadings, S = m.loadings, m.block
        # weights point along the loadings: reliability is the squared correlation of score and factor
        assert estimate(fit, "rho_a", name) == pytest.approx(
            (loadings @ loadings) ** 2 / (loadings @ S @ loadings), abs=EXACT
        )
        assert estimate(fit, "ave", name) == pytest.approx(np.mean(loadings**2), abs=EXACT)
        assert estimate(fit, "rho_c", name) == pytest.approx(loadings.sum() ** 2 / S.sum(), abs=EXACT)
        p = len(loadings)
        assert estimate(fit, "alpha", name) == pytest.approx(p / (p - 1) * (1 - p / S.sum()), abs=EXACT)
    # congeneric items: the ratio of geometric means is the correlation itself, that of means is not
    for i, j in (("X", "Y"), ("X", "Z"), ("Y", "Z")):
        truth = BETWEEN["XYZ".index(i), "XYZ".index(j)]
        assert estimate(fit, "htmt2", i, j) == pytest.approx(truth, abs=EXACT)
    assert abs(estimate(fit, "htmt", "X", "Y") - 0.5) > 1e-3


def test_without_correction_paths_between_factors_are_those_of_their_scores() -> None:
    text, moments = (
        model_text(dict.fromkeys("XYZ", "=~"), FACTORS, ARROWS),
        population(FACTORS, BETWEEN),
    )
    plain, consistent = fit_pls(text, moments, consistent=False), fit_pls(text, moments)
    root = np.sqrt([estimate(consistent, "rho_a", name) for name in "XYZ"])
    attenuated = BETWEEN * np.outer(root, root)
    np.fill_diagonal(attenuated, 1.0)
    assert estimate(plain, "~~", "Y", "X") == pytest.approx(attenuated[1, 0], abs=EXACT)
    expected = np.linalg.solve(attenuated[:2, :2], attenuated[:2, 2])
    found = [estimate(plain, "~", "Z", "X"), estimate(plain, "~", "Z", "Y")]
    np.testing.assert_allclose(found, expected, atol=EXACT)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("operator", ["=~", "<~"])
@pytest.mark.parametrize("below", ["=~", "<~"])
def test_second_order_constructs_are_found(operator: str, below: str, scheme: str) -> None:
    top = factor(0.7, 0.8, 0.9) if operator == "=~" else composite(0.4, 0.4, 0.5, among=0.35)
    part = (
        {"P": factor(0.8, 0.6), "Q": factor(0.7, 0.7, 0.6), "R": factor(0.9, 0.5, 0.6)}
        if below == "=~"
        else {
            "P": composite(0.8, 0.4),
            "Q": composite(0.5, 0.3, 0.2),
            "R": composite(0.3, 0.3, 0.9),
        }
    )
    measures = {**part, "X": factor(0.8, 0.7, 0.7), "Z": factor(0.9, 0.8, 0.7)}
    # X -> G .5; X -> Z .3, G -> Z .4: correlations of G, X, Z; then those of its parts with the others
    between = np.eye(5)
    between[:3, :3] = top.block
    between[:3, 3] = between[3, :3] = 0.5 * top.loadings
    between[:3, 4] = between[4, :3] = 0.55 * top.loadings
    between[3, 4] = between[4, 3] = 0.5
    operators = {**dict.fromkeys("PQR", below), "X": "=~", "Z": "=~"}
    arrows = f"G {operator} P + Q + R\nG ~ X\nZ ~ X + G"
    fit = fit_pls(model_text(operators, measures, arrows), population(measures, between), scheme=scheme)
    assert fit.status.admissible
    found = [estimate(fit, "=~", "G", x) for x in "PQR"]
    np.testing.assert_allclose(found, top.loadings, atol=EXACT)
    if top.weights is not None:
        np.testing.assert_allclose([estimate(fit, "<~", "G", x) for x in "PQR"], top.weights, atol=EXACT)
    for (to, cause), value in {("G", "X"): 0.5, ("Z", "X"): 0.3, ("Z", "G"): 0.4}.items():
        assert estimate(fit, "~", to, cause) == pytest.approx(value, abs=EXACT)


def test_negative_constructs_and_items_that_run_the_other_way_keep_their_signs() -> None:
    signs = {"X": factor(0.8, -0.9, 0.7), "Y": factor(0.6, 0.75, -0.85), "Z": factor(0.7, 0.7)}
    between = np.array([[1.0, -0.5, -0.5], [-0.5, 1.0, 0.55], [-0.5, 0.55, 1.0]])
    fit = fit_pls(model_text(dict.fromkeys("XYZ", "=~"), signs, ARROWS), population(signs, between))
    for name, m in signs.items():
        found = [estimate(fit, "=~", name, f"{name.lower()}{i + 1}") for i in range(len(m.loadings))]
        np.testing.assert_allclose(found, m.loadings, atol=EXACT)
    assert estimate(fit, "~", "Y", "X") == pytest.approx(-0.5, abs=EXACT)
    assert estimate(fit, "~", "Z", "X") == pytest.approx(-0.3, abs=EXACT)
    assert estimate(fit, "htmt2", "X", "Y") == pytest.approx(0.5, abs=EXACT)
    turned = fit_pls(fit.model, fit.moments, dominant={"X": "x2"})
    assert estimate(turned, "=~", "X", "x2") == pytest.approx(0.9, abs=EXACT)
    assert estimate(turned, "=~", "X", "x1") == pytest.approx(-0.8, abs=EXACT)
    assert estimate(turned, "~", "Y", "X") == pytest.approx(0.5, abs=EXACT)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_shared_population_matrices(shared: Path, scheme: str) -> None:
    cases = raw("population_dgp", shared / "oracles" / "pls")
    assert len(cases) == 8
    for name, case in cases.items():
        S = np.array(case["Sigma"])
        moments = Moments(names=case["names"], covariance=S, mean=np.zeros(len(S)), n=1000)
        fit = fit_pls(case["model"], moments, scheme=scheme)
        for kind, op in (("Loadings", "=~"), ("Weights", "<~")):
            found = dict(fit.values(op)[["rhs", "est"]].itertuples(index=False))
            known = case["pop"].get(kind, {})
            for x, value in known.items():
                assert found[x] == pytest.approx(value, abs=EXACT), (name, kind, x)
        for arrow, value in case["pop"]["Path_coefficients"].items():
            assert estimate(fit, "~", *arrow.split(" ~ ")) == pytest.approx(value, abs=EXACT), (name, arrow)
