"""Tables as files: CSV with full precision, and one Excel workbook; text never becomes a formula."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from jq_models.errors import RunError
from jq_models.report import style
from jq_models.report.archive import EPOCH, undated
from jq_models.report.columns import Format
from jq_models.report.harmless import harmless, is_formula
from jq_models.report.table import Table
from jq_models.report.wording import Wording

# in the order of a report's chapters; "invariance_contract" stands with "invariance"
ORDER = [
    "constructs", "verdicts", "evidence", "sample", "missing", "items", "loadings", "higher_loadings",
    "reliability", "alphas", "overlap", "htmt", "fornell_larcker", "cross_loadings", "omega_hierarchical",
    "fit", "cutoffs", "corrected_tests", "status", "rivals", "facets", "two_forms", "composite", "paths",
    "effects", "mediation", "r_squared", "gains", "blocks", "moderation", "without", "routes",
    "pls_effects", "pls_quality", "pls_cross_loadings", "pls_weights", "composite_fit", "pls_effect_sizes",
    "pls_overlap", "ipma", "prediction", "cvpat", "group_paths", "micom", "pls_example", "invariance",
    "latent_means", "alignment", "icc", "variance_parts", "mixed_model", "clustered_errors", "robustness",
    "careless", "planning", "method",
]  # fmt: skip
HEADER_ROW = 4  # below title, note and, where it applies, the label of simulated data
WIDEST, NARROWEST = 60, 9
SHEET_NAME = 31  # letters Excel allows


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
        "rows": [[_plain(v) for v in row] for row in table.sheet.itertuples(index=False)],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    (folder / f"{table.name}.json").write_text(text, encoding="utf-8")


def load_sheets(folder: Path) -> tuple[Sheet, ...]:
    """Return the tables a run has stored in `folder`, in the order of a report.

    Raises
    ------
    RunError
        When there is none.
    """
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    if not contents:
        raise RunError(f"No tables in '{folder.name}/'. Run the notebooks first: they show the tables.")
    sheets = [
        Sheet(
            name=c["name"],
            title=c["title"],
            note=c["note"],
            frame=pd.DataFrame(c["rows"], columns=c["columns"], dtype=object),
            formats=tuple(tuple(f) if isinstance(f, list) else f for f in c["formats"]),
        )
        for c in contents
    ]
    return tuple(sorted(sheets, key=_place))


def sheet_of(table: Table) -> Sheet:
    """Return what the workbook needs of a table."""
    return Sheet(
        name=table.name, title=table.title, note=table.note, frame=table.sheet, formats=table.formats
    )


def write_workbook(
    tables: Iterable[Table | Sheet], path: Path, *, w: Wording, simulated: bool = False
) -> None:
    """Write one Excel workbook: a contents sheet, then a sheet a table.

    Parameters
    ----------
    tables : iterable of Table or Sheet
        In the order of the sheets.
    path : Path
        The ``.xlsx`` file.
    w : Wording
        Words of the contents sheet.
    simulated : bool
        Whether to say on every sheet that the data are simulated.

    Raises
    ------
    RunError
        When there is no table.
    """
    sheets = [sheet_of(table) if isinstance(table, Table) else table for table in tables]
    if not sheets:
        raise RunError("A workbook needs at least one table.")
    book = Workbook()
    contents = book.worksheets[0]
    contents.title = w("publish.contents")
    short = [w(f"sheet.{s.name}") if f"sheet.{s.name}" in w else s.title for s in sheets]
    names = _sheet_names(short, taken=contents.title)
    _write_contents(contents, sheets, names, w)
    for sheet, name in zip(sheets, names, strict=True):
        _write_sheet(book.create_sheet(name), sheet)
    if simulated:
        for page in book.worksheets:
            _put(page, HEADER_ROW - 1, 1, w("label.simulated")).font = Font(bold=True, color=style.ACCENT[1:])
    book.properties.creator = "jq_models"
    book.properties.created = EPOCH
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(undated(buffer.getvalue()))


def _place(sheet: Sheet) -> tuple[int, str]:
    kinds = [k for k, kind in enumerate(ORDER) if f"{sheet.name}_".startswith(f"{kind}_")]
    # the longest name: the fit of a composite is not the composite
    return (max(kinds, key=lambda k: len(ORDER[k])) if kinds else len(ORDER), sheet.name)


def _write_contents(page: Worksheet, sheets: Sequence[Sheet], names: Sequence[str], w: Wording) -> None:
    _heading(page, w("publish.contents"), "")
    for column, text in enumerate((w("publish.sheet_name"), w("publish.sheet_title")), start=1):
        _header(_put(page, HEADER_ROW, column, text), align="left")
    for row, (sheet, name) in enumerate(zip(sheets, names, strict=True), start=HEADER_ROW + 1):
        cell = _put(page, row, 1, name)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!A1")
        cell.font = Font(underline="single")
        _put(page, row, 2, sheet.title)
    _put(page, HEADER_ROW + len(sheets) + 2, 1, w("publish.sheet_back"))
    page.column_dimensions["A"].width = SHEET_NAME + 3
    page.column_dimensions["B"].width = WIDEST


def _write_sheet(page: Worksheet, sheet: Sheet) -> None:
    _heading(page, sheet.title, sheet.note)
    for column, heading in enumerate(sheet.frame.columns, start=1):
        kind = sheet.formats[column - 1]
        _header(_put(page, HEADER_ROW, column, str(heading)), align="left" if kind is None else "right")
        values = [_plain(value) for value in sheet.frame.iloc[:, column - 1]]
        for row, value in enumerate(values):
            cell = _put(page, HEADER_ROW + 1 + row, column, value)
            if kind is not None:
                cell.number_format = kind if isinstance(kind, str) else kind[row]
            else:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
        longest = max([len(str(heading)), *(len(v) for v in values if isinstance(v, str))])
        width = min(max(longest + 2, NARROWEST), WIDEST)
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = f"A{HEADER_ROW + 1}"


def _heading(page: Worksheet, title: str, note: str) -> None:
    _put(page, 1, 1, title).font = Font(bold=True, size=14)
    if note:
        _put(page, 2, 1, note).font = Font(italic=True, color="5A6673")
    page.sheet_view.showGridLines = False


def _header(cell: Cell, *, align: str) -> None:
    cell.font = Font(bold=True)
    cell.alignment = Alignment(horizontal=align, vertical="bottom", wrap_text=True)
    cell.border = Border(top=Side(style="medium"), bottom=Side(style="thin"))


def _put(page: Worksheet, row: int, column: int, value: object) -> Cell:
    """Write one cell; text stays text, whatever it begins with."""
    cell: Cell = page.cell(row=row, column=column)
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"
        cell.quotePrefix = is_formula(value)
    elif value is not None:
        cell.value = value
    return cell


def _plain(value: object) -> str | int | float | None:
    """Return a cell as text, a finite number or nothing."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA:
        return None
    if isinstance(value, (int, np.integer)):
        return int(value)
    number = float(str(value))
    return number if np.isfinite(number) else None


def _sheet_names(titles: Iterable[str], *, taken: str) -> list[str]:
    """Return names of at most 31 letters without the signs Excel forbids, each once whatever the case."""
    names: list[str] = []
    for title in titles:
        clean = "".join(" " if sign in r"[]:*?/\'" else sign for sign in title)
        base = " ".join(clean.split())
        name, k = _cut(base, SHEET_NAME), 2
        while name.lower() in {taken.lower(), *map(str.lower, names)}:
            name, k = f"{_cut(base, SHEET_NAME - 4)} {k}", k + 1
        names.append(name)
    return names


def _cut(text: str, length: int) -> str:
    """Cut at a word's end where possible."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(" ,;–-:")
