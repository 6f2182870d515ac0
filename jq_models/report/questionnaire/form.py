"""What a form asks, in the order it asks it, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from jq_models.report.questionnaire.background import Background, background_of
from jq_models.report.wording import Wording
from jq_models.spec import Instrument, Item, Scale, Study

PER_PAGE = 12  # questions on one page of a tool: short enough for a telephone, few enough pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question as it is asked.

    Attributes
    ----------
    code : str
        The item's code: the column a file answered by the form gets.
    text : str
    column : str
        The study's column, where its file maps the item to another one.
    """

    code: str
    text: str
    column: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Questions that share an answer scale and a page.

    Attributes
    ----------
    name : str
        Letters and digits, unique in the form: what a tool calls the matrix.
    title : str
        What people see above the page; it does not say what is measured.
    values : tuple of int
    labels : tuple of str
        One a value.
    questions : tuple of Question
    """

    name: str
    title: str
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
    background_title: str = ""
    background_intro: str = ""
    background: tuple[Background, ...] = ()

    @property
    def count(self) -> int:
        """The number of statements."""
        return sum(len(block.questions) for block in self.blocks)


def form_of(instrument: Instrument, w: Wording, *, minimum: int, study: Study | None = None) -> Form:
    """Lay out an instrument as a form.

    Parameters
    ----------
    minimum : int
        The smallest group that will be reported on: people are told before they answer.
    study : Study, optional
        Adds the questions behind its groups and covariates, after the statements.
    """
    background = background_of(study, instrument=instrument, w=w) if study else ()
    pages = _pages(instrument.items)
    count = len(pages) + bool(background)
    titles = [w("questionnaire.part", number=number, count=count) for number in range(1, count + 1)]
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
        blocks=tuple(
            _block(page, number=number, title=title, w=w, study=study)
            for number, (page, title) in enumerate(zip(pages, titles, strict=False), start=1)
        ),
        background_title=titles[-1] if background else "",
        background_intro=w("questionnaire.background", minimum=minimum) if background else "",
        background=background,
    )


def dealt(items: Iterable[Item]) -> list[Item]:
    """Return the items in the order of asking: those of one construct as far apart as can be.

    Item k of a construct's m (k = 0, 1, ...) stands at the share (2k + 1) / 2m of the form; where shares are
    equal, in the questionnaire's order. The order is always the same, so that waves can be compared; which
    item a column holds is told by its code, never by its place.
    """
    by_construct: dict[str, list[Item]] = {}
    for item in items:
        by_construct.setdefault(item.construct, []).append(item)
    placed = [
        ((2 * k + 1) / (2 * len(own)), item) for own in by_construct.values() for k, item in enumerate(own)
    ]
    return [item for _, item in sorted(placed, key=lambda pair: pair[0])]  # a stable sort


def _pages(items: tuple[Item, ...]) -> list[list[Item]]:
    """Deal the items of each answer scale over pages of the same length, at most `PER_PAGE`."""
    by_scale: dict[str, list[Item]] = {}
    for item in items:
        by_scale.setdefault(item.scale.name, []).append(item)
    pages: list[list[Item]] = []
    for own in by_scale.values():
        asked, count = dealt(own), -(-len(own) // PER_PAGE)
        cuts = [round(len(asked) * page / count) for page in range(count + 1)]
        pages += [asked[start:end] for start, end in pairwise(cuts)]
    return pages


def _block(items: list[Item], *, number: int, title: str, w: Wording, study: Study | None) -> Block:
    scale: Scale = items[0].scale
    columns = study.columns if study else {}
    return Block(
        name=f"P{number:02d}",
        title=title,
        values=scale.values,
        labels=tuple(label.replace("'", "\u2019") for label in scale.labels[w.language]),
        questions=tuple(
            Question(code=item.code, text=w.of(item.text), column=columns.get(item.code, ""))
            for item in items
        ),
    )
