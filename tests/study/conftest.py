"""Whole studies, each run once a session in a copy of the project, by the command line as a user would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def project(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a study needs, so that no test touches the checkout's reports."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("data", "notebooks"):
        shutil.copytree(checkout / name, folder / name)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(checkout / name, folder)
    return folder


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
    """The folder of the demo study's report in English."""
    return _report(command, project, "demo", "demo")


@pytest.fixture(scope="session")
def demo_nl(command: Command, project: Path) -> Path:
    """The folder of the demo study's report in Dutch."""
    return _report(command, project, "demo-nl", "demo", "--language", "nl")


@pytest.fixture(scope="session")
def gss(command: Command, project: Path, shared: Path) -> Path:
    """The folder of the report on real answers."""
    data = shared / "data" / "gss_quality_of_worklife.csv"
    if not data.is_file():
        pytest.skip("the General Social Survey's file is not in the folder 'shared'")
    return _report(command, project, "gss", "gss", "--data", str(data))
