"""The form as a Word document, for clients who want to change its opening or print it themselves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from jq_models.report.archive import EPOCH, undated
from jq_models.report.questionnaire.background import Background
from jq_models.report.questionnaire.form import Block, Form

TAGS = {"nl": "nl-NL", "en": "en-GB"}
BOX, TEXT_WIDTH, FONT = "\u25cb", 17.0, "Calibri"  # an open circle; centimetres
HANGING = 0.65  # centimetres a question's number takes
SPACE = "\u00a0"  # keeps a box and its answer on one line


def write_word_form(form: Form, path: Path) -> None:
    """Write the form; the same form gives the same bytes."""
    document = docx.Document()
    _settle(document, form)
    document.add_heading(form.title, level=1)
    for paragraph in form.opening:
        document.add_paragraph(paragraph)
    number = 1
    for block in form.blocks:
        _table(document, block, task=form.task, first=number)
        document.add_paragraph()
        number += len(block.questions)
    if form.background:
        _background(document, form, first=number)
    document.add_paragraph(form.closing)
    out = io.BytesIO()
    document.save(out)
    path.write_bytes(undated(out.getvalue()))


def _settle(document: Any, form: Form) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), TAGS[form.language])
    style.element.get_or_add_rPr().append(language)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = form.title, "", ""
    properties.language, properties.created, properties.modified = TAGS[form.language], EPOCH, EPOCH


def _table(document: Any, block: Block, *, task: str, first: int) -> None:
    table = document.add_table(rows=1, cols=1 + len(block.labels))
    table.style = "Table Grid"
    table.autofit = False
    narrow = 1.9 if len(block.labels) <= 5 else 1.45
    widths = [Cm(TEXT_WIDTH - narrow * len(block.labels)), *([Cm(narrow)] * len(block.labels))]
    _fill(table.rows[0], [task, *block.labels], size=8, bold=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for number, question in enumerate(block.questions, start=first):
        row = table.add_row()
        _fill(row, [f"{number}.\t{question.text}", *([BOX] * len(block.labels))], size=9.5)
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
    for place, width in enumerate(widths):  # programs read the one or the other
        table.columns[place].width = width
        for cell in table.columns[place].cells:
            cell.width = width


def _fill(row: Any, texts: list[str], *, size: float, bold: bool = False) -> None:
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.font.size, run.font.bold = Pt(size if text != BOX else 12), bold
        paragraph.paragraph_format.space_after = Pt(2)
        if place:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif "\t" in text:
            _hang(paragraph)


def _hang(paragraph: Any) -> None:
    """Let lines begin where the first one does, beside the number."""
    paragraph.paragraph_format.left_indent = Cm(HANGING)
    paragraph.paragraph_format.first_line_indent = Cm(-HANGING)


def _background(document: Any, form: Form, *, first: int) -> None:
    document.add_paragraph(form.background_intro)
    for number, asked in enumerate(form.background, start=first):
        question = document.add_paragraph(f"{number}.\t{asked.text}")
        _hang(question)
        question.paragraph_format.keep_with_next = True
        question.paragraph_format.space_after = Pt(2)
        answer = document.add_paragraph(_answer(asked))
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
