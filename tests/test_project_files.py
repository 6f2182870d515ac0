"""What a package carries, and the project it makes; binder and environment.yml agree."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
from pathlib import Path

import pytest
from setuptools._distutils.filelist import FileList

from jq_models import paths
from jq_models.errors import RunError
from jq_models.paths import PROJECT_VARIABLE
from jq_models.run.project import make_project
from jq_models.shipped import FOLDERS, shipped_files

NOT_SHIPPED = {"reports/example-page.png"}  # a picture for README.md


def tracked(checkout: Path) -> set[str]:
    """Return the files of the shipped folders that git keeps."""
    listed = ["git", "ls-files", "--cached", "--", *FOLDERS]
    done = subprocess.run(listed, cwd=checkout, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return {name for name in done.stdout.splitlines() if (checkout / name).is_file()}


def shipped(checkout: Path) -> set[str]:
    return {path.as_posix() for path in shipped_files(checkout)}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A checkout of a few files."""
    root = tmp_path / "checkout"
    for name in (
        "data/instruments/one.toml", "data/studies/demo.toml", "data/studies/acme.toml",
        "notebooks/study/01.ipynb", "notebooks/.ipynb_checkpoints/01.ipynb", "README.md", "CITATION.cff",
    ):  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="utf-8")
    (root / "MANIFEST.in").write_text(
        "# what goes in\ninclude README.md CITATION.cff data/studies/demo.toml\n"
        "recursive-include data/instruments *.toml\nrecursive-include notebooks *.ipynb\n",
        encoding="utf-8",
    )
    return root


def test_every_file_of_data_and_notebooks_is_in_manifest_in(checkout: Path) -> None:
    forgotten = tracked(checkout) - shipped(checkout) - NOT_SHIPPED
    assert not forgotten, "name them in MANIFEST.in, or a package built from here lacks them"


def test_nothing_of_a_client_is_in_a_package(checkout: Path) -> None:
    beyond = shipped(checkout) - tracked(checkout) - {"CITATION.cff"}
    assert not beyond, "MANIFEST.in takes files that are not of the repository: clients' are among those"


def test_a_file_of_a_client_beside_ours_is_in_no_package(checkout: Path, tmp_path: Path) -> None:
    copied = tmp_path / "checkout"
    for path in (Path("MANIFEST.in"), *shipped_files(checkout)):
        (copied / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(checkout / path, copied / path)
    for folder in {path.parent for path in shipped_files(copied)}:
        for ending in (".toml", ".csv", ".ipynb", ".png", ".md"):
            (copied / folder / f"acme{ending}").write_text("a client's", encoding="utf-8")
    assert not [path for path in shipped_files(copied) if path.stem == "acme"]


def test_setuptools_reads_the_same_list(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    found = FileList()
    for line in (checkout / "MANIFEST.in").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            found.process_template_line(line)
    theirs = {Path(name).as_posix() for name in found.files}
    ours = {name for name in shipped(checkout) if "checkpoint" not in name}
    assert ours <= theirs
    assert {name for name in theirs if name.startswith(FOLDERS) and "/." not in name} == ours - {
        "CITATION.cff"
    }


def test_only_named_files_are_shipped_and_no_hidden_ones(small: Path) -> None:
    assert shipped(small) == {
        "CITATION.cff", "data/instruments/one.toml", "data/studies/demo.toml", "notebooks/study/01.ipynb",
    }  # fmt: skip


def test_another_command_in_the_list_is_refused(small: Path) -> None:
    with (small / "MANIFEST.in").open("a", encoding="utf-8") as file:
        file.write("graft data\n")
    with pytest.raises(ValueError, match=r"holds 'graft'. Use include and recursive-include only"):
        shipped_files(small)


@pytest.fixture
def installed(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that carries the few files, used in an empty folder."""
    packaged = tmp_path / "site" / "jq_models" / "packaged"
    for path in shipped_files(small):
        (packaged / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(small / path, packaged / path)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    monkeypatch.setattr(paths, "PACKAGED", packaged)
    monkeypatch.setattr(paths, "__file__", str(packaged.with_name("paths.py")))
    return work


def test_without_a_project_the_packages_own_files_are_read(installed: Path) -> None:
    assert paths.instruments() == paths.PACKAGED.resolve() / "data" / "instruments"
    for where in (paths.own_project, paths.reports):
        with pytest.raises(RunError, match=r"No project here to write in.*Make one with `jq-models init`"):
            where()


def test_init_makes_a_project_which_is_then_the_one_in_use(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_project(installed / "mine")
    assert made.counts == {
        "CITATION.cff": 1, "data/instruments": 1, "data/studies": 1, "notebooks/study": 1,
    }  # fmt: skip
    for file in made.files:
        assert filecmp.cmp(paths.PACKAGED / file, installed / "mine" / file, shallow=False)
    assert (installed / "mine" / "data" / "raw").is_dir()
    monkeypatch.chdir(installed / "mine" / "notebooks" / "study")
    assert paths.own_project() == (installed / "mine").resolve()
    assert paths.reports() == (installed / "mine" / "reports").resolve()


def test_init_writes_over_nothing(installed: Path) -> None:
    own = installed / "data" / "studies" / "demo.toml"
    own.parent.mkdir(parents=True)
    own.write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match=r"'data/studies/demo.toml' stands there already"):
        make_project(installed)
    assert own.read_text(encoding="utf-8") == "mine"
    assert not (installed / "data" / "instruments").exists()
    make_project(installed / "other")
    with pytest.raises(RunError, match="'other' is a project already"):
        make_project(installed / "other")


def test_a_checkout_makes_a_project_too(checkout: Path, tmp_path: Path) -> None:
    made = make_project(tmp_path / "new")
    assert {path.as_posix() for path in made.files} == shipped(checkout)


def test_a_package_built_without_its_files_says_so(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "PACKAGED", tmp_path / "elsewhere" / "jq_models" / "packaged")
    with pytest.raises(RunError, match=r"built without its questionnaires and notebooks. Install it again"):
        make_project(installed / "mine")
