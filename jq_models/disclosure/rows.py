"""Recognise a respondent's answers wherever they turn up, whatever separates them.

A signature is a run of consecutive answers; text is reduced to its runs of whole numbers, whether a comma,
a tab, a line end, a JSON list or an HTML table cell stands between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

RUN = 12
LARGEST_ANSWER = 100

# what may stand between two answers of one run: no letter, no digit, no decimal point
_BETWEEN = r"[\s,;|:\"'\[\](){}]+"
_NUMBER = r"\d{1,2}(?:\.0{1,6})?"
_RUN_OF_NUMBERS = re.compile(rf"(?<![\w.]){_NUMBER}(?:{_BETWEEN}{_NUMBER}){{{RUN - 1},}}(?![\w.])")
_MISSING = re.compile(r"\b(?:nan|na|none|null|n/a)\b", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"(?<=\d),0(?=\s*[;\t\n\r]|$)")
_TAG = re.compile(r"<[^<>]*>")


def row_signatures(frame: pd.DataFrame) -> frozenset[str]:
    """Return the signatures of every row, and of every column, of answers.

    Parameters
    ----------
    frame : DataFrame
        Answers, persons x items; other columns than whole numbers below 100 are left aside. Give raw and
        prepared answers both (joined sets) when both could leak.

    Returns
    -------
    frozenset of str
        Runs of 12 consecutive answers of a person, and of 12 consecutive persons to an item, missing
        answers skipped. Runs of one repeated answer are left out: they are found in harmless tables.
    """
    answers = [_answers(frame[name]) for name in frame.columns]
    kept = [column for column in answers if column is not None]
    if not kept:
        return frozenset()
    table = np.column_stack(kept)
    return frozenset(run for line in (*table, *table.T) for run in _windows(line[~np.isnan(line)]))


def signatures_in(text: str) -> Iterator[str]:
    """Yield every run of 12 whole numbers in a text, in the form `row_signatures` has."""
    for plain in _plain(text):
        for match in _RUN_OF_NUMBERS.finditer(plain):
            numbers = re.findall(_NUMBER, match.group())
            yield from _windows(np.array(numbers, dtype=float))


def _plain(text: str) -> Iterator[str]:
    """Yield the text without words for missing; when it has tags, once more with them taken out."""
    cleaned = _DECIMAL_COMMA.sub("", _MISSING.sub(" ", text))
    yield cleaned
    if "<" in cleaned:
        yield _TAG.sub(" ", cleaned)


def _answers(column: pd.Series) -> np.ndarray | None:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    given = numbers[~np.isnan(numbers)]
    whole = given.size and np.all((given >= 0) & (given < LARGEST_ANSWER) & (given == np.floor(given)))
    return numbers if whole else None


def _windows(line: np.ndarray) -> Iterator[str]:
    codes = [str(int(value)) for value in line]
    for start in range(len(codes) - RUN + 1):
        run = codes[start : start + RUN]
        if len(set(run)) > 1:
            yield ",".join(run)
