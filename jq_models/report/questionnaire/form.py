"""What a form asks, in the order it asks it, in one language."""

from __future__ import annotations

from dataclasses import dataclass

from jq_models.report.wording import Wording
from jq_models.spec import Instrument, Item, Scale

PER_PAGE = 12  # questions on one page of a tool: short enough for a telephone, few enough pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question as it is asked.

    Attributes
    ----------
    code : str
        The item's code: the column a file answered by the form gets.
    text : str
    """

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Questions that share an answer scale and a page.

    Attributes
    ----------
    name : str
        Letters and digits, unique in the form: what a tool calls the matrix.
    values : tuple of int
    labels : tuple of str
        One a value.
    questions : tuple of Question
    """

    name: str
    values: tuple[int, ...]
    labels: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A questionnaire in one language; what it measures is not named: that would colour the answers."""

    language: str
    title: str
    opening: tuple[str, ...]
    task: str
    closing: str
    blocks: tuple[Block, ...]

    @property
    def count(self) -> int:
        """The number of questions."""
        return sum(len(block.questions) for block in self.blocks)


def form_of(instrument: Instrument, w: Wording, *, minimum: int) -> Form:
    """Lay out an instrument as a form.

    Parameters
    ----------
    minimum : int
        The smallest group that will be reported on: people are told before they answer.
    """
    blocks: list[Block] = []
    for run in _runs(instrument.items):
        blocks.append(_block(run, number=len(blocks) + 1, w=w))
    return Form(
        language=w.language,
        title=w.of(instrument.title),
        opening=(
            w("questionnaire.welcome", questions=len(instrument.items)),
            w("questionnaire.privacy", minimum=minimum),
            w("questionnaire.honest"),
        ),
        task=w("questionnaire.task"),
        closing=w("questionnaire.thanks"),
        blocks=tuple(blocks),
    )


def _runs(items: tuple[Item, ...]) -> list[list[Item]]:
    """Cut the items where the answer scale changes, and where a page is full at the end of a construct."""
    runs: list[list[Item]] = []
    for item in items:
        last = runs[-1] if runs else []
        same = bool(last) and last[-1].scale.name == item.scale.name
        full = len(last) >= PER_PAGE and last[-1].construct != item.construct
        if same and not full:
            last.append(item)
        else:
            runs.append([item])
    return runs


def _block(items: list[Item], *, number: int, w: Wording) -> Block:
    scale: Scale = items[0].scale
    return Block(
        name=f"P{number:02d}",
        values=scale.values,
        labels=tuple(label.replace("'", "\u2019") for label in scale.labels[w.language]),
        questions=tuple(Question(code=item.code, text=w.of(item.text)) for item in items),
    )
