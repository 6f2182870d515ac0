"""The study file written for a client: it loads, whatever stands in a header, and knows its own hand."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jq_models.spec import Text, load_study
from jq_models.spec.study_text import Column, Grouping, StudyDraft, comment, is_untouched, quoted, study_text

ODD = [
    'a"b',
    "a\\b",
    "line\nbreak\r\n",
    "tab\t",
    "'''",
    '"""',
    "één \U0001f4ac",
    "\x00\x1f\x7f",
    "\u202ertl",
    "# no",
]


def draft(**changes: object) -> StudyDraft:
    base = StudyDraft(
        name="acme",
        instrument="ccc_job_quality",
        title=Text(en="Acme", nl="Acme"),
        file="data/raw/acme.csv",
        source="export.csv (150 rows)",
        language="nl",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the test's own keywords


def load(text: str, folder: Path):  # type: ignore[no-untyped-def]
    (folder / "acme.toml").write_text(text, encoding="utf-8", newline="\n")
    return load_study("acme", folder=folder)


def test_the_emptiest_file_loads(tmp_path: Path) -> None:
    study = load(study_text(draft()), tmp_path)
    assert (study.instrument, study.language, study.minimum_group, study.missing) == (
        "ccc_job_quality",
        "nl",
        10,
        (),
    )
    assert (study.client.invited, study.client.norm, study.scale, study.groups) == (None, None, None, ())


@pytest.mark.parametrize("odd", ODD)
def test_every_text_comes_back_as_it_was(odd: str, tmp_path: Path) -> None:
    full = draft(
        title=Text(en=odd, nl=odd),
        source=odd,
        sheet=odd,
        scale="agree7",
        missing={99: 3, -9: 1},
        columns=(Column(name="OPP1", column=odd, note=odd), Column(name="OPP2", column="OPP2")),
        covariates=(Column(name="recommend", column=f"{odd} 2", note=odd),),
        groups=(
            Grouping(
                name="team",
                column=f"{odd} 3",
                label=Text(en=odd, nl=odd),
                labels={odd: Text(en=odd, nl=odd)},
                note=odd,
            ),
        ),
        ignore={odd: (odd, "remarks")},
        unmatched=(odd,),
    )
    study = load(study_text(full), tmp_path)
    assert dict(study.title) == {"en": odd, "nl": odd}
    assert (study.sheet, study.scale, study.missing) == (odd, "agree7", (99, -9))
    assert study.columns == {"OPP1": odd}
    assert study.covariates == {"recommend": f"{odd} 2"}
    assert study.ignore == (odd, "remarks")
    (group,) = study.groups
    assert (group.column, dict(group.labels[odd])) == (f"{odd} 3", {"en": odd, "nl": odd})


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_text_is_a_toml_string_and_a_comment_on_one_line(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)} # {comment(text)}\nb = 1") == {"a": text, "b": 1}


def test_half_a_character_does_not_break_the_file() -> None:
    assert tomllib.loads(f"a = {quoted('x' + chr(0xD83D))}") == {"a": "x\ufffd"}


@pytest.mark.parametrize("sign", ["\n", "\ud800", "\u2028", "\x85", "\x00"])
def test_a_comment_stays_a_comment(sign: str) -> None:
    tomllib.loads(f"# {comment(f'a{sign}b = 1')}")
    assert comment(f"a{sign}b") == "a b"


def test_the_stamp_fits_only_what_was_written() -> None:
    text = study_text(draft())
    assert is_untouched(text)
    for changed in (
        text.replace("minimum_group = 10", "minimum_group = 5"),
        text + "# more\n",
        text.replace("\n", "\r\n"),
        text.rsplit("\n#", 1)[0],
        "",
    ):
        assert not is_untouched(changed)
