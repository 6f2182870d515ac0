"""Delete a client's data when its study is over: everything in ``data/raw``, nothing outside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jq_models import paths
from jq_models.disclosure import forget_issued
from jq_models.errors import RunError, SpecError
from jq_models.spec import LANGUAGES, Study, check_name, load_study


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What a purge deletes, or has deleted, and what stays.

    Attributes
    ----------
    name : str
    deleted, stays : tuple of str
        Paths inside the project.
    compared_by : tuple of str
        Studies that name this one as the wave before, and lose it.
    """

    name: str
    deleted: tuple[str, ...]
    stays: tuple[str, ...]
    compared_by: tuple[str, ...]


def purge(name: str, *, dry: bool = False) -> Purged:
    """Delete a client's raw data and lists of issued reports; leave study file and reports.

    Only files in ``data/raw`` are deleted: those called ``NAME.*``, what a killed call left half-written
    (``.NAME.*``), and the one the study file names.

    Parameters
    ----------
    name : str
    dry : bool
        Say what would be deleted, and delete nothing.

    Raises
    ------
    SpecError
        When the name is none, or the study file cannot be read.
    RunError
        When the data are simulated, lie outside ``data/raw`` or belong to another study too, or there is
        nothing to delete.
    """
    study = load_study(name) if (paths.studies() / f"{check_name(name)}.toml").exists() else None
    files = {path for path in _entries(paths.raw()) if path.name.startswith((f"{name}.", f".{name}."))}
    if study is not None:
        files |= _own_file(study)
    # a link is deleted, not what it leads to; folders were not put here by this program
    files = {path for path in files if path.is_symlink() or path.is_file()}
    if not files:
        raise RunError(f"There is nothing of '{name}' in data/raw. Check the name; nothing was deleted.")
    others = _others(name)
    shared = [other.name for other in others if _resolved(other) in {path.resolve() for path in files}]
    if shared:
        raise RunError(f"The data of '{name}' are used by {', '.join(shared)} too: purge that study first.")
    purged = Purged(
        name=name,
        deleted=tuple(sorted(path.relative_to(paths.raw()).as_posix() for path in files)),
        stays=_stays(name),
        compared_by=tuple(other.name for other in others if other.client.previous == name),
    )
    if not dry:
        for path in sorted(files):
            _delete(path)
        forget_issued(name)
    return purged


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _own_file(study: Study) -> set[Path]:
    """Return the study's data file.

    Raises
    ------
    RunError
        When it is simulated or lies outside ``data/raw``.
    """
    file = paths.project_root() / study.file
    folder = paths.inside(paths.project_root(), "data/raw")
    if study.simulated or not file.resolve().is_relative_to(folder):
        why = "are simulated" if study.simulated else "lie outside data/raw"
        raise RunError(f"The data of '{study.name}' {why}: purge deletes only clients' files in data/raw.")
    return {file}


def _others(name: str) -> list[Study]:
    """Return the other studies; those whose file cannot be read share nothing that is known of."""
    found = []
    for path in sorted(paths.studies().glob("*.toml")):
        if path.stem != name:
            try:
                found.append(load_study(path.stem))
            except SpecError:
                continue
    return found


def _resolved(study: Study) -> Path:
    return (paths.project_root() / study.file).resolve()


def _stays(name: str) -> tuple[str, ...]:
    reports = [f"reports/{folder}" for folder in (name, *(f"{name}-{language}" for language in LANGUAGES))]
    known = [f"data/studies/{name}.toml", *reports]
    # a deposit made with --with-data holds the answers: it must at least be named
    known += [f"{report}{paths.DEPOSIT}" for report in reports]
    known += [f"reports/.{Path(report).name}{paths.DEPOSIT}.part" for report in reports]  # of a killed call
    notices = sorted(path.name for path in paths.reports().glob(f"{name}.privacy.*"))
    there = [path for path in known if (paths.project_root() / path).exists()]
    return (*there, *(f"reports/{notice}" for notice in notices))


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise RunError(
            f"data/raw/{path.name} cannot be deleted: {error.strerror}. Close the programs that show it."
        ) from None
