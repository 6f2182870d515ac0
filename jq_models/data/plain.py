"""A plain file of answers, without a study: numbers where they are numbers, texts for groups and clusters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from jq_models.data.read import read_table
from jq_models.data.shown import shown_names
from jq_models.data.table import Cell, RawTable, text_of
from jq_models.errors import DataError, suggest

MISSING = ("NA",)
# usual codes for "no answer"; a positive one counts when it is FAR times all other values
CODES = (77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9999)
FAR = 5.0
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def read_plain(
    path: str | Path, *, numeric: Iterable[str], text: Iterable[str] = (), missing: Iterable[str] = ()
) -> pd.DataFrame:
    """Read some columns of a data file.

    Parameters
    ----------
    path : str or Path
        As in `read_table`: encoding, delimiter and decimal sign are found.
    numeric : iterable of str
        Columns of numbers; NaN where a cell is empty or NA.
    text : iterable of str
        Columns of groups or clusters, as text; None where empty or NA.
    missing : iterable of str
        Further cells that mean a missing answer, such as "99".

    Returns
    -------
    DataFrame
        The columns asked for, one row for each row of the file.

    Raises
    ------
    DataError
        When the file cannot be read, a column is absent or there twice, a cell of a numeric column is no
        number, or a row has more cells than the header.
    """
    raw = read_table(path)
    if raw.long_rows:
        raise DataError(
            f"{raw.name}: {_times(raw.long_rows, 'row')} more cells than there are column names. "
            "Put texts that hold the delimiter in double quotation marks."
        )
    none = frozenset((*MISSING, *(word.strip() for word in missing)))
    numeric = tuple(dict.fromkeys(numeric))
    text = tuple(dict.fromkeys(name for name in text if name not in numeric))
    _check_columns(raw, (*numeric, *text))
    columns: dict[str, pd.Series[Any]] = {name: _numbers(raw, name, none) for name in numeric}
    columns |= {name: _texts(raw, name, none) for name in text}
    return pd.DataFrame(columns, index=pd.RangeIndex(raw.n))


def likely_codes(frame: pd.DataFrame) -> list[str]:
    """Return the numeric columns that seem to hold a code for "no answer", such as 99 beside 1 to 5."""
    return [str(name) for name in frame.select_dtypes("number") if _has_code(frame[name].dropna())]


def _has_code(values: pd.Series[float]) -> bool:
    positive, negative = values.isin(CODES), values.isin([-9, *(-code for code in CODES)])
    others = values[~positive & ~negative]
    if others.empty:
        return False
    far = positive.any() and values[positive].min() >= FAR * others.abs().max()
    return bool(far or (negative.any() and others.min() >= 0))


def _check_columns(raw: RawTable, names: Iterable[str]) -> None:
    for name in names:
        if name not in raw.frame.columns:
            raise DataError(f"{raw.name} has no column '{name}'. {_offered(raw, name)}")
        if name in raw.duplicates:
            raise DataError(
                f"{raw.name} has {raw.duplicates[name]} columns named '{name}'. Rename or remove all but one."
            )


def _offered(raw: RawTable, name: str) -> str:
    """Return the likely column, or all whose name may be shown: a header may be an answer."""
    shown = shown_names(raw)
    return suggest(name, shown) if shown else "Check that row 1 of the file holds the column names."


def _numbers(raw: RawTable, name: str, none: frozenset[str]) -> pd.Series[float]:
    cells = raw.frame[name]
    values = cells.map(lambda cell: _number(cell, raw.decimal)).astype(float)
    # 99 also declares 99.0
    numbers = [float(word) for word in none if _NUMBER.fullmatch(word)]
    missing = cells.map(lambda cell: cell is None or text_of(cell) in none).astype(bool) | values.isin(
        numbers
    )
    values = values.mask(missing)
    wrong = int((values.isna() & ~missing).sum())
    if wrong:
        raise DataError(
            f"{raw.name}, column '{name}': {_times(wrong, 'cell')} something that is no number. Code the "
            "answers as numbers, or name the cells that mean 'no answer' (--na)."
        )
    return values


def _number(cell: Cell, decimal: str | None) -> float | None:
    if not isinstance(cell, str):
        return cell
    written = cell.replace(",", ".") if decimal == "," else cell
    return float(written) if _NUMBER.fullmatch(written) else None


def _texts(raw: RawTable, name: str, none: frozenset[str]) -> pd.Series[str]:
    words = [text_of(cell) for cell in raw.frame[name]]
    return pd.Series([None if not word or word in none else word for word in words], dtype=object)


def _times(count: int, what: str) -> str:
    return f"1 {what} has" if count == 1 else f"{count} {what}s have"
