"""Tables as files: CSV with full precision, and what the Excel workbook needs of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from jq_models.report.columns import Format
from jq_models.report.harmless import harmless
from jq_models.report.table import Table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """What the workbook needs of a table."""

    name: str
    title: str
    note: str
    frame: pd.DataFrame
    formats: tuple[Format, ...]


def write_csv(table: Table, path: Path) -> None:
    """Write a table's raw numbers: UTF-8, comma, point, every digit; the same in every language.

    Text a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    raw = table.raw.rename(columns=harmless).map(harmless)
    raw.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def save_sheet(table: Table, folder: Path) -> None:
    """Store what the workbook needs of a table, so that a later process can write it."""
    content = {
        "name": table.name,
        "title": table.title,
        "note": table.note,
        "formats": table.formats,
        "columns": list(table.sheet.columns),
        "rows": [[plain_value(v) for v in row] for row in table.sheet.itertuples(index=False)],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    (folder / f"{table.name}.json").write_text(text, encoding="utf-8")


def sheet_of(table: Table) -> Sheet:
    """Return what the workbook needs of a table."""
    return Sheet(
        name=table.name, title=table.title, note=table.note, frame=table.sheet, formats=table.formats
    )


def plain_value(value: object) -> str | int | float | None:
    """Return a cell as text, a finite number or nothing."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA:
        return None
    if isinstance(value, (int, np.integer)):
        return int(value)
    number = float(str(value))
    return number if np.isfinite(number) else None
