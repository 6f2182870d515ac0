"""A batch: who fails alone, what a killed worker or a killed batch leaves, what a restart makes of it."""

from __future__ import annotations

import csv
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_stubs import light, whole

from jq_models.errors import RunError, SpecError
from jq_models.numeric import dask_client
from jq_models.run import batch
from jq_models.run.batch import clients, run_batch, write_outcomes
from jq_models.run.batch_client import Outcome


@pytest.fixture
def project(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of study files alone; `light` reads none."""
    folder = tmp_path / "project"
    for name in ("data/instruments", "data/studies"):
        shutil.copytree(checkout / name, folder / name)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(folder))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    return folder


@pytest.fixture
def dask() -> Iterator[None]:
    """Take back what Dask draws from the global generator: names of its messages, nothing of ours."""
    state = random.getstate()
    yield
    random.setstate(state)


def studies(project: Path, *names: str) -> list[str]:
    """Study files of these names; all but the name is the demo's."""
    folder = project / "data" / "studies"
    text = (folder / "demo.toml").read_text(encoding="utf-8")
    for name in names:
        (folder / f"{name}.toml").write_text(
            text.replace('name = "demo"', f'name = "{name}"'), encoding="utf-8"
        )
    return list(names)


def test_one_that_fails_or_kills_its_worker_stops_no_other(project: Path, dask: None) -> None:
    names = studies(project, "once", "a", "raises", "b", "c")
    before, heard = dict(os.environ), list[Outcome]()
    found = run_batch([*names, "a"], language="nl", at_once=2, on_done=heard.append, runner=light)
    assert [one.study for one in found] == names
    assert {one.study for one in found if one.result != "made"} == {"raises"}
    assert found[2].reason == "The worker could not run it: ValueError."
    assert sorted(heard, key=str) == sorted(found, key=str)
    assert whole(project / "reports") == ["a", "b", "c", "once"]
    assert (project / "once.died").exists()
    assert (project / "reports" / "a" / "first.txt").read_text(encoding="utf-8") == "nl 1"
    assert dict(os.environ) == before
    assert os.getpid() not in {one.n for one in found}


@pytest.mark.slow
def test_one_that_kills_its_worker_twice_has_failed(project: Path, dask: None) -> None:
    mortal, other = run_batch(studies(project, "mortal", "a"), at_once=1, runner=light)
    assert mortal.result == "failed"
    assert "The worker died with it twice" in mortal.reason
    assert other.result == "made"
    assert whole(project / "reports") == ["a"]
    assert not list((project / "reports").glob(".*"))  # half a report of `mortal`


KILLED = """
import sys
sys.path.insert(0, sys.argv[1])
from batch_stubs import light
from jq_models.run.batch import run_batch
if __name__ == "__main__":
    run_batch(sys.argv[2:], at_once=2, runner=light)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_batch_leaves_whole_reports_and_a_restart_makes_the_rest(project: Path, dask: None) -> None:
    names, reports = studies(project, *(f"c{k}" for k in range(8))), project / "reports"
    script = project / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    with subprocess.Popen([sys.executable, script, str(Path(__file__).parent), *names]) as running:
        until = time.monotonic() + 60
        while len(list(reports.glob("c*"))) < 3 or not list(reports.glob(".c*.partial-*")):
            assert time.monotonic() < until
            assert running.poll() is None
            time.sleep(0.005)
        running.kill()  # the workers are left to themselves
    there = whole(reports)
    assert 3 <= len(there) < 8
    workers = {int((reports / name / "run.json").read_text(encoding="utf-8")) for name in there}
    until = time.monotonic() + 20
    while any(map(_alive, workers)):  # they end with the batch
        assert time.monotonic() < until
        time.sleep(0.05)
    there = whole(reports)

    found = run_batch(names, at_once=1, runner=light)
    assert [one.study for one in found if one.result == "kept"] == there
    assert {one.result for one in found} == {"made", "kept"}
    assert whole(reports) == names
    assert not list(reports.glob(".*"))


def _alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


@pytest.mark.slow
def test_ctrl_c_ends_a_batch_and_its_workers(project: Path) -> None:
    names, reports = studies(project, *(f"c{k}" for k in range(12))), project / "reports"
    script = project / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    command = [sys.executable, script, str(Path(__file__).parent), *names]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as running:
        while not list(reports.glob("c*")):
            assert running.poll() is None
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: the workers get it too
        assert b"KeyboardInterrupt" in running.communicate(timeout=60)[1]
    assert 0 < len(whole(reports)) < 12
    assert not list(reports.glob(".*"))


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"names": []}, RunError, "No client is named"),
        ({"names": ["dmo"]}, SpecError, r"No file 'dmo.toml' in studies/. Did you mean 'demo'\?"),
        ({"names": ["../demo"]}, SpecError, "'../demo' cannot name a study"),
        ({"names": ["demo"], "at_once": 0}, RunError, "at_once = 0: give a whole number from 1 on"),
        ({"names": ["demo"], "language": "xx"}, SpecError, "No language 'xx'"),
    ],
    ids=["none", "unknown", "climbing", "at_once", "language"],
)
def test_a_mistake_in_the_call_stops_before_any_worker_starts(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, object],
    kind: type[Exception],
    message: str,
) -> None:
    monkeypatch.setattr(batch, "cluster", lambda *a, **k: pytest.fail("a cluster was started"))
    with pytest.raises(kind, match=message):
        run_batch(**given)


def test_a_data_file_of_the_shell_would_be_everyones(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JQ_MODELS_DATA", "answers.csv")
    with pytest.raises(RunError, match="JQ_MODELS_DATA names one data file"):
        run_batch(["demo"])


def test_a_scheduler_that_does_not_answer_is_said(
    project: Path, dask: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_client, "PATIENCE", 0.5)
    with pytest.raises(RunError, match=r"No dask scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        run_batch(["demo"], scheduler="tcp://127.0.0.1:9", runner=light)


def test_a_report_made_elsewhere_is_no_report(project: Path) -> None:
    class Future:
        def exception(self) -> None:
            return None

        def result(self) -> Outcome:
            return Outcome(study="demo", result="made", n=3, report="demo")

    outcome = batch._outcome(Future(), "demo", tried=1)
    assert outcome is not None
    assert (outcome.result, outcome.report) == ("failed", "")
    assert "do not share this project" in outcome.reason


def test_all_are_the_studies_that_are_not_simulated_and_the_faulty_ones(project: Path) -> None:
    folder = project / "data" / "studies"
    (folder / "faulty.toml").write_text("name = ", encoding="utf-8")
    found = clients()
    assert {"gss", "faulty"} <= set(found)
    assert "demo" not in found
    assert list(found) == sorted(found)


def test_the_summary_file_has_a_row_a_client_and_no_path(project: Path) -> None:
    told = (
        Outcome(
            study="a",
            result="made",
            n=150,
            seconds=12.345,
            report="a-nl",
            reason="No PDF, for want of pango.",
        ),
        Outcome(study="b", result="failed", reason='It says "no", twice'),
    )
    write_outcomes(told, project / "batch.csv")
    with (project / "batch.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["study", "result", "n", "seconds", "report", "reason"],
        ["a", "made", "150", "12.3", "a-nl", "No PDF, for want of pango."],
        ["b", "failed", "", "0.0", "", 'It says "no", twice'],
    ]
    assert not re.search(r"/\w+/", (project / "batch.csv").read_text(encoding="utf-8"))
    assert [path.name for path in project.glob("*batch*")] == ["batch.csv"]
