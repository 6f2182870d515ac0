"""Deposits: what is in them, what never is, the same bytes twice, what a check finds. Whole: tests/study."""

from __future__ import annotations

import io
import json
import shutil
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_study import SmallNotebooks, as_client, make_project
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.data import open_study
from jq_models.disclosure import row_signatures
from jq_models.errors import DisclosureError, RunError
from jq_models.run import archive_check, printing, study
from jq_models.run.archive import SUMS, archive
from jq_models.run.archive_check import LIMITS, check_deposit
from jq_models.run.study import run_study

PEOPLE = 90
SHARED = {
    "README.md",
    SUMS,
    "CITATION.cff",
    "LICENSE",
    "do.py",
    "requirements.lock",
    "pyproject.toml",
    "jq_models/cli/__init__.py",
    "jq_models/report/wording/nl/main.toml",
    "notebooks/study/01_sample.ipynb",
    "notebooks/study/nl/01_sample.toml",
    "data/instruments/ccc_job_quality.toml",
    "data/instruments/ccc_modules.toml",
    "data/norms/demo_norm.toml",
    "data/codebook.html",
    "data/codebook.csv",
}


@pytest.fixture(scope="module")
def project(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the reports of a simulated study and of a client's, and their deposits."""
    folder = make_project(checkout, tmp_path_factory.mktemp("deposits") / "project", people=PEOPLE)
    file = as_client(folder)
    frame = pd.read_csv(file, dtype=str)
    # four people by themselves: a group that may never be told
    frame.loc[:3, "organisation"] = "SECRET9"
    frame.to_csv(file, index=False)
    text = (folder / "data" / "studies" / "acme.toml").read_text(encoding="utf-8")
    label = 'SECRET9 = { en = "The night watch", nl = "De nachtwacht" }\nO01 = { en = "Organisation 1"'
    text = text.replace('O01 = { en = "Organisation 1"', label, 1).replace(
        "O01 = 78", "O01 = 71\nSECRET9 = 7"
    )
    (folder / "data" / "studies" / "acme.toml").write_text(text, encoding="utf-8")
    # a copy that somebody ran on the client's answers
    (folder / "notebooks" / "study" / "acme_trial.ipynb").write_text("SECRET9", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JQ_MODELS_PROJECT", str(folder))
        patch.delenv("JQ_MODELS_DATA", raising=False)
        patch.setattr(study, "run_together", SmallNotebooks())
        patch.setattr(study, "publish_office", lambda report, **given: None)
        patch.setattr(printing, "publish_pdf", _no_pdf)
        for name in ("demo", "acme"):
            run_study(name, at_once=1)
            archive(name)
    return folder


def _no_pdf(page: Path, **given: object) -> Path:
    raise RunError("No PDF was made.")


@pytest.fixture(autouse=True)
def in_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(project))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)


def deposit(project: Path, name: str) -> Path:
    return project / "reports" / f"{name}.deposit.zip"


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as packed:
        return set(packed.namelist())


def read(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as packed:
        return packed.read(name).decode("utf-8")


def test_simulated_answers_are_in_the_deposit(project: Path) -> None:
    path = deposit(project, "demo")
    found = names(path)
    more = {"data/simulated/demo.csv", "data/simulated/demo_truth.json", "data/simulated/demo_before.csv"}
    more |= {"data/studies/demo.toml", "data/studies/demo_before.toml", "reports/demo/tables/items.csv"}
    assert SHARED | more | {"reports/demo/run.json"} <= found
    assert not [name for name in found if "acme" in name or "__pycache__" in name or "data/raw" in name]
    assert not [name for name in found if name.startswith("data/stand_in")]
    assert "simulated: there are no respondents" in read(path, "README.md")


def test_answers_of_respondents_are_not(project: Path) -> None:
    path = deposit(project, "acme")
    found = names(path)
    assert SHARED | {"data/stand_in/acme.csv", "data/studies/acme.toml"} <= found
    assert not [name for name in found if name.startswith(("data/raw", "data/simulated"))]
    assert not [name for name in found if "trial" in name]
    readme = read(path, "README.md")
    assert "**The answers of the study are not in this deposit.**" in readme
    assert "[compare]" not in readme
    real = pd.read_csv(project / "data" / "raw" / "acme.csv")
    drawn = pd.read_csv(io.StringIO(read(path, "data/stand_in/acme.csv")))
    items = [column for column in drawn if column in real.columns and column[-1].isdigit()]
    assert len(drawn) == PEOPLE
    assert not set(map(tuple, real[items].to_numpy().tolist())) & set(
        map(tuple, drawn[items].to_numpy().tolist())
    )


def test_no_hidden_group_is_named_anywhere_in_a_stand_in_deposit(project: Path) -> None:
    path = deposit(project, "acme")
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            content = packed.read(name)
            assert b"SECRET9" not in content, name
            assert b"night watch" not in content, name
    kept = tomllib.loads(read(path, "data/studies/acme.toml"))
    assert kept["simulated"] is True
    assert kept["data"] == {"file": "data/stand_in/acme.csv"}
    assert "synthetic stand-in" in kept["title"]["en"]
    assert "SECRET9" not in kept["response"]["organisation"]
    assert "labels of hidden groups of organisation" in read(path, "README.md")


def test_the_stand_in_can_be_opened_where_it_is_unpacked(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(deposit(project, "acme")) as packed:
        packed.extractall(tmp_path)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(tmp_path))
    opened = open_study("acme")
    assert opened.responses.n == PEOPLE
    assert opened.spec.simulated
    assert {problem.severity for problem in opened.problems} <= {"warning", "note"}
    assert opened.responses.items.notna().mean().mean() > 0.9


def test_no_row_of_respondents_is_in_what_was_published(project: Path) -> None:
    rows = row_signatures(open_study("acme").responses.items)
    told = read(deposit(project, "acme"), "data/stand_in/acme_moments.csv")
    assert len(rows) > 1000
    assert told.startswith("column,low,high,reversed,mean,sd,missing")


@pytest.mark.parametrize("name", [pytest.param("demo", marks=pytest.mark.slow), "acme"])
def test_the_same_report_gives_the_same_bytes(name: str, project: Path) -> None:
    before = deposit(project, name).read_bytes()
    made = archive(name)
    assert made.path.read_bytes() == before
    assert made.stand_in == (name == "acme")
    assert made.files == len(names(made.path))


@pytest.mark.slow
def test_with_data_holds_the_answers(project: Path) -> None:
    before = deposit(project, "acme").read_bytes()
    made = archive("acme", with_data=True)
    try:
        assert not made.stand_in
        assert (project / "data" / "raw" / "acme.csv").read_text("utf-8") == read(
            made.path, "data/raw/acme.csv"
        )
        assert "for they may be shared" in read(made.path, "README.md")
    finally:
        made.path.write_bytes(before)


def test_a_report_made_from_something_else_is_not_archived(project: Path, tmp_path: Path) -> None:
    file = project / "data" / "studies" / "demo.toml"
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("full = 300 ", "full = 301 "), encoding="utf-8")
    try:
        with pytest.raises(RunError, match=r"study file \(gates.full\)"):
            archive("demo")
    finally:
        file.write_text(before, encoding="utf-8")


