"""Two reports of one client at once, in two processes: the second is judged beside the first."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jq_models.data import open_study
from jq_models.disclosure import ledger_path, read_ledger

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked")

# a study run whose notebooks take until both runs are that far, and whose search for leaks takes a second
RUN = """
import sys, time
from pathlib import Path
from jq_models.errors import JQError
from jq_models.run import study

def notebooks(work, **given):
    Path(f"{sys.argv[1]}.begun").touch()
    until = time.monotonic() + 120
    while len(list(Path().glob("*.begun"))) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    return {}

def search(work, opened, file, clean):
    (work / "report.html").touch()
    time.sleep(1)

study.run_together, study.refuse_leaks = notebooks, search
study._publish = lambda work, opened, **given: ("", {})
try:
    study.run_study("acme", language=sys.argv[1], data=Path(sys.argv[2]))
except JQError as error:
    print(error)
"""

HOLD = """
import sys
from pathlib import Path
from jq_models.data import open_study
from jq_models.disclosure import issuing
opened = open_study("acme")
Path(f"{sys.argv[1]}.waits").touch()
with issuing(opened):
    Path(f"{sys.argv[1]}.inside").touch()
    sys.stdin.readline()
"""


@pytest.fixture
def project(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one client of 60 respondents, whose reports are recorded."""
    folder = tmp_path / "project"
    for name in ("data", "notebooks/study"):
        shutil.copytree(checkout / name, folder / name)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(checkout / name, folder)
    text = (folder / "data" / "studies" / "demo.toml").read_text(encoding="utf-8")
    text = text.replace('name = "demo"', 'name = "acme"').replace("simulated = true", "simulated = false")
    text = text.replace("data/simulated/demo.csv", "data/raw/acme.csv")
    (folder / "data" / "studies" / "acme.toml").write_text(text, encoding="utf-8")
    (folder / "data" / "raw").mkdir(exist_ok=True)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(folder))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    answers(folder, "acme", n=60)
    return folder


def answers(project: Path, name: str, *, n: int) -> str:
    """Write a file with the first respondents of the demo; return its path in the project."""
    lines = (
        (project / "data" / "simulated" / "demo.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    )
    (project / "data" / "raw" / f"{name}.csv").write_text("".join(lines[: n + 1]), encoding="utf-8")
    return f"data/raw/{name}.csv"


def at_once(project: Path, *files: str) -> list[str]:
    """Run the client twice at once, in each language on a file; return what the runs had to say."""
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", RUN, language, file], cwd=project, stdout=subprocess.PIPE, text=True
        )
        for language, file in zip(("en", "nl"), files, strict=True)
    ]
    told = [run.communicate(timeout=300)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    return told


def published(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "reports").iterdir() if path.is_dir())


def test_of_two_reports_that_tell_on_somebody_together_one_is_published(project: Path) -> None:
    told = at_once(project, answers(project, "all", n=60), answers(project, "all_but_one", n=59))
    assert len(published(project)) == 1
    (reason,) = filter(None, told)
    assert "Another report on the same people was issued while this one was made" in reason
    assert "Nothing was published" in reason
    ledger = read_ledger(ledger_path("acme"))
    assert len(ledger.persons) == (60 if published(project) == ["acme"] else 59)


@pytest.mark.slow
def test_two_reports_that_tell_nothing_more_together_are_both_published(project: Path) -> None:
    assert at_once(project, "data/raw/acme.csv", answers(project, "again", n=60)) == ["", ""]
    assert published(project) == ["acme", "acme-nl"]
    assert len(read_ledger(ledger_path("acme")).persons) == 60


def holder(project: Path, name: str) -> subprocess.Popen[str]:
    """Start a process that issues until it is told to stop; wait until it wants to."""
    running = subprocess.Popen(
        [sys.executable, "-c", HOLD, name], cwd=project, stdin=subprocess.PIPE, text=True
    )
    wait_for(project / f"{name}.waits")
    return running


def wait_for(path: Path) -> None:
    until = time.monotonic() + 120
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("end", ["done", "killed"])
def test_a_second_process_waits_until_the_first_is_done_or_dead(project: Path, end: str) -> None:
    assert not open_study("acme").spec.simulated
    with holder(project, "first") as first:
        wait_for(project / "first.inside")
        with holder(project, "second") as second:
            time.sleep(0.5)
            assert not (project / "second.inside").exists()
            if end == "killed":
                first.send_signal(signal.SIGKILL)
            else:
                first.communicate("\n", timeout=60)
            wait_for(project / "second.inside")
            second.communicate("\n", timeout=60)
