"""Whole clients, really run: the same report with forked kernels, and killed workers and batches. Minutes."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jq_models.run.kernel import warm_kernels
from jq_models.run.study import run_study
from jq_models.run.together import NOTEBOOKS
from jq_models.run.warm import POSSIBLE

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not POSSIBLE, reason="kernels are forked on Linux alone")]
WHOLE = {"report.html", "study.xlsx", "run.json", "notebooks", "tables", "figures"}


@pytest.fixture
def project(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    for name in ("data", "notebooks"):
        shutil.copytree(checkout / name, folder / name)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(checkout / name, folder)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(folder))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    return folder


def client(project: Path, name: str, *, first: int, n: int) -> str:
    """A client with some of the demo's respondents, as real ones: their reports are recorded."""
    text = (project / "data" / "studies" / "demo.toml").read_text(encoding="utf-8")
    for before, after in (
        ('name = "demo"', f'name = "{name}"'),
        ("simulated = true", "simulated = false"),
        ("data/simulated/demo.csv", f"data/raw/{name}.csv"),
    ):
        assert before in text
        text = text.replace(before, after)
    (project / "data" / "studies" / f"{name}.toml").write_text(text, encoding="utf-8")
    answers(project, name, first=first, n=n)
    return name


def answers(project: Path, name: str, *, first: int, n: int, late: slice = slice(0)) -> None:
    """Write a client's data file: some of the demo's respondents, and after them those who answered late."""
    demo = project / "data" / "simulated" / "demo.csv"
    head, *lines = demo.read_text(encoding="utf-8").splitlines(keepends=True)
    (project / "data" / "raw").mkdir(exist_ok=True)
    file = project / "data" / "raw" / f"{name}.csv"
    file.write_text("".join([head, *lines[first - 1 :][:n], *lines[late]]), encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file by its path, but for the one that holds seconds."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "run.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_report_from_forked_kernels_is_the_same_byte_for_byte(project: Path) -> None:
    name = client(project, "some", first=1, n=110)  # with a model to fit
    ordinary = contents(run_study(name).folder)
    warm = warm_kernels()
    assert warm is not None
    with warm:
        forked = contents(run_study(name, warm=warm, at_once=1).folder)
    assert {path for path, data in ordinary.items() if forked.get(path) != data} == set()
    assert set(forked) == set(ordinary)
    assert {f"notebooks/{notebook}.ipynb" for notebook in NOTEBOOKS} <= set(ordinary)
    assert any(path.startswith("tables/") for path in ordinary)


def workers(pid: int) -> list[int]:
    """The worker processes of a batch."""
    started = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    # Dask starts them from a thread of its own
    for task in Path(f"/proc/{pid}/task").iterdir():
        started += (task / "children").read_text(encoding="ascii").split()
    return [
        int(one)
        for one in dict.fromkeys(started)
        if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()
    ]


def wait(what: Callable[[], object], running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 400
    while not what():
        assert running.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_killed_worker_and_a_killed_batch_leave_whole_reports_and_a_restart_makes_the_rest(
    project: Path,
) -> None:
    names = [client(project, f"c{k}", first=1 + 60 * k, n=60) for k in range(4)]
    reports = project / "reports"
    command = [sys.executable, "-m", "jq_models.cli", "batch", *names, "--at-once", "2"]

    def there() -> list[Path]:
        return [path for path in reports.glob("c*") if path.is_dir()]

    with subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, start_new_session=True) as running:
        wait(lambda: list(reports.glob(".c*.partial-*/notebooks/*.ipynb")), running)
        os.kill(workers(running.pid)[0], signal.SIGKILL)
        wait(there, running)
        wait(lambda: list(reports.glob(".c*.partial-*")), running)
        os.killpg(running.pid, signal.SIGKILL)
    before = there()
    assert 1 <= len(before) < 4
    assert all({path.name for path in folder.iterdir()} >= WHOLE for folder in before)

    assert told(command, project) == {name: "kept" if reports / name in before else "made" for name in names}
    assert all({path.name for path in folder.iterdir()} >= WHOLE for folder in there())
    assert sorted(path.name for path in reports.iterdir()) == ["batch.csv", *names]

    records = {name: (project / "data" / "raw" / f"{name}.issued.json") for name in names}
    recorded = {name: path.read_bytes() for name, path in records.items()}
    assert told(command, project) == dict.fromkeys(
        names, "kept"
    )  # their own reports on record change nothing
    answers(project, names[1], first=61, n=60, late=slice(300, 320))  # twenty more
    assert told(command, project) == {**dict.fromkeys(names, "kept"), names[1]: "made"}
    assert [name for name in names if records[name].read_bytes() != recorded[name]] == [names[1]]


def told(command: list[str], project: Path) -> dict[str, str]:
    """Run a batch to its end; return what became of each client."""
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with (project / "reports" / "batch.csv").open(encoding="utf-8", newline="") as file:
        return {row["study"]: row["result"] for row in csv.DictReader(file)}
