"""What the questions about background are called in a survey tool, where the study's own names cannot stand.

LimeSurvey takes letters and digits only: 20 for a question, 5 for an answer. The form and the reading of the
file it gives back both take the names from here, so that they cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from jq_models.spec import Instrument, Study

LONGEST_QUESTION, LONGEST_ANSWER = 20, 5
NUMBERED = "_choice"  # Qualtrics numbers the choices 1, 2, ... whatever their codes: its column says so
_ANSWER = re.compile(rf"[A-Za-z0-9]{{1,{LONGEST_ANSWER}}}")
_RESERVED = frozenset({"id", "lang", "other", "savedid", "seed", "sid", "time", "token"})  # LimeSurvey's own


def question_codes(study: Study, *, instrument: Instrument) -> dict[str, str]:
    """Return what the question behind each column of groups and covariates is called in a tool.

    The column's name itself where it has letters and digits only; else what is left of it, with a number
    behind it where that is taken.

    Returns
    -------
    dict of str to str
        Column to code, in the study file's order.
    """
    taken = {item.code.casefold() for item in instrument.items} | _RESERVED
    codes: dict[str, str] = {}
    for column in (*(group.column for group in study.groups), *study.covariates.values()):
        bare = re.sub(r"[^A-Za-z0-9]", "", column)
        first = bare if bare[:1].isalpha() else f"G{bare}"
        code, count = first[:LONGEST_QUESTION], 1
        while code.casefold() in taken:
            count += 1
            code = f"{first[: LONGEST_QUESTION - len(str(count))]}{count}"
        taken.add(code.casefold())
        codes[column] = code
    return codes


def answer_codes(codes: Sequence[str]) -> tuple[str, ...]:
    """Return a code a choice that LimeSurvey takes: the study's own where all fit, else A1, A2, ...

    The letter is one that makes none of the study's own codes.
    """
    if all(_ANSWER.fullmatch(code) for code in codes) and len({c.casefold() for c in codes}) == len(codes):
        return tuple(codes)
    own = {code.casefold() for code in codes}
    for letter in ascii_uppercase:
        made = tuple(f"{letter}{place}" for place in range(1, len(codes) + 1))
        if not own & {code.casefold() for code in made}:
            return made
    return tuple(codes)
