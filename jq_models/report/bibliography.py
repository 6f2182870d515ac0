"""The list of sources: every work that a page cites, and no other.

Made when the page is: a report cites what its tables and figures rest on, and which of them it holds depends
on the study. A citation is found by surnames and year, however a sentence joins them in either language.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from pathlib import Path

REFERENCES = Path(__file__).parent / "assets" / "references.toml"
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_ITALIC = re.compile(r"\*(.+?)\*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A work that may be cited.

    Attributes
    ----------
    key : str
    text : str
        The full reference, ``*italic*`` where it is.
    doi : str
        Empty where there is none or it is not certain.
    cited : Pattern
        Finds its citations in a text; each ends with the year, unless it is one without.
    """

    key: str
    text: str
    doi: str
    cited: re.Pattern[str]


@cache
def references() -> tuple[Reference, ...]:
    """Return every work there is a reference of, in the order of a list of sources."""
    content = tomllib.loads(REFERENCES.read_text(encoding="utf-8"))
    return tuple(
        Reference(
            key=key,
            text=entry["text"],
            doi=entry.get("doi", ""),
            cited=_citation(entry["authors"], entry["year"], also=entry.get("also", [])),
        )
        for key, entry in content.items()
    )


def cited_in(text: str) -> tuple[Reference, ...]:
    """Return the works a text cites, in the order of a list of sources."""
    return tuple(reference for reference in references() if reference.cited.search(text))


def cited_on(page: str) -> tuple[Reference, ...]:
    """Return the works that a page's HTML cites."""
    return cited_in(" ".join(unescape(_TAG.sub("", _STYLE.sub("", page))).split()))


def sources_html(page: str) -> str:
    """Return the list of the works that a page's HTML cites."""
    entries = "\n".join(f"<p>{_reference(reference)}</p>" for reference in cited_on(page))
    return f'<div class="text sources">\n{entries}\n</div>' if entries else ""


def _reference(reference: Reference) -> str:
    text = _ITALIC.sub(r"<em>\1</em>", escape(reference.text, quote=False))
    return f"{text} doi {escape(reference.doi)}" if reference.doi else text


def _citation(authors: list[str], year: int, *, also: list[str]) -> re.Pattern[str]:
    """Return what finds "A & B (1999)", "A, B en C, 1999" and "A et al. (1999)"."""
    first, *others = (re.escape(name).replace(r"\ ", " ") for name in authors)
    first = first[0].join(("[", first[0].upper() + "]")) + first[1:]  # "Van Dun" opens a sentence
    names = [first]
    if others:
        names = ["".join([first, *(f", {name}" for name in others[:-1]), f",? (?:&|and|en) {others[-1]}"])]
    if len(authors) > 2:
        names.append(f"{first} et al\\.")
    full = rf"(?:{'|'.join(names)})(?:[’']s)?,? \(?{year}\b"
    # not the last of other authors: "Yuan (2005)" is not in "Bentler & Yuan (2005)"
    return re.compile("|".join([rf"\b(?<!\w & )(?<!\w and )(?<!\w en ){full}", *map(re.escape, also)]))
