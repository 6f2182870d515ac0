"""Rivals, composite, omegas, HTMT2 and cross-loadings against lavaan and semTools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from jq_models import evaluate
from jq_models.evaluate.reliability_intervals import alpha_and_se
from jq_models.evaluate.rivals.compare import nested_tests
from jq_models.sem import SemFit, fit_sem
from jq_models.spec import Model, build_model, load_instrument
from jq_models.spec.model import _composite

FOLDER = Path(__file__).parents[1] / "reference" / "rivals"
DIMENSIONS = ("OPP", "AMB", "CON", "SUP")
BLOCKS = {name: [f"{name}{k}" for k in range(1, 5)] for name in DIMENSIONS}
NAMES = ("one_factor", "dimensions", "higher", "bifactor", "second_order")


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, skipinitialspace=True, index_col=0)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data.csv")


@pytest.fixture(scope="module")
def fits(answers) -> dict[str, SemFit]:
    texts = {name: (FOLDER / f"{name}.txt").read_text() for name in NAMES}
    outcomes = [line for line in texts["second_order"].splitlines() if "=~" in line and "JQ" not in line]
    lines = [*outcomes, *_composite(list(DIMENSIONS), ["SAT", "COM", "TIN"])]
    models = {
        name: Model(name=name, text=text, factors=DIMENSIONS, higher=("JQ",) if name == "higher" else ())
        for name, text in texts.items()
    }
    models["composite"] = Model(name="composite", text="\n".join(lines), factors=DIMENSIONS)
    return {name: fit_sem(model, answers) for name, model in models.items()}


@pytest.mark.parametrize("name", [*NAMES, "composite"])
def test_fit_equals_lavaan(fits, name):
    """Of the composite too: JQ without a residual and JQ substituted away are one model."""
    found, expected = evaluate.fit_indices(fits[name]), reference("fit.csv").loc[name]
    assert found.df == expected["df"]
    assert found.n_parameters == expected["npar"]
    pairs = (("chi_square", "chisq"), ("cfi", "cfi"), ("aic", "aic"), ("bic", "bic"), ("sabic", "bic2"))
    for ours, theirs in pairs:
        assert getattr(found, ours) == pytest.approx(expected[theirs], rel=1e-6)
    assert found.rmsea == pytest.approx(expected["rmsea"], abs=1e-6)
    assert found.srmr == pytest.approx(expected["srmr"], abs=1e-5)
    assert fits[name].status.admissible


@pytest.mark.parametrize(
    "pair",
    [
        ("one_factor", "dimensions"),
        ("higher", "dimensions"),
        ("higher", "bifactor"),
        ("second_order", "composite"),
    ],
)
def test_difference_tests_equal_lavaan(fits, pair):
    row = nested_tests(fits, (pair,)).iloc[0]
    expected = reference("tests.csv").loc["<".join(pair)]
    assert row["reason"] == ""
    assert row["difference"] == pytest.approx(expected.iloc[0], rel=1e-5)
    assert row["df"] == expected.iloc[1]
    assert row["p_value"] == pytest.approx(expected.iloc[2], rel=1e-3, abs=1e-12)


def test_what_is_not_nested_is_said_without_numbers(fits):
    row = nested_tests(fits, (("bifactor", "dimensions"), ("dimensions", "bifactor"))).set_index("smaller")
    assert set(row["reason"]) == {"not_nested"}
    assert row[["difference", "df", "p_value"]].isna().all(axis=None)


def test_omegas_of_the_second_order_equal_semtools(fits):
    found = evaluate.omega_hierarchical(fits["higher"])
    level = reference("level2.csv")["value"]
    assert found.total.loc["omega_hierarchical", "estimate"] == pytest.approx(level["omegaL1"], abs=1e-5)
    assert found.total.loc["omega_second_order", "estimate"] == pytest.approx(level["omegaL2"], abs=1e-5)
    omega = reference("higher_omega.csv")["omega"]
    assert omega["JQ"] == pytest.approx(found.total.loc["omega_hierarchical", "estimate"], abs=1e-5)
    assert found.subscales["omega_subscale"].to_numpy() == pytest.approx(
        omega[list(DIMENSIONS)].to_numpy(), abs=1e-5
    )


def test_outcomes_take_no_part_in_the_omegas(fits):
    """The measurement hardly moves when outcomes join the model."""
    fit = fits["second_order"]
    beside = evaluate.omega_hierarchical(replace(fit, model=replace(fit.model, higher=("JQ",))))
    alone = evaluate.omega_hierarchical(fits["higher"])
    assert list(beside.subscales.index) == list(DIMENSIONS)
    assert beside.total["estimate"].to_numpy() == pytest.approx(alone.total["estimate"].to_numpy(), abs=0.005)


def test_omegas_of_the_bifactor_equal_semtools(fits):
    found = evaluate.omega_hierarchical(fits["bifactor"])
    omega = reference("bifactor_omega.csv")["omega"]
    assert found.total.loc["omega_total", "estimate"] == pytest.approx(omega["total"], abs=1e-5)
    assert found.total.loc["omega_hierarchical", "estimate"] == pytest.approx(omega["JQ"], abs=1e-5)
    own = found.subscales["omega_hierarchical_subscale"]
    assert own.to_numpy() == pytest.approx(omega[list(DIMENSIONS)].to_numpy(), abs=1e-5)


def test_reliability_equals_semtools(fits, answers):
    found = evaluate.reliability_with_intervals(fits["dimensions"], answers)
    expected = reference("reliability.csv")
    for ours, theirs in (("alpha", "alpha"), ("omega", "omega")):
        assert found[ours].to_numpy() == pytest.approx(expected.loc[theirs].to_numpy(), abs=1e-5)
    ave = reference("ave_standardised.csv").loc[list(found.index), "ave"]
    assert found["ave"].to_numpy() == pytest.approx(ave.to_numpy(), abs=1e-5)
    for name in ("alpha", "omega", "composite_reliability", "ave"):
        assert (found[f"{name}_low"] < found[name]).all()
        assert (found[name] < found[f"{name}_high"]).all()


def test_the_standard_error_of_alpha_equals_the_one_by_fourth_moments(answers):
    expected = reference("alpha_se.csv")["se"]
    for name, codes in BLOCKS.items():
        assert alpha_and_se(answers[codes].to_numpy(float))[1] == pytest.approx(expected[name], rel=1e-8)


def test_htmt_and_htmt2_equal_semtools(answers):
    found = evaluate.htmt_intervals(answers, BLOCKS, seed=1, draws=20)
    for kind in ("htmt", "htmt2"):
        table = reference(f"{kind}.csv")
        expected = [table.loc[b, a] for a, b in zip(found["a"], found["b"], strict=True)]
        assert found[kind].to_numpy() == pytest.approx(expected, abs=1e-10)


def test_the_composite_equals_lavaans(fits):
    """Weights, effects and correlations found again from the model without JQ."""
    paths = reference("composite_paths.csv").set_index(["lhs", "rhs"])
    weights = evaluate.composite_weights(fits["composite"])
    expected = paths.loc["JQ"].loc[list(DIMENSIONS)]
    assert weights["weight"].to_numpy() == pytest.approx(expected["est.std"].to_numpy(), abs=1e-5)
    half = (weights["ci_high"] - weights["ci_low"]).to_numpy() / 2 / 1.959963984540054
    assert half == pytest.approx(expected["se"].to_numpy(), abs=1e-4)
    correlation = reference("composite_correlations.csv")["correlation"]
    assert weights["correlation"].to_numpy() == pytest.approx(correlation.to_numpy(), abs=1e-5)
    direct = evaluate.composite_effects(fits["composite"]).query("kind == 'direct'").set_index("target")
    for target in ("SAT", "COM"):
        row = paths.loc[(target, "JQ")]
        assert direct.loc[target, "estimate"] == pytest.approx(row["est.std"], abs=1e-5)
        assert direct.loc[target, "se"] == pytest.approx(row["se"], abs=1e-4)
    total = evaluate.composite_effects(fits["composite"]).query("kind == 'total'").set_index("target")
    along = paths["est.std"]
    com = along["COM", "JQ"] + along["SAT", "JQ"] * along["COM", "SAT"]
    tin = along["SAT", "JQ"] * along["TIN", "SAT"] + com * along["TIN", "COM"]
    assert total["estimate"].to_numpy() == pytest.approx([along["SAT", "JQ"], com, tin], abs=1e-5)


def test_cross_loadings_equal_lavaans_modification_indices(fits):
    found = evaluate.cross_loadings(fits["dimensions"]).set_index(["other", "item"])
    expected = reference("cross_loadings.csv").set_index(["lhs", "rhs"])
    assert len(found) == len(expected)
    aligned = found.loc[expected.index]
    for ours, theirs in (("mi", "mi"), ("epc", "epc"), ("sepc_all", "sepc.all")):
        assert aligned[ours].to_numpy() == pytest.approx(expected[theirs].to_numpy(), rel=1e-4, abs=1e-4)
    assert (found["p_holm"] >= found["p_value"]).all()
    assert found["mi"].is_monotonic_decreasing


def test_the_package_writes_the_same_composite():
    model = build_model("composite", instrument=load_instrument("ccc_job_quality"))
    assert model.text.splitlines()[-4:] == [
        "SAT ~ OPP + AMB + CON + SUP + ATM + EMP + ENJ + TOO + INT + LCU + LEM + INF",
        "COM ~ SAT",
        "TIN ~ SAT + COM",
        "SAT ~~ COM",
    ]
