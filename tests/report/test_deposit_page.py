"""The README of a deposit, in the language of its report."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from jq_models.report.deposit_page import ABSENT, DISTANCES, DepositFacts, deposit_readme
from jq_models.report.wording import wording
from jq_models.spec import LANGUAGES

SHARED = DepositFacts(
    report="acme",
    title="Acme",
    version="0.1.0",
    data="data/raw/acme.csv",
    simulated=False,
    stand_in=False,
    registered=True,
    respondents=1234,
    distances={},
)
DRAWN = replace(
    SHARED,
    data="data/stand_in/acme.csv",
    stand_in=True,
    registered=False,
    distances=dict(zip(DISTANCES, (0.012, 0.034, 0.001, 0.15), strict=True)),
    left_out=("OPP1",),
    absent=tuple((part, "team") for part in ABSENT),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deposit_with_answers_says_so_and_how_to_run_it(language: str) -> None:
    w = wording(language)
    text = deposit_readme(SHARED, w)
    assert text.startswith("# Acme\n")
    assert w("deposit.answers_shared") in text
    assert w.count(1234) in text
    assert ".venv/bin/jq-models reproduce reports/acme\n" in text
    assert f"| data/raw/acme.csv | {w('deposit.place_data')} |" in text
    assert "| data/registrations |" in text
    assert w("stand_in.heading") not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stand_in_says_how_far_it_is_and_what_it_lacks(language: str) -> None:
    w = wording(language)
    text = deposit_readme(DRAWN, w)
    assert w("deposit.answers_left_out") in text
    assert w("deposit.again_stand_in") in text
    assert f"{w('stand_in.distance_correlation')}: {w.number(0.15, 3)}" in text
    assert "OPP1" in text
    assert all(w(f"stand_in.absent_{part}", name="team") in text for part in ABSENT)
    assert "| data/registrations |" not in text


def test_the_dutch_one_shares_only_names_with_the_english_one() -> None:
    english, dutch = (set(deposit_readme(DRAWN, wording(one)).splitlines()) for one in ("en", "nl"))
    same = {line for line in english & dutch if re.search(r"[a-z]", line)}
    assert all(line.startswith(("# Acme", "    ")) for line in same)
