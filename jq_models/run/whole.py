"""A run's folder appears under its name only when it is whole."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jq_models.errors import JQError, RunError
from jq_models.run.clean import clean_text
from jq_models.spec import LANGUAGES, check_name
from jq_models.spec.study import NAME

_FOLDER = re.compile(rf"{NAME.pattern}(-({'|'.join(LANGUAGES)}))?")
_FORGOTTEN = 24 * 3600  # seconds after which a part-made folder belongs to nobody, where locks cannot tell


@contextmanager
def whole_run(reports: Path, name: str) -> Iterator[Path]:
    """Yield an empty folder to write to; publish it as ``reports/NAME`` when the block ends well.

    The old report stays in its place until then. When the block fails, the old report stays, what was made
    is removed, and ``NAME.error.txt`` says why, without values and paths; the next whole run removes it.

    Parameters
    ----------
    reports : Path
        The folder of all reports; made when absent.
    name : str
        The report's name.

    Yields
    ------
    Path
        A hidden folder beside the final one, so that publishing is a renaming.

    Raises
    ------
    SpecError
        When the name may not name a folder.
    RunError
        When the finished folder cannot take its place, such as when a file of the old one is open.
    """
    if not _FOLDER.fullmatch(name):
        check_name(name)  # says what a name must be like
    final = reports / name
    reports.mkdir(parents=True, exist_ok=True)
    tidy(final)
    error_file = reports / f"{name}.error.txt"
    work = reports / f".{name}.partial-{uuid.uuid4().hex[:8]}"
    work.mkdir()
    try:
        with _held(work):
            yield work
            _publish(work, final)
    except BaseException as error:
        shutil.rmtree(work, ignore_errors=True)
        error_file.write_text(_explain(error, name, reports), encoding="utf-8", newline="\n")
        raise
    error_file.unlink(missing_ok=True)


def _publish(work: Path, final: Path) -> None:
    """Swap folders by two renamings; when the second fails, the old report comes back."""
    old = final.with_name(f".{final.name}.old-{uuid.uuid4().hex[:8]}")
    try:
        if final.exists():
            final.rename(old)
        try:
            work.rename(final)
        except OSError:
            if old.exists():
                old.rename(final)
            raise
    except OSError:
        raise RunError(
            f"The report '{final.name}' cannot be replaced; the old one stays. "
            "Close every program that shows one of its files, then run again."
        ) from None
    shutil.rmtree(old, ignore_errors=True)


def tidy(final: Path) -> None:
    """Mend what a run that was killed left behind; one that still goes on is left alone.

    Parameters
    ----------
    final : Path
        The report's folder, whether it exists or not.
    """
    for old in sorted(final.parent.glob(f".{final.name}.old-*")):
        if final.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(final)
    for part in final.parent.glob(f".{final.name}.partial-*"):
        if _abandoned(part):
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _held(work: Path) -> Iterator[None]:
    """Lock a folder while it is written to: the lock ends with the process, however that ends."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(work, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _abandoned(part: Path) -> bool:
    """Whether the run that writes to a part-made folder is over."""
    with suppress(OSError):  # gone meanwhile, or locked, or no locks here
        if time.time() - os.path.getmtime(part) > _FORGOTTEN:
            return True
        if sys.platform != "win32":
            import fcntl

            handle = os.open(part, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            finally:
                os.close(handle)
            return True
    return False


def _explain(error: BaseException, name: str, reports: Path) -> str:
    return f"The report '{name}' was not made.\n{reason_of(error, reports)}\n"


def reason_of(error: BaseException, reports: Path) -> str:
    """Say why a report was not made, in words that cannot hold an answer or a path."""
    if isinstance(error, JQError):
        return clean_text(str(error), roots=(reports, reports.parent))
    if isinstance(error, KeyboardInterrupt):
        return "Stopped from the keyboard."
    return f"{type(error).__name__}; its text is not kept, for it may quote answers."
