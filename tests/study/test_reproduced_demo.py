"""Reports really made again, and deposits really unpacked and run. Minutes each."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jq_models.run.archive import PROJECT

pytestmark = pytest.mark.slow
LIGHT = "light"  # a study of few people: what a change names does not hang on their number


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def again(command, out: Path, *words: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    done = command("reproduce", *words, "--json", str(out))
    assert done.returncode in (0, 3, 4), done.stdout + done.stderr
    return done, json.loads(out.read_text(encoding="utf-8"))


def light_study(project: Path, command, *, name: str, simulated: bool) -> Path:
    """A study of 90 people and its report."""
    drawn = command("simulate", "--n", "90", "--name", name, "--organisations", "5")
    assert drawn.returncode == 0, drawn.stderr
    studies = project / "data" / "studies"
    text = (studies / "demo.toml").read_text(encoding="utf-8")
    changes = {'name = "demo" ': f'name = "{name}" ', "simulated/demo.csv": f"simulated/{name}.csv"}
    if not simulated:
        changes["simulated = true"] = "simulated = false"
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    (studies / f"{name}.toml").write_text(text, encoding="utf-8")
    done = command("study", name)
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "reports" / name


@pytest.fixture(scope="module", autouse=True)
def whole_checkout(project: Path, checkout: Path) -> None:
    """A deposit takes along what a checkout has beside the folders that a study needs."""
    for name in PROJECT:
        if not (project / name).exists():
            shutil.copy(checkout / name, project / name)


@pytest.fixture(scope="module")
def light(project: Path, command) -> Path:
    return light_study(project, command, name=LIGHT, simulated=True)


def test_the_demo_is_identical_on_this_machine(demo: Path, command, tmp_path: Path) -> None:
    before = contents(demo)
    done, kept = again(command, tmp_path / "out.json", "reports/demo")
    assert (done.returncode, kept["verdict"]) == (0, "identical"), done.stdout
    assert kept["counts"]["table"]["files"]["identical"] > 90
    assert kept["departures"] == []
    assert contents(demo) == before


def test_the_demo_is_within_tolerance_on_two_threads(demo: Path, command, tmp_path: Path) -> None:
    done, kept = again(command, tmp_path / "out.json", "demo", "--threads", "2")
    assert done.returncode in (0, 3), done.stdout
    assert kept["counts"]["table"]["cells"]["changed"] == 0
    assert [(one["part"], one["what"]) for one in kept["departures"]] == [("machine", "threads")]


def test_one_data_cell_is_named(light: Path, project: Path, command, tmp_path: Path) -> None:
    frame = pd.read_csv(project / "data" / "simulated" / f"{LIGHT}.csv", dtype=str)
    frame.loc[5, "EMP2"] = "1" if frame.loc[5, "EMP2"] != "1" else "5"
    other = tmp_path / "other.csv"
    frame.to_csv(other, index=False)
    done, kept = again(command, tmp_path / "out.json", LIGHT, "--data", str(other))
    assert done.returncode == 4
    assert "answers to EMP2" in {one["what"] for one in kept["departures"] if one["part"] == "data"}
    assert kept["counts"]["table"]["cells"]["changed"] > 0


@pytest.mark.parametrize(
    ("file", "before", "after", "named"),
    [
        (
            "instruments/ccc_job_quality.toml",
            "In my work I come across questions",
            "In my job I come across questions",
            "OPP1: wording in English",
        ),
        (f"studies/{LIGHT}.toml", "score_path = 100 ", "score_path = 80 ", "gates.score_path"),
    ],
)
def test_one_wording_or_option_is_named(
    file: str, before: str, after: str, named: str, light: Path, project: Path, command, tmp_path: Path
) -> None:
    path = project / "data" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    try:
        done, kept = again(command, tmp_path / "out.json", LIGHT)
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 4
    assert [one["what"] for one in kept["departures"] if one["given"]] == [named]
    assert named in " ".join(done.stdout.split())


def test_a_deposit_is_reproduced_by_its_own_code(light: Path, command) -> None:
    done = command("archive", LIGHT, "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    said = " ".join(done.stdout.split())
    assert "Reproduced by its own code with the packages here: identical." in said


def test_a_deposit_without_answers_runs_on_its_stand_in(project: Path, command) -> None:
    light_study(project, command, name="closed", simulated=False)
    ledger = project / "data" / "raw" / "closed.issued.json"
    before = ledger.read_bytes()
    done, kept = again(command, project / "closed.json", "closed")
    assert (done.returncode, kept["verdict"]) == (0, "identical"), done.stdout
    done = command("archive", "closed", "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    said = " ".join(done.stdout.split())
    assert "The deposit runs whole" in said
    assert "not the study's" in said
    assert ledger.read_bytes() == before
