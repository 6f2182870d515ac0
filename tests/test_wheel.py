"""A built package works without its checkout: library, command line, a whole report in a project it makes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from jq_models.run.manifest import code_hash

pytestmark = pytest.mark.slow
LEFT_OUT = (".git", ".venv", ".*_cache", "__pycache__", "*.egg-info", "build", "dist", "tests", "benchmarks")
BUILD = "from setuptools.build_meta import build_{kind} as b; print(b({folder!r}))"
FIT = """
from jq_models.data import open_study
from jq_models.sem import fit_sem
study = open_study("demo", language="nl")
fit = fit_sem(study.model("second_order"), study.responses)
print(study.dimensions[0], study.responses.n, fit.usable)
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


def clean() -> dict[str, str]:
    """Return the shell's variables without those that lead to a checkout."""
    told = ("PYTHONPATH", "JQ_MODELS_PROJECT", "JQ_MODELS_DATA", "JQ_MODELS_OUT", "JQ_MODELS_THEME")
    return {name: value for name, value in os.environ.items() if name not in told}


def build(source: Path, kind: str, folder: Path) -> Path:
    """Build with the setuptools that is here: nothing is fetched."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD.format(kind=kind, folder=str(folder))],
        cwd=source,
        env=clean(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source package, built from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("build")
    shutil.copytree(checkout, folder / "copy", ignore=shutil.ignore_patterns(*LEFT_OUT))
    source = build(folder / "copy", "sdist", folder)
    with tarfile.open(source) as archive:
        archive.extractall(folder / "source", filter="data")
    (unpacked,) = (folder / "source").iterdir()
    return build(unpacked, "wheel", folder)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing in or above it."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel, and what it requires from the tests' own."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    (site,) = {Path(path) for path in map(str, folder.rglob("site-packages"))}
    (site / "required.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    install = ["-m", "pip", "install", "--no-index", "--no-deps", "--ignore-installed", str(wheel)]
    done = subprocess.run(
        [scripts / "python", *install], env=clean(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return scripts / "python"


@pytest.fixture(scope="module")
def run(python: Path) -> Run:
    """Run the installed command, or with ``-c`` the environment's Python."""

    def call(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        first = [python] if arguments[0] == "-c" else [python.with_name("jq-models")]
        return subprocess.run(
            [*first, *arguments],
            cwd=cwd,
            env={**clean(), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )

    return call


@pytest.fixture(scope="module")
def project(run: Run, empty: Path) -> Path:
    done = run("init", "mine", cwd=empty)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Made a project in mine." in done.stdout
    return empty / "mine"


def test_it_is_the_installed_package_that_runs(run: Run, python: Path, empty: Path) -> None:
    done = run("-c", "import jq_models; print(jq_models.__file__)", cwd=empty)
    assert Path(done.stdout.strip()).is_relative_to(python.parents[1])
    assert "init" in run("--help", cwd=empty).stdout


def test_the_package_is_the_checkouts_to_the_last_file(run: Run, empty: Path) -> None:
    done = run("-c", "from jq_models.run.manifest import code_hash; print(code_hash())", cwd=empty)
    assert done.stdout.strip() == code_hash(), done.stderr


def test_the_library_reads_and_fits_without_a_project(run: Run, empty: Path) -> None:
    done = run("-c", FIT, cwd=empty)
    assert done.stdout.split() == ["OPP", "577", "True"], done.stderr


@pytest.mark.parametrize(
    "command",
    [("study", "demo"), ("preregister", "demo"), ("privacy", "demo"), ("simulate", "--name", "small")],
    ids=lambda command: command[0],
)
def test_what_must_write_says_how_to_make_a_project(run: Run, empty: Path, command: tuple[str, ...]) -> None:
    done = run(*command, cwd=empty)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Make one with `jq-models init`" in done.stderr
    assert not [path for path in empty.iterdir() if path.name != "mine"]


def test_a_model_is_fitted_to_a_file(run: Run, project: Path) -> None:
    done = run("fit", "data/models/second_order.txt", "data/simulated/demo.csv", "--na", "99", cwd=project)
    assert done.returncode == 0, done.stderr
    assert re.search(r"SAT ~ JQ +\d\.\d+ +0\.\d+", done.stdout)  # estimate, standard error


def test_a_project_is_made_once(run: Run, project: Path) -> None:
    done = run("init", cwd=project)
    assert done.returncode == 2
    assert "'mine' is a project already" in done.stderr


def test_a_whole_report_comes_of_it(run: Run, project: Path, empty: Path) -> None:
    done = run("study", "demo", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    report = project / "reports" / "demo"
    for name in ("report.html", "report.docx", "report.pptx", "study.xlsx", "run.json"):
        assert (report / name).stat().st_size > 500, name
    manifest = json.loads((report / "run.json").read_text(encoding="utf-8"))
    assert manifest["code"] == code_hash()
    assert all(manifest["packages"].values())
    page = (report / "report.html").read_text(encoding="utf-8")
    assert str(empty) not in page
