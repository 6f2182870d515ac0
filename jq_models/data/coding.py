"""Cells to answer codes: labels recognised, missing codes found, whatever does not fit counted by kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from jq_models.data.table import Cell, RawTable
from jq_models.spec import Instrument, Item, Scale, Study

# Kinds of cells that are no plain code. The first three are understood, the others are errors.
UNDERSTOOD = ("label_text", "declared_missing", "no_answer_text")
INVALID = ("not_a_number", "not_whole", "leftover_missing_code", "out_of_range")

_TYPICAL_MISSING = frozenset({0, 8, 9, 66, 77, 88, *range(95, 100), 666, 777, 888, *range(995, 1000), 9999})
_NO_ANSWER = frozenset({
    "weet niet", "weet ik niet", "weet het niet", "geen mening", "geen antwoord", "niet van toepassing",
    "n.v.t.", "n.v.t", "nvt", "zeg ik liever niet", "wil ik niet zeggen", "don't know", "dont know",
    "do not know", "no opinion", "no answer", "not applicable", "n/a", "n.a.", "na", "prefer not to say",
})  # fmt: skip
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_NUMBERED = re.compile(r"\(?([0-9]+)\)?\s*[-–=.:)]?\s*(\D.*)")  # "5 - Strongly agree", "(1) Helemaal oneens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One item's answers.

    Attributes
    ----------
    values : Series of float
        Codes of the scale as answered (not yet turned); NaN where missing or not understood.
    counts : mapping of str to int
        Cells of each kind in `UNDERSTOOD` and `INVALID`.
    """

    values: pd.Series[float] = field(repr=False)
    counts: Mapping[str, int]

    @property
    def invalid(self) -> int:
        """Cells that could not be understood."""
        return sum(self.counts.get(kind, 0) for kind in INVALID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """All items of a file, coded.

    Attributes
    ----------
    items : mapping of item code to Coded
        The items whose column is in the file, in the questionnaire's order.
    answers : DataFrame
        Their values as answered, persons x items.
    turned : DataFrame
        The same with reversed items turned: high = good.
    """

    items: Mapping[str, Coded]
    answers: pd.DataFrame = field(repr=False)
    turned: pd.DataFrame = field(repr=False)


def code_table(raw: RawTable, *, study: Study, instrument: Instrument) -> Coding:
    """Code every item of the questionnaire that has a column in the file."""
    present = [item for item in instrument.items if study.column_of(item.code) in raw.frame]
    items = {
        item.code: code_answers(
            raw.frame[study.column_of(item.code)], scale=item.scale, missing=study.missing
        )
        for item in present
    }
    answers = pd.DataFrame({code: coded.values for code, coded in items.items()}, index=raw.frame.index)
    turned = pd.DataFrame({i.code: turn(answers[i.code], item=i) for i in present}, index=answers.index)
    return Coding(items=items, answers=answers, turned=turned)


def code_answers(cells: pd.Series[Any], *, scale: Scale, missing: tuple[int, ...] = ()) -> Coded:
    """Turn the cells of one item into codes of its scale.

    Accepted are the codes themselves (decimal comma or point), the scale's labels in every language
    whatever their case, and a code with its label ("5 - Strongly agree") when the two agree.

    Parameters
    ----------
    cells : Series of object
        Text, numbers and None.
    scale : Scale
    missing : tuple of int
        Declared missing codes. One that is a value of the scale stays an answer: 9 means missing on
        five points and an answer on a 0-10 scale of the same file.
    """
    labels = {
        _plain(word): code
        for words in scale.labels.values()
        for code, word in zip(scale.values, words, strict=True)
    }
    known = {cell: _read(cell, scale, labels, missing) for cell in cells.dropna().unique()}
    nothing = (np.nan, "empty")
    read = [nothing if cell is None else known[cell] for cell in cells]
    kinds = Counter(kind for _, kind in read)
    return Coded(
        values=pd.Series([value for value, _ in read], index=cells.index, dtype=float),
        counts={kind: kinds[kind] for kind in (*UNDERSTOOD, *INVALID) if kinds[kind]},
    )


def turn(values: pd.Series[float], *, item: Item) -> pd.Series[float]:
    """Turn a reversed item round, ``low + high - value``; leave others as they are."""
    return item.scale.low + item.scale.high - values if item.reversed else values


def _read(cell: Cell, scale: Scale, labels: dict[str, int], missing: tuple[int, ...]) -> tuple[float, str]:
    """Return a cell's code (NaN when it has none) and its kind."""
    number = number_of(cell)
    if number is None:
        return _read_text(str(cell), labels)
    if number in scale.values:
        return number, "code"
    if number in missing:
        return np.nan, "declared_missing"
    if number in _TYPICAL_MISSING or (number < 0 <= scale.low and number.is_integer()):
        return np.nan, "leftover_missing_code"
    inside = scale.low < number < scale.high
    return np.nan, "not_whole" if inside else "out_of_range"


def _read_text(text: str, labels: dict[str, int]) -> tuple[float, str]:
    plain = _plain(text)
    if plain in labels:
        return float(labels[plain]), "label_text"
    numbered = _NUMBERED.fullmatch(plain)
    if numbered and labels.get(numbered[2]) == int(numbered[1]):
        return float(numbered[1]), "label_text"
    return np.nan, "no_answer_text" if plain in _NO_ANSWER else "not_a_number"


def number_of(cell: Cell) -> float | None:
    """Return a cell's number, written with a decimal comma or point; None when it is text."""
    if isinstance(cell, str):
        return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None
    return cell


def _plain(text: str) -> str:
    """Fold case, spaces and typographic apostrophes: exports differ in them."""
    return " ".join(text.replace("’", "'").casefold().split())
