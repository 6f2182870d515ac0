"""Holds a text with numbers against a stored one: words and whole numbers exact, other numbers nearly.

"Nearly" is for the last digits that another processor or library version may turn: 1e-4 of the number, or
one step of its last printed digit where that step is at most 0.5 % of it. So a change of 1 % always shows
(as far as the printed digits show it at all), and 0.71 for 0.72 does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

RELATIVE = Decimal("1e-4")
LAST_DIGIT = Decimal("0.005")
SAME = Decimal("1e-6")  # 0.3 and 0.30000000000000004 are one number; 0.731 and 0.7312345678 are not
FULL_PRECISION = 8  # significant digits from which trailing digits are not layout but precision
# A number stands alone: part of a code (OPP1), a length (1.5em), a colour or a version it is text.
_NUMBER = re.compile(r"(?<![\w.#])((?:(?<!\d)[-−+])?(?:\d+(?:[.,]\d+)*|\.\d+)(?:[eE][-+]?\d+)?)(?!\w|[.,]\d)")
_DECIMAL = re.compile(r"[-−+]?(\d+|\d{1,3}(,\d{3})+)?\.\d+([eE][-+]?\d+)?|[-−+]?\d+[eE][-+]?\d+")
_DUTCH = re.compile(r"[-−+]?(\d+|\d{1,3}(\.\d{3})+),\d+")
_THOUSANDS = re.compile(r"[-−+]?[1-9]\d{0,2}(,\d{3})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where two texts differ: what was stored, what was found, and what stands before it."""

    stored: str
    found: str
    before: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"…{self.before} »{self.stored}« is now »{self.found}«"


def differences(stored: str, found: str) -> list[Difference]:
    """Compare two texts.

    Parameters
    ----------
    stored, found : str
        The text kept and the text computed now.

    Returns
    -------
    list of Difference
        Empty when they agree. When the words differ, one entry with the first place.
    """
    if stored == found:
        return []
    left, right = _NUMBER.split(stored), _NUMBER.split(found)
    if left[::2] != right[::2]:
        return [_first(stored, found)]
    return [
        Difference(stored=a, found=b, before=_tail("".join(left[: 2 * i + 1])))
        for i, (a, b) in enumerate(zip(left[1::2], right[1::2], strict=True))
        if not close(a, b)
    ]


def close(stored: str, found: str) -> bool:
    """Say whether two printed numbers agree.

    Whole numbers agree only when equal. Numbers with decimals must also show as many of them, unless one is
    printed in full precision: a table that lost its rounding is a change.
    """
    if stored == found:
        return True
    left, right = _parse(stored), _parse(found)
    if left is None or right is None:
        return False
    (a, places), (b, other) = left, right
    fewest, most = sorted(len(number.as_tuple().digits) for number in (a, b))
    if places != other and "e" not in stored.lower():
        if most < FULL_PRECISION:
            return False
        return abs(a - b) <= (RELATIVE if fewest >= FULL_PRECISION else SAME) * abs(a)
    step = Decimal(1).scaleb(-places)
    allowed = RELATIVE * abs(a)
    if step <= LAST_DIGIT * abs(a):
        allowed = max(allowed, step)
    return abs(a - b) <= allowed


def _parse(text: str) -> tuple[Decimal, int] | None:
    """Return a number with decimals and how many it shows; None for a whole number or a code."""
    if _THOUSANDS.fullmatch(text):
        return None
    if _DECIMAL.fullmatch(text):
        plain = text.replace(",", "")
    elif _DUTCH.fullmatch(text):
        plain = text.replace(".", "").replace(",", ".")
    else:
        return None
    value = Decimal(plain.replace("−", "-"))
    return value, -int(value.as_tuple().exponent)


def _first(stored: str, found: str) -> Difference:
    start = next(
        (i for i, (a, b) in enumerate(zip(stored, found, strict=False)) if a != b),
        min(len(stored), len(found)),
    )
    word = start - len(re.split(r"\s", stored[:start])[-1])
    end = max(start + 1, word)
    return Difference(
        stored=stored[word : end + 40], found=found[word : end + 40], before=_tail(stored[:word])
    )


def _tail(text: str) -> str:
    return " ".join(re.sub(r"<[^<>]*>", " ", text).split())[-40:]