@pytest.mark.slow
def test_a_report_that_tells_of_a_respondent_is_not_archived(project: Path) -> None:
    file = project / "reports" / "acme" / "tables" / "extra.csv"
    answers = pd.read_csv(project / "data" / "raw" / "acme.csv").iloc[:2, 2:40]
    answers.to_csv(file, index=False)
    try:
        with pytest.raises(DisclosureError, match="data_row"):
            archive("acme")
    finally:
        file.unlink()


def test_answers_that_the_shell_names_are_those_that_count(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.csv"
    pd.read_csv(project / "data" / "raw" / "acme.csv", dtype=str).iloc[1:].to_csv(other, index=False)
    monkeypatch.setenv("JQ_MODELS_DATA", str(other))
    with pytest.raises(RunError, match=r"made from other parts.*data \(another file\)"):
        archive("acme")


def test_a_deposit_holds_the_lock_of_its_report(project: Path) -> None:
    file = project / "requirements.lock"
    before = file.read_bytes()
    file.write_bytes(before + b"# another\n")
    try:
        with pytest.raises(RunError, match=r"made from other parts.*lock \(requirements.lock\)"):
            archive("acme")
    finally:
        file.write_bytes(before)


class Again:
    """Stands in for the process that runs the deposit: writes what it would have found."""

    def __init__(self, verdict: str) -> None:
        self.verdict = verdict
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], folder: Path, **given: Any) -> None:
        self.commands.append(command)
        assert (folder / "jq_models" / "cli" / "__main__.py").is_file()
        if "--json" in command:
            cells = {"identical": 5, "within": 0, "changed": 0}
            result = {"verdict": self.verdict, "counts": {"table": {"files": cells, "cells": cells}}}
            Path(command[command.index("--json") + 1]).write_text(json.dumps(result), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "verdict", "passed"),
    [
        ("demo", "identical", True),
        ("demo", "within", True),
        ("demo", "changed", False),
        ("acme", "changed", True),
    ],
)
def test_what_the_check_makes_of_it(
    name: str, verdict: str, passed: bool, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = Again(verdict)
    monkeypatch.setattr(archive_check, "_run", again)
    checked = check_deposit(deposit(project, name))
    assert (checked.passed, checked.stand_in) == (passed, name == "acme")
    assert checked.files == len(names(deposit(project, name))) - 1
    assert again.commands[0][-3] == f"reports/{name}"
    assert set(checked.distances) == (set(LIMITS) if name == "acme" else set())


def test_a_fresh_environment_is_made_by_the_deposits_own_do_py(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = Again("identical")
    monkeypatch.setattr(archive_check, "_run", again)
    assert check_deposit(deposit(project, "demo"), fresh=True).fresh
    assert again.commands[0][1:] == ["do.py", "environment"]
    assert ".venv" in again.commands[1][0]


@pytest.mark.parametrize("name", ["reports/demo/tables/items.csv"])
def test_a_deposit_that_was_altered_is_refused(name: str, project: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(deposit(project, "demo")) as packed:
        packed.extractall(unpacked)
    (unpacked / name).write_text("altered", encoding="utf-8")
    shutil.make_archive(str(tmp_path / "demo"), "zip", unpacked)
    with pytest.raises(RunError, match=f"not as it was written: {name}"):
        check_deposit(tmp_path / "demo.zip")


def test_what_is_no_deposit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with pytest.raises(RunError, match="cannot be opened as a zip"):
        check_deposit(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        packed.writestr("../b.txt", "out")
    with pytest.raises(RunError, match="leads out of it"):
        check_deposit(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as packed:
        packed.writestr("c.txt", "in")
    with pytest.raises(RunError, match="is no deposit of jq_models"):
        check_deposit(tmp_path / "c.zip")


@pytest.mark.slow
def test_the_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_check, "_run", Again("changed"))
    done = CliRunner().invoke(app, ["archive", "acme", "--check"])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "reports/acme.deposit.zip" in said
    assert "Its numbers are those of the stand-in, not the study's" in said
    done = CliRunner().invoke(app, ["archive", "demo", "--check"])
    assert done.exit_code == 4
    assert CliRunner().invoke(app, ["archive", "nothing"]).exit_code == 2
