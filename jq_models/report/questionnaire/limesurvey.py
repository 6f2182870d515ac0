"""A LimeSurvey survey as its tab-separated survey structure (Import survey, .txt), in several languages.

Columns and classes after LimeSurvey's manual, "Tab Separated Value survey structure": survey settings (S),
texts of a language (SL), groups (G), questions (Q), subquestions (SQ) and answers (A), first all of the base
language, then the same rows once more in each further one. The column "id" stays empty: LimeSurvey then
numbers questions and subquestions itself; with an id it holds rows with the same one for the same question.

A block is an array of type F whose subquestions carry the item codes: exported with question codes, a column
is called ``P01[OPP1]``. Background is a group of single questions, each called as ``data.field_codes`` says:
list (L), short text (S) or number (N).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from jq_models.data.field_codes import LONGEST_QUESTION
from jq_models.errors import SpecError
from jq_models.report.questionnaire.background import Background
from jq_models.report.questionnaire.form import Block, Form

COLUMNS = (
    "id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory",
    "other", "default", "same_default", "min_num_value_n", "max_num_value_n",
)  # fmt: skip
TYPES = {"choice": "L", "rating": "L", "text": "S", "number": "N"}

Row = dict[str, str]


def limesurvey_text(forms: Sequence[Form]) -> str:
    """Return the import file.

    Parameters
    ----------
    forms : sequence of Form
        The same questionnaire in one or more languages; the first is the base language.

    Raises
    ------
    SpecError
        When an item's code is longer than LimeSurvey holds.
    """
    codes = [question.code for block in forms[0].blocks for question in block.questions]
    for code in codes:
        if len(code) > LONGEST_QUESTION:
            raise SpecError(f"The item code '{code}' is longer than LimeSurvey's {LONGEST_QUESTION} letters.")
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(_settings(forms))
    for form in forms:
        writer.writerows(_texts(form))
    for form in forms:
        writer.writerows(_questions(form))
    return out.getvalue()


def _settings(forms: Sequence[Form]) -> Iterator[Row]:
    others = " ".join(form.language for form in forms[1:])
    settings = {
        "language": forms[0].language,
        "additional_languages": others,
        "anonymized": "Y",
        "ipaddr": "N",
        "refurl": "N",
        "datestamp": "N",
        "savetimings": "N",
        "format": "G",  # a group a page
    }
    for name, value in settings.items():
        if value:
            yield {"class": "S", "name": name, "text": value}


def _texts(form: Form) -> Iterator[Row]:
    opening = "".join(f"<p>{_html(paragraph)}</p>" for paragraph in form.opening)
    texts = {
        "surveyls_title": form.title,
        "surveyls_welcometext": opening,
        "surveyls_endtext": f"<p>{_html(form.closing)}</p>",
    }
    for name, text in texts.items():
        yield {"class": "SL", "name": name, "text": text, "language": form.language}


def _questions(form: Form) -> Iterator[Row]:
    for number, block in enumerate(form.blocks, start=1):
        yield _group(number, block.title, form=form)
        yield _question(block.name, kind="F", text=form.task, form=form)
        yield from _rows(block, form=form)
    if form.background:
        number = len(form.blocks) + 1
        yield _group(number, form.background_title, form=form, text=form.background_intro)
        for asked in form.background:
            yield from _background(asked, form=form)


def _group(number: int, title: str, *, form: Form, text: str = "") -> Row:
    """Return a group's row; the same number in every language tells LimeSurvey that it is one group."""
    return {
        "class": "G",
        "type/scale": str(number),
        "name": title,
        "relevance": "1",
        "text": _html(text),
        "language": form.language,
    }


def _question(name: str, *, kind: str, text: str, form: Form) -> Row:
    return {
        "class": "Q",
        "type/scale": kind,
        "name": name,
        "relevance": "1",
        "text": _html(text),
        "language": form.language,
        "mandatory": "N",
        "other": "N",
    }


def _background(asked: Background, *, form: Form) -> Iterator[Row]:
    row = _question(asked.code, kind=TYPES[asked.kind], text=asked.text, form=form)
    row["text"] = _html(asked.text + _explained(asked))
    if asked.kind == "number":
        row |= {"min_num_value_n": str(asked.low), "max_num_value_n": str(asked.high)}
    yield row
    for answer, label in _choices(asked):
        yield _answer(answer, label, form=form)


def _choices(asked: Background) -> Iterator[tuple[str, str]]:
    yield from ((choice.answer, choice.label) for choice in asked.choices)
    if asked.kind == "rating":
        # the ends' words stand in the question: an answer exported in full is then a number as well
        yield from ((str(value), str(value)) for value in range(asked.low, asked.high + 1))


def _explained(asked: Background) -> str:
    if asked.kind == "number":
        return f" ({' '.join(asked.ends)})"
    if asked.kind == "rating":
        return f" ({asked.low} = {asked.ends[0]}, {asked.high} = {asked.ends[1]})"
    return ""


def _answer(code: str, label: str, *, form: Form) -> Row:
    return {
        "class": "A",
        "type/scale": "0",
        "name": code,
        "text": _html(label),
        "language": form.language,
    }


def _rows(block: Block, *, form: Form) -> Iterator[Row]:
    for question in block.questions:
        yield {
            "class": "SQ",
            "type/scale": "0",
            "name": question.code,
            "relevance": "1",
            "text": _html(question.text),
            "language": form.language,
        }
    for value, label in zip(block.values, block.labels, strict=True):
        yield _answer(str(value), label, form=form)


def _html(text: str) -> str:
    """Escape what LimeSurvey would take for markup or for a placeholder."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("{", "{ ")
