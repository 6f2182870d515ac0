"""The form as a page to print: one table a block, a box for every answer."""

from __future__ import annotations

from html import escape
from itertools import count

from jq_models.report.plain_page import plain_page
from jq_models.report.questionnaire.background import Background
from jq_models.report.questionnaire.form import Block, Form
from jq_models.report.wording import Wording


def paper_html(form: Form, w: Wording) -> str:
    """Return the form as one self-contained page, to print or to turn into a PDF.

    Where the questions come from stands in the codebook, not here: what it says could colour the answers.
    """
    numbers = count(1)
    blocks = "\n".join(_table(block, task=form.task, numbers=numbers) for block in form.blocks)
    opening = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in form.opening)
    body = (
        f"<h1>{escape(form.title)}</h1>\n{opening}\n{blocks}\n{_background(form, numbers)}"
        f'<p class="closing">{escape(form.closing)}</p>'
    )
    return plain_page(body, w, title=form.title, style="form")


def _background(form: Form, numbers: count[int]) -> str:
    if not form.background:
        return ""
    asked = "\n".join(
        f'<div class="asked"><p class="question">{_number(next(numbers))}{escape(one.text)}</p>\n'
        f"{_answer(one)}</div>"
        for one in form.background
    )
    return f'<p class="background">{escape(form.background_intro)}</p>\n{asked}\n'


def _answer(asked: Background) -> str:
    if asked.kind == "text":
        return '<p class="answer"><span class="line"></span></p>'
    if asked.kind == "number":
        return f'<p class="answer"><span class="line short"></span> {escape(" ".join(asked.ends))}</p>'
    if asked.kind == "rating":
        boxes = " ".join(
            f'<span class="step">{value}<br><span class="box"></span></span>'
            for value in range(asked.low, asked.high + 1)
        )
        low, high = map(escape, asked.ends)
        return f'<p class="answer"><span class="end">{low}</span> {boxes} <span class="end">{high}</span></p>'
    boxes = " ".join(
        f'<span class="choice"><span class="box"></span> {escape(choice.label)}</span>'
        for choice in asked.choices
    )
    return f'<p class="answer">{boxes}</p>'


def _number(number: int) -> str:
    return f'<span class="number">{number}</span>'


def _table(block: Block, *, task: str, numbers: count[int]) -> str:
    heads = "".join(f'<th scope="col">{escape(label)}</th>' for label in block.labels)
    box = '<td><span class="box"></span></td>' * len(block.labels)
    rows = "\n".join(
        f'<tr><th scope="row">{_number(next(numbers))}{escape(question.text)}</th>{box}</tr>'
        for question in block.questions
    )
    return (
        f'<table class="form">\n<thead><tr><th scope="col">{escape(task)}</th>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )
