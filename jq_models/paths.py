"""Where the project's files live; every path of the package comes from here."""

from __future__ import annotations

import os
from pathlib import Path

from jq_models.errors import RunError

PROJECT_VARIABLE = "JQ_MODELS_PROJECT"
DEPOSIT = ".deposit.zip"  # beside a report's folder, after its name
# Where an installed package carries questionnaires, notebooks and the demo; a checkout has them beside it.
PACKAGED = Path(__file__).parent / "packaged"


def project_root() -> Path:
    """Return the folder that holds ``data/`` and ``notebooks/``, to read from.

    Looked for, in order: the environment variable ``JQ_MODELS_PROJECT``, the current folder and its
    parents, the checkout this package was installed from, what the installed package carries itself.

    Raises
    ------
    RunError
        When none of them holds ``data/instruments``.
    """
    named = os.environ.get(PROJECT_VARIABLE)
    candidates = (
        [Path(named)] if named else [Path.cwd(), *Path.cwd().parents, Path(__file__).parents[1], PACKAGED]
    )
    for folder in candidates:
        if (folder / "data" / "instruments").is_dir():
            return folder.resolve()
    raise RunError(
        "No project found: neither this folder nor one above it holds data/instruments. "
        f"Make one with `jq-models init`, run inside one, or set {PROJECT_VARIABLE} to its folder."
    )


def own_project() -> Path:
    """Return the project's folder to write in: never what an installed package carries.

    Raises
    ------
    RunError
        When there is none.
    """
    root = project_root()
    if root == PACKAGED.resolve():
        raise RunError(
            "No project here to write in: neither this folder nor one above it holds data/instruments. "
            "Make one with `jq-models init`: it puts questionnaires, notebooks and the demo in a folder."
        )
    return root


def instruments() -> Path:
    """Return the folder of the questionnaires."""
    return project_root() / "data" / "instruments"


def studies() -> Path:
    """Return the folder of the study files."""
    return project_root() / "data" / "studies"


def simulated() -> Path:
    """Return the folder of the simulated data and their truth."""
    return project_root() / "data" / "simulated"


def norms() -> Path:
    """Return the folder of the norm files."""
    return project_root() / "data" / "norms"


def themes() -> Path:
    """Return the folder of the house styles."""
    return project_root() / "data" / "themes"


def registrations() -> Path:
    """Return the folder of the plans that were fixed before the data were read."""
    return project_root() / "data" / "registrations"


def raw() -> Path:
    """Return the folder of clients' data files, which git never sees."""
    return project_root() / "data" / "raw"


def notebooks() -> Path:
    """Return the folder of the study notebooks."""
    return project_root() / "notebooks" / "study"


def reports() -> Path:
    """Return the folder that runs write to.

    Raises
    ------
    RunError
        When there is no project to write in.
    """
    return own_project() / "reports"


def inside(folder: Path, relative: str) -> Path:
    """Return ``folder / relative``, refusing anything that leads out of `folder`.

    Raises
    ------
    RunError
        When the path is absolute or climbs out of the folder.
    """
    target = (folder / relative).resolve()
    if Path(relative).is_absolute() or not target.is_relative_to(folder.resolve()):
        raise RunError(
            f"The path '{relative}' leads out of the project. Give a path inside it, "
            "or name the file on the command line with --data."
        )
    return target
