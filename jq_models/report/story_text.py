"""A text of the report as HTML, as plain letters, and with what belongs together on one line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import mistune

HEADING = re.compile(r"<h([1-4])>(.*?)</h\1>", re.DOTALL)
# what must not be torn apart at a line's end: an estimate and its interval, "p = .023", ".45", "95%-interval"
TOGETHER = re.compile(
    r"(?:−?[\d.,]*\d )?\[[−\d.,]+[,;] [−\d.,]+\]|\b[pn] (?:=|&lt;|<) [\d.,]*\d"
    r"|\(?(?<![\w.])−?\.\d+\)?|\b\d+%-\w+"
)
_TAG = re.compile(r"<[^>]+>")


def plain(html: str) -> str:
    """Return HTML without its tags."""
    return _TAG.sub("", html).strip()


def unbroken(text: str) -> str:
    """Return a text whose intervals and probabilities stay on one line: their spaces do not break."""
    return TOGETHER.sub(lambda match: match[0].replace(" ", "\u00a0"), text)


def as_html(source: str) -> str:
    """Return a markdown text as HTML; tags in it are shown, not followed."""
    return str(_MARKDOWN(source))


def anchor_of(text: str, taken: set[str]) -> str:
    """Return a heading's id: its letters and digits, with a number where that is taken."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-") or "part"
    return next(name for name in _numbered(base) if name not in taken)


def _numbered(base: str) -> Iterator[str]:
    yield base
    k = 2
    while True:
        yield f"{base}-{k}"
        k += 1


_MARKDOWN = mistune.create_markdown(escape=True, plugins=["table", "strikethrough", "footnotes"])
