"""What an answer to an exercise may be, how it is read, and when it is right.

Every kind has the same methods: ``truth``, ``settle`` (what an exercise says, as a value), ``problem`` (why
an answer cannot be read, in words for a student), ``equal`` and ``expects`` (what to give).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, KeysView, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Protocol

import numpy as np
import pandas as pd


class Kind(Protocol):
    """A kind of answer."""

    def truth(self) -> Any:
        """Return the right answer."""

    def settle(self, given: Any) -> Any:
        """Return a right or wrong answer as written in an exercise, computed if it is a function."""

    def problem(self, answer: Any) -> str:
        """Say why an answer cannot be read; empty when it can."""

    def equal(self, answer: Any, wanted: Any) -> bool:
        """Say whether a readable answer is this one."""

    def expects(self) -> str:
        """Say what to give."""


def _settled(given: Any) -> Any:
    return given() if callable(given) else given


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number; right within `tolerance`. `value` is computed, from the same data or the known truth."""

    value: Callable[[], float] | float
    tolerance: float

    def truth(self) -> float:
        """Return the right number."""
        return float(_settled(self.value))

    def settle(self, given: Any) -> float:
        """Return a number written as such or as a function without arguments."""
        return float(_settled(given))

    def problem(self, answer: Any) -> str:
        """Say why this is not a number."""
        if isinstance(answer, str):
            return "This is text. Leave the quotes out."
        if isinstance(answer, (pd.Series, pd.DataFrame, np.ndarray, list, tuple, dict, set)):
            return _several(answer)
        if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, Real):
            return f"This is of type {type(answer).__name__}."
        try:
            finite = math.isfinite(float(answer))
        except OverflowError:  # a whole number with hundreds of digits
            finite = False
        return "" if finite else "This number is missing or infinite: see how it came about."

    def equal(self, answer: Any, wanted: Any) -> bool:
        """Say whether two numbers are the same within the tolerance."""
        return abs(float(answer) - float(wanted)) <= self.tolerance

    def expects(self) -> str:
        """Say what to give."""
        return "a number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of some texts, such as a letter or a name; `right` may be computed."""

    options: tuple[str, ...]
    right: Callable[[], str] | str

    def truth(self) -> str:
        """Return the right option."""
        return str(_settled(self.right))

    def settle(self, given: Any) -> str:
        """Return an option written as such or as a function without arguments."""
        return str(_settled(given))

    def problem(self, answer: Any) -> str:
        """Say why this is none of the options."""
        if not isinstance(answer, str):
            return f"This is of type {type(answer).__name__}; put the word in quotes."
        return "" if _plain(answer) in map(_plain, self.options) else "That is none of the options."

    def equal(self, answer: Any, wanted: Any) -> bool:
        """Compare without regard to capitals and blanks."""
        return _plain(answer) == _plain(wanted)

    def expects(self) -> str:
        """Say what to give."""
        return f"one of {_listed(self.options)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A set of names, in any order; `right` may be computed."""

    options: tuple[str, ...]
    right: Callable[[], Iterable[str]] | tuple[str, ...]

    def truth(self) -> tuple[str, ...]:
        """Return the right names."""
        return tuple(sorted(_settled(self.right)))

    def settle(self, given: Any) -> tuple[str, ...]:
        """Return names written as such or as a function without arguments."""
        return tuple(sorted(_settled(given)))

    def problem(self, answer: Any) -> str:
        """Say why these are no names, or none of those possible."""
        names = _names(answer)
        if names == []:
            return "This is empty."
        if names is None:
            return f"This is of type {type(answer).__name__}, or holds something that is no text."
        known = list(map(_plain, self.options))
        return "" if all(_plain(name) in known for name in names) else "Not all of these names can be meant."

    def equal(self, answer: Any, wanted: Any) -> bool:
        """Compare as sets."""
        return {_plain(name) for name in _names(answer) or ()} == {_plain(name) for name in wanted}

    def expects(self) -> str:
        """Say what to give."""
        return f"a list of names, of {_listed(self.options)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of data: right when it gives what `reference` gives, in every one of `cases`."""

    reference: Callable[..., Any]
    cases: Callable[[], Sequence[tuple[Any, ...]]]
    of: str
    tolerance: float = 1e-8

    def truth(self) -> Callable[..., Any]:
        """Return a right function."""
        return self.reference

    def settle(self, given: Any) -> Any:
        """Return the function itself."""
        return given

    def problem(self, answer: Any) -> str:
        """Say why this is no function, or which error it stops with."""
        if not callable(answer):
            return f"This is of type {type(answer).__name__}."
        try:
            for case in self.cases():
                answer(*case)
        except Exception as error:  # noqa: BLE001 - a student's code may stop with anything
            return f"Your function stops with {type(error).__name__}: try it on the data first."
        return ""

    def equal(self, answer: Any, wanted: Any) -> bool:
        """Compare what two functions return, case by case; an answer may change the data it is given."""
        fresh = zip(self.cases(), self.cases(), strict=True)
        return all(self._same(answer(*given), wanted(*kept)) for given, kept in fresh)

    def expects(self) -> str:
        """Say what to give."""
        return f"a function of {self.of}, such as `lambda answers: ...`"

    def _same(self, found: Any, wanted: Any) -> bool:
        try:
            left, right = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
        except (TypeError, ValueError):
            return False
        return left.shape == right.shape and bool(
            np.allclose(left, right, rtol=0, atol=self.tolerance, equal_nan=True)
        )


def _several(values: Any) -> str:
    if np.size(values) == 1 and not isinstance(values, (dict, set)):
        return "The value stands in a list or table: take it out, as `.item()` and `[0]` do."
    return "These are several values, or none: pick one of them, or take their mean, as the question asks."


def _plain(text: str) -> str:
    return text.strip().casefold()


def _names(answer: Any) -> list[str] | None:
    if isinstance(answer, str):
        return [answer]
    if not isinstance(answer, (list, tuple, set, frozenset, KeysView, pd.Index, pd.Series, np.ndarray)):
        return None
    names = answer.ravel().tolist() if isinstance(answer, np.ndarray) else list(answer)
    return names if all(isinstance(name, str) for name in names) else None


def _listed(options: Sequence[str]) -> str:
    return ", ".join(f'"{option}"' for option in options)
