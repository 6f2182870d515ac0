"""Fixing a plan before the data are read, and what a report says of it afterwards."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.errors import RunError, SpecError
from jq_models.report.registered import ALL_CLAIMS, claim_status, plan_of, registration_sentences
from jq_models.report.wording import wording
from jq_models.run.preregister import preregister
from jq_models.spec import load_registration, load_study

STUDY = "data/studies/demo.toml"
DATA = "data/simulated/demo.csv"
QUESTIONS = "data/instruments/ccc_job_quality.toml"


@pytest.fixture
def project(tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's study file and questionnaires, without any data."""
    for name in ("instruments", "studies"):
        shutil.copytree(checkout / "data" / name, tmp_path / "data" / name)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(tmp_path))
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def said(language: str) -> str:
    return registration_sentences(load_study("demo"), wording(language))


def test_a_plan_is_fixed_without_opening_the_data(project: Path) -> None:
    made = preregister("demo")
    assert not made.registration.data_there
    assert not made.registration.late
    assert [path.relative_to(project).as_posix() for path in made.written] == [
        "data/registrations/demo.json",
        "data/registrations/demo.html",
    ]
    assert load_registration("demo") == made.registration
    assert set(made.registration.plan["hypotheses"]) == set(ALL_CLAIMS)
    assert "JQ =~" in made.registration.plan["models"]["second_order"]
    assert not re.search(r"^OUT =~", made.registration.plan["models"]["correlated"], re.MULTILINE)  # a module
    assert made.registration.plan["gates"]["full"] == "300"
    assert made.registration.plan["options"]["seed"] == "2013"
    assert set(claim_status(load_study("demo")).values()) == {"confirmatory"}
    assert "Nothing departs from the plan." in said("en")


def test_that_the_file_was_there_is_told_though_it_is_no_data_file(project: Path) -> None:
    (project / DATA).parent.mkdir()
    (project / DATA).write_bytes(b"\x00\xff nothing that can be read")
    assert preregister("demo").registration.data_there
    assert "cannot be shown" in said("en")
    assert "niet aan te tonen" in said("nl")


@pytest.mark.parametrize("folder", ["demo", "demo-nl"])
def test_after_a_report_nothing_is_confirmatory(folder: str, project: Path) -> None:
    (project / "reports" / folder).mkdir(parents=True)
    assert preregister("demo").registration.late
    assert set(claim_status(load_study("demo")).values()) == {"exploratory"}
    assert "exploratory" in said("en")
    assert "Confirmatory" not in said("en")


def test_a_plan_is_fixed_once(project: Path) -> None:
    preregister("demo")
    before = (project / "data/registrations/demo.json").read_bytes()
    with pytest.raises(RunError, match="A plan is registered once"):
        preregister("demo")
    assert (project / "data/registrations/demo.json").read_bytes() == before


def test_some_claims_are_confirmatory_the_others_are_not(project: Path) -> None:
    preregister("demo", claims=["H2", "H12"])
    status = claim_status(load_study("demo"))
    assert {claim for claim, one in status.items() if one == "confirmatory"} == {"H2", "H12"}
    assert set(status.values()) == {"confirmatory", "exploratory"}
    assert "**Confirmatory (2):** H2 and H12." in said("en")
    assert "All other claims are exploratory." in said("en")


def test_an_unknown_claim_or_language_is_refused(project: Path) -> None:
    with pytest.raises(SpecError, match=r"No claim 'H2c'\. Did you mean 'H2'"):
        preregister("demo", claims=["H2c"])
    with pytest.raises(SpecError, match="No language"):
        preregister("demo", language="fr")
    assert not (project / "data" / "registrations").exists()


DEPARTURES = {
    "option": ("seed = 2013", "seed = 2014", "Option, seed: planned 2013, now 2014."),
    "main model": ('main = "second_order"', 'main = "correlated"', "main model: planned second_order, now"),
    "model text": ("learning = true", "learning = false", "job quality: other words than registered."),
    "exclusion": ("missing = [99]", "missing = [98, 99]", "codes for no answer: planned [99], now [98, 99]."),
    "gate": ("full = 300", "full = 250", "Answers needed, every model: planned 300, now 250."),
    "group": ("minimum_group = 10", "minimum_group = 8", "smallest group shown: planned 10, now 8."),
    "norm": ('norm = "demo_norm"', "", 'Option, norm: planned demo_norm, now nothing.'),
}  # fmt: skip


@pytest.mark.parametrize("name", DEPARTURES)
def test_what_departs_from_the_plan_is_named(name: str, project: Path) -> None:
    preregister("demo")
    old, new, told = DEPARTURES[name]
    edit(project / STUDY, old, new)
    assert told in said("en")
    assert set(claim_status(load_study("demo")).values()) == {"deviating"}
    assert "**Registered, but not tested as registered (31):**" in said("en")


def test_a_reworded_question_is_named(project: Path) -> None:
    preregister("demo")
    edit(project / QUESTIONS, "In my work I come across questions", "In this work I come across questions")
    assert "Questions, Opportunity and challenge: other words than registered." in said("en")
    assert said("en").count("\n- ") == 1
    assert "Vragen, " in said("nl")


def test_a_plan_is_the_same_whatever_the_language_of_the_report(project: Path) -> None:
    before = plan_of(load_study("demo"))
    edit(project / STUDY, 'language = "en"', 'language = "nl"')
    assert plan_of(load_study("demo")) == before


def test_the_command_says_where_the_plan_is_and_its_hash(project: Path) -> None:
    done = CliRunner().invoke(app, ["preregister", "demo", "--claim", "H1", "--language", "nl"])
    assert done.exit_code == 0, done.output
    found = load_registration("demo")
    assert found is not None
    assert found.sha256 in done.output
    assert "data/registrations/demo.json" in done.output
    page = (project / "data/registrations/demo.html").read_text(encoding="utf-8")
    assert found.sha256 in page
    assert "Vastgelegd plan" in page
    assert "http:/" not in page
    assert "https:/" not in page
    again = CliRunner().invoke(app, ["preregister", "demo"])
    assert again.exit_code == 2
