"""Two fits of one model, and of two; and a second engine that agrees, disagrees, fails or does not end."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import numpy as np
import pandas as pd
import pytest

from jq_models.errors import FitError, SpecError
from jq_models.evaluate import compare_fits, second_engine
from jq_models.evaluate.agreement import largest_difference
from jq_models.sem import Reason, SemFit, fit_sem, semopy_engine, try_fit

ENGINE = "jq_models.evaluate.agreement.fit_sem"
MODEL = "A =~ A1 + A2 + A3 + A4"


@pytest.fixture(scope="module")
def answers(table) -> pd.DataFrame:
    return table("reliability_htmt", "data.csv", index=False)


@pytest.fixture(scope="module")
def fit(answers: pd.DataFrame) -> SemFit:
    return fit_sem(MODEL, answers)


def moved(fit: SemFit, *, by: float) -> SemFit:
    """The same fit with one estimate changed."""
    table = fit.table.copy()
    table.loc[2, "est"] += by
    return replace(fit, table=table)


def test_the_same_fit_agrees_with_itself(scales_fit: SemFit) -> None:
    found = compare_fits(scales_fit, scales_fit)
    assert found.largest == 0.0
    assert found.agrees
    compared = {name: part.compared for name, part in found.parts.items()}
    k = len(scales_fit.theta)
    assert compared == {"estimates": k, "standard_errors": k, "chi_square": 1}


def test_a_changed_estimate_is_found_and_named(scales_fit: SemFit) -> None:
    found = compare_fits(scales_fit, moved(scales_fit, by=0.01))
    row = scales_fit.table.loc[2]
    assert found.estimates.where == f"{row['lhs']} {row['op']} {row['rhs']}"
    assert found.estimates.first == row["est"]
    assert found.estimates.second == row["est"] + 0.01
    assert found.estimates.largest == pytest.approx(0.01 / max(1.0, row["est"] + 0.01))
    assert not found.agrees
    assert found.standard_errors.largest == 0.0


@pytest.mark.parametrize(("by", "agrees"), [(0.9e-4, True), (1.1e-4, False)])
def test_estimates_agree_in_four_digits(scales_fit: SemFit, by: float, agrees: bool) -> None:
    scale = max(1.0, scales_fit.table.loc[2, "est"])
    assert compare_fits(scales_fit, moved(scales_fit, by=by * scale)).agrees is agrees


@pytest.mark.parametrize(("by", "agrees"), [(0.9e-6, True), (1.1e-6, False)])
def test_chi_square_agrees_in_six_digits(scales_fit: SemFit, by: float, agrees: bool) -> None:
    test = replace(scales_fit.test, chi_square=scales_fit.test.chi_square * (1 + by))
    found = compare_fits(scales_fit, replace(scales_fit, test=test))
    assert found.agrees is agrees
    assert found.chi_square.largest == pytest.approx(by, rel=1e-3)


def test_row_order_does_not_matter(scales_fit: SemFit) -> None:
    turned = replace(scales_fit, table=scales_fit.table.iloc[::-1].reset_index(drop=True))
    assert compare_fits(scales_fit, turned).largest == 0.0


def test_groups_are_told_apart(answers: pd.DataFrame) -> None:
    halves = answers.assign(half=np.arange(len(answers)) % 2)
    fit = fit_sem(MODEL, halves, group="half")
    at = fit.table.index[(fit.table["group"] == 2) & (fit.table["op"] == "=~")][1]
    table = fit.table.copy()
    table.loc[at, "est"] += 1.0
    assert compare_fits(fit, replace(fit, table=table)).estimates.where == "A =~ A2 [2]"


def test_different_models_are_refused(scales_fit: SemFit, fit: SemFit) -> None:
    with pytest.raises(FitError, match="Compare fits of one model"):
        compare_fits(scales_fit, fit)


def test_a_difference_near_zero_is_absolute() -> None:
    names = ["a", "b"]
    found = largest_difference(np.array([1e-6, 200.0]), np.array([0.0, 201.0]), names=names, line=0.1)
    assert (found.largest, found.where, found.agrees) == (pytest.approx(1 / 201), "b", True)


def test_a_number_against_none_is_a_difference() -> None:
    nan = np.array([np.nan, 1.0])
    assert largest_difference(nan, nan, names=["a", "b"], line=0.1).largest == 0.0
    found = largest_difference(nan, np.ones(2), names=["a", "b"], line=0.1)
    assert found.where == "a"
    assert not found.agrees


def test_semopy_agrees_on_a_model(fit: SemFit, answers: pd.DataFrame) -> None:
    found = second_engine(fit, answers)
    assert (found.model, found.outcome) == ("own", "agree")
    assert found.agreement is not None
    assert 0 < found.agreement.largest < 1e-4


def test_another_place_is_a_disagreement(
    fit: SemFit, answers: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ENGINE, lambda *_, **__: moved(fit, by=0.5))
    found = second_engine(fit, answers)
    assert found.outcome == "differ"
    assert found.agreement is not None
    assert found.agreement.estimates.where


def test_a_semopy_fit_that_did_not_converge_gives_no_numbers(
    fit: SemFit, answers: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(self: object, *_: object) -> semopy_engine.Attempt:
        return semopy_engine.Attempt(theta=np.full(len(fit.theta), np.nan), iterations=3)

    monkeypatch.setattr(semopy_engine.SemopyFit, "from_start", lost)
    monkeypatch.setattr(semopy_engine.SemopyFit, "from_default", lost)
    found = second_engine(fit, answers)
    assert (found.outcome, found.agreement) == ("unusable", None)
    assert found.status is not None
    assert Reason(code="not_converged") in found.status.reasons


@pytest.mark.parametrize(
    ("problem", "outcome", "error"),
    [
        (np.linalg.LinAlgError("1 2 3 4 5"), "stopped", "LinAlgError"),
        (MemoryError(), "stopped", "MemoryError"),
        (SpecError("not that"), "refused", ""),
    ],
)
def test_an_error_of_semopy_is_an_outcome(
    fit: SemFit,
    answers: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
    outcome: str,
    error: str,
) -> None:
    def broken(*_: object, **__: object) -> SemFit:
        raise problem

    monkeypatch.setattr(ENGINE, broken)
    found = second_engine(fit, answers)
    assert (found.outcome, found.error, found.agreement) == (outcome, error, None)


def test_what_semopy_cannot_do_is_an_outcome(answers: pd.DataFrame) -> None:
    fit = fit_sem(MODEL, answers, missing="fiml")
    assert second_engine(fit, answers).outcome == "refused"


def test_a_semopy_that_does_not_end_is_not_waited_for(
    fit: SemFit, answers: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = Event()
    monkeypatch.setattr(ENGINE, lambda *_, **__: end.wait(60) and fit)
    found = second_engine(fit, answers, seconds=0.05)
    end.set()
    assert (found.outcome, found.seconds, found.agreement) == ("slow", 0.05, None)


def test_semopy_is_not_asked_about_a_model_without_a_solution(
    answers: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(ENGINE, lambda *_, **__: asked.append(1))
    failed = try_fit(MODEL, answers.assign(A1=3.0))
    flat = try_fit("A =~ A1 + A2", answers)
    assert [second_engine(one, answers).outcome for one in (failed, flat)] == ["no_solution"] * 2
    assert asked == []
