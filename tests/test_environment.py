"""pyproject.toml, environment.yml, requirements.lock and what is installed say the same.

Each comparison is a small function returning what differs; it is shown to find something on doctored input.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"dask-core": "dask", "matplotlib-base": "matplotlib", "seaborn-base": "seaborn"}
IN_CONDA = (Path(sys.prefix) / "conda-meta").is_dir()
Specs = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """One entry of the lock: a package may have several, with markers that exclude each other."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def applies(self) -> bool:
        """Whether it is meant for the Python and system the tests run on."""
        return not self.marker or Marker(self.marker).evaluate()


def specs_of(requirements: Iterable[str]) -> Specs:
    """Return name -> specifier, both in one spelling."""
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(one.name): str(one.specifier) for one in parsed}


def pyproject_specs(text: str) -> Specs:
    """Return what pyproject.toml asks for, those for development and the site and Python included."""
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["dev"], *extras["docs"]]
    return specs_of([*asked, f"python{project['requires-python']}"])


def conda_specs(text: str) -> Specs:
    """Return what environment.yml asks for under the names of the package index, itself and pip left out."""
    entries = yaml.safe_load(text)["dependencies"]
    from_pip = [line for entry in entries if isinstance(entry, dict) for line in entry["pip"]]
    from_conda = [entry for entry in entries if isinstance(entry, str) and entry != "pip"]
    specs = specs_of([*from_conda, *(line for line in from_pip if line != "-e .")])
    return {CONDA_NAMES.get(name, name): spec for name, spec in specs.items()}


def lock_entries(text: str) -> list[Locked]:
    """Return the entries of requirements.lock."""
    found = re.finditer(
        r"^([\w.-]+)==([^\s;]+)(?: ; (.*?))?(?: \\)?\n((?: +--hash=\S+(?: \\)?\n)*)", text, re.M
    )
    return [
        Locked(
            name=canonicalize_name(one[1]),
            version=one[2],
            marker=one[3] or "",
            hashes=tuple(re.findall(r"--hash=(sha256:[0-9a-f]{64})\b", one[4])),
        )
        for one in found
    ]


def differing(ours: Specs, theirs: Specs) -> list[str]:
    """Return the names that only one side has or that have another specifier."""
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def not_bounded(specs: Specs) -> list[str]:
    """Return the names without a lower and an upper bound, the form pip and conda both read."""
    bounded = {name: re.fullmatch(r"<[\d.]+,>=[\d.]+", spec) for name, spec in specs.items()}
    return sorted(name for name in specs if not bounded[name] and name != "python")


def not_locked(specs: Specs, entries: Iterable[Locked]) -> list[str]:
    """Return the names that are asked for but not in the lock, or there at a version nobody asked for."""
    versions: dict[str, list[str]] = {}
    for one in entries:
        versions.setdefault(one.name, []).append(one.version)
    return sorted(
        name
        for name, spec in specs.items()
        if name != "python"
        and not (name in versions and all(map(SpecifierSet(spec).contains, versions[name])))
    )


def without_hash(entries: Iterable[Locked]) -> list[str]:
    """Return the names of entries that no file can be checked by."""
    return sorted(one.name for one in entries if not one.hashes)


def addresses(text: str) -> list[str]:
    """Return the lines that name a place packages come from."""
    place = re.compile(
        r"://|\bfile:|--(extra-)?index|--find-links|--trusted-host|(^|[\s'\"=@])[~.]{0,2}/\w|[A-Z]:\\"
    )
    return [line for line in text.splitlines() if place.search(line)]


def not_installed(entries: Iterable[Locked], installed: dict[str, str]) -> list[str]:
    """Return the names of entries for this system that are not installed at the locked version."""
    return sorted(one.name for one in entries if one.applies and installed.get(one.name) != one.version)


def unmet(specs: Specs, installed: dict[str, str]) -> list[str]:
    """Return the names that are not installed at a version that was asked for."""
    return sorted(
        name for name, spec in specs.items() if not SpecifierSet(spec).contains(installed.get(name, "0"))
    )


def undeclared(sources: Iterable[str], specs: Specs) -> list[str]:
    """Return the packages the sources import without pyproject.toml naming them."""
    providers = importlib.metadata.packages_distributions()
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    named = {name for module in imported for name in providers.get(module.partition(".")[0], ())}
    return sorted({canonicalize_name(name) for name in named} - specs.keys() - {"jq-models"})


