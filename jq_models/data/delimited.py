"""Delimited text: the encoding, the delimiter and the decimal sign are found, never assumed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pandas as pd

from jq_models.data.titles import lines_above
from jq_models.data.upload import bounded
from jq_models.errors import DataError

DELIMITERS = (";", ",", "\t")
_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line, "sep=;"
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+")
_SAMPLE = 200  # rows read to recognise the delimiter


def read_delimited(data: bytes, path: Path) -> tuple[list[Sequence[str]], str, str]:
    """Read delimited text.

    Returns
    -------
    tuple of rows, encoding, delimiter
        All rows with a cell, header rows among them; cells as they stand.

    Raises
    ------
    DataError
        When the bytes are no text in a known encoding, no delimiter is recognised, or a quotation mark
        stays open.
    """
    text, encoding = _decode(data, path)
    hint = _HINT.match(text)
    text = text[hint.end() :] if hint else text
    delimiter = hint[1] if hint else _delimiter(text, path)
    try:
        rows = list(bounded((row for row in _rows(text, delimiter) if row), path))
    except csv.Error:
        # csv's own words may hold a part of the line
        raise DataError(
            f"{path.name}: a quotation mark is opened and never closed, or stands in the middle of a cell; "
            "or a cell holds 131,072 signs. Export the file again, with texts in double quotation marks."
        ) from None
    return rows, encoding, delimiter


def _decode(data: bytes, path: Path) -> tuple[str, str]:
    if data.startswith(b"PK\x03\x04"):
        raise DataError(f"{path.name} is an Excel file under another ending. Rename it to .xlsx.")
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    attempts = ["utf-16"] if wide else ["utf-8-sig", "cp1252"]
    for encoding in attempts:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding
    raise DataError(
        f"{path.name} cannot be read as text: it is neither UTF-8 nor Windows-1252. "
        "Export it again as CSV UTF-8."
    )


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text: str, path: Path) -> str:
    """Choose the delimiter under which most rows have as many cells as the header."""
    found: list[tuple[float, int, str]] = []
    for delimiter in DELIMITERS:
        rows: list[list[str]] = []
        with suppress(csv.Error):  # a faulty quotation mark is reported when the whole file is read
            rows.extend(row for row in islice(_rows(text, delimiter), _SAMPLE) if row)
        rows = rows[lines_above(rows) :]
        width = len(rows[0]) if rows else 0
        if width > 1:
            found.append((sum(len(row) == width for row in rows) / len(rows), width, delimiter))
    if found:
        return max(found)[2]
    if not text.strip():
        raise DataError(f"{path.name} is empty. Export the answers again, with the column names in row 1.")
    raise DataError(
        f"{path.name}: no delimiter recognised; the first row is one column. "
        "Separate the columns by ';', ',' or a tab, or save the file as .xlsx."
    )


def decimal_sign(frame: pd.DataFrame) -> str:
    """Return the decimal sign most numbers with decimals are written with, else a point."""
    cells = [cell for name in frame.columns for cell in frame[name] if isinstance(cell, str)]
    commas = sum(_COMMA.fullmatch(cell) is not None for cell in cells)
    points = sum(_POINT.fullmatch(cell) is not None for cell in cells)
    return "," if commas > points else "."
