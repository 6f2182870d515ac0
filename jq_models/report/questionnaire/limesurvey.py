"""A LimeSurvey survey as its tab-separated survey structure (Import survey, .txt), in several languages.

Columns and classes after LimeSurvey's manual, "Tab Separated Value survey structure": survey settings (S),
texts of a language (SL), groups (G), questions (Q), subquestions (SQ) and answers (A), first all of the base
language, then the same rows once more in each further one. A block is an array of type F whose subquestions
carry the item codes: exported with question codes, a column is called ``P01[OPP1]``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from jq_models.errors import SpecError
from jq_models.report.questionnaire.form import Block, Form

COLUMNS = (
    "id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory",
    "other", "default", "same_default",
)  # fmt: skip
LONGEST_CODE, LONGEST_ANSWER = 20, 5  # letters of a question's code and of an answer's, by its database

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
        if len(code) > LONGEST_CODE:
            raise SpecError(f"The item code '{code}' is longer than LimeSurvey's {LONGEST_CODE} letters.")
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
        begin = {"language": form.language, "relevance": "1"}
        yield {"id": str(number), "class": "G", "type/scale": str(number), "name": block.name, **begin}
        yield {
            "id": str(number),
            "class": "Q",
            "type/scale": "F",
            "name": block.name,
            "text": _html(form.task),
            "mandatory": "N",
            "other": "N",
            **begin,
        }
        yield from _rows(block, form=form, number=number)


def _rows(block: Block, *, form: Form, number: int) -> Iterator[Row]:
    for question in block.questions:
        yield {
            "id": str(number),
            "class": "SQ",
            "type/scale": "0",
            "name": question.code,
            "relevance": "1",
            "text": _html(question.text),
            "language": form.language,
        }
    for value, label in zip(block.values, block.labels, strict=True):
        yield {
            "id": str(number),
            "class": "A",
            "type/scale": "0",
            "name": str(value),
            "text": _html(label),
            "language": form.language,
        }


def _html(text: str) -> str:
    """Escape what LimeSurvey would take for markup or for a placeholder."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("{", "{ ")
