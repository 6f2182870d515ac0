"""Cells to answer codes: labels recognised, missing codes found, whatever does not fit counted by kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from jq_models.data.file_labels import Reading, codes_used, reading
from jq_models.data.labels import answer_code, labels_of, numbered, plain, says_nothing
from jq_models.data.table import Cell, RawTable, number_of, text_of
from jq_models.spec import Instrument, Item, Scale, Study

# Kinds of cells that are no plain code: those understood, and those that are errors.
UNDERSTOOD = ("label_text", "file_label", "declared_missing", "no_answer_text")
INVALID = (
    "not_a_number", "not_whole", "leftover_missing_code", "out_of_range", "mixed_answers", "label_conflict",
)  # fmt: skip

_TYPICAL_MISSING = frozenset({0, 8, 9, 66, 77, 88, *range(95, 100), 666, 777, 888, *range(995, 1000), 9999})


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
    columns = {item.code: raw.frame[study.column_of(item.code)] for item in present}
    texts: dict[str, set[str]] = defaultdict(set)
    for item in present:
        labels = raw.value_labels.get(study.column_of(item.code), {})
        texts[item.scale.name] |= _texts(columns[item.code]) | set(labels.values())
    given = _readings(raw, study=study, present=present, texts=texts)
    items = {
        item.code: code_answers(
            columns[item.code],
            scale=item.scale,
            missing=study.missing,
            texts=texts[item.scale.name],
            given=given[item.code],
        )
        for item in present
    }
    answers = pd.DataFrame({code: coded.values for code, coded in items.items()}, index=raw.frame.index)
    turned = pd.DataFrame({i.code: turn(answers[i.code], item=i) for i in present}, index=answers.index)
    return Coding(items=items, answers=answers, turned=turned)


def _readings(
    raw: RawTable, *, study: Study, present: list[Item], texts: Mapping[str, set[str]]
) -> dict[str, Reading]:
    """Return how the file's own labels read each item.

    Where they move the codes of some items, the codes of an item without labels are in doubt.
    """
    found: dict[str, Reading] = {}
    for item in present:
        column = study.column_of(item.code)
        found[item.code] = reading(
            raw.value_labels.get(column, {}),
            scale=item.scale,
            texts=texts[item.scale.name],
            used=codes_used(raw.frame[column]),
        )
    moved = {item.scale.name for item in present if found[item.code].moved}
    for item in present:
        if item.scale.name in moved and not found[item.code].codes:
            found[item.code] = Reading(no_answer=found[item.code].no_answer, doubt=True)
    return found


def code_answers(
    cells: pd.Series[Any],
    *,
    scale: Scale,
    missing: tuple[int, ...] = (),
    texts: Collection[str] | None = None,
    given: Reading | None = None,
) -> Coded:
    """Turn the cells of one item into codes of its scale.

    Accepted are the codes themselves (decimal comma or point), the scale's labels in every language
    whatever their case, customary texts of agreement, a code with its label ("5 - Strongly agree") when the
    two agree, and LimeSurvey's codes of answers ("A5") where a column holds nothing else. Bare
    numbers beside bare texts are not read: nothing says from which end they count.

    Parameters
    ----------
    cells : Series of object
        Text, numbers and None.
    scale : Scale
    missing : tuple of int
        Declared missing codes. One that is a value of the scale stays an answer: 9 means missing on
        five points and an answer on a 0-10 scale of the same file.
    texts : collection of str, optional
        All texts the file uses on this scale: what a customary text means hangs on the others
        (`jq_models.data.labels`). Default: those of `cells`.
    given : Reading, optional
        What the file's own labels say of its codes; they go before the numbers.
    """
    labels = labels_of(scale, texts=_texts(cells) if texts is None else texts)
    distinct = list(cells.dropna().unique())
    codes = {cell: answer_code(cell) for cell in distinct}
    coded = None not in codes.values()
    known = {cell: _read(codes[cell] if coded else cell, scale, labels, missing) for cell in distinct}
    if not coded:
        known |= _mixed(known)
    if given is not None:
        known |= _by_labels(known, given, scale)
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


def _texts(cells: pd.Series[Any]) -> set[str]:
    return {cell for cell in cells if isinstance(cell, str) and number_of(cell) is None}


def _mixed(known: Mapping[Cell, tuple[float, str]]) -> dict[Cell, tuple[float, str]]:
    """Return the bare numbers beside bare texts of the scale, unless texts with their code say the order."""
    texts = [str(cell) for cell, (_, kind) in known.items() if kind == "label_text"]
    if not texts or any(numbered(plain(text)) for text in texts):
        return {}
    return {cell: (np.nan, "mixed_answers") for cell, (_, kind) in known.items() if kind == "code"}


def _by_labels(
    known: Mapping[Cell, tuple[float, str]], given: Reading, scale: Scale
) -> dict[Cell, tuple[float, str]]:
    """Return the cells that the file's own labels read otherwise than their numbers do."""
    if given.doubt:
        return dict.fromkeys(known, (np.nan, "label_conflict"))
    read: dict[Cell, tuple[float, str]] = {}
    for cell in known:
        code = text_of(cell)
        number = number_of(cell)
        if code in given.no_answer:
            read[cell] = np.nan, "no_answer_text"
        elif code in given.codes:
            place = given.codes[code]
            read[cell] = float(place), "code" if number == place else "file_label"
        elif number in scale.values and given.moved:
            read[cell] = np.nan, "out_of_range"
    return read


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
    words = plain(text)
    if words in labels:
        return float(labels[words]), "label_text"
    pair = numbered(words)
    if pair and labels.get(pair[1]) == pair[0]:
        return float(pair[0]), "label_text"
    return np.nan, "no_answer_text" if says_nothing(words) else "not_a_number"
