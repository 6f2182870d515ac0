"""A Qualtrics survey as its text import file in the advanced format (Tools, Import survey).

Tags after Qualtrics' support pages, "Preparing an Advanced Format TXT File". Every question is a
multiple-choice question of its own whose ``[[ID:...]]`` is the item code: so the export's column is called
like the item. The file has one language; translations are added in Qualtrics from the other file.
"""

from __future__ import annotations

from collections.abc import Iterator

from jq_models.report.questionnaire.form import Block, Form


def qualtrics_text(form: Form) -> str:
    """Return the import file of one language."""
    return "\n".join(["[[AdvancedFormat]]", "", *_opening(form), *_blocks(form), *_closing(form)]) + "\n"


def _opening(form: Form) -> Iterator[str]:
    yield from ("[[Block:P00]]", "", "[[Question:DB]]", "[[ID:OPENING]]", *form.opening, "")


def _closing(form: Form) -> Iterator[str]:
    yield from ("[[Block:P99]]", "", "[[Question:DB]]", "[[ID:CLOSING]]", form.closing, "")


def _blocks(form: Form) -> Iterator[str]:
    for block in form.blocks:
        yield from (f"[[Block:{block.name}]]", "")
        yield from _questions(block)


def _questions(block: Block) -> Iterator[str]:
    for question in block.questions:
        yield from (
            "[[Question:MC:SingleAnswer:Horizontal]]",
            f"[[ID:{question.code}]]",
            question.text,
            "[[Choices]]",
            *block.labels,
            "",
        )
