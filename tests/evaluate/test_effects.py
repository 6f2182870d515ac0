"""Effects and their standard errors against lavaan's := (tests/reference/effects)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.errors import FitError, SpecError
from jq_models.evaluate import effects, effects_of, judge_effect, specific_effects
from jq_models.sem import fit_sem, try_fit

ROUTES = {
    ("JQ", "TIN", "JQ -> SAT -> TIN"): "JQ_SAT_TIN",
    ("JQ", "TIN", "JQ -> COM -> TIN"): "JQ_COM_TIN",
    ("JQ", "TIN", "JQ -> SAT -> COM -> TIN"): "JQ_SAT_COM_TIN",
    ("JQ", "COM", "JQ -> SAT -> COM"): "JQ_SAT_COM",
    ("SAT", "TIN", "SAT -> COM -> TIN"): "SAT_COM_TIN",
}
TOTALS = {
    ("JQ", "COM", "total"): "JQ_COM_total",
    ("JQ", "COM", "indirect"): "JQ_SAT_COM",
    ("JQ", "TIN", "total"): "JQ_TIN_total",
    ("JQ", "TIN", "indirect"): "JQ_TIN_total",
    ("SAT", "TIN", "total"): "SAT_TIN_total",
    ("SAT", "TIN", "indirect"): "SAT_COM_TIN",
}
DIRECT = {("JQ", "SAT"), ("JQ", "COM"), ("SAT", "COM"), ("SAT", "TIN"), ("COM", "TIN")}
SOLUTIONS = [(True, "standardised.csv", "est.std"), (False, "unstandardised.csv", "est")]


def agree(row, reference, estimate):
    """Hold a row against lavaan's within what the optimum of the engine allows."""
    for ours, theirs in {
        "estimate": estimate,
        "se": "se",
        "ci_low": "ci.lower",
        "ci_high": "ci.upper",
    }.items():
        assert row[ours] == pytest.approx(reference[theirs], rel=1e-4), ours
    assert row["z"] == pytest.approx(reference["z"], rel=2e-4)
    assert row["pvalue"] == pytest.approx(reference["pvalue"], rel=1e-3, abs=1e-12)


@pytest.mark.parametrize(("standardized", "file", "estimate"), SOLUTIONS)
def test_effects_equal_lavaan(standardized, file, estimate, structure_fit, table):
    reference = table("effects", file)
    found = effects(structure_fit, ["JQ", "SAT", "COM"], ["SAT", "COM", "TIN"], standardized=standardized)
    rows = found.set_index(["source", "target", "kind"])
    for key, name in TOTALS.items():
        agree(rows.loc[key], reference.loc[name], estimate)
    for source, target in DIRECT:
        path = reference[(reference["op"] == "~") & (reference["rhs"] == source)].loc[target]
        agree(rows.loc[(source, target, "direct")], path, estimate)


@pytest.mark.parametrize(("standardized", "file", "estimate"), SOLUTIONS)
def test_specific_effects_equal_lavaan(standardized, file, estimate, structure_fit, table):
    reference = table("effects", file)
    for (source, target, route), name in ROUTES.items():
        found = specific_effects(structure_fit, source, target, standardized=standardized).set_index("route")
        agree(found.loc[route], reference.loc[name], estimate)


def test_routes_add_up_to_the_total_effect(structure_fit):
    routes = specific_effects(structure_fit, "JQ", "TIN")
    assert list(routes["route"]) == ["JQ -> SAT -> TIN", "JQ -> COM -> TIN", "JQ -> SAT -> COM -> TIN"]
    assert list(routes["n_steps"]) == [2, 2, 3]
    total = effects(structure_fit, ["JQ"], ["TIN"]).set_index("kind").loc["total", "estimate"]
    assert routes["estimate"].sum() == pytest.approx(total, rel=1e-12)


def test_rows_come_in_the_order_asked_for(structure_fit):
    found = effects(structure_fit, ["SAT", "JQ"], ["TIN", "SAT"])
    pairs = list(dict.fromkeys(zip(found["source"], found["target"], strict=True)))
    assert pairs == [("SAT", "TIN"), ("JQ", "TIN"), ("JQ", "SAT")]
    assert list(found["kind"])[:3] == ["direct", "indirect", "total"]


