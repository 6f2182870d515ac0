"""Which column of the file a missing one probably is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

CLOSE = 0.75  # likeness (difflib's ratio) from which a name is offered


def likely_column(wanted: str, unused: Iterable[str]) -> str:
    """Return the unused column whose name is most like the wanted one; empty when none is like it.

    Parameters
    ----------
    wanted : str
        The column that the study names and the file lacks.
    unused : iterable of str
        The file's columns that nothing names.
    """
    by_folded = {name.casefold(): name for name in unused}
    close = get_close_matches(wanted.casefold(), by_folded, n=1, cutoff=CLOSE)
    return by_folded[close[0]] if close else ""
