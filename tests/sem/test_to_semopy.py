"""A fit handed back to semopy: its own model, our estimates; and semopy is loaded only then."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import semopy
from references import CASES, Reference, reference

from jq_models.errors import FitError, SpecError
from jq_models.sem import Moments, SemFit, fit_sem

FitOf = Callable[[str], SemFit]
SWAPPED = {"=~": "~"}  # semopy writes a loading as the item's path on the factor


def estimates_of(fit: SemFit) -> dict[tuple[str, str, str], float]:
    """Our estimates by semopy's keys: a loading from the item's side, a covariance in either order."""
    found = {}
    for row in fit.table.itertuples():
        left, right = (row.rhs, row.lhs) if row.op == "=~" else (row.lhs, row.rhs)
        if row.op == "~~":
            left, right = sorted((left, right))
        found[left, SWAPPED.get(row.op, row.op), right] = row.est
    return found


@pytest.mark.parametrize("case", CASES)
def test_inspect_shows_our_estimates_under_the_variables_own_names(fit_of: FitOf, case: str) -> None:
    fit = fit_of(case)
    ours = estimates_of(fit)
    table = fit.to_semopy().inspect(information=None)
    theirs = {}
    for row in table.itertuples():
        left, right = sorted((row.lval, row.rval)) if row.op == "~~" else (row.lval, row.rval)
        theirs[left, row.op, right] = float(row.Estimate)
    # semopy does not list covariances among observed covariates that it holds at the sample's
    missing = {
        key for key in ours.keys() - theirs.keys() if {key[0], key[2]} <= set(fit.parameters.covariates)
    }
    assert ours.keys() - missing == theirs.keys()
    for key, value in theirs.items():
        assert value == pytest.approx(ours[key], abs=1e-6), key


def test_the_demo_model_works_where_semopy_does(fit_of: FitOf) -> None:
    fit = fit_of("demo/second_order")
    model = fit.to_semopy()
    assert isinstance(model, semopy.Model)
    assert fit.n * model.last_result.fun == pytest.approx(fit.test.chi_square, rel=1e-9)
    inspected = model.inspect()
    loading = inspected.set_index(["lval", "op", "rval"]).loc[("SAT2", "~", "SAT")]
    ours = fit.table.set_index(["lhs", "op", "rhs"]).loc[("SAT", "=~", "SAT2")]
    assert float(loading["Std. Err"]) == pytest.approx(ours["se"], rel=1e-5)
    assert model.parameters[f"p{ours['free']}"].start == pytest.approx(ours["est"])
    scores = model.predict_factors(reference("demo/second_order").data[list(fit.moments.names)].dropna())
    assert scores.shape == (497, 16)
    assert scores["JQ"].corr(scores["SAT"]) > 0.5
    statistics = semopy.calc_stats(model)
    assert statistics["DoF"].item() == fit.df
    assert statistics["chi2"].item() == pytest.approx(fit.test.chi_square, rel=1e-9)


def test_it_can_be_fitted_on_by_semopy(fit_of: FitOf) -> None:
    fit = fit_of("holzinger")
    model = fit.to_semopy()
    model.fit(options={"ftol": 1e-12})
    np.testing.assert_allclose(model.param_vals, model.last_result.x)
    assert fit.n * model.last_result.fun == pytest.approx(fit.test.chi_square, rel=1e-8)


def test_a_fit_of_moments_alone_is_handed_back(fit_of: FitOf) -> None:
    moments = fit_of("holzinger").moments
    assert isinstance(moments, Moments)
    fit = fit_sem(reference("holzinger").text, moments)
    assert float(fit.to_semopy().inspect()["Estimate"].astype(float).abs().max()) > 1.0


def test_what_semopy_cannot_hold_is_refused_in_words(holzinger: Reference) -> None:
    data = holzinger.data
    holed = data.mask(np.random.default_rng(1).random(data.shape) < 0.02)[[f"x{i}" for i in range(1, 10)]]
    for words, text, frame, options in (
        ("several groups, a mean structure", holzinger.text, data, {"group": "school"}),
        ("it has a mean structure", holzinger.text, data, {"meanstructure": True}),
        ("an estimator other than maximum likelihood", holzinger.text, holed, {"missing": "fiml"}),
        ("combinations of others", "f =~ x1 + a*x2 + b*x3 + x4\na == 2*b", data, {}),
        ("a residual covariance", "f =~ x1 + x2 + x3\nx4 ~ f\nx5 ~ x4\nx4 ~~ x3", data, {}),
    ):
        fit = fit_sem(text, frame, **options)
        with pytest.raises(SpecError, match=words):
            fit.to_semopy()


def test_ordered_items_are_refused(holzinger: Reference) -> None:
    items = ["x1", "x2", "x3", "x4"]
    halves = (holzinger.data[items] > holzinger.data[items].median()).astype(int)
    fit = fit_sem("f =~ x1 + x2 + x3 + x4", halves, ordered="all", estimator="WLSMV")
    with pytest.raises(SpecError, match="an estimator other than maximum likelihood on complete answers"):
        fit.to_semopy()


def test_an_unusable_fit_is_not_handed_back(holzinger: Reference) -> None:
    fit = fit_sem("f =~ x1 + x2", holzinger.data)
    with pytest.raises(FitError, match="no usable solution"):
        fit.to_semopy()


def test_semopy_is_loaded_only_when_asked_for(checkout: Path) -> None:
    script = (
        "import sys, jq_models.cli, jq_models.sem, jq_models.evaluate; "
        "print([m for m in ('semopy', 'sympy', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=checkout, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_loading_semopy_changes_nobodys_random_numbers(checkout: Path) -> None:
    script = (
        "import random, numpy as np\n"
        "state = lambda: (random.getstate(), np.random.get_state(legacy=True)[1].tolist())\n"
        "before = state()\nimport jq_models.sem.semopy_engine\nprint(state() == before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=checkout, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"


def test_one_file_imports_semopy(checkout: Path) -> None:
    importing = [
        path.name
        for path in (checkout / "jq_models").rglob("*.py")
        if re.search(r"^\s*(import|from) semopy\b", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    ]
    assert importing == ["semopy_engine.py"]
