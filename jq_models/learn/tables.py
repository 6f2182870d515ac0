"""Small tables of the course: a frame of words and numbers, rounded and shown as the report's tables are."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jq_models.report import Table, wording
from jq_models.report.columns import Column, numbers, words
from jq_models.report.table import build


def small_table(
    frame: pd.DataFrame,
    name: str,
    *,
    title: str,
    note: str = "",
    digits: int = 2,
    kinds: Mapping[str, str] | None = None,
) -> Table:
    """Return a frame as a table of the report's look.

    Parameters
    ----------
    frame : DataFrame
        Columns named as the reader sees them; text columns first.
    name : str
        Lower-case letters, digits, underscores.
    title, note : str
        Above and below the table.
    digits : int
        Decimals; shares are whole per cents.
    kinds : mapping, optional
        How to write a column: "number" (default), "coefficient", "percent", "count" or "p_value".
    """
    w = wording("en")

    def column(heading: str) -> Column:
        values, code = frame[heading], str(heading).lower().replace(" ", "_")
        if not pd.api.types.is_numeric_dtype(values):
            return words(code, heading=heading, shown=[str(value) for value in values])
        kind = (kinds or {}).get(heading, "number")
        places = 0 if kind == "percent" else digits
        return numbers(code, heading=heading, values=values, w=w, kind=kind, digits=places)

    return build(name, title=title, columns=[column(str(c)) for c in frame.columns], note=note)
