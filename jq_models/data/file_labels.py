"""What the codes of an SPSS file say by its own value labels: position on the scale, or no answer.

A file may count from "strongly agree" down, or from 0: its labels decide, never its numbers. Where they
leave a doubt nothing is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from jq_models.data.labels import is_agreement, labels_of, numbered, plain, says_nothing, wording
from jq_models.data.table import number_of, text_of
from jq_models.spec import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one column's codes are read.

    Attributes
    ----------
    codes : mapping of str to int
        Code of the scale for each code in the file, written as `jq_models.data.table.text_of` writes it.
    no_answer : frozenset of str
        Codes in the file whose label says that there is no answer.
    doubt : bool
        The labels cannot be placed on the scale, or contradict each other: the column must not be read.
    """

    codes: Mapping[str, int] = field(default_factory=dict)
    no_answer: frozenset[str] = frozenset()
    doubt: bool = False

    @property
    def moved(self) -> bool:
        """Whether a code means another place on the scale than its number."""
        return any(number_of(code) != place for code, place in self.codes.items())


def reading(
    labels: Mapping[str, str], *, scale: Scale, texts: Iterable[str], used: Collection[str]
) -> Reading:
    """Return how the codes of a column are read.

    Parameters
    ----------
    labels : mapping of str to str
        The file's label of each code of the column.
    scale : Scale
    texts : iterable of str
        All labels the file uses on this scale (`jq_models.data.labels.labels_of`).
    used : collection of str
        The codes in the column's cells.
    """
    no_answer = frozenset(code for code, label in labels.items() if says_nothing(label))
    asked = {str(value) for value in scale.values} | set(used)
    said = {code: label for code, label in labels.items() if code not in no_answer}
    known = labels_of(scale, texts=texts)
    placed = {code: _place(label, known, scale) for code, label in said.items()}
    if is_agreement(scale):
        placed |= _ends(said, placed, scale)
    codes = {code: place for code, place in placed.items() if place is not None}
    outside = {code for code, place in placed.items() if place is None and not _on_scale(code, scale)}
    if any(place is None for code, place in placed.items() if code in asked - outside):
        return Reading(no_answer=no_answer, doubt=True)
    if not codes:
        return Reading(no_answer=no_answer)
    rest = {code for code in set(used) - set(codes) - no_answer if number_of(code) is not None}
    return _completed(codes, rest, no_answer, scale)


def _completed(codes: dict[str, int], rest: set[str], no_answer: frozenset[str], scale: Scale) -> Reading:
    """Check that labels run one way, and let codes without a label follow them one by one."""
    numbers = {code: number for code in codes if (number := number_of(code)) is not None}
    order = [codes[code] for code in sorted(numbers, key=lambda code: numbers[code])]
    steps = {after > before for before, after in pairwise(order)}
    doubt = Reading(no_answer=no_answer, doubt=True)
    if len(steps) > 1 or len(set(codes.values())) < len(codes):
        return doubt
    up, down = ({place - sign * numbers[code] for code, place in codes.items() if code in numbers}
                for sign in (1, -1))  # fmt: skip
    if len(up) == 1 and (len(numbers) > 1 or up == {0.0}):
        sign, start = 1, up.pop()
    elif len(down) == 1 and len(numbers) > 1:
        sign, start = -1, down.pop()
    elif any(_on_scale(code, scale) for code in rest):
        return doubt
    else:
        return Reading(codes=codes, no_answer=no_answer)
    follow = {code: start + sign * (number_of(code) or 0.0) for code in rest}
    return Reading(
        codes=codes | {code: int(place) for code, place in follow.items() if place in scale.values},
        no_answer=no_answer,
    )


def _place(label: str, known: Mapping[str, int], scale: Scale) -> int | None:
    if plain(label) in known:
        return known[plain(label)]
    if _word(label) in known:
        return known[_word(label)]
    number = number_of(label)
    return int(number) if number is not None and number in scale.values else None


def _ends(said: Mapping[str, str], placed: Mapping[str, int | None], scale: Scale) -> dict[str, int]:
    """Place two labels that stand at the ends of the numbers, where only these have one."""
    words = {code: word for code, label in said.items() if (word := wording(_word(label))) and word.side}
    ends = {str(scale.low), str(scale.high)}
    if set(words) != ends or {word.side for word in words.values()} != {-1, 1}:
        return {}
    if not any(placed[code] is None for code in ends):
        return {}
    return {code: scale.low if word.side < 0 else scale.high for code, word in words.items()}


def _on_scale(code: str, scale: Scale) -> bool:
    return number_of(code) in scale.values


def _word(label: str) -> str:
    pair = numbered(plain(label))
    return pair[1] if pair else plain(label)


def codes_used(cells: Iterable[object]) -> set[str]:
    """Return the codes in a column's cells, as its labels write them."""
    return {text_of(cell) for cell in cells if isinstance(cell, float | str)}
