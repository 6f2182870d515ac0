"""Strict reading of TOML: every key known, every type right, every mistake named with its remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from jq_models.errors import SpecError, suggest

T = TypeVar("T")
LANGUAGES = ("en", "nl")
BASIC = ("en", "nl")  # every file has its texts in these; in a further language they may wait, in English
LARGEST = 2_000_000  # bytes
_REQUIRED: Any = object()
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list"}


class Text(Mapping[str, str]):
    """A text in every language of the package; ``text["nl"]`` gives one of them.

    In a language beyond `BASIC` that the text has not been put into, it is the English one.
    """

    __slots__ = ("_by_language",)

    def __init__(self, **by_language: str) -> None:
        self._by_language = MappingProxyType(dict(by_language))

    def __getitem__(self, language: str) -> str:
        waits = language in LANGUAGES and language not in BASIC
        return (
            self._by_language.get(language, self._by_language["en"]) if waits else self._by_language[language]
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_language)

    def __len__(self) -> int:
        return len(self._by_language)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._by_language.items())))

    def __repr__(self) -> str:
        return f"Text({dict(self._by_language)!r})"


class Table:
    """A TOML table whose keys are taken one by one; what is left over is an error.

    Parameters
    ----------
    data : mapping
        The parsed table.
    where : str
        Where it stands, for error texts: file name and key path.
    """

    def __init__(self, data: Mapping[str, Any], where: str) -> None:
        self._data = dict(data)
        self._known: list[str] = []
        self.where = where

    def take(self, key: str, kind: type[T], default: Any = _REQUIRED) -> T:
        """Take one value of type `kind`; a whole number is accepted as a number, nothing else bends."""
        self._known.append(key)
        if key not in self._data:
            if default is _REQUIRED:
                close = [k for k in self._data if k not in self._known]
                hint = f" {suggest_rename(key, close)}" if close else ""
                raise SpecError(f"{self.where}: the key '{key}' is missing.{hint}")
            return default  # type: ignore[no-any-return]  # the caller names the default's type
        value = self._data.pop(key)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)  # type: ignore[return-value]  # kind is float here
        wrong_bool = isinstance(value, bool) and kind is not bool
        if wrong_bool or not isinstance(value, kind):
            raise SpecError(
                f"{self.where}: '{key}' must be {_WORDS.get(kind, kind.__name__)}, "
                f"found {_WORDS.get(type(value), 'a table')} ({value!r})."
            )
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: Any = _REQUIRED) -> str:
        """Take a text that must be one of `allowed`."""
        value = self.take(key, str, default)
        if value not in allowed:
            raise SpecError(f"{self.where}: '{key}' is '{value}'. {suggest(value, allowed)}")
        return value

    def strings(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        """Take a list of texts."""
        values = self.take(key, list, default)
        if not all(isinstance(v, str) for v in values):
            raise SpecError(f"{self.where}: every entry of '{key}' must be text.")
        return tuple(values)

    def text(self, key: str, default: Any = _REQUIRED) -> Text:
        """Take a table with one text a language; a missing one of `BASIC` is an error."""
        if key not in self._data and default is not _REQUIRED:
            self._known.append(key)
            return default  # type: ignore[no-any-return]  # the caller names the default's type
        table = self.table(key)
        text = Text(**{language: table.take(language, str) for language in table.languages()})
        table.done()
        return text

    def languages(self) -> tuple[str, ...]:
        """Return the languages in which this table must or does say something."""
        return tuple(one for one in LANGUAGES if one in BASIC or one in self._data)

    def table(self, key: str, *, optional: bool = False) -> Table:
        """Take a sub-table, empty when `optional` and absent."""
        default: Any = {} if optional else _REQUIRED
        return Table(self.take(key, dict, default), f"{self.where}, [{key}]")

    def tables(self, key: str) -> Iterator[Table]:
        """Take an array of tables (``[[key]]``)."""
        for index, entry in enumerate(self.take(key, list, []), start=1):
            if not isinstance(entry, dict):
                raise SpecError(f"{self.where}: '{key}' must be written as [[{key}]] tables.")
            label = entry.get("code", entry.get("name", index))
            yield Table(entry, f"{self.where}, [[{key}]] {label}")

    def rest(self) -> dict[str, Any]:
        """Take everything left: for tables whose keys are the user's own names."""
        rest, self._data = self._data, {}
        return rest

    def done(self) -> None:
        """Raise on any key that nobody took."""
        if self._data:
            key = next(iter(self._data))
            raise SpecError(f"{self.where}: unknown key '{key}'. {suggest(key, self._known)}")


def suggest_rename(missing: str, present: list[str]) -> str:
    """Say which present key was probably meant for the missing one."""
    hint = suggest(missing, present)
    return f"Is '{hint.split(chr(39))[1]}' a misspelling of it?" if hint.startswith("Did you mean") else ""


def read_toml(path: Path) -> Table:
    """Read a TOML file as a strict table.

    Raises
    ------
    SpecError
        When the file is absent, larger than any such file is, or is not TOML.
    """
    if not path.is_file():
        # the likeliest name only: a list of the others would tell one client who the others are
        near = suggest(path.stem, [p.stem for p in path.parent.glob("*.toml")])
        hint = near if near.startswith("Did you mean") else "Check the name."
        raise SpecError(f"No file '{path.name}' in {path.parent.name}/. {hint}")
    if path.stat().st_size > LARGEST:
        raise SpecError(f"{path.name} is larger than {LARGEST // 10**6} MB. It holds more than settings.")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise SpecError(f"{path.name} is not UTF-8 text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{path.name} is not valid TOML: {error}.") from None
    except (ValueError, OverflowError, RecursionError):  # what tomllib does not name
        raise SpecError(
            f"{path.name} is not valid TOML: a number is too long, or brackets are nested too deep."
        ) from None
    return Table(data, path.name)
