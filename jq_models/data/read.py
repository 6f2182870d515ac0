"""Read a data file: delimited text, Excel or SPSS, with nothing made missing in silence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jq_models.data.delimited import decimal_sign, read_delimited
from jq_models.data.exports import layout_of
from jq_models.data.exports.layout import question
from jq_models.data.spss import declared_missing_out, labels_of, read_spss_file
from jq_models.data.table import RawTable, build_grid, clean_cell
from jq_models.data.titles import lines_above
from jq_models.data.upload import checked_bytes, cleanly
from jq_models.data.workbook import open_book
from jq_models.errors import DataError

TEXT = (".csv", ".txt", ".tsv")
EXCEL = (".xlsx", ".xlsm")
SPSS = (".sav", ".zsav")


def read_table(path: str | Path, *, sheet: str | None = None) -> RawTable:
    """Read a data file.

    Parameters
    ----------
    path : str or Path
        A file ending in .csv, .txt, .tsv, .xlsx, .xlsm, .sav or .zsav.
    sheet : str, optional
        Excel only: the sheet; needed when the workbook has several.

    Returns
    -------
    RawTable
        Cells as in the file. Of SPSS files the cells that a column declares missing are None, and counted.
        Exports of survey tools are recognised: one header, question texts apart, previews set aside.

    Raises
    ------
    DataError
        When the file is absent, empty, of another format, or cannot be decoded; when a workbook has
        several sheets and none was named. The text names the file without its folder, and no cell.
    """
    path = Path(path)
    return cleanly(lambda: _read(path, sheet), path)


def _read(path: Path, sheet: str | None) -> RawTable:
    if not path.is_file():
        raise DataError(f"No data file '{path.name}'. Check the name and the folder.")
    ending = path.suffix.lower()
    if ending not in (*TEXT, *EXCEL, *SPSS):
        raise DataError(
            f"{path.name}: the ending '{path.suffix}' is not known. Save the file as .csv, .xlsx or .sav."
        )
    data = checked_bytes(path)
    hashed = hashlib.sha256(data).hexdigest()
    if ending in TEXT:
        lines, encoding, delimiter = read_delimited(data, path)
        raw = _raw(lines, path, sha256=hashed, format="csv", encoding=encoding, delimiter=delimiter)
        return replace(raw, decimal=decimal_sign(raw.frame))
    if ending in EXCEL:
        cells, found = _read_excel(data, path, sheet)
        return _raw(cells, path, sha256=hashed, format="excel", sheet=found)
    rows, more = _read_spss(data, path)
    return _raw(rows, path, sha256=hashed, format="spss", **more)


def _raw(
    rows: Sequence[Sequence[object]], path: Path, *, questions: Mapping[str, str] | None = None, **facts: Any
) -> RawTable:
    """Make the table of a file's rows: those of a survey tool's layout, or header and rows as they are."""
    above = lines_above(rows)
    rows = rows[above:]
    layout = layout_of(rows)
    grid = build_grid(rows if layout is None else [layout.header, *layout.rows], path)
    asked = {} if layout is None else dict(layout.questions)
    return RawTable(
        tool="" if layout is None else layout.tool,
        questions=asked | dict(questions or {}),
        set_aside={} if layout is None else dict(layout.set_aside),
        unfinished=0 if layout is None else layout.unfinished,
        frame=grid.frame,
        name=path.name,
        duplicates=grid.duplicates,
        unnamed=grid.unnamed,
        lines_above=above,
        long_rows=grid.long_rows,
        short_rows=grid.short_rows,
        places=grid.places,
        **facts,
    )


def _read_excel(data: bytes, path: Path, sheet: str | None) -> tuple[list[list[Any]], str]:
    book = open_book(data, path)
    if sheet is None and len(book.names) > 1:
        raise DataError(
            f"{path.name} has {len(book.names)} sheets ({', '.join(book.names)}). "
            "Say which one holds the answers: 'sheet' under [data] in the study file."
        )
    chosen = sheet if sheet is not None else book.names[0]
    return without_blank_ends(book.rows(chosen)), chosen


def without_blank_ends(rows: list[list[Any]]) -> list[list[Any]]:
    """Leave out blank rows above the header and below the last cell: formatting makes them."""
    filled = [i for i, row in enumerate(rows) if any(clean_cell(cell) is not None for cell in row)]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _read_spss(data: bytes, path: Path) -> tuple[list[Sequence[object]], dict[str, Any]]:
    file = read_spss_file(data, path)
    counts = declared_missing_out(file)
    rows = [list(file.columns), *zip(*file.columns.values(), strict=True)]
    questions = {name.strip(): question(text) for name, text in file.questions.items() if text.strip()}
    return rows, {
        "encoding": file.encoding,
        "user_missing": counts,
        "value_labels": labels_of(file),
        "questions": questions,
    }
