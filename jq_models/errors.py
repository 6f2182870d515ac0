"""The errors of the package: each says what, where, what was found and what to do.

No error text ever contains a respondent's value.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class JQError(Exception):
    """Base of every error a user can cause and mend."""


class SpecError(JQError):
    """An instrument, model or study file that cannot be accepted."""


class SyntaxProblem(SpecError):  # noqa: N818 - the field says "syntax", and SyntaxError is taken
    """A model text that does not parse: line, column and remedy."""


class DataError(JQError):
    """A data file that cannot be read or does not fit its study."""


class FitError(JQError):
    """A model that could not be estimated, or whose estimates must not be used."""


class DisclosureError(JQError):
    """Something that may not be shown was about to be."""


class RunError(JQError):
    """A notebook, parameter or output folder that stops a run."""


def suggest(found: str, allowed: Iterable[str]) -> str:
    """Close with the likely right name, or with all allowed names.

    Parameters
    ----------
    found : str
        The name that was not recognised.
    allowed : iterable of str
        The names that would have been.

    Returns
    -------
    str
        ``"Did you mean 'x'?"`` or ``"Allowed: a, b, c."``
    """
    names = sorted(allowed)
    close = get_close_matches(found.lower(), [n.lower() for n in names], n=1, cutoff=0.6)
    if close:
        match = next(n for n in names if n.lower() == close[0])
        return f"Did you mean '{match}'?"
    return f"Allowed: {', '.join(names)}." if names else "None is allowed here."
