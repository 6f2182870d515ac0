"""Free text of respondents: what the scan for leaks must look for."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from jq_models.data import read_table
from jq_models.disclosure import free_texts, scan_folder, unlike
from jq_models.disclosure.free_text import SHORTEST

SENTENCE = "Mijn leidinggevende luistert goed."


def test_texts_of_the_named_columns_come_sorted_and_once():
    frame = pd.DataFrame(
        {
            "remarks": ["The roster comes too late.", None, SENTENCE, "The roster comes too late."],
            "praise": [np.nan, "Always a kind word.", None, SENTENCE],
            "team": ["A team with a long name"] * 4,
        },
        dtype=object,
    )
    assert free_texts(frame, columns=["remarks", "praise"]) == (
        "Always a kind word.",
        SENTENCE,
        "The roster comes too late.",
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x" * SHORTEST, True),
        ("x" * (SHORTEST - 1), False),
        (f"  {'x' * (SHORTEST - 1)}  ", False),
        ("", False),
    ],
    ids=["long enough", "too short", "too short but for blanks", "empty"],
)
def test_only_texts_long_enough_to_be_recognised_count(text, kept):
    found = free_texts(pd.DataFrame({"remarks": [text]}), columns=["remarks"])
    assert found == ((text,) if kept else ())


def test_blanks_around_a_text_are_taken_off():
    assert free_texts(pd.DataFrame({"r": [f"\n {SENTENCE}\t", SENTENCE]}), columns=["r"]) == (SENTENCE,)


def test_numbers_are_no_texts():
    frame = pd.DataFrame({"time": [1234567890123.0, None], "code": ["1234567890123", None]}, dtype=object)
    assert free_texts(frame, columns=["time"]) == ()
    assert free_texts(frame, columns=["code"]) == ("1234567890123",)


def test_columns_that_are_not_in_the_file_are_passed_over():
    frame = pd.DataFrame({"remarks": [SENTENCE]})
    assert free_texts(frame, columns=["comments", "remarks"]) == (SENTENCE,)
    assert free_texts(frame, columns=["comments"]) == ()
    assert free_texts(frame, columns=()) == ()


def test_every_canary_of_the_demo_is_found_and_would_be_found_in_a_report(checkout, tmp_path):
    folder = checkout / "data" / "simulated"
    canaries = json.loads((folder / "demo_truth.json").read_text(encoding="utf-8"))["canaries"]
    texts = free_texts(read_table(folder / "demo.csv").frame, columns=["remarks"])
    assert len(canaries) == 5
    for canary in canaries:
        (whole,) = [text for text in texts if canary in text]
        (tmp_path / "report.html").write_text(f"<p>{whole}</p>", encoding="utf-8")
        assert [finding.rule for finding in scan_folder(tmp_path, forbidden=texts)] == ["forbidden_text"]


@pytest.mark.parametrize(("times", "kept"), [(9, True), (10, False)])
def test_a_text_that_many_gave_is_a_label(times, kept):
    frame = pd.DataFrame({"extra": ["Strongly agree"] * times + [SENTENCE]})
    assert ("Strongly agree" in free_texts(frame, columns=["extra"])) is kept
    assert SENTENCE in free_texts(frame, columns=["extra"])
    assert ("Strongly agree" in free_texts(frame, columns=["extra"], minimum=5)) is False


def test_one_person_is_counted_once_over_all_columns():
    frame = pd.DataFrame({f"r{k}": [SENTENCE] for k in range(12)})
    assert free_texts(frame, columns=frame.columns) == (SENTENCE,)


def test_words_of_the_report_itself_are_left_out():
    frame = pd.DataFrame({"extra": ["strongly AGREE", SENTENCE]})
    assert free_texts(frame, columns=["extra"], harmless=["1 = Strongly agree"]) == (SENTENCE,)
    assert unlike(["agree strongly", "A short one"], ["agree", "strongly"]) == ("agree strongly",)