def test_an_effect_the_model_fixes_has_no_inference(structure_fit):
    rows = effects(structure_fit, ["JQ", "TIN"], ["TIN", "SAT"]).set_index(["source", "target", "kind"])
    for key in [("JQ", "TIN", "direct"), ("JQ", "SAT", "indirect"), ("TIN", "SAT", "total")]:
        assert (rows.loc[key, "estimate"], rows.loc[key, "se"]) == (0.0, 0.0)
        assert np.isnan(rows.loc[key, ["z", "pvalue"]].to_numpy(dtype=float)).all()
        assert judge_effect(rows.loc[key]) == "not_estimated"
    assert specific_effects(structure_fit, "TIN", "SAT").empty


def test_population_values_are_recovered(structure_fit):
    rows = effects(structure_fit, ["JQ"], ["SAT", "TIN"]).set_index(["target", "kind"])
    # the simulated data have JQ -> SAT .70; the interval of this one sample holds it
    assert rows.loc[("SAT", "total"), "ci_low"] < 0.70 < rows.loc[("SAT", "total"), "ci_high"]
    assert judge_effect(rows.loc[("TIN", "total")]) == "negative"


def test_loadings_are_arrows_to_lower_factors(structure_fit, table):
    found = effects(structure_fit, ["JQ"], ["D1"], standardized=False).set_index("kind")
    assert (found.loc["direct", "estimate"], found.loc["direct", "se"]) == (1.0, 0.0)  # the marker


def test_unknown_variables_are_named(structure_fit):
    with pytest.raises(SpecError, match=r"'SATT' has no place in the structure of .* Did you mean 'SAT'"):
        effects(structure_fit, ["JQ"], ["SATT"])
    with pytest.raises(SpecError, match="'SAT_1' has no place"):
        effects(structure_fit, ["JQ"], ["SAT_1"])
    with pytest.raises(SpecError, match="both 'JQ'"):
        specific_effects(structure_fit, "JQ", "JQ")


def test_circles_have_total_effects_but_no_routes():
    generator = np.random.default_rng(8)
    x, w, e, d = generator.standard_normal((4, 500))
    # y = .4 z + .7 x + e, z = .3 y + .7 w + d
    y = (0.4 * (0.7 * w + d) + 0.7 * x + e) / (1 - 0.12)
    frame = pd.DataFrame({"x": x, "w": w, "y": y, "z": 0.3 * y + 0.7 * w + d})
    fit = fit_sem("y ~ z + x\nz ~ y + w\n", frame)
    found = effects(fit, ["x"], ["z"], standardized=False).set_index("kind")
    assert found.loc["total", "estimate"] == pytest.approx(0.7 * 0.3 / 0.88, abs=0.08)
    with pytest.raises(FitError, match=r"run in a circle \(x -> y -> z -> y\)"):
        specific_effects(fit, "x", "w")


def test_a_failed_fit_has_no_effects(structure_fit, table):
    answers = table("effects", "data.csv", index=False)
    failed = try_fit(structure_fit.model, answers.assign(**{answers.columns[0]: 3.0}))
    assert not failed.usable
    found = effects_of({"all": structure_fit, "without": failed}, sources=["JQ"], targets=["SAT", "TIN"])
    assert list(found) == ["all"]
    pd.testing.assert_frame_equal(found["all"], effects(structure_fit, ["JQ"], ["SAT", "TIN"]))


def test_an_effect_on_a_negative_variance_is_no_number(structure_fit):
    at = structure_fit.parameters.free_names.index("TIN ~~ TIN")
    theta = structure_fit.theta.copy()
    theta[at] = -9.0
    found = effects(replace(structure_fit, theta=theta), ["JQ"], ["SAT", "TIN"]).set_index("target")
    assert found.loc["TIN", ["estimate", "se", "ci_low", "ci_high"]].isna().all(axis=None)
    assert found.loc["SAT", ["estimate", "se"]].notna().all(axis=None)
