"""A data file as it was read: cells untouched, and every fact found on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from jq_models.data.upload import bounded
from jq_models.errors import DataError

Cell = str | float | None
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A data file before any interpretation.

    Attributes
    ----------
    frame : DataFrame
        Object columns of text, numbers and None (an empty cell); headers as in the file, stripped. Of
        columns with the same header only the first is here.
    name, sha256 : str
        The file's name without its folder, and the hash of its bytes.
    format : {"csv", "excel", "spss"}
    encoding, delimiter, decimal, sheet : str or None
        What was found; None where the format has none.
    duplicates : mapping of str to int
        Headers that stand more than once, and how often.
    unnamed : int
        Columns with cells but without a header; they are not in `frame`.
    lines_above : int
        Lines above the header, such as a title: left out.
    long_rows, short_rows : int
        Rows with more, or fewer, cells than the header.
    places : mapping of str to int
        Where each column of `frame` stands in the file, counted from 0.
    user_missing : mapping of str to int
        SPSS: cells a column declares missing; they are None in `frame`.
    value_labels : mapping of str to mapping of str to str
        SPSS: the labels of a column's codes.
    tool : str
        The survey tool whose layout was recognised, such as ``"qualtrics"``; empty when none was.
    questions : mapping of str to str
        Question texts by column, where the file brings them beside the column's name.
    set_aside : mapping of str to int
        Rows left out because the tool marks them as no answers, by rule, such as ``"preview_row"``.
    unfinished : int
        Rows the tool marks as unfinished; they stay.
    """

    # no cells in the repr, which ends up in tracebacks and notebooks; nor headers, which are cells when the
    # header row is absent
    frame: pd.DataFrame = field(repr=False)
    name: str
    format: str
    sha256: str
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    duplicates: Mapping[str, int] = field(default_factory=dict, repr=False)
    unnamed: int = 0
    lines_above: int = 0
    long_rows: int = 0
    short_rows: int = 0
    places: Mapping[str, int] = field(default_factory=dict, repr=False)
    user_missing: Mapping[str, int] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    tool: str = ""
    questions: Mapping[str, str] = field(default_factory=dict, repr=False)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    unfinished: int = 0

    @property
    def n(self) -> int:
        """The number of rows under the header."""
        return len(self.frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Header and rows brought to one width, with what that took."""

    frame: pd.DataFrame
    duplicates: Mapping[str, int]
    unnamed: int
    long_rows: int
    short_rows: int
    places: Mapping[str, int]


def clean_cell(cell: object) -> Cell:
    """Return a number as float, anything else as stripped text, nothing as None.

    Only the empty cell is missing: ``"NA"``, ``"None"`` and ``"null"`` are texts like any other.
    """
    if cell is None or cell != cell:  # NaN is what SPSS's system-missing arrives as
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = str(cell).replace("\ufeff", "").strip()
    return text or None


def text_of(cell: Cell) -> str:
    """Return a cell as the text a reader expects: the number 3.0 is ``"3"``."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell or ""


def number_of(cell: Cell) -> float | None:
    """Return a cell's number, written with a decimal comma or point; None when it is text."""
    if isinstance(cell, str):
        return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None
    return cell


def build_grid(rows: Iterable[Sequence[object]], path: Path) -> Grid:
    """Take the first row as the header, the others as cells.

    Parameters
    ----------
    rows : iterable of sequences
        All rows of the file, the header first.
    path : Path
        For error texts; only its name is shown.

    Raises
    ------
    DataError
        When there is no header, only one column, or no row under the header.
    """
    records = [[clean_cell(cell) for cell in row] for row in bounded(rows, path)]
    header = [text_of(cell) for cell in records[0]] if records else []
    if not any(header):
        raise DataError(f"{path.name} is empty. Export the answers again, with the column names in row 1.")
    cells = records[1:]
    if not cells:
        raise DataError(f"{path.name} has column names but no rows. Export the answers again.")
    width = len(header)
    filled = [len(row) - _trailing(row) for row in cells]
    padded = [(row + [None] * (width - len(row)))[:width] for row in cells]
    columns = list(zip(*padded, strict=True))
    first: dict[str, int] = {}
    for position, name in enumerate(header):
        if name:
            first.setdefault(name, position)
    frame = pd.DataFrame(
        {name: pd.Series(columns[position], dtype=object) for name, position in first.items()}
    )
    counts = Counter(name for name in header if name)
    unnamed = sum(
        any(cell is not None for cell in columns[position])
        for position, name in enumerate(header)
        if not name
    )
    return Grid(
        frame=frame,
        duplicates=MappingProxyType({name: count for name, count in counts.items() if count > 1}),
        unnamed=unnamed,
        long_rows=sum(length > width for length in filled),
        short_rows=sum(len(row) < width for row in cells),
        places=MappingProxyType(first),
    )


def _trailing(row: Sequence[Cell]) -> int:
    """Count the empty cells at the end of a row: superfluous delimiters there do no harm."""
    count = 0
    for cell in reversed(row):
        if cell is not None:
            break
        count += 1
    return count
