"""The form as a Word document, for clients who want to change its opening or print it themselves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Mm, Pt

from jq_models.report import style
from jq_models.report.archive import undated
from jq_models.report.questionnaire.background import Background
from jq_models.report.questionnaire.form import Block, Form
from jq_models.report.word_front import number_pages
from jq_models.report.word_style import TEXT, name_file, new_document
from jq_models.report.word_table import in_order, margins
from jq_models.report.word_xml import borders, element
from jq_models.report.wording import wording

BOX = "\u25cb"  # an open circle
QUESTION, HEAD, CIRCLE = 9.0, 7.5, 12.0  # points
HANGING = 0.65  # centimetres a question's number takes
TOGETHER = 3  # questions at either end of a table that stay with each other
SPACE = "\u00a0"  # keeps a box and its answer on one line


def write_word_form(form: Form, path: Path) -> None:
    """Write the form in the house style in force; the same form gives the same bytes.

    Parameters
    ----------
    path : Path
        The ``.docx`` file.
    """
    document = new_document(form.language)
    name_file(document, title=form.title, language=form.language)
    _foot(document, form)
    document.add_paragraph(form.title, style="Heading 1").paragraph_format.space_before = Pt(0)
    for paragraph in form.opening:
        document.add_paragraph(paragraph)
    number = 1
    for block in form.blocks:
        _table(document, block, task=form.task, first=number)
        document.add_paragraph(style="Note")  # tables never touch
        number += len(block.questions)
    if form.background:
        _background(document, form, first=number)
    document.add_paragraph(form.closing)
    out = io.BytesIO()
    document.save(out)
    path.write_bytes(undated(out.getvalue(), locale=wording(form.language).locale))


def _foot(document: Any, form: Form) -> None:
    footer = document.sections[0].footer.paragraphs[0]
    footer.style.paragraph_format.tab_stops.clear_all()  # the template's, in the middle
    footer.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT), WD_TAB_ALIGNMENT.RIGHT)
    footer.add_run(form.title)
    number_pages(footer, wording(form.language))


def _table(document: Any, block: Block, *, task: str, first: int) -> None:
    """Write a page of questions; where it runs over two, no row or two of it stand alone."""
    table = document.add_table(rows=1, cols=1 + len(block.labels))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    lines = [("top", 8, style.INK), ("bottom", 8, style.INK), ("insideH", 4, style.GRID)]
    parts = {"tblBorders": borders("w:tblBorders", lines), "tblCellMar": margins(2.0)}
    in_order(table._tbl.tblPr, parts)
    narrow = 14.5 if len(block.labels) <= 5 else 13.0  # millimetres
    widths = [Mm(TEXT - narrow * len(block.labels)), *([Mm(narrow)] * len(block.labels))]
    _fill(table.rows[0], [task, *block.labels], size=HEAD, bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    last = first + len(block.questions) - 1
    for number, question in enumerate(block.questions, start=first):
        row = table.add_row()
        texts = [f"{number}.\t{question.text}", *([BOX] * len(block.labels))]
        alone = number - first < TOGETHER or last - number < TOGETHER
        _fill(row, texts, size=QUESTION, kept=alone and number < last)
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
    for place, width in enumerate(widths):  # programs read the one or the other
        table.columns[place].width = width
        for cell in table.columns[place].cells:
            cell.width = width


def _fill(row: Any, texts: list[str], *, size: float, bold: bool = False, kept: bool = True) -> None:
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM if bold else WD_ALIGN_VERTICAL.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.style = "Cell"
        run = paragraph.add_run(text)
        run.font.size, run.font.bold = Pt(CIRCLE if text == BOX else size), bold
        spacing = paragraph.paragraph_format
        spacing.space_before = spacing.space_after = Pt(0)
        spacing.keep_with_next = kept
        if place:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif "\t" in text:
            _hang(paragraph)


def _hang(paragraph: Any) -> None:
    """Let lines begin where the first one does, beside the number."""
    paragraph.paragraph_format.left_indent = Cm(HANGING)
    paragraph.paragraph_format.first_line_indent = Cm(-HANGING)


def _background(document: Any, form: Form, *, first: int) -> None:
    document.add_paragraph(form.background_intro).paragraph_format.keep_with_next = True
    for number, asked in enumerate(form.background, start=first):
        question = document.add_paragraph(f"{number}.\t{asked.text}")
        _hang(question)
        question.paragraph_format.keep_with_next = True
        question.paragraph_format.space_after = Pt(2)
        answer = document.add_paragraph()
        for place, text in enumerate(_answer(asked).split(BOX)):
            if place:
                answer.add_run(BOX).font.size = Pt(CIRCLE)
            answer.add_run(text)
        answer.paragraph_format.left_indent = Cm(HANGING)
        answer.paragraph_format.keep_together = True


def _answer(asked: Background) -> str:
    if asked.kind == "text":
        return "_" * 40
    if asked.kind == "number":
        return f"{'_' * 10} {' '.join(asked.ends)}"
    if asked.kind == "rating":
        steps = " ".join(f"{BOX}{SPACE}{value}" for value in range(asked.low, asked.high + 1))
        low, high = (end.replace(" ", SPACE) for end in asked.ends)
        return f"{low} {steps} {high}"
    return "   ".join(f"{BOX}{SPACE}{choice.label.replace(' ', SPACE)}" for choice in asked.choices)
