"""What an uploaded file may be before anything reads it, and what may come out when reading it fails.

A data file comes from outside. Here its size, kind and extent are limited, and whatever a reading library
raises becomes an error without a cell in it: neither in its text nor in an exception it carries along.
"""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from jq_models import paths
from jq_models.data.archive import check_archive
from jq_models.errors import DataError, RunError

MEGABYTE = 1_000_000
MAX_BYTES = 200 * MEGABYTE
MAX_LINE = 10 * MEGABYTE  # bytes between two line ends of a text file
MAX_ROWS = 1_000_000
MAX_COLUMNS = 5_000
MAX_CELLS = 20_000_000  # about 2.5 GB while they are read
WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".txt", ".tsv")

T = TypeVar("T")


def checked_bytes(path: Path) -> bytes:
    """Return a data file's bytes.

    A path given on the command line may be a link: whoever types it could as well type where it leads. In
    ``data/raw``, where files from outside are put, a link must not lead out of it.

    Raises
    ------
    DataError
        When it is empty, no regular file, a link out of ``data/raw``, larger than `MAX_BYTES`, text with an
        endless line, or an archive that holds more than the parts of a workbook (`check_archive`).
    """
    _check_link(path)
    data = _regular(path)
    if not data.strip():
        raise DataError(f"{path.name} is empty. Export the answers again, with the column names in row 1.")
    if path.suffix.lower() in WORKBOOKS:
        check_archive(data, path)
    if path.suffix.lower() in TEXTS and _longest_line(data) > MAX_LINE:
        raise DataError(
            f"{path.name} has a line of more than {MAX_LINE // MEGABYTE} MB: it is no table with one row a "
            "person. Export the answers again, as CSV."
        )
    return data


def bounded(rows: Iterable[Sequence[T]], path: Path) -> Iterator[Sequence[T]]:
    """Yield the rows of a table, as long as they are no more than a survey can have.

    Raises
    ------
    DataError
        Beyond `MAX_ROWS` rows, `MAX_COLUMNS` columns or `MAX_CELLS` cells.
    """
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if number > MAX_ROWS + 1:
            raise DataError(
                f"{path.name} has more than {MAX_ROWS:,} rows. Delete the empty rows at its end; split a "
                "larger survey into several studies."
            )
        if len(row) > MAX_COLUMNS:
            raise DataError(
                f"{path.name} has more than {MAX_COLUMNS:,} columns. Export only the questions and groups "
                "that the study uses."
            )
        if cells > MAX_CELLS:
            raise DataError(
                f"{path.name} has more than {MAX_CELLS:,} cells. Export only the questions and groups that "
                "the study uses, and delete empty rows and columns."
            )
        yield row


def cleanly(read: Callable[[], T], path: Path) -> T:
    """Return what `read` returns; whatever it raises leaves as an error that holds no cell.

    Also the exceptions an error carries along (``__context__``) may quote cells, and so may warnings; both
    end here.

    Raises
    ------
    DataError
        With the text of a `DataError` that `read` raised, else with words of our own.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except (DataError, RunError) as error:
        said = str(error)
    except MemoryError:
        said = (
            f"{path.name} needs more memory than this machine has free. Export only the questions and groups "
            "that the study uses."
        )
    except Exception as error:  # noqa: BLE001 - reading libraries raise anything on a damaged file
        said = (
            f"{path.name} cannot be read: it is damaged, or not what its ending says "
            f"({type(error).__name__}). Export the answers again, as .csv, .xlsx or .sav."
        )
    raise DataError(said)  # here, outside `except`, so that nothing is carried along


def _check_link(path: Path) -> None:
    try:
        raw = paths.raw()
    except RunError:
        return  # outside a project there is no such folder
    stands = Path(os.path.abspath(path))
    inside = stands.is_relative_to(raw) or stands.parent.resolve().is_relative_to(raw.resolve())
    if inside and not stands.resolve().is_relative_to(raw.resolve()):
        raise DataError(
            f"{path.name} in data/raw is a link that leads out of this folder. Put a copy of the file there, "
            "or name the file itself with --data."
        )


def _longest_line(data: bytes) -> int:
    # lines end in a line feed; only where they seem endless are the carriage returns of old Macs looked for
    lines = (
        part
        for line in data.split(b"\n")
        for part in ([line] if len(line) <= MAX_LINE else line.split(b"\r"))
    )
    return max(map(len, lines))


def _regular(path: Path) -> bytes:
    """Read a regular file of a sensible size; a device or pipe is never waited for."""
    try:
        # the checks are made on what was opened: a name can be given to something else in between
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                raise DataError(
                    f"{path.name} is no file but a folder, device or pipe. Name the export itself."
                )
            if about.st_size <= MAX_BYTES:
                data = file.read(MAX_BYTES + 1)
                if len(data) <= MAX_BYTES:
                    return data
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DataError(
            f"{path.name} cannot be opened: {reason}. Check the name and that you may read the file."
        ) from None
    raise DataError(
        f"{path.name} is {about.st_size / MEGABYTE:,.0f} MB; the limit is {MAX_BYTES // MEGABYTE} MB. Export "
        "only the questions and groups that the study uses, without texts and pictures."
    )
