"""What had been issued when a report was made: kept with the raw data, so that it can be made again.

A report issued later may hide groups that an earlier one showed. To make the earlier one again is no new
issue: it is held against what had been issued then.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jq_models import paths
from jq_models.disclosure.opened import ISSUED_VARIABLE, SUFFIX
from jq_models.errors import RunError

KIND = "jq-models issued before, 1"


def require_own_record() -> None:
    """Raise when the shell names other records of issued reports than those that everything is held against.

    Raises
    ------
    RunError
    """
    if os.environ.get(ISSUED_VARIABLE):
        raise RunError(
            f"The variable {ISSUED_VARIABLE} names other records of issued reports than those in data/raw, "
            "against which a report must be held. Unset it."
        )


def before_path(study: str, report: str) -> Path:
    """Return where is kept what had been issued before a report: with the raw data, and purged with them.

    Parameters
    ----------
    study, report : str
        The study's name and that of its folder in ``reports``.
    """
    return paths.raw() / f"{study}.{report}.before.json"


def keep_before(study: str, report: str, *, run: str) -> None:
    """Keep the ledgers as they are, before this report is written to its own.

    Parameters
    ----------
    study, report : str
    run : str
        The hash of the report's ``run.json``, which tells whose this is.
    """
    ledgers = {path.name: path.read_text(encoding="utf-8") for path in _ledgers(paths.raw())}
    held = json.dumps({"kind": KIND, "run": run, "ledgers": ledgers}, separators=(",", ":"))
    target = before_path(study, report)
    part = target.with_name(f".{study}.{secrets.token_hex(4)}.part")
    try:
        part.touch(mode=0o600)
        part.write_text(held + "\n", encoding="utf-8", newline="\n")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def as_issued(study: str, report: str, *, run: str, folder: Path) -> Iterator[bool]:
    """Hold everything in this block against what had been issued before a report; nothing real is written.

    Parameters
    ----------
    study, report : str
    run : str
        The hash of the report's ``run.json``.
    folder : Path
        An empty folder for copies of the ledgers; kernels are told of it by `ISSUED_VARIABLE`.

    Yields
    ------
    bool
        Whether what had been issued is known. Where it is not, the copies are of the ledgers as they are now.
    """
    kept = _read(before_path(study, report), run=run)
    now = {path.name: path.read_text(encoding="utf-8") for path in _ledgers(paths.raw())}
    for name, text in (now if kept is None else kept).items():
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    before = os.environ.get(ISSUED_VARIABLE)
    os.environ[ISSUED_VARIABLE] = str(folder)
    try:
        yield kept is not None or not now
    finally:
        if before is None:
            del os.environ[ISSUED_VARIABLE]
        else:
            os.environ[ISSUED_VARIABLE] = before


def _ledgers(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _read(path: Path, *, run: str) -> dict[str, str] | None:
    """Return the ledgers kept for a report; None where there are none, or of another run of it."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["kind"] != KIND or held["run"] != run:
            return None
        return {str(name): str(text) for name, text in held["ledgers"].items() if Path(name).name == name}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def forget_issued(study: str) -> None:
    """Take a study's ledger out of what is kept for the reports of others: its data are being purged."""
    gone = f"{study}{SUFFIX}"
    for path in sorted(paths.raw().glob("*.before.json")):
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            if held["kind"] != KIND or gone not in held["ledgers"]:
                continue
            del held["ledgers"][gone]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # nothing that anyone can read
        path.write_text(json.dumps(held, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")
