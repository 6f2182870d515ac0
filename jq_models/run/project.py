"""A project folder of one's own, made from what the package carries."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from jq_models import paths
from jq_models.errors import RunError
from jq_models.shipped import shipped_files

FOLDERS = ("data/raw", "reports")  # written to by runs, so always there


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A project folder and the files put into it, relative to it."""

    folder: Path
    files: tuple[Path, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many files each part of the project got, by its path of at most two steps."""
        parts = ["/".join(file.parent.parts[:2]) or file.name for file in self.files]
        return {part: parts.count(part) for part in sorted(set(parts))}


def make_project(folder: Path) -> Made:
    """Copy questionnaires, models, norms, themes, the demo and the notebooks into a folder.

    Nothing that stands there is written over.

    Parameters
    ----------
    folder : Path
        Made when it is not there.

    Raises
    ------
    RunError
        When the folder is a project already, holds a file that would be written over, or cannot be written.
    """
    source, files = carried()
    name = folder.resolve().name
    if (folder / "data" / "instruments").exists():
        raise RunError(f"'{name}' is a project already: it holds data/instruments. Name another folder.")
    there = next((file for file in files if (folder / file).exists()), None)
    if there is not None:
        raise RunError(
            f"'{there.as_posix()}' stands there already, and nothing is written over. Name another folder."
        )
    try:
        for kept in FOLDERS:
            (folder / kept).mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file, folder / file)
    except OSError as error:
        raise RunError(
            f"The folder '{name}' cannot be written ({error.strerror}). Name another one."
        ) from None
    return Made(folder=folder, files=files)


def carried() -> tuple[Path, tuple[Path, ...]]:
    """Return where the package's own files lie, and which they are: its copy, or the checkout's.

    Raises
    ------
    RunError
        When the package was built without them.
    """
    if paths.PACKAGED.is_dir():
        found = (path.relative_to(paths.PACKAGED) for path in paths.PACKAGED.rglob("*") if path.is_file())
        return paths.PACKAGED, tuple(sorted(found))
    checkout = paths.PACKAGED.parents[1]
    if not (checkout / "data" / "instruments").is_dir():
        raise RunError("This package was built without its questionnaires and notebooks. Install it again.")
    return checkout, shipped_files(checkout)
