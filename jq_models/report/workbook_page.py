"""A sheet of the workbook as a person sees it: a note that is read, columns that fit, headings that stay."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from jq_models.report import style
from jq_models.report.export import Sheet, plain_value
from jq_models.report.harmless import is_formula
from jq_models.report.wording import Wording

HEADER_ROW = 4  # below title, note and, where it applies, the label of simulated data
NARROWEST, NUMBERS, TEXTS = 9.0, 16.0, 48.0  # letters across: the least, the most of numbers, of texts
FROZEN = 36.0  # a first column wider than this would leave no room for what scrolls
NOTE = (70.0, 120.0)  # letters across a note: at least, at most
LINE = 15.0  # points of a line
STANDARD = 8.43  # letters across a column nobody set
FONT = "Calibri"
FILTERED = 12  # rows from which a table can be filtered
_WRAPPED, _TOP = (
    Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1),
    Alignment(vertical="top"),
)
_INTERVAL = re.compile(r"^(.*) \[([^\]]*)\](?:, (.*))?$")


def fill_page(page: Worksheet, sheet: Sheet) -> None:
    """Write a table: raw numbers under formats that round them, worded texts."""
    names, kinds = [str(name) for name in sheet.frame.columns], sheet.formats
    headings = [name if kind is None else heading(name) for name, kind in zip(names, kinds, strict=True)]
    widths, tall = [], [1] * len(sheet.frame)
    for column, (text, kind) in enumerate(zip(headings, kinds, strict=True), start=1):
        set_header(put(page, HEADER_ROW, column, text), align="left" if kind is None else "right")
        values = [plain_value(value) for value in sheet.frame.iloc[:, column - 1]]
        texts = [value if isinstance(value, str) else "" for value in values]
        widths.append(_width(text, texts, text=kind is None))
        for row, value in enumerate(values):
            cell = put(page, HEADER_ROW + 1 + row, column, value)
            cell.alignment = _WRAPPED if kind is None else _TOP
            if kind is not None:
                cell.number_format = kind if isinstance(kind, str) else kind[row]
            tall[row] = max(tall[row], _lines(texts[row], widths[-1]))
    for row, lines in enumerate(tall, start=HEADER_ROW + 1):
        if lines > 1:  # not every program finds out how tall a row must be
            page.row_dimensions[row].height = LINE * lines
    head_page(page, sheet.title, sheet.note, widths=widths)
    page.row_dimensions[HEADER_ROW].height = LINE * max(map(_lines, headings, widths))
    first_stays = kinds[0] is None and widths[0] <= FROZEN and len(widths) > 2
    page.freeze_panes = f"{'B' if first_stays else 'A'}{HEADER_ROW + 1}"
    count = len(sheet.frame)
    if count >= FILTERED:
        page.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(widths))}{HEADER_ROW + count}"


def heading(name: str) -> str:
    """Return what stands above numbers: an estimate and the bounds of its interval have a column each."""
    found = _INTERVAL.match(name)
    if found is None:
        return name
    value, interval, bound = found.groups()
    return value if bound is None else f"{value}, {bound} {interval}"


def head_page(page: Worksheet, title: str, note: str, *, widths: Sequence[float]) -> None:
    """Set title, note and columns; the note runs over as many columns as it needs to be read."""
    for column, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    put(page, 1, 1, title).font = lettered(bold=True, size=14)
    page.sheet_view.showGridLines = False
    if not note:
        return
    least, most = NOTE
    across, last = 0.0, 0
    while across < least or (last < len(widths) and across + widths[last] <= most):
        across += widths[last] if last < len(widths) else STANDARD
        last += 1
    cell = put(page, 2, 1, note)
    cell.font = lettered(italic=True, color=style.MUTED[1:])
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    page.merge_cells(start_row=2, start_column=1, end_row=2, end_column=last)
    page.row_dimensions[2].height = LINE * _lines(note, across)


def set_header(cell: Cell, *, align: str) -> None:
    """Make a cell the head of its column."""
    cell.font = lettered(bold=True)
    indent = 1 if align == "left" else 0
    cell.alignment = Alignment(horizontal=align, vertical="bottom", wrap_text=True, indent=indent)
    cell.border = Border(top=Side(style="medium"), bottom=Side(style="thin"))


def lettered(**look: Any) -> Font:
    """Return letters of the workbook's own font: without its name programs take one of theirs."""
    return Font(**{"name": FONT, "size": 11, **look})


def set_print(page: Worksheet, w: Wording) -> None:
    """Let a sheet be printed: lying, as wide as the paper, its head on every page, pages numbered."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", "9"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    page.oddFooter.left.text = "&A"
    page.oddFooter.right.text = f"{w('publish.page')} &P {w('publish.of')} &N"


def put(page: Worksheet, row: int, column: int, value: object) -> Cell:
    """Write one cell; text stays text, whatever it begins with."""
    cell: Cell = page.cell(row=row, column=column)
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"
        cell.quotePrefix = is_formula(value)
    elif value is not None:
        cell.value = value
    return cell


def _width(head: str, texts: Sequence[str], *, text: bool) -> float:
    """Return how wide a column is, in letters: heads of numbers take up to three lines."""
    if text:
        longest = max([len(head), *map(len, texts)])
        return min(max(longest + 4, NARROWEST), TEXTS)
    word = max(map(len, head.split()), default=0)
    return max(NARROWEST, word + 3.0, min(len(head) / 3 + 3, NUMBERS))


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; a column is measured in digits, which run wider."""
    room = max(4, int(1.05 * width))
    return 1 if len(text) <= room else len(textwrap.wrap(text, room))
