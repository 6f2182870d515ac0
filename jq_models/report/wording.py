"""Every word and number format of the package, in one folder of catalogues a language.

``w = wording("nl")`` gives the words, ``w("fit.title")`` one of them and ``w.number(3.14159)`` a number the
way the language writes it. Nothing above or below this file formats a number for a reader.
"""

from __future__ import annotations

import math
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jq_models.errors import SpecError, suggest
from jq_models.spec import LANGUAGES

FOLDER = Path(__file__).parent / "wording"
DASH = "–"  # shown where a number cannot be computed
MINUS = "\u2212"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words and number formats of one language.

    Attributes
    ----------
    language : {"en", "nl"}
        The language.
    texts : mapping
        Dotted key to text with ``{placeholders}``.
    """

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: str | int) -> str:
        """Return the text of `key` with its placeholders filled; a sentence begins with a capital.

        Parameters
        ----------
        key : str
            Dotted key, such as ``"fit.title"``.
        **values : str or int
            One value a placeholder. Whole numbers are written as counts; any other number must be
            formatted first, so that no raw float reaches a reader.

        Raises
        ------
        SpecError
            When the catalogue lacks the key, or a placeholder gets no value.
        TypeError
            When a value is an unformatted number.
        """
        if key not in self.texts:
            close = get_close_matches(key, self.texts, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            raise SpecError(f"The '{self.language}' catalogue has no '{key}'.{hint}")
        missing = placeholders(self.texts[key]) - values.keys()
        if missing:
            raise SpecError(f"The text '{key}' ('{self.language}') needs a value for {sorted(missing)}.")
        text = self.texts[key].format(**{name: self._word(value) for name, value in values.items()})
        return text[:1].upper() + text[1:] if text.endswith(".") else text

    def __contains__(self, key: object) -> bool:
        """Say whether the catalogue has this key."""
        return key in self.texts

    def of(self, text: Mapping[str, str]) -> str:
        """Return a text of an instrument or study file in this language."""
        return text[self.language].replace("'", "\u2019")

    def number(self, x: float | None, digits: int = 2) -> str:
        """Write a number with fixed decimals; NaN and None become a dash."""
        if x is None or math.isnan(x):
            return DASH
        if math.isinf(x):
            return "∞" if x > 0 else f"{MINUS}∞"
        return self._signed(f"{abs(x):,.{digits}f}", negative=x < 0)

    def coefficient(self, x: float | None, digits: int = 2) -> str:
        """Write a loading, correlation, path or share: English drops the zero before the point."""
        text = self.number(x, digits)
        drop = self._point == "." and text.lstrip(MINUS).startswith("0.")
        return text.replace("0.", ".", 1) if drop else text

    def count(self, n: float | None) -> str:
        """Write a whole number with thousands marked; NaN and None become a dash."""
        return self.number(n, 0)

    def percent(self, x: float | None, digits: int = 0) -> str:
        """Write a share (0-1) as a percentage."""
        return DASH if x is None or math.isnan(x) else f"{self.number(100 * x, digits)}%"

    def p_value(self, p: float | None) -> str:
        """Write a probability with three decimals, or that it is smaller than one thousandth."""
        if p is not None and p < 0.001:
            return f"< {self.coefficient(0.001, 3)}"
        return self.coefficient(p, 3)

    def p_equals(self, p: float | None) -> str:
        """Write ``p = .023`` or ``p < .001``, for running text."""
        text = self.p_value(p)
        return f"p {text}" if text.startswith("<") else f"p = {text}"

    def interval(self, low: float | None, high: float | None, digits: int = 2) -> str:
        """Write an interval of numbers: ``[0.45, 0.61]``, in Dutch ``[0,45; 0,61]``."""
        return self._between(self.number(low, digits), self.number(high, digits))

    def coefficient_interval(self, low: float | None, high: float | None, digits: int = 2) -> str:
        """Write an interval of coefficients: ``[.45, .61]``, in Dutch ``[0,45; 0,61]``."""
        return self._between(self.coefficient(low, digits), self.coefficient(high, digits))

    def join(self, words: Iterable[str]) -> str:
        """Write a list: ``a, b and c``."""
        words = list(words)
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self('list.and')} {words[-1]}"

    @property
    def locale(self) -> str:
        """The language with a country, as office files name it: ``"nl-NL"``."""
        return self.texts["format.locale"]

    @property
    def windows_language(self) -> int:
        """The same as a number, as Windows and PowerPoint have it: ``0x413``."""
        return int(self.texts["format.windows"], 16)

    @property
    def _point(self) -> str:
        return self.texts["format.decimal"]

    def _word(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return self.count(value)
        raise TypeError(
            f"Format {type(value).__name__} values (w.number, w.percent ...) before wording them."
        )

    def _signed(self, digits: str, *, negative: bool) -> str:
        zero = not digits.strip("0.,")  # -0.001 is shown as 0.00, not as -0.00
        marks = {",": self.texts["format.thousands"], ".": self._point}
        text = "".join(marks.get(mark, mark) for mark in digits)
        return f"{MINUS}{text}" if negative and not zero else text

    def _between(self, low: str, high: str) -> str:
        if DASH in (low, high):
            return DASH
        return f"[{low}{self.texts['format.between']} {high}]"


@lru_cache
def wording(language: str) -> Wording:
    """Return the words of a language.

    Raises
    ------
    SpecError
        When the package does not speak it.
    """
    if language not in LANGUAGES:
        raise SpecError(f"No words in the language '{language}'. {suggest(language, LANGUAGES)}")
    texts: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        found = dict(_flatten(tomllib.loads(path.read_text(encoding="utf-8"))))
        twice = sorted(texts.keys() & found.keys())
        if twice:
            raise SpecError(f"{language}/{path.name}: '{twice[0]}' stands in another file already.")
        texts |= found
    return Wording(language=language, texts=MappingProxyType(texts))


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a catalogue text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _flatten(data: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, str):
            yield f"{prefix}{key}", value.replace("'", "\u2019")
        else:
            yield from _flatten(value, f"{prefix}{key}.")
