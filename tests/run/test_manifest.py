"""The manifest: everything that determines a report, nothing of the machine, stable."""

import hashlib
import json
import subprocess
from types import SimpleNamespace

import pytest

from jq_models.errors import RunError
from jq_models.run.manifest import comparable, git_state, manifest_text, package_versions, run_manifest

STUDY = SimpleNamespace(name="demo", sha256="s" * 64)
INSTRUMENT = SimpleNamespace(name="ccc", version="1", sha256="i" * 64)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "x"\ndependencies = ["numpy>=2,<3", "no-such-package>=1"]\n'
    )
    (tmp_path / "requirements.lock").write_text("numpy==2\n")
    (tmp_path / "client.csv").write_text("OPP1\n3\n")
    (tmp_path / "01_sample.ipynb").write_text("{}")
    return tmp_path


def make(project, **changes):
    given = {
        "project": project,
        "study": STUDY,
        "instrument": INSTRUMENT,
        "data": project / "client.csv",
        "notebooks": [project / "01_sample.ipynb"],
        "parameters": {"study": "demo", "seed": 3},
        "timing": {"01_sample": 1.26},
    }
    return run_manifest(**given | changes)


def test_keeps_hashes_parameters_versions_and_no_path(project):
    text = manifest_text(make(project))
    kept = json.loads(text)
    assert kept["data"] == {"name": "client.csv", "sha256": hashlib.sha256(b"OPP1\n3\n").hexdigest()}
    assert kept["notebooks"] == {"01_sample": hashlib.sha256(b"{}").hexdigest()}
    assert kept["requirements_lock"] == hashlib.sha256(b"numpy==2\n").hexdigest()
    assert (kept["study"]["sha256"], kept["instrument"]["sha256"]) == ("s" * 64, "i" * 64)
    assert (kept["seed"], kept["timing"]) == (3, {"01_sample": 1.3})
    assert kept["packages"]["numpy"].startswith("2.")
    assert kept["packages"]["no-such-package"] is None
    assert {fact["user_api"] for fact in kept["blas"]} == {"blas"}
    assert str(project) not in text
    assert "/" not in json.dumps(kept["blas"])


def test_two_equal_runs_differ_in_timing_alone(project):
    first, second = make(project), make(project, timing={"01_sample": 9.0})
    assert manifest_text(first) != manifest_text(second)
    assert manifest_text(comparable(first)) == manifest_text(comparable(second))


@pytest.mark.parametrize("changed", ["client.csv", "01_sample.ipynb", "requirements.lock"])
def test_any_changed_file_shows(project, changed):
    before = comparable(make(project))
    with (project / changed).open("a") as file:
        file.write(" ")
    assert comparable(make(project)) != before


def test_git_is_none_outside_and_before_a_commit_and_in_another_repository(project):
    def git(*command):
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", project, *identity, *command], check=True, capture_output=True)

    assert git_state(project) is None
    git("init")
    assert git_state(project) is None
    git("add", "pyproject.toml")
    git("commit", "-m", "first")
    state = git_state(project)
    assert state == {"commit": state["commit"], "dirty": True}
    assert len(state["commit"]) == 40
    git("add", ".")
    git("commit", "-m", "second")
    assert git_state(project)["dirty"] is False
    (project / "inner").mkdir()
    assert git_state(project / "inner") is None


def test_a_file_that_is_gone_is_named_without_its_folder(project):
    with pytest.raises(RunError, match=r"The file 'gone.csv' cannot be read") as caught:
        make(project, data=project / "gone.csv")
    assert str(project) not in str(caught.value)


def test_every_dependency_of_this_project_is_installed(checkout):
    assert [name for name, version in package_versions(checkout).items() if version is None] == []
