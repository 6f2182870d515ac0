"""Which column of the file a missing one probably is."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from difflib import get_close_matches

CLOSE = 0.75  # likeness (difflib's ratio) from which a name is offered


def likely_column(wanted: str, unused: Iterable[str], *, shown: Container[str]) -> str:
    """Return the unused column whose name is most like the wanted one; empty when none is like it.

    A header may hold an answer beside a name, so only names that may be shown are offered, and those that
    differ from the wanted one in blanks and signs alone.

    Parameters
    ----------
    wanted : str
        The column that the study names and the file lacks.
    unused : iterable of str
        The file's columns that nothing names.
    shown : container of str
        The columns whose name may be shown (`shown.shown_names`).
    """
    safe = [name for name in unused if name in shown or _bare(name) == _bare(wanted)]
    by_folded = {name.casefold(): name for name in safe}
    close = get_close_matches(wanted.casefold(), by_folded, n=1, cutoff=CLOSE)
    return by_folded[close[0]] if close else ""


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
