"""A study file written from what one was read into; comments are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jq_models.spec.study_text import quoted

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(content: Mapping[str, Any]) -> str:
    """Return TOML that reads as `content`: texts, numbers, true and false, lists of these, tables.

    Parameters
    ----------
    content : mapping
        As ``tomllib`` returns it.
    """
    return "\n".join(_table(content, ())).strip("\n") + "\n"


def _table(content: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield a table: its own keys first, for those behind a heading belong to that."""
    tables = {key: value for key, value in content.items() if _is_table(value)}
    for key, value in content.items():
        if key not in tables:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in tables.items():
        inner = (*path, key)
        name = ".".join(map(_key, inner))
        if isinstance(value, Mapping):
            yield from ("", f"[{name}]", *_table(value, inner))
        else:
            for entry in value:
                yield from ("", f"[[{name}]]", *_table(entry, inner))


def _is_table(value: object) -> bool:
    listed = isinstance(value, list) and value and all(isinstance(entry, Mapping) for entry in value)
    return isinstance(value, Mapping) or bool(listed)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else quoted(key)


def _value(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)
