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
    """A client with some of the demo's respondents."""
    simulated, studies = project / "data" / "simulated", project / "data" / "studies"
    lines = (simulated / "demo.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (simulated / f"{name}.csv").write_text("".join([lines[0], *lines[first : first + n]]), encoding="utf-8")
    text = (studies / "demo.toml").read_text(encoding="utf-8").replace('name = "demo"', f'name = "{name}"')
    (studies / f"{name}.toml").write_text(text.replace("demo.csv", f"{name}.csv"), encoding="utf-8")
    return name


def contents(folder: Path) -> dict[str, bytes]:
    """Every file by its path, but for the one that holds seconds."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "run.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_report_from_forked_kernels_is_the_same_byte_for_byte(project: Path) -> None:
    name = client(project, "some", first=1, n=150)
    ordinary = contents(run_study(name).folder)
    warm = warm_kernels()
    assert warm is not None
    with warm:
        for _ in range(2):  # a kernel leaves nothing for the next
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
    names = [client(project, f"c{k}", first=1 + 90 * k, n=90) for k in range(4)]
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

    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with (reports / "batch.csv").open(encoding="utf-8", newline="") as file:
        told = {row["study"]: row["result"] for row in csv.DictReader(file)}
    assert told == {name: "kept" if reports / name in before else "made" for name in names}
    assert all({path.name for path in folder.iterdir()} >= WHOLE for folder in there())
    assert sorted(path.name for path in reports.iterdir()) == ["batch.csv", *names]
