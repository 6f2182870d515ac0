"""Unpack a deposit, and make its report again with nothing but what is in it."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from jq_models.disclosure import distances
from jq_models.errors import RunError
from jq_models.run.archive import STAND_IN, SUMS
from jq_models.run.manifest import file_hash
from jq_models.spec import load_study

LIMITS = {"mean": 0.02, "sd": 0.02, "missing": 0.01, "correlation": 0.15}
"""How far a stand-in may be from what it was drawn from, with `MANY` respondents and more.

With fewer, by the square root of their number more: answers are whole numbers, and few of them cannot come as
near to so many moments.
"""
MANY = 400
RAN = (0, 3, 4)  # exit codes of `reproduce` when it ran whole
_DROPPED = ("JQ_MODELS_", "PYTHON", "VIRTUAL_ENV")
_TOLD = 2_000  # characters of what a failed command said


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of a deposit that was unpacked and run.

    Attributes
    ----------
    name : str
        The zip file.
    stand_in : bool
        Whether its answers are synthetic.
    fresh : bool
        Whether an environment was made from its lock.
    files : int
        Files whose hash was held against `SHA256SUMS`.
    result : dict
        What ``jq-models reproduce --json`` wrote.
    distances : mapping of str to float
        Of a stand-in from what it was drawn from, measured in the deposit.
    respondents : int
        Of a stand-in.
    """

    name: str
    stand_in: bool
    fresh: bool
    files: int
    result: dict[str, Any] = field(repr=False)
    distances: Mapping[str, float] = field(default_factory=dict)
    respondents: int = 0

    @property
    def near(self) -> bool:
        """Whether a stand-in is within `LIMITS` of what it was drawn from."""
        wider = math.sqrt(max(1.0, MANY / max(self.respondents, 1)))
        return all(value <= LIMITS[key] * wider for key, value in self.distances.items())

    @property
    def passed(self) -> bool:
        """Whether the report was made again; of a stand-in, whether it ran whole and is near enough."""
        if self.stand_in:
            return self.near and self.result["verdict"] in ("identical", "within", "changed")
        return bool(self.result["verdict"] != "changed")


def check_deposit(path: Path, *, fresh: bool = False) -> Checked:
    """Unpack a deposit into a temporary folder, hold it against its hashes, and reproduce it there.

    A process of its own runs the deposit's own code.

    Parameters
    ----------
    path : Path
        The zip file.
    fresh : bool
        Make an environment from the deposit's lock with its own ``do.py`` (minutes, and the network);
        else this interpreter's packages are used.

    Raises
    ------
    RunError
        When it is no deposit, a file in it is not as its hash says, or it cannot be run.
    """
    with TemporaryDirectory(prefix="jq-models-", ignore_cleanup_errors=True) as place:
        folder = Path(place) / "deposit"
        _unpack(path, folder)
        files = _require_sums(folder, path.name)
        report = _report(folder, path.name)
        out = Path(place) / "reproduced.json"
        python = _fresh(folder) if fresh else sys.executable
        _run([python, "-m", "jq_models.cli", "reproduce", f"reports/{report}", "--json", str(out)], folder)
        found, respondents = _distances(folder)
        result = json.loads(out.read_text(encoding="utf-8"))
    return Checked(
        name=path.name,
        stand_in=bool(found),
        fresh=fresh,
        files=files,
        result=result,
        distances=found,
        respondents=respondents,
    )


def _unpack(path: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                parts = PurePosixPath(name)
                if parts.is_absolute() or ".." in parts.parts or "\\" in name or ":" in name:
                    raise RunError(f"{path.name} holds a file whose name leads out of it. It is no deposit.")
            for one in packed.infolist():
                _write(folder / one.filename, packed.read(one), folder=one.is_dir())
    except (OSError, zipfile.BadZipFile):
        raise RunError(f"{path.name} cannot be opened as a zip file. Archive the report again.") from None


def _write(path: Path, content: bytes, *, folder: bool) -> None:
    """Write one file of a zip, byte by byte what it holds: no link, no permission of its own."""
    (path if folder else path.parent).mkdir(parents=True, exist_ok=True)
    if not folder:
        path.write_bytes(content)


def _require_sums(folder: Path, name: str) -> int:
    """Return how many files are as `SUMS` says; nothing may be missing, altered or added.

    Raises
    ------
    RunError
    """
    listed = folder / SUMS
    if not listed.is_file():
        raise RunError(f"{name} holds no {SUMS}: it is no deposit of jq_models.")
    lines = [line.partition("  ") for line in listed.read_text(encoding="utf-8").splitlines()]
    sums = {one: sha for sha, _, one in lines}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {SUMS}
    wrong = sorted((there ^ sums.keys()) | {one for one in there & sums.keys() if _other(folder, one, sums)})
    if wrong:
        raise RunError(f"{name} is not as it was written: {', '.join(wrong[:5])}. Archive the report again.")
    return len(sums)


def _other(folder: Path, name: str, sums: Mapping[str, str]) -> bool:
    return file_hash(folder / name) != sums[name]


def _report(folder: Path, name: str) -> str:
    found = sorted(path.parent.name for path in folder.glob("reports/*/run.json"))
    if len(found) != 1:
        raise RunError(
            f"{name} holds {len(found)} reports, and a deposit holds one. Archive the report again."
        )
    return found[0]


def _fresh(folder: Path) -> str:
    """Make an environment from the deposit's lock and return its Python."""
    _run([sys.executable, "do.py", "environment"], folder, allowed=(0,))
    inner = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    return str(folder / ".venv" / inner)


def _run(command: list[str], folder: Path, *, allowed: tuple[int, ...] = RAN) -> None:
    """Run a command with the deposit's code and nothing of this project's.

    Raises
    ------
    RunError
        With what it said, when it ends otherwise than allowed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    own = {"PYTHONPATH": str(folder), "JQ_MODELS_PROJECT": str(folder), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        command, cwd=folder, env=kept | own, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode not in allowed:
        said = (done.stderr or done.stdout).strip()[-_TOLD:].replace(str(folder), "…")
        raise RunError(f"The deposit does not run (exit code {done.returncode}):\n{said}")


def _distances(folder: Path) -> tuple[dict[str, float], int]:
    """Measure a stand-in in the deposit and count its people; nothing where there is none."""
    for path in sorted((folder / STAND_IN).glob("*_moments.csv")):
        name = path.stem.removesuffix("_moments")
        moments = pd.read_csv(path, index_col=0)
        correlations = pd.read_csv(path.with_name(f"{name}_correlations.csv"), index_col=0)
        study = load_study(name, folder=folder / "data" / "studies")
        frame = pd.read_csv(folder / study.file)
        return distances(frame, moments, correlations), len(frame)
    return {}, 0
