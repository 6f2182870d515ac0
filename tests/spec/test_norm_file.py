"""Norm files are read strictly, and a construct is refused when its questions or scale are others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jq_models.data.demo_norm import write_demo_norm
from jq_models.errors import SpecError
from jq_models.spec import Instrument, answer_scale, load_instrument, load_norm, norm_refusal

NORM = """
name = "sector"
date = 2023-05-01
title = { en = "Sector", nl = "Branche" }
source = { en = "A survey", nl = "Een onderzoek" }

[[constructs]]
code = "LCU"
mean = 3.2
sd = 0.8
n = 900
scale = "agree5 (1 to 5)"
wording = "HASH"
"""
Write = Callable[..., Path]


@pytest.fixture(scope="module")
def questions() -> Instrument:
    return load_instrument("ccc_job_quality")


@pytest.fixture
def write(tmp_path: Path, questions: Instrument) -> Write:
    def written(*changes: tuple[str, str]) -> Path:
        text = NORM.replace("HASH", questions.wording_hash("LCU"))
        for old, new in changes:
            assert old in text, f"the fixture has no {old!r} to replace"
            text = text.replace(old, new, 1)
        (tmp_path / "sector.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return written


def test_a_norm_is_read_whole(write: Write) -> None:
    norm = load_norm("sector", folder=write())
    assert (norm.name, norm.title["nl"], norm.source["en"]) == ("sector", "Branche", "A survey")
    assert (norm.day, norm.simulated) == (date(2023, 5, 1), False)
    value = norm.of("LCU")
    assert value is not None
    assert (value.mean, value.sd, value.n) == (3.2, 0.8, 900)
    assert norm.of("LEM") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "LCU"', 'cod = "LCU"', r"sector.toml, \[\[constructs\]\] 1: .*'code'"),
        ("sd = 0.8", "sd = 0.0", "'sd' one above 0"),
        ("mean = 3.2", "mean = nan", "'mean' must be a number"),
        ("n = 900", "n = 1", "'n' is 1; a spread needs at least 2 people"),
        ("n = 900", "n = 900\nmedian = 3", r"unknown key 'median'"),
        ('wording = "', 'wording = "x', "'wording' must be the hash of the questions"),
        ("date = 2023-05-01", 'date = "2023"', "'date' must be"),
        ('name = "sector"', 'name = "other"', "'name' is 'other'. It must equal the file's name"),
    ],
)
def test_a_faulty_norm_is_refused_in_words(write: Write, old: str, new: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        load_norm("sector", folder=write((old, new)))


def test_a_construct_named_twice_and_a_norm_of_nothing_are_refused(write: Write) -> None:
    block = NORM[NORM.index("[[constructs]]") :]
    folder = write(("[[constructs]]", block.replace("HASH", "0" * 64) + "\n[[constructs]]"))
    with pytest.raises(SpecError, match="the construct 'LCU' stands there 2 times"):
        load_norm("sector", folder=folder)
    (folder / "sector.toml").write_text(NORM[: NORM.index("[[constructs]]")], encoding="utf-8")
    with pytest.raises(SpecError, match="no norm in it"):
        load_norm("sector", folder=folder)


def test_an_absent_norm_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"No file 'nothing.toml'"):
        load_norm("nothing", folder=tmp_path)


def test_only_the_same_questions_on_the_same_scale_are_held_against_it(
    write: Write, questions: Instrument
) -> None:
    norm = load_norm("sector", folder=write())
    assert norm_refusal(norm, questions, "LCU") == ""
    assert norm_refusal(norm, questions, "LEM") == "absent"
    assert norm_refusal(norm, questions.with_scale("agree7"), "LCU") == "scale"
    lcu = questions.construct("LCU")
    first = replace(lcu.items[0], reversed=not lcu.items[0].reversed)
    constructs = tuple(
        replace(c, items=(first, *c.items[1:])) if c.code == "LCU" else c for c in questions.constructs
    )
    assert norm_refusal(norm, replace(questions, constructs=constructs), "LCU") == "wording"


def test_the_scale_says_how_scores_are_made(questions: Instrument) -> None:
    assert answer_scale(questions, "LCU") == "agree5 (1 to 5)"
    assert answer_scale(questions.with_scale("agree7"), "LCU") == "agree7 (1 to 7)"
    assert answer_scale(load_instrument("gss_quality_of_worklife"), "SAT").endswith("(0 to 100)")


def test_the_stored_demo_norm_is_what_its_generator_writes(checkout: Path, tmp_path: Path) -> None:
    written = write_demo_norm(tmp_path)
    assert written.read_bytes() == (checkout / "data/norms" / written.name).read_bytes()
    norm = load_norm("demo_norm")
    assert norm.simulated
    assert norm.source["en"].startswith("Simulated")
    assert norm.source["nl"].startswith("Gesimuleerd")


def test_every_construct_of_the_demo_can_be_held_against_its_norm(questions: Instrument) -> None:
    norm = load_norm("demo_norm")
    assert {c.code: norm_refusal(norm, questions, c.code) for c in questions.constructs} == dict.fromkeys(
        [c.code for c in questions.constructs], ""
    )
