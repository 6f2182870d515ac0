"""An exercise: what is asked, what is right, and what helps when it is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jq_models.errors import SpecError
from jq_models.learn.answers import Kind

_NUMBER = re.compile(r"\d\d\.[1-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """A wrong answer that a common error leads to, and the hint for it.

    `answer` is a value, or a function without arguments that computes it.
    """

    answer: Any
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise of a chapter.

    Attributes
    ----------
    number : str
        Chapter and exercise, such as "02.3".
    expected : Number, Choice, Names or Function
        The kind of answer, with the right one, which is computed wherever it is a number.
    hints : tuple of str
        At least two, each more concrete than the one before; none tells the answer.
    why : str, or function that returns it
        One sentence for a right answer.
    traps : tuple of Trap
        Common errors that have hints of their own.
    """

    number: str
    expected: Kind
    hints: tuple[str, ...]
    why: Callable[[], str] | str
    traps: tuple[Trap, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an exercise that could not help."""
        if not _NUMBER.fullmatch(self.number):
            raise SpecError(
                f"An exercise cannot be numbered '{self.number}': write chapter and exercise, as 02.3."
            )
        if len(self.hints) < 2:
            raise SpecError(f"Exercise {self.number} has {len(self.hints)} hint(s); give at least two.")

    def reason(self) -> str:
        """Return why the right answer is right."""
        return self.why() if callable(self.why) else self.why

    def trap(self, answer: Any) -> Trap | None:
        """Return the trap that a readable answer fell into, if any."""
        kind = self.expected
        return next((trap for trap in self.traps if kind.equal(answer, kind.settle(trap.answer))), None)
