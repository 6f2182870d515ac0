"""The sheets of a workbook, cell by cell, and nothing else of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import openpyxl

from jq_models.data.upload import bounded
from jq_models.errors import DataError, suggest

_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_SHEETS = "xl/worksheets/"
EXCEL_ROWS = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook whose bytes `checked_bytes` has accepted.

    Attributes
    ----------
    names : tuple of str
        Its sheets.
    """

    names: tuple[str, ...]
    _data: bytes = field(repr=False)
    _book: Any = field(repr=False)
    _path: Path

    def rows(self, name: str) -> list[list[Any]]:
        """Return a sheet's cells, its rows brought to one width.

        Raises
        ------
        DataError
            When there is no such sheet, it holds more than a survey does, or formulas whose result was never
            stored: their cells read as empty and are not.
        """
        if name not in self.names:
            raise DataError(f"{self._path.name} has no sheet '{name}'. {suggest(name, self.names)}")
        cells: list[Sequence[Any]] = []
        blank = 0
        for row in _cells(self._book[name], self._path):
            if all(cell is None for cell in row):
                blank += 1  # formatting makes blank rows down to the last one Excel has: they are not kept
                continue
            cells += [()] * blank
            cells.append(row)
            blank = 0
        unsaved = self._unsaved_formulas(name)
        if unsaved:
            found = "1 cell holds" if unsaved == 1 else f"{unsaved} cells hold"
            raise DataError(
                f"{self._path.name}: {found} a formula without a stored result: its value is unknown. "
                "Open the file in Excel, save it, and try again."
            )
        width = max(map(len, cells), default=0)
        wide = ((*row, *(None,) * (width - len(row))) for row in cells)
        return [list(row) for row in bounded(wide, self._path)]

    def _unsaved_formulas(self, name: str) -> int:
        if not _has_formulas(self._data):
            return 0
        written = _cells(_loaded(self._data, data_only=False)[name], self._path, values=False)
        pairs = chain.from_iterable(map(zip, written, _cells(self._book[name], self._path)))
        return sum(cell.data_type == "f" and value is None for cell, value in pairs)


def open_book(data: bytes, path: Path) -> Book:
    """Open a workbook.

    Raises
    ------
    DataError
        When it has no sheet. What openpyxl raises on damaged ones is for `cleanly`.
    """
    book = _loaded(data, data_only=True)
    names = tuple(sheet.title for sheet in book.worksheets)
    if not names:
        raise DataError(f"{path.name} has no sheet with cells. Save the answers in a sheet of their own.")
    return Book(names=names, _data=data, _book=book, _path=path)


def _loaded(data: bytes, *, data_only: bool) -> Any:
    # read-only: cells come one by one, and merged ranges, links and pictures, which could be of any size, are
    # left alone
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False)


def _cells(sheet: Any, path: Path, *, values: bool = True) -> Iterator[Sequence[Any]]:
    sheet.reset_dimensions()  # what a sheet says of its size may be wrong, and cells beyond it would be lost
    for number, row in enumerate(sheet.iter_rows(values_only=values)):
        if number >= EXCEL_ROWS:
            raise DataError(f"{path.name} is damaged: it says it has more rows than Excel can hold.")
        yield row


def _has_formulas(data: bytes) -> bool:
    """Look for a formula in the sheets' own text: reading the workbook a second time is slow."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith(_SHEETS)]
        return any(_FORMULA.search(parts.read(name)) is not None for name in sheets)