def read(name: str) -> str:
    """Return a file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def specs() -> Specs:
    return pyproject_specs(read("pyproject.toml"))


@pytest.fixture(scope="module")
def locked() -> list[Locked]:
    return lock_entries(read("requirements.lock"))


@pytest.fixture(scope="module")
def installed() -> dict[str, str]:
    # not all of sys.path: setuptools, once imported, adds packages of its own to it
    places = [sysconfig.get_path(kind) for kind in ("purelib", "platlib")]
    there = importlib.metadata.distributions(path=places)
    found = {canonicalize_name(one.name): one.version for one in there}
    return found | {"python": ".".join(map(str, sys.version_info[:3]))}


def test_the_project_file_bounds_every_package_from_both_sides(specs: Specs) -> None:
    assert len(specs) > 20
    assert not_bounded(specs) == []


def test_the_conda_file_asks_for_the_same(specs: Specs) -> None:
    assert differing(specs, conda_specs(read("environment.yml"))) == []


def test_the_lock_holds_what_is_asked_for(specs: Specs, locked: list[Locked]) -> None:
    assert not_locked(specs, locked) == []


def test_the_lock_holds_what_building_the_package_takes(locked: list[Locked]) -> None:
    build = tomllib.loads(read("pyproject.toml"))["build-system"]["requires"]
    assert not_locked(specs_of(build), locked) == []


def test_every_entry_of_the_lock_was_read_and_has_hashes(locked: list[Locked]) -> None:
    assert len(locked) == len(re.findall(r"^\w", read("requirements.lock"), re.M))
    assert without_hash(locked) == []


def test_the_lock_names_no_place() -> None:
    assert addresses(read("requirements.lock")) == []
    assert addresses(read("environment.yml")) == []
    assert not (ROOT / "uv.lock").exists()


@pytest.mark.skipif(IN_CONDA, reason="a conda environment follows environment.yml, not the lock")
def test_what_is_installed_equals_the_lock(locked: list[Locked], installed: dict[str, str]) -> None:
    assert not_installed(locked, installed) == [], "run `python3 do.py environment`"


def test_what_is_installed_is_what_is_asked_for(specs: Specs, installed: dict[str, str]) -> None:
    assert unmet(specs, installed) == []


def test_every_imported_package_is_asked_for(specs: Specs) -> None:
    files = [path for folder in ("jq_models", "tests", "docs") for path in (ROOT / folder).rglob("*.py")]
    assert undeclared((path.read_text(encoding="utf-8") for path in files), specs) == []


def test_the_citation_names_the_version_and_licence_of_the_project() -> None:
    citation, project = yaml.safe_load(read("CITATION.cff")), tomllib.loads(read("pyproject.toml"))["project"]
    assert (str(citation["version"]), citation["license"]) == (project["version"], project["license"])


HASH = "    --hash=sha256:" + "0" * 64
TWO_ENTRIES = f"""# compiled
numpy==2.4.6 ; python_version < '3' \\
{HASH} \\
{HASH}
    # via pandas
rich==15.0.0 \\
{HASH}
bare==1.0
"""


def test_the_lock_reader_keeps_versions_markers_and_hashes() -> None:
    numpy, rich, bare = lock_entries(TWO_ENTRIES)
    assert (numpy.version, numpy.applies, len(numpy.hashes)) == ("2.4.6", False, 2)
    assert (rich.version, rich.applies, len(rich.hashes)) == ("15.0.0", True, 1)
    assert without_hash([numpy, rich, bare]) == ["bare"]


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        ({"rich": "<16,>=15"}, []),
        ({"rich": "<16,>=14"}, ["rich"]),
        ({}, ["rich"]),
        ({"rich": "<16,>=15", "x": ""}, ["x"]),
    ],
)
def test_another_specifier_or_name_is_found(theirs: Specs, found: list[str]) -> None:
    assert differing(specs_of(["Rich >=15, <16"]), theirs) == found


def test_a_change_of_one_line_in_the_conda_file_is_found(specs: Specs) -> None:
    text = read("environment.yml")
    assert differing(specs, conda_specs(text.replace("semopy>=2.3.11", "semopy>=2.3.10"))) == ["semopy"]
    assert differing(specs, conda_specs(text.replace("  - nbval>=0.11,<1\n", ""))) == ["nbval"]
    assert differing(specs, conda_specs(text.replace("python>=3.11", "python>=3.12"))) == ["python"]


@pytest.mark.parametrize("loose", ["rich", "rich>=15", "rich==15.0.0", "rich~=15.0", "rich<16"])
def test_a_package_without_both_bounds_is_found(loose: str) -> None:
    assert not_bounded(specs_of([loose, "numpy>=2,<3"])) == ["rich"]


def test_a_missing_or_unwanted_version_in_the_lock_is_found() -> None:
    entries = lock_entries(TWO_ENTRIES)
    assert not_locked(specs_of(["rich>=15,<16", "numpy>=2.4,<3"]), entries) == []
    assert not_locked(specs_of(["rich>=16,<17", "numpy>=2.4,<3", "scipy>=1,<2"]), entries) == [
        "rich",
        "scipy",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "--index-url somewhere",
        "--extra-index-url somewhere",
        "--find-links wheels",
        "x @ https://example.org/x.whl",
        "x @ file:x.whl",
        "# via -r /home/me/in.txt",
        "-r ../in.txt",
        r"# via C:\in.txt",
    ],
)
def test_a_place_in_the_lock_is_found(line: str) -> None:
    assert addresses(f"rich==15.0.0\n    # via jq-models (pyproject.toml)\n{line}\n") == [line]


def test_another_installed_version_or_none_is_found() -> None:
    entries = lock_entries(TWO_ENTRIES)
    assert not_installed(entries, {"rich": "15.0.0", "bare": "1.0"}) == []
    assert not_installed(entries, {"rich": "15.0.1"}) == ["bare", "rich"]
    assert unmet({"rich": "<16,>=15", "x": ">=1"}, {"rich": "15.0.1"}) == ["x"]


def test_an_import_nobody_declared_is_found() -> None:
    assert undeclared(["import yaml\nfrom packaging.markers import Marker\nimport os"], {"pyyaml": ""}) == [
        "packaging"
    ]
