"""``jq-models batch``: what it passes on, its table, its file, its exit codes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.run import batch
from jq_models.run.batch_client import Outcome

MADE = Outcome(study="north", result="made", n=150, seconds=17.4, report="north-nl")
KEPT = Outcome(study="south", result="kept", n=98, seconds=0.04, report="south")
FAILED = Outcome(study="east", result="failed", seconds=3.0, reason="Study 'east' has no [data].")


@pytest.fixture
def project(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("instruments", "studies"):
        (tmp_path / "data" / name).mkdir(parents=True)
    text = (checkout / "data" / "studies" / "demo.toml").read_text(encoding="utf-8")
    for name, simulated in (("demo", "true"), ("south", "false"), ("north", "false")):
        own = text.replace('name = "demo"', f'name = "{name}"').replace(
            "simulated = true", f"simulated = {simulated}"
        )
        (tmp_path / "data" / "studies" / f"{name}.toml").write_text(own, encoding="utf-8")
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


class Batch:
    """Stands in for ``run_batch``."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = outcomes
        self.calls: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def __call__(self, names: tuple[str, ...], *, on_done: Any, **given: Any) -> tuple[Outcome, ...]:
        self.calls.append((tuple(names), given))
        for outcome in self.outcomes:
            on_done(outcome)
        return self.outcomes


def call(monkeypatch: pytest.MonkeyPatch, fake: Batch, *words: str) -> Any:
    monkeypatch.setattr(batch, "run_batch", fake)
    return CliRunner().invoke(app, ["batch", *words])


def test_a_table_says_what_became_of_each_and_the_code_that_one_failed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = call(monkeypatch, Batch(MADE, FAILED, KEPT), "north", "east", "south")
    assert done.exit_code == 1
    lines = [line.split("│")[1:-1] for line in done.output.splitlines() if line.startswith("│")]
    assert [[cell.strip() for cell in line] for line in lines] == [
        ["north", "made", "150", "17", "reports/north-nl/report.html"],
        ["east", "failed", "", "3", "Study 'east' has no [data]."],
        ["south", "kept", "98", "0", "reports/south/report.html"],
    ]
    assert "2 of 3 reports made or kept; 1 failed." in done.output
    assert "Earlier reports" not in done.output
    assert str(project) not in done.output
    with (project / "reports" / "batch.csv").open(encoding="utf-8", newline="") as file:
        assert [row["result"] for row in csv.DictReader(file)] == ["made", "failed", "kept"]


def test_an_earlier_report_of_one_that_failed_is_said_to_stay(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "reports" / "south").mkdir(parents=True)
    failed = Outcome(study="south", result="failed", seconds=3.0, reason="No.")
    done = call(monkeypatch, Batch(failed, FAILED), "south", "east")
    assert "0 of 2 reports made or kept; 2 failed." in done.output
    assert "Earlier reports stay as they were: south." in done.output


def test_the_code_is_zero_when_every_report_is_there(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Batch(MADE, KEPT)
    done = call(monkeypatch, fake, "north", "south", "--at-once", "3", "--language", "nl", "--again")
    assert done.exit_code == 0, done.output
    given = {"at_once": 3, "language": "nl", "again": True, "scheduler": None}
    assert fake.calls == [(("north", "south"), given)]


def test_all_are_the_studies_that_are_not_simulated(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Batch(MADE, KEPT)
    assert call(monkeypatch, fake, "--all", "--scheduler", "tcp://h:1").exit_code == 0
    assert fake.calls[0][0] == ("north", "south")
    assert fake.calls[0][1]["scheduler"] == "tcp://h:1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nort"], "Did you mean 'north'?"),
        (["north", "--all"], "Name the clients, or take --all: one of the two."),
        (["north", "--at-once", "0"], "at-once"),
        (["north", "--language", "xx"], "No language 'xx'"),
    ],
)
def test_a_mistake_in_the_call_ends_with_two(project: Path, words: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["batch", *words])
    assert done.exit_code == 2
    assert said in done.output
    assert not (project / "reports").exists()


def test_no_client_at_all_is_said(project: Path) -> None:
    for name in ("north", "south"):
        (project / "data" / "studies" / f"{name}.toml").unlink()
    done = CliRunner().invoke(app, ["batch", "--all"])
    assert done.exit_code == 2
    assert "No study of a client is there" in done.output
