"""Read a data file: delimited text, Excel or SPSS, with nothing made missing in silence."""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
from openpyxl.utils.exceptions import InvalidFileException

from jq_models.data.delimited import read_delimited
from jq_models.data.table import Grid, RawTable, build_grid, clean_cell, text_of
from jq_models.data.upload import checked_bytes
from jq_models.errors import DataError, suggest

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

    Raises
    ------
    DataError
        When the file is absent, empty, of another format, or cannot be decoded; when a workbook has
        several sheets and none was named. The text names the file without its folder, and no cell.
    """
    path = Path(path)
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
        grid, encoding, delimiter, decimal = read_delimited(data, path)
        facts = {"format": "csv", "encoding": encoding, "delimiter": delimiter, "decimal": decimal}
        return _raw(grid, path, hashed, **facts)
    if ending in EXCEL:
        grid, found = _read_excel(data, path, sheet)
        return _raw(grid, path, hashed, format="excel", sheet=found)
    grid, more = _read_spss(path)
    return _raw(grid, path, hashed, format="spss", **more)


def _raw(grid: Grid, path: Path, hashed: str, **facts: Any) -> RawTable:
    return RawTable(
        frame=grid.frame,
        name=path.name,
        sha256=hashed,
        duplicates=grid.duplicates,
        unnamed=grid.unnamed,
        long_rows=grid.long_rows,
        short_rows=grid.short_rows,
        **facts,
    )


def _read_excel(data: bytes, path: Path, sheet: str | None) -> tuple[Grid, str]:
    values = _workbook(data, path, data_only=True)
    names = [worksheet.title for worksheet in values.worksheets]
    if sheet is None and len(names) > 1:
        raise DataError(
            f"{path.name} has {len(names)} sheets ({', '.join(names)}). "
            "Say which one holds the answers: 'sheet' under [data] in the study file."
        )
    chosen = sheet if sheet is not None else names[0]
    if chosen not in names:
        raise DataError(f"{path.name} has no sheet '{chosen}'. {suggest(chosen, names)}")
    rows = [list(row) for row in values[chosen].iter_rows(values_only=True)]
    unsaved = _unsaved_formulas(data, path, chosen, rows) if _has_formulas(data) else 0
    if unsaved:
        cells = "1 cell holds" if unsaved == 1 else f"{unsaved} cells hold"
        raise DataError(
            f"{path.name}: {cells} a formula without a stored result: its value is unknown. "
            "Open the file in Excel, save it, and try again."
        )
    return build_grid(_without_blank_ends(rows), path), chosen


def _workbook(data: bytes, path: Path, *, data_only: bool) -> Any:
    try:
        with warnings.catch_warnings():
            # openpyxl warns of drop-down lists and styles it does not keep; only cells are read here
            warnings.simplefilter("ignore", UserWarning)
            return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError):
        raise DataError(
            f"{path.name} cannot be opened as an Excel workbook: it is damaged, protected by a password, "
            "or of another format. Save it again as .xlsx without a password."
        ) from None


def _has_formulas(data: bytes) -> bool:
    """Look for a formula in the sheets' own text: opening the workbook a second time is slow."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f>" in (text := parts.read(name)) or b"<f " in text for name in sheets)


def _unsaved_formulas(data: bytes, path: Path, sheet: str, rows: list[list[Any]]) -> int:
    """Count the formulas whose result was never stored: their cell reads as empty and is not."""
    formulas = chain.from_iterable(_workbook(data, path, data_only=False)[sheet].iter_rows())
    pairs = zip(formulas, chain.from_iterable(rows), strict=True)
    return sum(cell.data_type == "f" and value is None for cell, value in pairs)


def _without_blank_ends(rows: list[list[Any]]) -> list[list[Any]]:
    """Leave out blank rows above the header and below the last cell: formatting makes them."""
    filled = [i for i, row in enumerate(rows) if any(clean_cell(cell) is not None for cell in row)]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _read_spss(path: Path) -> tuple[Grid, dict[str, Any]]:
    frame, meta, encoding = _spss_file(path)
    counts: dict[str, int] = {}
    for name, ranges in meta.missing_ranges.items():
        # reading user_missing keeps the codes as values: so they can be counted before they go
        declared = frame[name].map(lambda cell, ranges=ranges: _in_ranges(cell, ranges)).astype(bool)
        if declared.any():
            counts[name.strip()] = int(declared.sum())
            frame[name] = frame[name].astype(object).mask(declared, None)
    grid = build_grid(chain([list(frame.columns)], frame.itertuples(index=False, name=None)), path)
    labels = {name.strip(): _labels(words) for name, words in meta.variable_value_labels.items()}
    return grid, {"encoding": encoding, "user_missing": counts, "value_labels": labels}


def _spss_file(path: Path) -> tuple[Any, Any, str]:
    """Read the file in its declared encoding, else in Windows-1252: old files often declare a wrong one."""
    for encoding in (None, "WINDOWS-1252"):
        try:
            frame, meta = pyreadstat.read_sav(path, user_missing=True, encoding=encoding)
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError):
            continue
        return frame, meta, encoding or str(meta.file_encoding)
    raise DataError(f"{path.name} cannot be opened as an SPSS file. Save it again in SPSS, or as .csv.")


def _in_ranges(cell: Any, ranges: list[dict[str, Any]]) -> bool:
    if cell is None or cell != cell:
        return False
    return any(
        isinstance(cell, str) == isinstance(r["lo"], str) and r["lo"] <= cell <= r["hi"] for r in ranges
    )


def _labels(words: Mapping[Any, str]) -> dict[str, str]:
    return {text_of(clean_cell(code)): str(label).strip() for code, label in words.items()}
