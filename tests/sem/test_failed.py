"""Answers that cannot carry a model end in words, not in a traceback."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from references import Reference

from jq_models.errors import DataError, FitError
from jq_models.report import method_table, model_text, status_sentences, status_table, wording
from jq_models.report.tables_structure import ended
from jq_models.sem import FailedFit, SemFit, fit_sem, moments_of, try_fit
from jq_models.sem.status import FATAL, NOT_FITTED
from jq_models.spec import load_instrument


def in_thirds(d: pd.DataFrame) -> pd.DataFrame:
    """Cut x4 and x5 into 1, 2, 3, and the persons into two halves."""
    cut = {name: pd.qcut(d[name], 3, labels=False) + 1 for name in ("x4", "x5")}
    return d.assign(**cut, half=np.where(np.arange(len(d)) % 2, "odd", "even"))


# reason: (what is done to the data, where, options of the fit)
CASES = {
    "too_few_cases": (lambda d: d.iloc[:9], ("9 ≤ 9",), {}),
    "constant": (lambda d: d.assign(x4=3.0, x7=4711.0), ("x4", "x7"), {}),
    "singular": (lambda d: d.assign(x5=d["x4"]), ("x4", "x5"), {}),
    "never_together": (
        lambda d: d.assign(x4=d["x4"].where(np.arange(301) < 150), x5=d["x5"].where(np.arange(301) >= 150)),
        ("x4, x5",),
        {"missing": "fiml"},
    ),
    "empty_category": (
        lambda d: in_thirds(d).assign(x4=lambda e: e["x4"].mask((e["half"] == "odd") & (e["x4"] == 2), 3)),
        ("x4 category 2 of 3 [odd]",),
        {"estimator": "WLSMV", "ordered": ("x4",), "group": "half"},
    ),
    "perfect_polychoric": (
        lambda d: in_thirds(d).assign(x5=lambda e: e["x4"] > 1).astype({"x5": int}),
        ("x4 ~~ x5",),
        {"estimator": "WLSMV", "ordered": ("x4", "x5")},
    ),
    "two_values": (
        lambda d: in_thirds(d).assign(x7=lambda e: np.where(e["x7"] > 4, 4711.0, 0.0)),
        ("x7",),
        {"estimator": "ULSMV", "ordered": ("x4",)},
    ),
}
Change = Callable[[pd.DataFrame], pd.DataFrame]


def _failed(case: Reference, code: str) -> FailedFit:
    change, _, options = CASES[code]
    fit = try_fit(case.text, change(case.data), **options)
    assert isinstance(fit, FailedFit)
    return fit


def test_every_reason_has_a_case_and_is_fatal() -> None:
    assert set(CASES) == set(NOT_FITTED)
    assert set(NOT_FITTED) < set(FATAL)


@pytest.mark.parametrize("code", CASES)
def test_data_that_cannot_carry_the_model_give_a_reason(holzinger: Reference, code: str) -> None:
    change, where, options = CASES[code]
    fit = _failed(holzinger, code)
    assert [(reason.code, reason.where) for reason in fit.status.reasons] == [(code, where)]
    assert not any([fit.usable, fit.status.converged, fit.status.identified, fit.status.admissible])
    assert np.isnan([fit.status.gradient_norm, fit.status.condition]).all()
    assert (fit.model.text, fit.estimator, fit.engine) == (
        holzinger.text,
        options.get("estimator", "ML"),
        "jq",
    )
    assert "4711" not in repr(fit)
    with pytest.raises(FitError, match=f"'own' could not be estimated: {code.replace('_', ' ')}"):
        fit.require()
    with pytest.raises(DataError):
        fit_sem(holzinger.text, change(holzinger.data), **options)


def test_an_item_constant_among_the_complete_cases_only(holzinger: Reference) -> None:
    data = holzinger.data.assign(x4=np.where(np.arange(301) < 40, 1.0, 2.0))
    data.loc[data.index[:40], "x1"] = np.nan
    fit = try_fit(holzinger.text, data)
    assert [(r.code, r.where) for r in fit.status.reasons] == [("constant", ("x4",))]
    assert (fit.n, fit.n_dropped) == (261, 40)


def test_no_complete_case_at_all(holzinger: Reference) -> None:
    fit = try_fit(holzinger.text, holzinger.data.assign(x1=np.nan))
    assert (fit.n, fit.n_dropped) == (0, 301)
    assert fit.status.reasons[0].where == ("0 ≤ 9",)


def test_good_data_are_fitted_and_given_moments_too(holzinger: Reference) -> None:
    names = [f"x{i}" for i in range(1, 10)]
    fit = try_fit(holzinger.text, moments_of(holzinger.data[names]))
    assert isinstance(fit, SemFit)
    np.testing.assert_allclose(fit.theta, fit_sem(holzinger.text, holzinger.data).theta, rtol=1e-7)


def test_a_faulty_frame_is_still_an_error(holzinger: Reference) -> None:
    with pytest.raises(DataError, match="The data have no column x2"):
        try_fit(holzinger.text, holzinger.data.drop(columns="x2"))


@pytest.mark.parametrize(
    ("language", "outcome", "said"),
    [("en", "not estimated", "Not usable"), ("nl", "niet geschat", "Niet bruikbaar")],
)
@pytest.mark.parametrize("code", CASES)
def test_the_report_says_it(holzinger: Reference, code: str, language: str, outcome: str, said: str) -> None:
    w, fit = wording(language), _failed(holzinger, code)
    assert ended(fit.status) == "not_fitted"
    sentence = status_sentences({"second_order": fit.status}, w)
    assert said in sentence
    assert w(f"reason.{code}") in sentence
    assert CASES[code][1][0] in sentence
    table = status_table({"second_order": fit.status}, w)
    assert outcome in table.frame.to_string()
    method = method_table(
        {"second_order": fit}, w, instrument=load_instrument("ccc_job_quality"), versions={}, seed=1
    )
    assert str(fit.n) in method.frame.to_string()
    assert holzinger.text.strip().splitlines()[0] in model_text({"second_order": fit}, w)
