"""The Excel workbook: a contents sheet, then a sheet a table; text never becomes a formula."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from jq_models.errors import RunError
from jq_models.report import style
from jq_models.report.archive import EPOCH, undated
from jq_models.report.checklist import TABLES, points
from jq_models.report.export import Sheet, sheet_of
from jq_models.report.table import Table
from jq_models.report.wording import Wording
from jq_models.report.workbook_page import (
    HEADER_ROW,
    fill_page,
    head_page,
    lettered,
    put,
    set_header,
    set_print,
)

SHEET_NAME = 31  # letters Excel allows
CONTENTS = (7.0, SHEET_NAME + 3.0, 90.0)  # widths: number, sheet, table
_TAIL = re.compile(r"(?:: |\? |, )(?=[^:?,]+$)")  # what stands before the group in a title


def load_sheets(folder: Path) -> tuple[Sheet, ...]:
    """Return the tables a run has stored in `folder`, in the order of a report.

    Parameters
    ----------
    folder : Path
        Of a run.

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
    names = _sheet_names([_short(sheet, w) for sheet in sheets], taken=contents.title)
    _write_contents(contents, sheets, names, w)
    for sheet, name in zip(sheets, names, strict=True):
        fill_page(book.create_sheet(name), sheet)
    for page in book.worksheets:
        set_print(page, w)
        if simulated:
            label = put(page, HEADER_ROW - 1, 1, w("label.simulated"))
            label.font = lettered(bold=True, color=style.ACCENT[1:])
        if page is not contents:
            _link(page, (HEADER_ROW - 1, 3), text=w("publish.sheet_contents"), to=contents.title)
    book.properties.creator = "jq_models"
    book.properties.created = EPOCH
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(undated(buffer.getvalue()))


def _number(name: str) -> tuple[int, int, str]:
    """Return which of the tables T0 to T19 a sheet belongs to, its place there, and that number's name."""
    for place, point in enumerate(points(TABLES)):
        for own, pattern in enumerate(point.places):
            if fnmatchcase(f"table:{name}", pattern):
                return place, own, point.code
    return len(points(TABLES)), 0, ""


def _place(sheet: Sheet) -> tuple[int, int, str]:
    place, own, _ = _number(sheet.name)
    return place, own, sheet.name


def _write_contents(page: Worksheet, sheets: Sequence[Sheet], names: Sequence[str], w: Wording) -> None:
    head_page(page, w("publish.contents"), w("publish.sheet_back"), widths=CONTENTS)
    for column, key in enumerate(("sheet_number", "sheet_name", "sheet_title"), start=1):
        set_header(put(page, HEADER_ROW, column, w(f"publish.{key}")), align="left")
    for row, (sheet, name) in enumerate(zip(sheets, names, strict=True), start=HEADER_ROW + 1):
        put(page, row, 1, _number(sheet.name)[2])
        _link(page, (row, 2), text=name, to=name)
        put(page, row, 3, sheet.title)
    page.freeze_panes = f"A{HEADER_ROW + 1}"


def _link(page: Worksheet, at: tuple[int, int], *, text: str, to: str) -> None:
    """Put a link to another sheet."""
    cell = put(page, *at, text)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{to}'!A1")
    cell.font = lettered(underline="single", color=style.ACCENT[1:])


def _short(sheet: Sheet, w: Wording) -> str:
    """Return what a sheet is called: its own words, those of its kind with the group, or its title."""
    parts = sheet.name.split("_")
    kinds = ["_".join(parts[:count]) for count in range(len(parts), 0, -1)]
    kind = next((kind for kind in kinds if f"sheet.{kind}" in w), "")
    if not kind:
        return sheet.title
    tail = _TAIL.split(sheet.title)[1:]
    return w(f"sheet.{kind}") + (f", {tail[-1]}" if tail and kind != sheet.name else "")


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
