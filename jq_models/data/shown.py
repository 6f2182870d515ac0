"""Which column names may be repeated to a reader: where the header is lost, they are a person's answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from openpyxl.utils import get_column_letter

from jq_models.data.table import RawTable, text_of

# what survey tools and people call a column; sentences, e-mail addresses, dates and numbers are none
_NAME = re.compile(r"[^\W\d_][\w.]{0,31}")
_NUMBER = re.compile(r"[\s\d.,:/+-]*\d[\s\d.,:/+-]*")
# Of what kind each character is, runs taken together: "R_07" and "R_12" are alike.
_SHAPE = ((re.compile(r"[^\W\d_]+"), "a"), (re.compile(r"\d+"), "9"), (re.compile(r"\s+"), " "))


def shown_names(raw: RawTable, *, known: Iterable[str] = ()) -> Mapping[str, str]:
    """Return the columns whose name may be shown, and the name; all others are shown by their letter.

    A name may be shown when the study or the questionnaire says it (`known`), or when it looks like a name
    and not like the cells: no sentence, number or address, not a cell itself, not of the cells' shape. When
    most rows are longer or shorter than the header, or several of its cells look like answers, the header is
    taken for answers, and only known names are shown.

    Parameters
    ----------
    raw : RawTable
    known : iterable of str
        Names that do not come from the file.
    """
    wanted = set(known)
    others = [str(name) for name in raw.frame.columns if name not in wanted]
    cells = _cells(raw, others)
    safe = {name for name in others if _NAME.fullmatch(name) and name.casefold() not in cells}
    if header_in_doubt(raw, others):
        safe = set()
    shown = {str(name) for name in raw.frame.columns if name in wanted}
    return {name: name for name in shown | {name for name in safe if not alike(raw, name)}}


def header_in_doubt(raw: RawTable, names: Iterable[str]) -> bool:
    """Say whether the first row seems to hold answers beside or in place of names.

    So it does when most rows are longer or shorter than it, or when several of `names` (the columns that
    neither study nor questionnaire call so) are numbers or cells.
    """
    others = list(names)
    cells = _cells(raw, others)
    answers = sum(_NUMBER.fullmatch(name) is not None or name.casefold() in cells for name in others)
    return answers > 1 or 2 * max(raw.short_rows, raw.long_rows) > raw.n


def letter(raw: RawTable, name: str) -> str:
    """Return where a column stands, as a spreadsheet calls it: "F"."""
    return str(get_column_letter(min(raw.places.get(name, 0) + 1, 18_278)))


def column_in_words(raw: RawTable, name: str) -> str:
    """Return how an error text calls a column: its name where that may be shown, else "column F"."""
    return f"'{name}'" if name in shown_names(raw) else f"column {letter(raw, name)}"


def _cells(raw: RawTable, names: list[str]) -> set[str]:
    """Return those names, folded, that are also cells somewhere in the file."""
    wanted = {name.casefold() for name in names}
    found: set[str] = set()
    for column in raw.frame.columns:
        texts = {text_of(cell).casefold() for cell in raw.frame[column].unique()}
        found |= wanted & texts
    return found


def alike(raw: RawTable, name: str) -> bool:
    """Say whether half of a column's cells have the shape of its name, as those of "R_07" below "R_03".

    A single word, as "Utrecht" below "team", says too little to be compared.
    """
    own = _shape(name)
    if own == "a":
        return False
    texts = [text_of(cell) for cell in raw.frame[name] if isinstance(cell, str)]
    return 2 * sum(_shape(text) == own for text in texts[:200]) >= max(len(texts[:200]), 1)


def _shape(text: str) -> str:
    for pattern, sign in _SHAPE:
        text = pattern.sub(sign, text[:60])
    return text
