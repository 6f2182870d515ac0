"""What the chapter on method says of identification follows from how the fits ended."""

from __future__ import annotations

from jq_models.report.sentences_method import identification_sentence
from jq_models.report.wording import wording
from jq_models.sem import FitStatus
from jq_models.sem.status import Reason

EN, NL = wording("en"), wording("nl")


def status(*, identified: bool = True, converged: bool = True, code: str = "") -> FitStatus:
    return FitStatus(
        converged=converged,
        identified=identified,
        admissible=identified and converged,
        reasons=(Reason(code=code),) if code else (),
        gradient_norm=0.0,
        condition=10.0,
        iterations=5,
    )


def test_models_that_are_identified_are_said_to_be() -> None:
    fits = {"second_order": status(), "direct": status()}
    assert identification_sentence(fits, EN).startswith("Every model is identified: its information matrix")
    assert identification_sentence({"direct": status()}, NL).startswith("Het model is geïdentificeerd")


def test_a_model_that_is_not_is_named() -> None:
    fits = {"second_order": status(), "direct": status(identified=False, code="not_identified")}
    said = identification_sentence(fits, EN)
    assert said.startswith("Not identified: Direct paths of each dimension. ")
    assert "Every model is" not in said
    assert said.endswith("Every other model is: its information matrix has full rank at the estimates.")


def test_nothing_is_claimed_of_a_model_whose_search_did_not_end() -> None:
    fits = {"second_order": status(), "direct": status(converged=False, code="not_converged")}
    assert identification_sentence(fits, EN) == ""
    assert identification_sentence({}, EN) == ""
