"""The blocks of a published page: the report's parts as HTML."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from jq_models.errors import RunError
from jq_models.report.story import (
    Figured,
    Heading,
    Part,
    Place,
    Plain,
    Prose,
    Story,
    Tabled,
    ToFill,
    story_of,
)
from jq_models.report.story_text import HEADING, TOGETHER, as_html, plain
from jq_models.report.wording import Wording

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["TO_FILL", "Heading", "Page", "Place", "page_of", "page_of_story", "plain"]

TO_FILL = "to fill: "  # a block that `publish` makes when the whole page is known
SHORT = 12  # rows of a table that stays on one printed page
_UNBROKEN = re.compile(rf"{TOGETHER.pattern}|χ²\(\d[\d.,]*\) = \d[\d.,]*\d")
_NOTE = re.compile(r"<tfoot>.*?</tfoot>", re.DOTALL)
_STYLE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)
_TABLE_ID = re.compile(r'\b(id|headers|aria-labelledby)="([^"]*)"')
# anything a browser would fetch or run
_FOREIGN = re.compile(
    r"<script|<iframe|<object|<embed|<link|<base|@import|\bon[a-z]+\s*=\s*[\"']"
    r"|\b(?:src|srcset|poster|data)\s*=\s*[\"'](?!data:)"
    r"|url\(\s*[\"']?(?!#|data:|[\"'])|<(?:use|image)[^>]*href\s*=\s*[\"'](?!#|data:)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Blocks in reading order, with the headings and places of the report they show."""

    w: Wording
    blocks: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    title: str = ""


def page_of(notebook: NotebookNode, w: Wording) -> Page:
    """Return the blocks of an executed notebook, as `story_of` tells it.

    Raises
    ------
    RunError
        When a cell was not executed, ended in an error, or shows what would load or run something.
    """
    return page_of_story(story_of(notebook, w))


def page_of_story(story: Story) -> Page:
    """Return the blocks of a report's parts.

    Raises
    ------
    RunError
        When a part would load or run something.
    """
    blocks = [block for block in map(_block, story.parts) if block]
    for block in blocks:
        found = _FOREIGN.search(block)
        if found:
            raise RunError(f"The report would load or run something from outside: '{found.group()}'.")
    return Page(w=story.w, blocks=blocks, headings=story.headings, places=story.places, title=story.title)


def _block(part: Part) -> str:
    match part:
        case Prose():
            return _text(part)
        case Tabled():
            return _table(part)
        case Figured():
            return _figure(part)
        case ToFill():
            return f"{TO_FILL}{part.chapter}"
        case Plain():
            return f'<pre class="plain">{escape(part.text)}</pre>'


def _text(part: Prose) -> str:
    headings = iter(part.headings)

    def heading(match: re.Match[str]) -> str:
        entry, inner = next(headings), match[2].strip()
        return (
            f'<h{entry.level} id="{entry.anchor}">{inner}</h{entry.level}>' if entry.level else ""
        )  # the page's title stands on its cover

    html = _together(HEADING.sub(heading, as_html(part.source))).strip()
    return f'<div class="text">\n{html}\n</div>' if html else ""


def _together(html: str) -> str:
    return _UNBROKEN.sub(r'<span class="together">\g<0></span>', html)


def _table(part: Tabled) -> str:
    """Show a table's number; its style is the page's, its ids carry the number, so that none stands twice."""
    html = _STYLE.sub("", part.html)
    if html.count("<tr") <= SHORT:
        html = html.replace('class="jq-table"', 'class="jq-table short"', 1)
    html = re.sub(r"(<td[^>]*gt_title[^>]*>)", rf'\1<span class="number">{part.label}</span> ', html, count=1)
    html = _NOTE.sub(lambda match: _together(match[0]), html)
    mark = f"t{part.number}"

    def own(match: re.Match[str]) -> str:
        return f'{match[1]}="{" ".join(f"{mark}-{name}" for name in match[2].split())}"'

    return f'<div class="tabled" id="table-{part.number}">{_TABLE_ID.sub(own, html)}</div>'


def _figure(part: Figured) -> str:
    title, note = escape(part.title), _together(escape(part.note))
    extra = f' <span class="note">{note}</span>' if note else ""
    caption = f'<span class="number">{part.label}</span> <strong>{title}</strong>{extra}'
    mark = f"f{part.number}-"
    picture = part.svg or _picture(part.png, part.alt)
    picture = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{mark}", picture)
    picture = re.sub(
        r'aria-labelledby="([^"]*)"',
        lambda m: f'aria-labelledby="{" ".join(mark + name for name in m[1].split())}"',
        picture,
    )
    # a browser shows <title> as a tooltip over the whole figure: the label says it as well
    label = re.search(r"<desc[^>]*>(.*?)</desc>", picture, re.DOTALL)
    if label:
        picture = re.sub(r"<title.*?</title>|<desc.*?</desc>", "", picture, flags=re.DOTALL)
        said = f'aria-label="{_attribute(label[1])}"'
        picture = re.sub(r'aria-labelledby="[^"]*"', lambda _: said, picture)
    scroll = f'<div class="scroll">{picture.strip()}</div>'
    anchor = f"figure-{part.number}"
    return f'<figure class="drawing" id="{anchor}">\n{scroll}\n<figcaption>{caption}</figcaption>\n</figure>'


def _attribute(text: str) -> str:
    return text.replace('"', "&quot;").replace("\n", " ")


def _picture(data: str, alt: str) -> str:
    clean = base64.b64encode(base64.b64decode(data)).decode()
    return f'<img src="data:image/png;base64,{clean}" alt="{escape(alt)}">'
