"""What respondents wrote themselves: it may be nowhere in a report."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

SHORTEST = 12  # letters; shorter texts ("no", "n/a", a team's name) stand in reports for other reasons


def free_texts(frame: pd.DataFrame, *, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the different texts of some columns that are long enough to be recognised.

    Parameters
    ----------
    frame : DataFrame
        The file as read.
    columns : iterable of str
        The columns that the study does not use; those not in the file are passed over.

    Returns
    -------
    tuple of str
        Sorted; each of at least 12 characters.
    """
    found: set[str] = set()
    for name in columns:
        if name in frame.columns:
            found |= {str(cell).strip() for cell in frame[name].dropna() if isinstance(cell, str)}
    return tuple(sorted(text for text in found if len(text) >= SHORTEST))
