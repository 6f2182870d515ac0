"""Which models a study holds against simulated cut-offs: the one its effects come from, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jq_models import evaluate
from jq_models.data import OpenStudy, open_study
from jq_models.evaluate.cutoffs import judged
from jq_models.sem import FailedFit, SemFit


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo")


@pytest.fixture(scope="module")
def fits(demo: OpenStudy) -> dict[str, SemFit | FailedFit]:
    return evaluate.measurement_fits(demo, evaluate.plan(demo))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, draws in (("DRAWS", 20), ("PLANTED_DRAWS", 2), ("OTHER_DRAWS", 19)):
        monkeypatch.setattr(judged, name, draws)


def test_the_main_model_is_judged_first_and_the_measurement_model_after_it(
    demo: OpenStudy, fits: dict[str, SemFit | FailedFit]
) -> None:
    """With 300 answers and more only the correlated model used to be judged."""
    found = evaluate.judged_models(demo, evaluate.plan(demo), fits=fits, seed=1)
    assert [one.cutoffs.model for one in found] == ["second_order", "correlated"]
    assert [one.cutoffs.true.draws for one in found] == [20, 19]
    assert [len(one.cutoffs.wrong) for one in found] == [3, 0]
    main = found[0]
    assert main.tests["df"].eq(main.cutoffs.df).all()
    assert main.cutoffs.df > found[1].cutoffs.df


def test_one_model_that_is_both_is_judged_once(demo: OpenStudy, fits: dict[str, SemFit | FailedFit]) -> None:
    own = replace(demo, spec=replace(demo.spec, model="correlated"))
    found = evaluate.judged_models(own, evaluate.plan(demo), fits=fits, seed=1)
    assert [(one.cutoffs.model, len(one.cutoffs.wrong)) for one in found] == [("correlated", 3)]


@pytest.mark.parametrize(("n", "expected"), [(199, []), (200, ["second_order"])])
def test_a_closed_gate_keeps_a_model_out(demo: OpenStudy, n: int, expected: list[str]) -> None:
    plan = replace(evaluate.plan(demo), n=n)
    own = evaluate.measurement_fits(demo, plan)
    found = evaluate.judged_models(demo, plan, fits=own, seed=1)
    assert [one.cutoffs.model for one in found] == expected
    # a main model that needs more answers leaves the field to the measurement model
    direct = replace(demo, spec=replace(demo.spec, model="direct"))
    found = evaluate.judged_models(direct, plan, fits=own, seed=1)
    assert [one.cutoffs.model for one in found] == expected


def test_a_model_without_estimates_is_left_out(demo: OpenStudy) -> None:
    failed = FailedFit.__new__(FailedFit)
    plan = replace(evaluate.plan(demo), n=100)
    assert evaluate.judged_models(demo, plan, fits={"correlated": failed}, seed=1) == ()
