"""Damaged files give a report, a table of problems or one sentence: no traceback and nothing answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import run_fuzz
from flow import leaks
from mutate import HEADERS

from jq_models.data import plain, validate
from jq_models.data.shown import letter, shown_names
from jq_models.data.table import RawTable

SEED = 20
FAST = 40


@pytest.fixture(scope="module")
def results() -> list[dict[str, Any]]:
    return list(run_fuzz.run_here(range(FAST), seed=SEED))


def test_damaged_files_give_a_report_a_table_or_a_sentence(results: list[dict[str, Any]]) -> None:
    assert run_fuzz.faults(results) == []
    assert {result["kind"] for result in results} == {"report", "table", "refused"}
    assert {result["how"] for result in results} >= {"grid", "parts", "text", "bytes", "study"}


def test_a_file_can_be_made_again_from_its_number(results: list[dict[str, Any]]) -> None:
    again = next(run_fuzz.run_here(range(7, 8), seed=SEED))
    changing = {"seconds", "megabytes"}
    assert {k: v for k, v in again.items() if k not in changing} == {
        k: v for k, v in results[7].items() if k not in changing
    }


@pytest.mark.slow
def test_ten_thousand_damaged_files() -> None:
    found = run_fuzz.run(10_000, seed=1, workers=2)
    assert run_fuzz.faults(found) == []
    assert len(found) == 10_000


def test_headers_that_are_shown_unchecked_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same search fails a check that repeats every header."""
    monkeypatch.setattr(validate, "shown_names", lambda raw, known=(): {n: n for n in raw.frame.columns})
    assert any(_leaks_of_header_damage())


def test_no_damage_to_the_header_shows_an_answer() -> None:
    assert not any(_leaks_of_header_damage())


def _leaks_of_header_damage() -> list[list[str]]:
    """Return what the table of problems repeats, for each way of damaging a header, several times."""
    from good import canary_frame

    from jq_models.data.table import build_grid
    from jq_models.spec import load_instrument, load_study

    frame = canary_frame(n=35)
    grid = [
        list(map(str, frame.columns)),
        *(["" if c != c else str(c) for c in row] for row in frame.astype(str).values),
    ]
    study, instrument = load_study("demo"), load_instrument("ccc_job_quality")
    found = []
    for number, damage in enumerate(HEADERS):
        for again in range(3):
            rng = np.random.default_rng([number, again])
            made = build_grid(damage([list(row) for row in grid], rng), Path("a.csv"))
            raw = RawTable(
                frame=made.frame, name="a.csv", format="csv", sha256="", duplicates=made.duplicates,
                long_rows=made.long_rows, short_rows=made.short_rows, places=made.places,
            )  # fmt: skip
            problems = list(validate._headers(raw, study, instrument))
            found.append(leaks(" ".join([repr(problems), plain._offered(raw, "OPP11")]), frozenset()))
            assert all(p.place == "" or p.column == "" for p in problems)
            shown = shown_names(raw)
            assert all(letter(raw, str(n)) for n in raw.frame.columns if n not in shown)
    return found
