"""Which columns beside the questions hold groups and covariates, and what the others are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from jq_models.data.background import RANGE, covariate_number, is_no_answer
from jq_models.data.column_kinds import (
    GROUP_KINDS,
    GroupKind,
    group_kind,
    is_common,
    is_covariate,
    is_personal,
    kind_of_name,
)
from jq_models.data.group_words import group_words
from jq_models.data.propose_codes import MISSING, NEGATIVE
from jq_models.data.shown import alike, header_in_doubt, shown_names
from jq_models.data.table import Cell, RawTable, number_of, text_of
from jq_models.spec import Text
from jq_models.spec.study import COVARIATES, FLOOR, MINIMUM

T = TypeVar("T")
IGNORED = ("personal", "date", "identifier", "technical", "free_text", "few_values", "empty", "other")
_MOST_VALUES = 60  # more different values are no grouping, in however large a file
_MOST_LABELS = 12  # more values are left without words: the study file would be a list of them
_LONG = 12  # letters a value has on average from which texts are sentences
_NUMERIC = 0.95  # share of numbers in range that a covariate's cells must have
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupGuess:
    """A column recognised as a grouping variable.

    Attributes
    ----------
    name, column : str
    label : Text
    values : int
        How many different values it holds.
    labels : mapping of str to Text
        Words for the values; empty unless each is held by five persons or more.
    """

    name: str
    column: str
    label: Text
    values: int
    labels: Mapping[str, Text]


def guess_groups(raw: RawTable, free: Iterable[str]) -> tuple[GroupGuess, ...]:
    """Recognise grouping variables: a word of theirs, and few values that many rows repeat.

    Where two columns answer to one name, the one called nothing else is taken; two of those are none.
    """
    found: dict[str, list[tuple[bool, str, GroupKind]]] = defaultdict(list)
    for column in free:
        kind = _named(raw, column, group_kind)
        if kind and column not in raw.duplicates and _repeats(raw.frame[column], column):
            found[kind[0].name].append((kind[1], column, kind[0]))
    chosen = []
    for claims in found.values():
        best = [claim for claim in claims if claim[0]] or claims
        if len(best) == 1:
            chosen.append(_guess(raw, column=best[0][1], kind=best[0][2]))
    order = [kind.name for kind in GROUP_KINDS]
    return tuple(sorted(chosen, key=lambda group: order.index(group.name)))


def guess_covariates(raw: RawTable, free: Iterable[str]) -> dict[str, str]:
    """Recognise the covariates: asked for by name, numbers within their range, one column each."""
    found: dict[str, str] = {}
    for name in COVARIATES:
        columns = [
            column
            for column in free
            if column not in raw.duplicates
            and any(is_covariate(name, text) for text in _texts(raw, column))
            and not any(is_personal(text) for text in _texts(raw, column))
            and _is_numeric(raw.frame[column], name)
        ]
        if len(columns) == 1:
            found[name] = columns[0]
    return found


def ignored_kinds(
    raw: RawTable, unused: Iterable[str], *, personal: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Sort the columns a study does not use by what they seem to hold; every one has a kind.

    `personal` are columns known to say who answered, when or how: personal unless their name says more.
    """
    known = frozenset(personal)
    kinds: dict[str, list[str]] = defaultdict(list)
    for column in unused:
        kind = _named(raw, column, kind_of_name) or ("personal" if column in known else "")
        kinds[kind or _kind_of_cells(raw.frame[column])].append(column)
    return {kind: tuple(kinds[kind]) for kind in IGNORED if kind in kinds}


def names_to_write(raw: RawTable, columns: Iterable[str], *, known: Iterable[str]) -> frozenset[str]:
    """Return the columns whose name may be written down: in a mixed-up file a "name" may be an answer.

    More than `shown_names` allows: sentences, where a survey tool wrote the file, and names that say what
    kind of column they head. Never an address, a number, what is also a cell, or looks like its cells.
    """
    known, columns = frozenset(known), tuple(columns)
    shown = shown_names(raw, known=known)
    if header_in_doubt(raw, (str(name) for name in raw.frame.columns if name not in known)):
        return frozenset(column for column in columns if column in shown or is_common(column))
    cells = {text_of(cell).casefold() for name in raw.frame.columns for cell in raw.frame[name].unique()}

    def is_name(column: str) -> bool:
        if "@" in column or not any(letter.isalpha() for letter in column) or column.casefold() in cells:
            return False
        return is_common(column) or (bool(raw.tool or kind_of_name(column)) and not alike(raw, column))

    return frozenset(column for column in columns if column in shown or is_name(column))


def _texts(raw: RawTable, column: str) -> tuple[str, ...]:
    return tuple(filter(None, (column, raw.questions.get(column))))


def _named(raw: RawTable, column: str, reading: Callable[[str], T | None]) -> T | None:
    """Return what the first of a column's name and question says."""
    return next((found for text in _texts(raw, column) if (found := reading(text))), None)


def _repeats(cells: pd.Series[str], name: str) -> bool:
    given = cells.dropna().map(text_of)
    different = given.nunique()
    if name in set(given) or not 2 <= different <= _MOST_VALUES:
        return False
    return len(given) >= FLOOR * different and 2 * len(given) >= len(cells)


def _guess(raw: RawTable, *, column: str, kind: GroupKind) -> GroupGuess:
    sizes = raw.frame[column].dropna().map(text_of).value_counts()
    labels: Mapping[str, Text] = {}
    # a value that few people hold may tell who they are: then none is written down
    if int(sizes.min()) >= MINIMUM and len(sizes) <= _MOST_LABELS:
        labels = group_words(kind.name, [str(v) for v in sizes.index], given=raw.value_labels.get(column, {}))
    return GroupGuess(name=kind.name, column=column, label=kind.label, values=len(sizes), labels=labels)


def _is_numeric(cells: pd.Series[str], name: str) -> bool:
    low, high = RANGE[name]
    given = [covariate_number(cell, name) for cell in cells.dropna() if not is_no_answer(cell)]
    numbers = [number for number in given if number is not None and low <= number <= high]
    missing = sum(number in MISSING | NEGATIVE for number in given if number not in numbers)
    # answers on a shorter scale are no 0 to 10, and no per cent
    return len(numbers) >= _NUMERIC * (len(given) - missing) and max(numbers, default=0.0) > high * 0.7


def _kind_of_cells(cells: pd.Series[str]) -> str:
    given = [text_of(cell) for cell in cells.dropna()]
    if not given:
        return "empty"
    different = set(given)
    if sum(_DATE.fullmatch(text) is not None for text in given) > 0.8 * len(given):
        return "date"
    words = sum(len(text) for text in given) / len(given) >= _LONG
    if words and len(different) > len(given) / FLOOR:
        return "free_text"
    if len(different) == len(given) > 1 and not all(_is_decimal(cell) for cell in cells.dropna()):
        return "identifier"
    if 1 < len(different) <= len(given) / FLOOR:
        return "few_values"
    return "other"


def _is_decimal(cell: Cell) -> bool:
    number = number_of(cell)
    return number is not None and not number.is_integer()
