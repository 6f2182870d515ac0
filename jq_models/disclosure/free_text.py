"""What respondents wrote themselves: it may be nowhere in a report."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jq_models.disclosure.minimum import MINIMUM

SHORTEST = 12  # letters; shorter texts ("no", "n/a", a team's name) stand in reports for other reasons


def free_texts(
    frame: pd.DataFrame, *, columns: Iterable[str], minimum: int = MINIMUM, harmless: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the different texts of some columns that are long enough to be recognised.

    A text that many persons gave is an answer label, not their own words: it is passed over.

    Parameters
    ----------
    frame : DataFrame
        The file as read.
    columns : iterable of str
        The columns that the study does not use; those not in the file are passed over.
    minimum : int
        Persons from which on a text counts as a label.
    harmless : iterable of str
        Texts that a report holds anyway, as in `unlike`.

    Returns
    -------
    tuple of str
        Sorted; each of at least 12 characters.
    """
    givers: dict[str, set[int]] = {}
    for name in columns:
        if name in frame.columns:
            for person, cell in enumerate(frame[name]):
                if isinstance(cell, str):
                    givers.setdefault(cell.strip(), set()).add(person)
    return unlike((text for text, persons in givers.items() if len(persons) < minimum), harmless)


def unlike(texts: Iterable[str], harmless: Iterable[str]) -> tuple[str, ...]:
    """Return the texts of at least 12 characters that stand in none of the harmless ones, sorted.

    Parameters
    ----------
    texts : iterable of str
        What may be in no report.
    harmless : iterable of str
        Texts that a report holds anyway: a questionnaire's words, labels, headings. Case is passed over.
    """
    known = "\n".join(harmless).casefold()
    return tuple(sorted({text for text in texts if len(text) >= SHORTEST and text.casefold() not in known}))
