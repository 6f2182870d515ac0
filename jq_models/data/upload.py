"""What an uploaded file may be before anything reads it."""

from __future__ import annotations

from pathlib import Path

from jq_models.errors import DataError


def checked_bytes(path: Path) -> bytes:
    """Return a data file's bytes.

    Raises
    ------
    DataError
        When the file is empty.
    """
    data = path.read_bytes()
    if not data:
        raise DataError(f"{path.name} is empty. Export the answers again, with the column names in row 1.")
    return data
