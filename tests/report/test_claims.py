"""What may be claimed grows with the number of complete answers, and never to what a survey cannot show."""

from __future__ import annotations

import pytest

from jq_models.evaluate import Plan
from jq_models.report import claim_sentences, gate_table
from jq_models.report.wording import wording
from jq_models.spec import Gates

ALWAYS_NOT = ("causes", "ranks")


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("n", "may", "may_not"),
    [
        (34, ("scores",), ("no_model",)),
        (99, ("scores",), ("no_model",)),
        (100, ("scores", "scores_together"), ()),
        (200, ("scores", "together"), ()),
        (300, ("scores", "together", "separate"), ()),
    ],
)
def test_claims_follow_the_gates(
    n: int, may: tuple[str, ...], may_not: tuple[str, ...], language: str
) -> None:
    w = wording(language)
    text = claim_sentences(Plan(n=n, gates=Gates(), sizes={}), w, minimum=10)
    first, second = text.split(w("claim.may_not"))
    said = {"no_model": w("claim.no_model", n=n)}
    told = [f"- {said.get(key) or w(f'claim.{key}')}" for key in may]
    assert first.strip().splitlines()[2:] == told
    refused = [f"- {said.get(key) or w(f'claim.{key}')}" for key in (*may_not, *ALWAYS_NOT)]
    assert second.strip().splitlines() == [*refused, f"- {w('claim.persons', minimum=10)}"]


@pytest.mark.parametrize(("n", "run"), [(34, 0), (100, 1), (299, 2), (300, 3)])
def test_the_table_says_what_was_run(n: int, run: int) -> None:
    table = gate_table(Plan(n=n, gates=Gates(), sizes={}), wording("en"))
    assert table.raw["needs"].tolist() == [100, 200, 300]
    assert table.raw["outcome"].tolist() == ["run"] * run + ["left_out"] * (3 - run)
    assert str(n) in table.title
