"""Sample moments and what data cannot be fitted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from references import Reference

from jq_models.errors import DataError, SpecError
from jq_models.sem import Moments, fit_sem, moments_of


def test_covariance_has_divisor_n(holzinger: Reference) -> None:
    data = holzinger.data[["x1", "x2", "x3"]]
    moments = moments_of(data)
    np.testing.assert_allclose(moments.covariance, np.cov(data.to_numpy().T, bias=True), rtol=1e-12)
    np.testing.assert_allclose(moments.mean, data.mean(), rtol=1e-12)
    assert moments.n == 301
    assert not moments.covariance.flags.writeable


def test_cases_with_a_missing_answer_are_left_out_and_counted(holzinger: Reference) -> None:
    data = holzinger.data.copy()
    data.loc[[3, 7], "x1"] = np.nan
    data.loc[7, "x9"] = np.nan
    data.loc[11, "grade"] = np.nan  # not in the model
    fit = fit_sem(holzinger.text, data)
    assert (fit.n, fit.n_dropped) == (299, 2)
    again = fit_sem(holzinger.text, data.drop(index=[3, 7]))
    np.testing.assert_array_equal(fit.theta, again.theta)


def test_moments_can_be_given_in_any_order(holzinger: Reference) -> None:
    whole = moments_of(holzinger.data[[f"x{i}" for i in range(9, 0, -1)]])
    fit = fit_sem(holzinger.text, whole)
    np.testing.assert_allclose(fit.theta, fit_sem(holzinger.text, holzinger.data).theta, rtol=1e-7)
    assert isinstance(fit.moments, Moments)
    assert fit.moments.names == tuple(f"x{i}" for i in range(1, 10))


def test_anything_with_items_can_be_fitted(holzinger: Reference) -> None:
    class Answers:
        items = holzinger.data

    assert fit_sem(holzinger.text, Answers()).n == 301


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda d: d.assign(x4=3.0), "No differences between the answers in: x4. .* take it out"),
        (lambda d: d.assign(x5=d["x4"] * 2 + 1), "determine one another: x4, x5. Look for a duplicated"),
        (lambda d: d.assign(x9=d["x7"] + d["x8"]), "determine one another: x7, x8, x9"),
        (lambda d: d.iloc[:9], "9 complete cases for 9 variables.* Collect more answers"),
        (lambda d: d.drop(columns=["x2", "x3"]), "The data have no column x2, x3. Add it"),
        (lambda d: d.assign(x1=d["x1"].map("{:.1f}".format)), "Not numeric: x1. Code the answers as numbers"),
        (lambda d: d.assign(x1=np.inf), "Infinite values in: x1"),
        (lambda d: d.assign(x1=np.nan), "0 complete cases for 9 variables"),
    ],
)
def test_data_that_cannot_carry_the_model(holzinger: Reference, change: object, what: str) -> None:
    with pytest.raises(DataError, match=what):
        fit_sem(holzinger.text, change(holzinger.data))  # type: ignore[operator]


def test_missing_values_are_not_skipped_silently(holzinger: Reference) -> None:
    data = holzinger.data[["x1", "x2"]].copy()
    data.loc[0, "x2"] = np.nan
    with pytest.raises(DataError, match="Missing values in: x2"):
        moments_of(data)


def test_given_moments_are_checked_too() -> None:
    names = ("x1", "x2", "x3")
    singular = Moments(names=names, covariance=np.ones((3, 3)), mean=np.zeros(3), n=100)
    with pytest.raises(DataError, match="not positive definite"):
        fit_sem("f =~ x1 + x2 + x3", singular)
    with pytest.raises(DataError, match="The data have no variable x4"):
        fit_sem("f =~ x1 + x2 + x4", singular)


def test_no_answer_stands_in_an_error() -> None:
    data = pd.DataFrame({"x1": [4711.25] * 20, "x2": np.arange(20.0), "x3": np.arange(20.0) ** 2})
    with pytest.raises(DataError) as caught:
        fit_sem("f =~ x1 + x2 + x3", data)
    assert "4711" not in str(caught.value)


def test_unknown_estimator_and_engine(holzinger: Reference) -> None:
    with pytest.raises(SpecError, match=r"No estimator 'MLE'\. Did you mean 'ML'"):
        fit_sem(holzinger.text, holzinger.data, estimator="MLE")
    with pytest.raises(SpecError, match=r"No engine 'semopi'\. Did you mean 'semopy'"):
        fit_sem(holzinger.text, holzinger.data, engine="semopi")
    with pytest.raises(SpecError, match="no free parameter"):
        fit_sem("f =~ 1*x1 + 1*x2\nf ~~ 1*f\nx1 ~~ 1*x1\nx2 ~~ 1*x2", holzinger.data)
