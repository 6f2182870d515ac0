"""A numpy docstring in parts: summary, parameters, what comes back, what it refuses."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import Any

_RULE = re.compile(r"^(?P<name>[A-Z][A-Za-z ]+)\n-{3,}\n", re.MULTILINE)
_ENTRY = re.compile(r"^(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One name (or several that share a text) of a section, with its type and text."""

    names: tuple[str, ...]
    type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Docstring:
    """The parts of a docstring; a section that is not there is empty."""

    summary: str
    body: str
    parameters: tuple[Entry, ...]
    returns: tuple[Entry, ...]
    raises: tuple[Entry, ...]
    other: tuple[tuple[str, str], ...]


def docstring_of(item: Any) -> Docstring:
    """Read the docstring of a function or class.

    Parameters
    ----------
    item : function or class
        What is documented.

    Returns
    -------
    Docstring
        Its parts.
    """
    text = inspect.getdoc(item) or ""
    cuts = list(_RULE.finditer(text))
    head = text[: cuts[0].start()] if cuts else text
    ends = [*(cut.start() for cut in cuts[1:]), len(text)][: len(cuts)]
    sections = {cut["name"]: text[cut.end() : end].rstrip() for cut, end in zip(cuts, ends, strict=True)}
    summary, _, body = head.strip().partition("\n\n")
    known = ("Parameters", "Attributes", "Returns", "Raises")
    return Docstring(
        summary=summary.replace("\n", " "),
        body=body.strip(),
        parameters=_entries(sections.get("Parameters", sections.get("Attributes", ""))),
        returns=_entries(sections.get("Returns", "")),
        raises=_entries(sections.get("Raises", "")),
        other=tuple((name, content) for name, content in sections.items() if name not in known),
    )


def _entries(section: str) -> tuple[Entry, ...]:
    return tuple(_entry(part) for part in _ENTRY.split(section) if part.strip())


def _entry(part: str) -> Entry:
    head, _, rest = part.partition("\n")
    names, _, kind = head.partition(" : ")
    listed = tuple(name.strip().lstrip("*") for name in names.split(","))
    return Entry(names=listed, type=kind.strip(), text=inspect.cleandoc(rest).strip())
