"""What a survey tool's layout comes down to: one header, the rows of respondents, and what was asked."""

from __future__ import annotations

import html
import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jq_models.data.table import clean_cell, text_of

Row = Sequence[object]

_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad")
_STEM = " - "  # between a matrix's question and its row


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A table brought to one header row.

    Attributes
    ----------
    tool : str
        The survey tool.
    header : tuple of str
        A name for each column; empty where there is none.
    rows : list of sequences
        The rows below it, without those set aside.
    questions : mapping of str to str
        What was asked, by column name.
    set_aside : mapping of str to int
        Rows that are no respondent's, by rule.
    unfinished : int
        Rows of respondents who did not reach the end: they stay.
    """

    tool: str
    header: tuple[str, ...] = field(repr=False)
    rows: list[Row] = field(repr=False)
    questions: Mapping[str, str] = field(default_factory=dict, repr=False)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    unfinished: int = 0


def texts(row: Row) -> list[str]:
    """Return a header row's cells as texts on one line, without invisible characters."""
    return [one_line(text_of(clean_cell(cell))) for cell in row]


def one_line(text: str) -> str:
    """Make line breaks, no-break spaces and runs of spaces one space: a name that a study file can hold."""
    return " ".join(text.translate(_INVISIBLE).split())


def question(text: str) -> str:
    """Return a question's text without the tool's markup."""
    return one_line(_TAG.sub(" ", html.unescape(text)))


def key(text: str) -> str:
    """Return a name's letters and digits in lower case: ``"Respondent ID"`` is ``"respondentid"``."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def is_blank(row: Row) -> bool:
    """Say whether a row has no cell with anything in it."""
    return all(clean_cell(cell) is None for cell in row)


def in_brackets(text: str) -> str:
    """Return the row of a grid's heading, ``"question [row]"``; any other text as it is."""
    if not text.endswith("]"):
        return text
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {"]": 1, "[": -1}.get(text[place], 0)
        if depth == 0:
            row = text[place + 1 : -1].strip()
            return row if place and row else text
    return text


def after_stems(asked: Sequence[str]) -> list[str]:
    """Take the stem off questions written as ``"stem - row"``.

    A stem is what at least two questions share before a dash: a dash of one question's own stays.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for text in asked:
        if _STEM in text:
            groups[text.split(_STEM)[0]].append(text)
    cuts = {stem: _shared(members) for stem, members in groups.items() if len(set(members)) > 1}
    return [text[cuts.get(text.split(_STEM)[0], 0) :] if _STEM in text else text for text in asked]


def _shared(members: list[str]) -> int:
    """Return the length of the stem: stems hold dashes too."""
    common = os.path.commonprefix(members)  # noqa: RUF071 - of texts, letter by letter
    return common.rindex(_STEM) + len(_STEM) if _STEM in common else 0


def unrepeated(names: Sequence[str], longer: Sequence[str]) -> tuple[str, ...]:
    """Return short names, and the longer ones where a short name stands more than once."""
    counts = Counter(names)
    return tuple(name if counts[name] == 1 else more for name, more in zip(names, longer, strict=True))
