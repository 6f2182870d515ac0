"""The recovery attack: nothing hidden follows from what is shown, and a weaker rule does not pass."""

from __future__ import annotations

from dataclasses import fields, replace
from importlib import import_module

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.strategies import SearchStrategy
from random_series import one_study_alone, series
from random_studies import (
    Outcome,
    Study,
    attack,
    crossings_apart,
    each_by_itself,
    forgetful,
    no_complement,
    recovered_items,
    released,
    studies,
)

from jq_models.disclosure import cells
from jq_models.disclosure.systems import Systems

WEAKENED = [no_complement, each_by_itself, forgetful, crossings_apart]


def drawn(examples: int) -> settings:
    """Random studies, the same ones in every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def attacked(examples: int, drawing: SearchStrategy[Study] | None = None) -> list[Outcome]:
    """Attack so many random studies, or series of reports; the first that leaks fails."""
    outcomes: list[Outcome] = []

    @drawn(examples)
    @given(study=studies() if drawing is None else drawing)
    def safe(study: Study) -> None:
        outcomes.append(attack(study, released))
        assert outcomes[-1].recovered == 0
        assert outcomes[-1].spare >= 0

    safe()
    return outcomes


def report(outcomes: list[Outcome]) -> None:
    """Print the figures (pytest -s)."""
    sums = {f.name: sum(getattr(o, f.name) for o in outcomes) for f in fields(Outcome)[:4]}
    print(f"\n{len(outcomes)} studies: {sums}, sparsest {min(o.spare for o in outcomes)} above the minimum")


def test_nothing_hidden_is_recovered():
    outcomes = attacked(60)
    report(outcomes)
    assert sum(o.targets for o in outcomes) > 2_000
    assert sum(o.shown for o in outcomes) > 1_000  # hiding everything would be safe, too


@pytest.mark.slow
def test_nothing_hidden_is_recovered_from_a_thousand_studies():
    outcomes = attacked(1000)
    report(outcomes)
    assert len(outcomes) == 1000


def test_nothing_hidden_follows_from_three_or_four_reports_together():
    outcomes = attacked(25, series())
    report(outcomes)
    assert sum(o.targets for o in outcomes) > 2_000
    assert sum(o.shown for o in outcomes) > 500


@pytest.mark.slow
def test_nothing_hidden_follows_from_three_hundred_series_of_reports():
    outcomes = attacked(300, series())
    report(outcomes)
    assert len(outcomes) == 300


def test_a_rule_that_sees_the_reports_of_one_study_alone_is_caught():
    caught = find(series(), lambda study: attack(study, one_study_alone).recovered > 0, settings=drawn(100))
    assert attack(caught, released).recovered == 0


@pytest.mark.parametrize("rule", WEAKENED, ids=lambda rule: rule.__name__)
def test_a_weakened_rule_is_caught(rule):
    caught = find(studies(), lambda study: attack(study, rule).recovered > 0, settings=drawn(100))
    assert attack(caught, released).recovered == 0


def test_a_rule_that_passes_over_alike_answers_is_caught(monkeypatch):
    with monkeypatch.context() as weakened:
        weakened.setattr(Systems, "_alike", lambda *_: iter(()))
        caught = find(studies(), lambda study: attack(study, released).recovered > 0, settings=drawn(100))
    assert attack(caught, released).recovered == 0


def test_a_minimum_one_person_lower_is_caught():
    def lower(files: list, study: Study) -> list:
        return released(files, replace(study, minimum=study.minimum - 1))

    caught = find(
        studies().filter(lambda study: study.minimum > 5),
        lambda study: attack(study, lower).recovered > 0,
        settings=drawn(100),
    )
    assert attack(caught, released).recovered == 0


def test_items_do_not_follow_from_their_scale():
    tried: list[int] = []

    @drawn(15)
    @given(study=studies(reports=1, missing=(0,)))
    def safe(study: Study) -> None:
        tried.append(recovered_items(study, released))
        assert tried[-1] == 0

    safe()
    assert len(tried) == 15


def test_items_judged_each_by_itself_are_caught(monkeypatch):
    def apart(responses) -> dict[str, pd.DataFrame]:
        found = cells.answers(responses)
        return {key: frame for key, frame in found.items() if ":" not in key} | {
            code: responses.items[[code]] for code in responses.items
        }

    with monkeypatch.context() as weakened:
        for module in ("release", "earlier"):
            weakened.setattr(import_module(f"jq_models.disclosure.{module}"), "answers", apart)
        caught = find(
            studies(reports=1, missing=(0,)),
            lambda study: recovered_items(study, released) > 0,
            settings=drawn(100),
        )
    assert recovered_items(caught, released) == 0
