"""A workbook for typing in paper forms: one column an item, only answers of the scale accepted."""

from __future__ import annotations

import io
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from jq_models.report.archive import EPOCH, undated
from jq_models.report.questionnaire.form import Form
from jq_models.report.wording import Wording

ROWS = 1000


def write_entry_sheet(form: Form, path: Path, *, w: Wording) -> None:
    """Write the workbook; its header are the item codes, so that it is read back without any mapping."""
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
            cell = sheet.cell(1, column, question.code)
            cell.font = Font(bold=True)
            cell.comment = Comment(question.text, "")
        rule.add(f"{get_column_letter(first)}2:{get_column_letter(column)}{ROWS + 1}")
    sheet.freeze_panes = "A2"
    book.properties.creator, book.properties.created, book.properties.modified = "", EPOCH, EPOCH
    out = io.BytesIO()
    book.save(out)
    path.write_bytes(undated(out.getvalue()))
