"""Whole studies, each run once a session in a copy of the project, by the command line as a user would.

A study takes minutes of computing. Each run of the tests makes the Dutch report of the demo, which goes
through all an English one does and the translation too; the English one (`demo`) is for the slow tests. What
its page, document and slides say is tested on the stored notebooks as well (`stored`): the regression of
notebooks holds those against a run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jq_models.report import SHEETS
from jq_models.report.columns import words
from jq_models.report.export import save_sheet, write_csv
from jq_models.report.table import build
from jq_models.run import study
from jq_models.run.together import NOTEBOOKS

Command = Callable[..., subprocess.CompletedProcess[str]]


def copy_of(checkout: Path, folder: Path) -> Path:
    """Copy what a study needs, so that no test touches the checkout's reports."""
    for name in ("data", "notebooks"):
        shutil.copytree(checkout / name, folder / name)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(checkout / name, folder)
    return folder


@pytest.fixture(scope="session")
def project(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy in which studies are run."""
    return copy_of(checkout, tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def network_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every process of a study run writes that it was watched, and what it tried to reach."""
    return tmp_path_factory.mktemp("network") / "network.log"


@pytest.fixture(scope="session")
def command(checkout: Path, project: Path, network_log: Path) -> Command:
    """Run ``jq-models`` in the copy; what reaches beyond this machine is stopped (tests/network_guard)."""
    # this checkout's package, whatever else is installed
    path = os.pathsep.join(map(str, (checkout / "tests" / "network_guard", checkout)))
    watch = {"PYTHONPATH": path, "JQ_NETWORK_LOG": str(network_log)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "jq_models.cli", *arguments],
            cwd=project,
            env={**os.environ, **watch, "JQ_MODELS_PROJECT": str(project), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def _report(command: Command, project: Path, folder: str, *arguments: str) -> Path:
    done = command("study", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"reports/{folder}/report.html" in done.stdout
    return project / "reports" / folder


@pytest.fixture(scope="session")
def demo(command: Command, project: Path) -> Path:
    """The folder of the demo study's report in English; for slow tests."""
    return _report(command, project, "demo", "demo")


@pytest.fixture(scope="session")
def stored(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an English report made of the stored notebooks: one table and its sheet, no PDF."""
    project = copy_of(checkout, tmp_path_factory.mktemp("stored"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JQ_MODELS_PROJECT", str(project))
        patch.delenv("JQ_MODELS_DATA", raising=False)
        patch.setattr(study, "run_together", _as_stored)
        patch.setattr(study, "printing", _unprinted)
        return study.run_study("demo").folder


def _as_stored(work: Path, **given: Any) -> dict[str, float]:
    """Stand in for ``run_together``: the notebooks as they are stored."""
    for name in ("notebooks", "tables", "figures", SHEETS):
        (work / name).mkdir()
    for name in NOTEBOOKS:
        shutil.copy(study.paths.notebooks() / f"{name}.ipynb", work / "notebooks")
    table = build("fit", title="Model fit", columns=[words("a", heading="A", shown=["x"])])
    write_csv(table, work / "tables" / "fit.csv")
    save_sheet(table, work / SHEETS)
    return dict.fromkeys(NOTEBOOKS, 1.0)


@contextmanager
def _unprinted(*given: object, **more: object) -> Iterator[Callable[[Path], str]]:
    yield lambda to: "not printed"


@pytest.fixture(scope="session")
def demo_nl(command: Command, project: Path) -> Path:
    """The folder of the demo study's report in Dutch; of every run of the tests."""
    return _report(command, project, "demo-nl", "demo", "--language", "nl")


@pytest.fixture(scope="session")
def gss(command: Command, project: Path, shared: Path) -> Path:
    """The folder of the report on real answers."""
    data = shared / "data" / "gss_quality_of_worklife.csv"
    if not data.is_file():
        pytest.skip("the General Social Survey's file is not in the folder 'shared'")
    return _report(command, project, "gss", "gss", "--data", str(data))
