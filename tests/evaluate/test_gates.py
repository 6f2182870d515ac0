"""What a sample carries follows from the study file's gates and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from jq_models.data import open_study
from jq_models.evaluate import Plan, plan
from jq_models.report import gate_sentences, wording
from jq_models.spec import Gates


def _plan(n: int) -> Plan:
    sizes = {"contract": pd.Series({"Permanent": 200, "Flexible": 149}), "one": pd.Series({"all": 400})}
    return Plan(n=n, gates=Gates(), sizes=sizes)


@pytest.mark.parametrize(
    ("n", "stage"),
    [(99, "descriptives"), (100, "score_path"), (199, "score_path"), (200, "second_order"), (300, "full")],
)
def test_the_stage_follows_the_gates(n: int, stage: str) -> None:
    assert _plan(n).stage == stage


def test_groups_take_part_from_their_gate_and_never_alone() -> None:
    assert _plan(400).groups_for("contract") == ()
    assert _plan(400).groups_for("contract", analysis="alignment") == ("Permanent", "Flexible")
    assert _plan(400).groups_for("one") == ()
    assert _plan(400).groups_for("nothing") == ()


def test_the_demo_counts_complete_answers_and_leaves_hidden_groups_out() -> None:
    opened = open_study("demo")
    every = plan(opened)
    assert every.n == opened.complete.n == 497
    assert every.groups_for("contract") == ("Permanent", "Flexible")
    names = every.groups_for("organisation", analysis="alignment")
    assert len(names) == 8
    shown = {
        name: opened.responses.groups[name].value_counts().astype(float) for name in opened.responses.groups
    }
    shown["organisation"][names[0]] = float("nan")
    assert plan(opened, shown=shown).groups_for("organisation", analysis="alignment") == names[1:]
    client = replace(opened, spec=replace(opened.spec, simulated=False))
    assert plan(client).groups_for("contract") == ()  # nobody said which may be shown
    assert plan(client, shown=shown).groups_for("contract") == ("Permanent", "Flexible")
    strict = replace(opened, spec=replace(opened.spec, gates=Gates(full=500)))
    assert not plan(strict).allows("full")


@pytest.mark.parametrize(
    ("language", "text"), [("en", "left out; 300 complete answers"), ("nl", "weggelaten; er zijn 300")]
)
def test_what_is_left_out_is_said_with_its_numbers(language: str, text: str) -> None:
    w = wording(language)
    assert text in gate_sentences(_plan(250), w, analysis="full")
    assert "250" in gate_sentences(_plan(250), w, analysis="full")
    assert gate_sentences(_plan(300), w, analysis="full") == ""
    assert "150" in gate_sentences(_plan(400), w, analysis="group", group="contract")
    assert gate_sentences(_plan(400), w, analysis="alignment", group="contract") == ""
