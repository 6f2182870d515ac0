"""The form as a page to print: one table a block, a box for every answer."""

from __future__ import annotations

from html import escape
from itertools import count

from jq_models.report.plain_page import plain_page
from jq_models.report.questionnaire.form import Block, Form
from jq_models.report.wording import Wording


def paper_html(form: Form, w: Wording, *, source: str) -> str:
    """Return the form as one self-contained page, to print or to turn into a PDF.

    Parameters
    ----------
    source : str
        Where the questions come from; stands at the foot.
    """
    numbers = count(1)
    blocks = "\n".join(_table(block, task=form.task, numbers=numbers) for block in form.blocks)
    opening = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in form.opening)
    body = (
        f"<h1>{escape(form.title)}</h1>\n{opening}\n{blocks}\n<p>{escape(form.closing)}</p>\n"
        f'<p class="source">{escape(source)}</p>'
    )
    return plain_page(body, w, title=form.title, style="form")


def _table(block: Block, *, task: str, numbers: count[int]) -> str:
    heads = "".join(f'<th scope="col">{escape(label)}</th>' for label in block.labels)
    box = '<td><span class="box"></span></td>' * len(block.labels)
    rows = "\n".join(
        f'<tr><th scope="row"><span class="number">{next(numbers)}</span>{escape(question.text)}</th>'
        f"{box}</tr>"
        for question in block.questions
    )
    return (
        f'<table class="form">\n<thead><tr><th scope="col">{escape(task)}</th>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )
