"""Modules beside a questionnaire: whole or not at all, in both languages, never two meanings of one code."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from jq_models import paths
from jq_models.errors import SpecError
from jq_models.spec import load_instrument, load_study, questionnaire_of, with_modules, without_modules

MODULES = ("steering", "value", "today")


@pytest.fixture(scope="module")
def own():
    return load_instrument("ccc_job_quality")


@pytest.fixture(scope="module")
def modules():
    return load_instrument("ccc_modules")


def changed(tmp_path, old: str, new: str) -> None:
    text = (paths.instruments() / "ccc_modules.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "ccc_modules.toml").write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_scale_is_of_a_module_and_says_what_high_means(modules):
    assert tuple(modules.modules) == MODULES
    assert {c.module for c in modules.constructs} == set(MODULES)
    assert {c.role for c in modules.constructs} == {"context"}
    for construct in modules.constructs:
        assert len(construct.items) >= 2
        for text in (construct.name, construct.short, construct.high, *(i.text for i in construct.items)):
            assert all(text[language].strip() for language in ("en", "nl"))
            assert text["en"] != text["nl"] or construct.code in {"OUT", "INP"}


def test_only_the_modules_asked_stand_behind_the_questionnaire(own, modules):
    both = with_modules(own, modules, ["value"])
    assert both.constructs[: len(own.constructs)] == own.constructs
    assert {c.module for c in both.constructs[len(own.constructs) :]} == {"value"}
    assert list(both.modules) == ["value"]
    assert both.dimensions == own.dimensions
    assert both.outcomes == own.outcomes
    assert without_modules(both) == own


def test_modules_are_asked_on_the_scale_the_questionnaire_is_fielded_with(own, modules):
    both = with_modules(own.with_scale("agree7"), modules, ["value"])
    assert {item.scale.name for item in both.items} == {"agree7"}


def test_an_unknown_module_is_named_with_a_suggestion(own, modules):
    with pytest.raises(SpecError, match=r"no module 'stering'.*steering"):
        with_modules(own, modules, ["stering"])


def test_a_code_of_both_files_is_refused(own, modules):
    twice = replace(modules, constructs=(replace(modules.constructs[0], code="SAT"), *modules.constructs[1:]))
    with pytest.raises(SpecError, match="both use the code 'SAT'"):
        with_modules(own, twice, MODULES)


def test_a_scale_of_one_name_and_two_meanings_is_refused(own, modules):
    scale = replace(
        modules.scales[0], labels={k: tuple(reversed(v)) for k, v in modules.scales[0].labels.items()}
    )
    with pytest.raises(SpecError, match="'agree5' differently"):
        with_modules(own, replace(modules, scales=(scale, *modules.scales[1:])), MODULES)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('module = "steering"', 'module = "stering"', "of no module 'stering'"),
        ('module = "steering"\n', "", "needs both a 'module' and the role"),
        ('role = "context"', 'role = "outcome"', "needs both a 'module' and the role"),
    ],
)
def test_a_scale_needs_a_module_that_is_there(tmp_path, old, new, said):
    changed(tmp_path, old, new)
    with pytest.raises(SpecError, match=re.escape(said)):
        load_instrument("ccc_modules", folder=tmp_path)


STUDY = """name = "x"
instrument = "ccc_job_quality"
title = {{ en = "X", nl = "X" }}
data = {{ file = "data/raw/x.csv" }}
{more}
[[groups]]
name = "team"
column = "team"
label = {{ en = "Team", nl = "Team" }}
"""


def study(tmp_path, more: str):
    (tmp_path / "x.toml").write_text(STUDY.format(more=more), encoding="utf-8")
    return load_study("x", folder=tmp_path)


def test_a_study_asks_modules_and_names_results(tmp_path):
    spec = study(
        tmp_path,
        'modules = { instrument = "ccc_modules", use = ["value"] }\n'
        "results = { team = { A = 98.5, B = 101 } }",
    )
    assert questionnaire_of(spec).modules.keys() == {"value"}
    assert spec.client.results == {"team": {"A": 98.5, "B": 101.0}}
    assert not study(tmp_path, "").modules.names


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('modules = { use = ["value"] }', "name both the 'instrument'"),
        ('modules = { instrument = "ccc_modules" }', "name both the 'instrument'"),
        ("results = { teams = { A = 1 } }", "no group 'teams'"),
        ('results = { team = { A = "good" } }', "the result of 'A' must be a number"),
        ("results = { team = 3 }", "must be a table of groups"),
    ],
)
def test_a_mistake_in_the_study_file_is_named(tmp_path, more, said):
    with pytest.raises(SpecError, match=re.escape(said)):
        study(tmp_path, more)
