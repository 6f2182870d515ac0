"""Markdown as paragraphs of runs, for programs that know neither HTML nor markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import mistune

Token = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Letters of one look."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    kind : {"text", "heading", "bullet", "number", "quote", "code"}
    level : int
        Of a heading from 1; depth of a list's entry from 0.
    runs : tuple of Run
    """

    kind: str
    runs: tuple[Run, ...]
    level: int = 0

    @property
    def text(self) -> str:
        """The paragraph's letters without their look."""
        return "".join(run.text for run in self.runs)


def paragraphs(source: str) -> tuple[Paragraph, ...]:
    """Return a markdown text's paragraphs; of a table in it one a row, its cells apart by a dash."""
    return tuple(_blocks(_tokens(source)))


def _tokens(source: str) -> Sequence[Token]:
    tokens = _MARKDOWN(source)
    assert isinstance(tokens, list)  # what a parser without a renderer returns
    return tokens


def _blocks(tokens: Iterable[Token], *, kind: str = "text", level: int = 0) -> Iterator[Paragraph]:
    for token in tokens:
        name, children = token["type"], token.get("children", [])
        if name == "heading":
            yield Paragraph(kind="heading", runs=_runs(children), level=token["attrs"]["level"])
        elif name in ("paragraph", "block_text"):
            yield Paragraph(kind=kind, runs=_runs(children), level=level)
        elif name == "list":
            entry = "number" if token["attrs"]["ordered"] else "bullet"
            depth = level + 1 if kind in ("bullet", "number") else 0
            for item in children:
                yield from _blocks(item["children"], kind=entry, level=depth)
        elif name == "block_quote":
            yield from _blocks(children, kind="quote")
        elif name == "block_code":
            yield Paragraph(kind="code", runs=(Run(text=token["raw"].rstrip(), code=True),))
        elif name == "table":
            yield from _table_rows(children)
        elif name in ("footnotes", "footnote_item"):
            yield from _blocks(children, kind="text")


def _table_rows(parts: Iterable[Token]) -> Iterator[Paragraph]:
    for part in parts:
        rows = [part] if part["type"] == "table_head" else part["children"]
        for row in rows:
            cells = [_runs(cell["children"]) for cell in row["children"]]
            apart = [run for cell in cells for run in (Run(text=" – "), *cell)]
            yield Paragraph(kind="text", runs=tuple(apart[1:]))


def _runs(tokens: Iterable[Token]) -> tuple[Run, ...]:
    return tuple(run for token in tokens for run in _inline(token))


def _inline(token: Token) -> Iterator[Run]:
    name = token["type"]
    if name in ("softbreak", "linebreak"):
        yield Run(text=" " if name == "softbreak" else "\n")
    elif "children" in token:
        for run in _runs(token["children"]):
            yield replace(run, bold=run.bold or name == "strong", italic=run.italic or name == "emphasis")
    elif "raw" in token and name not in ("footnote_ref", "inline_html"):
        yield Run(text=unescape(token["raw"]), code=name == "codespan")
    elif name == "inline_html":
        yield Run(text=token["raw"])


_MARKDOWN = mistune.create_markdown(renderer=None, plugins=["table", "strikethrough", "footnotes"])
