"""semopy as engine: nothing added, nothing dropped, same answer whatever the order, units and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import semopy
from references import CASES, Reference, reference

from jq_models.errors import SpecError
from jq_models.sem import SemFit, fit_sem, moments_of, parameter_table
from jq_models.sem.derivatives import discrepancy
from jq_models.sem.matrices import implied_at, model_matrices
from jq_models.sem.scaling import fitting_scale
from jq_models.sem.semopy_engine import SemopyFit
from jq_models.sem.start import start_values

FitOf = Callable[[str], SemFit]


@pytest.mark.parametrize("case", CASES)
def test_semopy_has_exactly_the_tables_free_parameters(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    model = semopy.Model(SemopyFit(fit.matrices, fit.moments).text(), cov_diag=True)
    active = {name for name, parameter in model.parameters.items() if parameter.active}
    assert active == {f"t{i}" for i in range(len(fit.theta))}
    places = sum(len(model.parameters[name].locations) for name in active)
    assert places == sum(row.free > 0 for row in fit.parameters.rows)


@pytest.mark.parametrize("case", ["holzinger", "political_democracy", "covariates", "observed_paths"])
def test_semopy_reaches_the_same_from_its_own_start(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    found = SemopyFit(fit.matrices, fit.moments).from_default()
    np.testing.assert_allclose(found.theta, fit.theta, atol=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_our_start_is_near_and_proper(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    S = fit.moments.covariance
    start = discrepancy(implied_at(fit.matrices, start_values(fit.groups, [fit.moments])), S)
    independence = discrepancy(np.diag(np.diag(S)), S)
    assert fit.objective <= start < 0.9 * independence


def test_order_of_items_changes_nothing(holzinger: Reference) -> None:
    turned = "speed =~ x7 + x9 + x8\nvisual =~ x1 + x3 + x2\ntextual =~ x4 + x6 + x5"
    columns = list(reversed(holzinger.data.columns))
    fit = fit_sem(
        turned, holzinger.data[columns].sample(frac=1, random_state=np.random.default_rng(1)), engine="semopy"
    )
    other = fit_sem(holzinger.text, holzinger.data, engine="semopy")
    assert fit.objective == pytest.approx(other.objective, rel=1e-9)


def test_units_of_the_variables_change_nothing_but_the_units(holzinger: Reference) -> None:
    factor = {"x1": 1000.0, "x2": 0.001, "x5": -40.0, "x8": 1e4}
    data = holzinger.data.copy()
    for name, by in factor.items():
        data[name] *= by
    fit, plain = (
        fit_sem(holzinger.text, data, engine="semopy"),
        fit_sem(holzinger.text, holzinger.data, engine="semopy"),
    )
    assert fit.status.converged
    assert fit.objective == pytest.approx(plain.objective, rel=1e-8)
    loading = fit.table.set_index(["lhs", "op", "rhs"])["est"]
    same = plain.table.set_index(["lhs", "op", "rhs"])["est"]
    assert loading["visual", "=~", "x2"] == pytest.approx(same["visual", "=~", "x2"] * 1e-6, rel=1e-5)
    assert loading["x8", "~~", "x8"] == pytest.approx(same["x8", "~~", "x8"] * 1e8, rel=1e-5)


@pytest.mark.parametrize("unit", [1e-3, 1e4])
def test_equal_loadings_in_other_units(unit: float) -> None:
    case = reference("equal_loadings")
    fit = fit_sem(case.text, case.data.drop(columns=["school"]) * unit, engine="semopy")
    assert fit.n * fit.objective == pytest.approx(case.measures["chisq"], rel=1e-8)


@pytest.mark.parametrize(
    ("case", "own_units"),
    [("holzinger", True), ("covariates", True), ("second_order", False), ("equal_loadings", False)],
)
def test_scaling_keeps_the_model(fit_of: FitOf, case: str, own_units: bool) -> None:
    fit = fit_of(case)
    scaling = fitting_scale(fit.matrices, fit.moments)
    assert (np.ptp(scaling.observed) > 0) == own_units
    scaled = reference(case).data[list(fit.moments.names)] / scaling.observed
    matrices = model_matrices(fit.parameters, moments_of(scaled))
    implied = implied_at(matrices, fit.theta / scaling.theta)
    expected = fit.implied / np.outer(scaling.observed, scaling.observed)
    np.testing.assert_allclose(implied, expected, rtol=1e-9, atol=1e-12)


def test_a_label_over_a_loading_and_a_variance_keeps_the_datas_units() -> None:
    parameters = parameter_table("f =~ x1 + a*x2 + x3\nx1 ~~ a*x1")
    moments = moments_of(reference("holzinger").data[["x1", "x2", "x3"]])
    scaling = fitting_scale(model_matrices(parameters, moments), moments)
    np.testing.assert_array_equal(scaling.observed, 1.0)
    np.testing.assert_array_equal(scaling.theta, 1.0)


SCRIPT = """
import pandas as pd
from jq_models.sem import fit_sem, standardized
fit = fit_sem(open("model.txt").read(), pd.read_csv("data.csv"), engine="semopy")
print([x.hex() for x in fit.theta])
print(list(fit.table["lhs"] + fit.table["op"] + fit.table["rhs"]))
print([x.hex() for x in standardized(fit)["se"]])
"""


def test_the_same_bits_whatever_the_hash_seed(checkout: Path) -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=reference("political_democracy").folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(checkout)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "77")
    }
    assert len(printed) == 1
    assert "0x" in printed.pop()


def test_fit_prints_and_logs_nothing(
    holzinger: Reference, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    fit_sem(holzinger.text.replace("x1", "NA*x1"), holzinger.data, engine="semopy")
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_fitting_changes_no_argument(holzinger: Reference) -> None:
    data = holzinger.data
    before = data.copy(deep=True)
    fit = fit_sem(holzinger.text, data, engine="semopy")
    assert data.equals(before)
    for array in (fit.theta, fit.vcov, fit.implied, fit.moments.covariance):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_what_semopy_does_not_do_is_refused(holzinger: Reference) -> None:
    for options in ({"group": "school"}, {"meanstructure": True}):
        with pytest.raises(SpecError, match=r"one group by ML on complete data.* Use the engine 'jq'"):
            fit_sem(holzinger.text, holzinger.data, engine="semopy", **options)


def test_table_order_is_fixed(holzinger: Reference) -> None:
    fit = fit_sem(holzinger.text, holzinger.data, engine="semopy")
    assert list(fit.table.columns) == ["lhs", "op", "rhs", "group", "free", "est", "se", "label"]
    assert list(fit.table["op"]) == ["=~"] * 9 + ["~~"] * 15
