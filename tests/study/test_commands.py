"""The command line: errors end with 2 and write nothing; the same seed gives the same bytes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.run import study as run
from jq_models.run.warm import POSSIBLE


@pytest.fixture
def here(project: Path, monkeypatch: pytest.MonkeyPatch):
    """As `command`, in this process: a new one takes seconds to load, each time."""
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(project))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(project)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = CliRunner().invoke(app, list(arguments))
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def broken(project: Path, tmp_path: Path) -> Path:
    """The demo data with a missing code nobody declared, an empty item and a secret in a cell."""
    frame = pd.read_csv(project / "data" / "simulated" / "demo.csv")
    frame.loc[:20, "OPP1"] = 999
    frame["AMB2"] = None
    frame["CON1"] = frame["CON1"].astype(object)
    frame.loc[3, "CON1"] = "Geheim-4711"
    path = tmp_path / "broken.csv"
    frame.to_csv(path, index=False)
    return path


def test_check_finds_all_problems_at_once_and_ends_with_2(here, broken: Path, project: Path) -> None:
    before = sorted(project.rglob("*"))
    done = here("check", str(broken), "--study", "demo")
    assert done.returncode == 2
    for column in ("OPP1", "AMB2", "CON1"):
        assert column in done.stdout
    assert "Geheim" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(project.rglob("*")) == before


def test_a_study_with_errors_ends_with_2_and_writes_nothing(command, broken: Path, project: Path) -> None:
    before = sorted(project.rglob("*"))
    done = command("study", "demo", "--data", str(broken))
    assert done.returncode == 2
    assert "OPP1" in done.stdout
    assert "Geheim" not in done.stdout + done.stderr
    assert sorted(project.rglob("*")) == before


def test_good_data_pass(here) -> None:
    done = here("check")
    assert done.returncode == 0
    assert "errors 0, warnings 0" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("study", "dmo"), "Did you mean 'demo'"),
        (("study", "../demo"), "cannot name a study"),
        (("study", "demo", "--language", "fr"), "language 'fr'. Allowed: en, nl"),
        (("check", "nowhere.csv"), "nowhere.csv"),
        (("simulate", "--name", "../x"), "cannot name a study"),
        (("simulate", "--seed", "-1"), "greater than or equal to 0"),
    ],
)
def test_mistakes_are_named_with_their_remedy(here, arguments: tuple[str, ...], says: str) -> None:
    done = here(*arguments)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_simulate_gives_the_stored_bytes(command, project: Path, checkout: Path) -> None:
    done = command("simulate", "--name", "again")
    assert done.returncode == 0, done.stderr
    folder = project / "data" / "simulated"
    stored = checkout / "data" / "simulated" / "demo.csv"
    assert (folder / "again.csv").read_bytes() == stored.read_bytes()
    for path in folder.glob("again*"):
        path.unlink()


@pytest.mark.skipif(not POSSIBLE, reason="kernels are forked on Linux alone")
def test_kernels_come_from_one_process_that_ends_with_the_run(
    here, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def made(name: str, *, warm, **given: object) -> run.Run:
        seen.append((warm, warm.alive))
        return run.Run(folder=project / "reports" / name, without_pdf="", seconds=1.0, n=1)

    monkeypatch.setattr(run, "run_study", made)
    assert here("study", "demo").returncode == 0
    [(warm, was_alive)] = seen
    assert was_alive
    assert not warm.alive
