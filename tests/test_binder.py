"""What Binder makes an image of is what environment.yml and pyproject.toml ask for."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from test_environment import conda_specs, differing, pyproject_specs

PYTHON = re.compile(r"^  - python=(\d+\.\d+)$", re.MULTILINE)  # the form repo2docker looks for


@pytest.fixture(scope="module")
def binder(checkout: Path) -> Path:
    return checkout / "binder"


def needed(text: str) -> set[str]:
    """Return the names of what the package itself requires, and of what builds it."""
    read = tomllib.loads(text)
    asked = [*read["project"]["dependencies"], *read["build-system"]["requires"]]
    return {canonicalize_name(Requirement(one).name) for one in asked}


def test_it_has_what_the_package_requires_as_environment_yml_has_it(checkout: Path, binder: Path) -> None:
    text = (binder / "environment.yml").read_text(encoding="utf-8")
    here = conda_specs(PYTHON.sub("", text))
    whole = conda_specs((checkout / "environment.yml").read_text(encoding="utf-8"))
    asked = needed((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(here) == asked
    assert differing(here, {name: spec for name, spec in whole.items() if name in asked}) == []


def test_a_requirement_that_one_of_them_lacks_is_found(checkout: Path, binder: Path) -> None:
    text = (binder / "environment.yml").read_text(encoding="utf-8")
    whole = pyproject_specs((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    less = conda_specs(PYTHON.sub("", text).replace("  - scipy>=1.17,<2\n", ""))
    assert differing(less, {name: whole[name] for name in {*less, "scipy"}}) == ["scipy"]


def test_its_python_is_one_the_package_runs_on(checkout: Path, binder: Path) -> None:
    (python,) = PYTHON.findall((binder / "environment.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"{python}.0" in SpecifierSet(project["requires-python"])


def test_channels_are_those_of_environment_yml(checkout: Path, binder: Path) -> None:
    ours, theirs = (
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (binder / "environment.yml", checkout / "environment.yml")
    )
    assert ours["channels"] == theirs["channels"]
    assert ours["name"] == theirs["name"]


def test_the_pdf_has_the_system_libraries_the_program_asks_for(checkout: Path, binder: Path) -> None:
    named = (binder / "apt.txt").read_text(encoding="utf-8").split()
    words = (checkout / "jq_models" / "report" / "wording" / "en" / "main.toml").read_text(encoding="utf-8")
    assert named == re.search(r"Debian: (lib[^)]+)\)", words)[1].split()


def test_the_last_step_installs_the_package_itself(binder: Path) -> None:
    step = binder / "postBuild"
    assert os.access(step, os.X_OK)
    subprocess.run(["bash", "-n", str(step)], check=True)
    assert step.read_text(encoding="utf-8").splitlines()[-1].split()[-2:] == ["--editable", "."]
