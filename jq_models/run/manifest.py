"""``run.json``: what a report was made from, so that it can be made again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

from jq_models import __version__
from jq_models.errors import RunError
from jq_models.paths import PACKAGED
from jq_models.spec import Instrument, Study

FORMAT = 2  # 1 had no `parts`, `words`, `rooms`, `threads` and `shape`
_BLAS_FACTS = ("user_api", "internal_api", "version", "architecture", "threading_layer", "num_threads")
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")


def run_manifest(
    *,
    project: Path,
    study: Study,
    instrument: Instrument,
    data: Path,
    notebooks: Sequence[Path],
    parameters: Mapping[str, object],
    timing: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Collect what determines a report. No path and no value of the data is in it.

    Parameters
    ----------
    project : Path
        The checkout: pyproject.toml, requirements.lock and git are looked up there.
    study, instrument : Study, Instrument
        As read; their hashes are those of their files.
    data : Path
        The data file; its name and hash are kept.
    notebooks : sequence of Path
        The source notebooks, in the order of the run.
    parameters : mapping
        What the notebooks were given, the seed among them.
    timing : mapping of str to float, optional
        Seconds a step took; the one part two equal runs differ in.

    Raises
    ------
    RunError
        When a file cannot be read.
    """
    lock = project / "requirements.lock"
    return {
        "format": FORMAT,
        "jq_models": __version__,
        "code": code_hash(),
        "study": {"name": study.name, "sha256": study.sha256},
        "instrument": {
            "name": instrument.name,
            "version": instrument.version,
            "sha256": instrument.sha256,
        },
        "data": {"name": data.name, "sha256": file_hash(data)},
        "notebooks": {path.stem: file_hash(path) for path in notebooks},
        "requirements_lock": file_hash(lock) if lock.exists() else None,
        "parameters": dict(parameters),
        "seed": parameters.get("seed"),
        "packages": package_versions(project),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "blas": blas_facts(),
        "git": git_state(project),
        "timing": {step: round(seconds, 1) for step, seconds in (timing or {}).items()},
    }


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """Return the manifest as JSON with sorted keys."""
    return json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def comparable(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what two equal runs have in common: all but the timing."""
    return {key: value for key, value in manifest.items() if key != "timing"}


def file_hash(path: Path) -> str:
    """Return a file's SHA-256.

    Raises
    ------
    RunError
        When it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise RunError(f"The file '{path.name}' cannot be read, so its hash cannot be kept.") from None


@cache  # what counts is the code that was loaded, not what was written since
def code_hash() -> str:
    """Return the SHA-256 of the package's files: code, words, template, fonts.

    What an installed package carries for reading has hashes of its own, and a checkout has it elsewhere.
    """
    package, found = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and not path.is_relative_to(PACKAGED):
            found.update(f"{path.relative_to(package).as_posix()} {file_hash(path)}\n".encode())
    return found.hexdigest()


def package_versions(project: Path) -> dict[str, str | None]:
    """Return the installed version of each dependency of the package; None when absent.

    The names come from the checkout's pyproject.toml; in a project folder without one, which holds data and
    notebooks alone, from the installed package.
    """
    file = project / "pyproject.toml"
    if file.exists():
        named = tomllib.loads(file.read_text(encoding="utf-8"))["project"]["dependencies"]
    else:
        named = [line for line in metadata.requires("jq-models") or [] if "extra ==" not in line]
    versions: dict[str, str | None] = {}
    for line in named:
        match = _REQUIREMENT.match(line)
        name = match[0] if match else line
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = None
    return versions


def blas_facts() -> list[dict[str, str]]:
    """Return the linear-algebra libraries numpy works with, without their paths."""
    np.linalg.inv(np.eye(2))  # a library shows only once it is loaded
    facts = [{key: str(entry[key]) for key in _BLAS_FACTS if entry.get(key)} for entry in threadpool_info()]
    unique = {tuple(sorted(fact.items())): fact for fact in facts if fact.get("user_api") == "blas"}
    return [unique[key] for key in sorted(unique)]


def git_state(project: Path) -> dict[str, Any] | None:
    """Return the commit and whether files differ from it; None outside a repository or before a commit."""
    top, commit = _git(project, "rev-parse", "--show-toplevel"), _git(project, "rev-parse", "HEAD")
    if top is None or commit is None or Path(top).resolve() != project.resolve():
        return None  # a checkout unpacked inside another repository has that one's commit, not its own
    return {"commit": commit, "dirty": bool(_git(project, "status", "--porcelain"))}


def _git(project: Path, *command: str) -> str | None:
    # a git hook's variables name its own repository
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", str(project), *command],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env=variables,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
