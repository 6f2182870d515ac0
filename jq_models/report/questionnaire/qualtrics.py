"""A Qualtrics survey as its text import file in the advanced format (Tools, Import survey).

Tags after Qualtrics' support pages, "Preparing an Advanced Format TXT File". Every question is a
multiple-choice question of its own whose ``[[ID:...]]`` is the item code: so the export's column is called
like the item. Each block begins with the task. A study's group with labels is called ``CODE_choice``, because
its column holds the numbers 1, 2, ... of the choices, not their codes; ``data.fielded`` turns them back.
Numbers are typed in: choices from 0 to 10 would come out as 1 to 11. The file has one language; translations
are added in Qualtrics from the other file.
"""

from __future__ import annotations

from collections.abc import Iterator

from jq_models.data.field_codes import NUMBERED
from jq_models.report.questionnaire.background import Background
from jq_models.report.questionnaire.form import Block, Form


def qualtrics_text(form: Form) -> str:
    """Return the import file of one language."""
    return "\n".join(["[[AdvancedFormat]]", "", *_opening(form), *_blocks(form), *_end(form)]) + "\n"


def _opening(form: Form) -> Iterator[str]:
    yield from ("[[Block:P00]]", "", "[[Question:DB]]", "[[ID:OPENING]]", *form.opening, "")


def _closing(form: Form) -> Iterator[str]:
    yield from ("[[Block:P99]]", "", "[[Question:DB]]", "[[ID:CLOSING]]", form.closing, "")


def _end(form: Form) -> Iterator[str]:
    if form.background:
        yield from ("[[Block:P98]]", "", *_shown("BACKGROUND", form.background_intro))
        for asked in form.background:
            yield from _background(asked)
    yield from _closing(form)


def _blocks(form: Form) -> Iterator[str]:
    for block in form.blocks:
        yield from (f"[[Block:{block.name}]]", "", *_shown(f"TASK_{block.name}", form.task))
        yield from _questions(block)


def _shown(tag: str, text: str) -> tuple[str, ...]:
    return ("[[Question:DB]]", f"[[ID:{tag}]]", text, "")


def _background(asked: Background) -> Iterator[str]:
    if asked.kind == "choice":
        labels = [choice.label for choice in asked.choices]
        yield from ("[[Question:MC:SingleAnswer:Vertical]]", f"[[ID:{asked.code}{NUMBERED}]]", asked.text)
        yield from ("[[Choices]]", *labels, "")
        return
    yield from ("[[Question:TE:SingleLine]]", f"[[ID:{asked.code}]]", f"{asked.text}{_range(asked)}", "")


def _range(asked: Background) -> str:
    if asked.kind == "number":
        return f" ({asked.low}\u2013{asked.high} {' '.join(asked.ends)})"
    if asked.kind == "rating":
        return f" ({asked.low} = {asked.ends[0]}, {asked.high} = {asked.ends[1]})"
    return ""


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
