"""A workbook for typing in paper forms: one column an item, only answers of the scale accepted."""

from __future__ import annotations

import io
import math
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from jq_models.report.archive import EPOCH, undated
from jq_models.report.questionnaire.background import Background
from jq_models.report.questionnaire.form import Form
from jq_models.report.wording import Wording

ROWS = 1000
WIDE, LINE, LETTERS = 260, 18, 34  # of a note: pixels across and a line, letters a line
NARROWEST = 7
LONGEST_LIST = 255  # letters of a list in a rule, by the file format


def write_entry_sheet(form: Form, path: Path, *, w: Wording) -> None:
    """Write the workbook; its header are the codes or the study's columns: it is read without any mapping.

    Parameters
    ----------
    path : Path
        The ``.xlsx`` file.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    sheet.title = w("questionnaire.entry_sheet")
    column = 0
    for block in form.blocks:
        low, high = block.values[0], block.values[-1]
        rule = DataValidation(type="whole", operator="between", formula1=str(low), formula2=str(high))
        rule.allow_blank = True
        rule.error = w("questionnaire.entry_error", low=str(low), high=str(high))
        sheet.add_data_validation(rule)
        first = column + 1
        for question in block.questions:
            column += 1
            note = f"{column}. {question.text}"
            _head(sheet, column, question.column or question.code, note=note)
        rule.add(f"{get_column_letter(first)}2:{get_column_letter(column)}{ROWS + 1}")
    for place, asked in enumerate(form.background, start=column + 1):
        codes = "; ".join(f"{choice.code} = {choice.label}" for choice in asked.choices)
        _head(sheet, place, asked.column, note=f"{place}. {asked.text}\n{codes}".strip())
        if background_rule := _rule(asked, w):
            sheet.add_data_validation(background_rule)
            background_rule.add(f"{get_column_letter(place)}2:{get_column_letter(place)}{ROWS + 1}")
    sheet.freeze_panes = "A2"
    book.properties.creator, book.properties.created, book.properties.modified = "", EPOCH, EPOCH
    out = io.BytesIO()
    book.save(out)
    path.write_bytes(undated(out.getvalue()))


def _head(sheet: Worksheet, column: int, name: str, *, note: str) -> None:
    cell = sheet.cell(1, column, name)
    cell.font, cell.alignment = Font(name="Calibri", size=11, bold=True), Alignment(horizontal="center")
    cell.border = Border(bottom=Side(style="thin"))
    letters = math.ceil(len(note) / LETTERS) + note.count("\n")
    cell.comment = Comment(note, "", width=WIDE, height=LINE * (letters + 1))
    sheet.column_dimensions[get_column_letter(column)].width = max(NARROWEST, len(name) + 2)


def _rule(asked: Background, w: Wording) -> DataValidation | None:
    """Return what may be typed in a background column; None where anything may."""
    codes = ",".join(choice.code for choice in asked.choices)
    commas = any("," in choice.code or '"' in choice.code for choice in asked.choices)
    if asked.kind == "choice" and len(codes) <= LONGEST_LIST and not commas:
        rule = DataValidation(type="list", formula1=f'"{codes}"', allow_blank=True)
        rule.error = w("questionnaire.entry_choice")
        return rule
    if asked.kind in ("number", "rating"):
        kind = "whole" if asked.kind == "rating" else "decimal"
        low, high = str(asked.low), str(asked.high)
        rule = DataValidation(type=kind, operator="between", formula1=low, formula2=high, allow_blank=True)
        rule.error = w("questionnaire.from_to", low=low, high=high)
        return rule
    return None
