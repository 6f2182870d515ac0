"""The blocks of a published page: what an executed notebook shows, as HTML."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import mistune

from jq_models.errors import RunError
from jq_models.report.parts import AT_PUBLISHING, HIDE, chapters_of
from jq_models.report.show import METADATA
from jq_models.report.wording import Wording
from jq_models.spec import LANGUAGES

if TYPE_CHECKING:
    from nbformat import NotebookNode

TO_FILL = "to fill: "  # a block that `publish` makes when the whole page is known
TAKEN = ("cover", "text")  # ids of the template
SHORT = 12  # rows of a table that stays on one printed page
_HEADING = re.compile(r"<h([1-4])>(.*?)</h\1>", re.DOTALL)
# what must not be torn apart at a line's end: an estimate and its interval, "p = .023", ".45", "95%-interval"
_TOGETHER = re.compile(
    r"(?:−?[\d.,]*\d )?\[[−\d.,]+[,;] [−\d.,]+\]|\b[pn] (?:=|&lt;) [\d.,]*\d"
    r"|\(?(?<![\w.])−?\.\d+\)?|\b\d+%-\w+"
)
_NOTE = re.compile(r"<tfoot>.*?</tfoot>", re.DOTALL)
_STYLE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_TABLE_ID = re.compile(r'\b(id|headers|aria-labelledby)="([^"]*)"')
# anything a browser would fetch or run
_FOREIGN = re.compile(
    r"<script|<iframe|<object|<embed|<link|<base|@import|\bon[a-z]+\s*=\s*[\"']"
    r"|\b(?:src|srcset|poster|data)\s*=\s*[\"'](?!data:)"
    r"|url\(\s*[\"']?(?!#|data:|[\"'])|<(?:use|image)[^>]*href\s*=\s*[\"'](?!#|data:)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """An entry of the contents."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in the page: what a link to it says, and where it leads."""

    label: str
    anchor: str


@dataclass(slots=True, kw_only=True)
class Page:
    """Blocks in reading order, and what is counted on the way.

    Attributes
    ----------
    places : dict of str to Place
        ``table:NAME``, ``figure:NAME`` and ``chapter:TAG`` -> where it stands; what is not shown is absent.
    said : set of str
        What the present chapter has said already.
    """

    w: Wording
    blocks: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    title: str = ""
    chapters: bool = False
    figures: int = 0
    tables: int = 0


def page_of(notebook: NotebookNode, w: Wording) -> Page:
    """Return the blocks of an executed notebook, code left out.

    Cells tagged ``hide`` or with another language are left out too, and what was shown before under the
    same name. A notebook's only heading of level 1 is the page's title and leaves the text; where there are
    several they are its chapters.

    Raises
    ------
    RunError
        When a cell was not executed, ended in an error, or shows what would load or run something.
    """
    page = Page(w=w, chapters=_chapters(notebook) > 1)
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if HIDE in tags or tags & (set(LANGUAGES) - {w.language}):
            continue
        if cell.cell_type == "markdown":
            page.said.clear()
            known = len(page.headings)
            _text(page, cell.source)
            for heading in page.headings[known:][:1]:
                place = Place(label=heading.text, anchor=heading.anchor)
                page.places |= {f"chapter:{chapter}": place for chapter in (*chapters_of(cell), cell.id)}
            page.blocks += [
                f"{TO_FILL}{chapter}" for chapter in chapters_of(cell) if chapter in AT_PUBLISHING
            ]
        elif cell.cell_type == "code" and cell.source.strip():
            if cell.execution_count is None:
                raise RunError(f"The cell '{cell.id}' was not executed. Run its notebook before publishing.")
            for output in cell.outputs:
                _output(page, output, cell.id)
    for block in page.blocks:
        found = _FOREIGN.search(block)
        if found:
            raise RunError(f"The report would load or run something from outside: '{found.group()}'.")
    return page


def _chapters(notebook: NotebookNode) -> int:
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    for cell in notebook.cells:
        outputs = [out for out in cell.get("outputs", []) if "data" in out]
        sources += [out.data["text/markdown"] for out in outputs if "text/markdown" in out.data]
    return sum(len(re.findall(r"^# ", source, re.MULTILINE)) for source in sources)


def plain(html: str) -> str:
    """Return HTML without its tags."""
    return _TAG.sub("", html).strip()


def _output(page: Page, output: NotebookNode, cell: str) -> None:
    if output.output_type == "error":
        raise RunError(f"The cell '{cell}' ended in {output.ename}. Mend it before publishing.")
    if output.output_type == "stream":
        if output.name == "stdout" and output.text.strip():
            page.blocks.append(_plain_block(output.text))
        return
    about, data = output.metadata.get(METADATA, {}), output.data
    if about.get("kind") == "caption" or _shown_before(page, about, data):
        return
    if "text/html" in data:
        page.blocks.append(_table(page, data["text/html"], about))
    elif "image/svg+xml" in data:
        page.blocks.append(_figure(page, data["image/svg+xml"], about))
    elif "image/png" in data:
        picture = _picture(data["image/png"], data.get("text/plain", ""))
        page.blocks.append(_figure(page, picture, about))
    elif "text/markdown" in data:
        _text(page, data["text/markdown"])
    elif "text/plain" in data:
        page.blocks.append(_plain_block(data["text/plain"]))


def _shown_before(page: Page, about: dict[str, Any], data: dict[str, str]) -> bool:
    """Say whether this stands in the page already: a table or figure anywhere, a text in the same chapter."""
    if "name" in about:
        return f"{about['kind']}:{about['name']}" in page.places
    text = data.get("text/markdown", "")
    again = bool(text) and text in page.said
    page.said.add(text)
    return again


def _stands(page: Page, about: dict[str, Any], place: Place) -> None:
    if "name" in about:
        page.places[f"{about['kind']}:{about['name']}"] = place


def _text(page: Page, source: str) -> None:
    html = str(_MARKDOWN(source))

    def heading(match: re.Match[str]) -> str:
        level, inner = int(match[1]), match[2].strip()
        if level == 1 and not page.chapters:
            page.title = plain(inner)
            return ""
        level += int(page.chapters)
        anchor = _anchor(plain(inner), {*TAKEN, *(h.anchor for h in page.headings)})
        page.headings.append(Heading(level=level, text=plain(inner), anchor=anchor))
        return f'<h{level} id="{anchor}">{inner}</h{level}>'

    html = _together(_HEADING.sub(heading, html)).strip()
    if html:
        page.blocks.append(f'<div class="text">\n{html}\n</div>')


def _together(html: str) -> str:
    return _TOGETHER.sub(r'<span class="together">\g<0></span>', html)


def _table(page: Page, html: str, about: dict[str, Any]) -> str:
    """Number a table; its style is the page's, and its ids carry the number, so that none stands twice."""
    page.tables += 1
    number, anchor = page.w("publish.table", number=page.tables), f"table-{page.tables}"
    _stands(page, about, Place(label=number, anchor=anchor))
    html = _STYLE.sub("", html)
    if html.count("<tr") <= SHORT:
        html = html.replace('class="jq-table"', 'class="jq-table short"', 1)
    html = re.sub(r"(<td[^>]*gt_title[^>]*>)", rf'\1<span class="number">{number}</span> ', html, count=1)
    html = _NOTE.sub(lambda match: _together(match[0]), html)
    mark = f"t{page.tables}"

    def own(match: re.Match[str]) -> str:
        return f'{match[1]}="{" ".join(f"{mark}-{name}" for name in match[2].split())}"'

    return f'<div class="tabled" id="{anchor}">{_TABLE_ID.sub(own, html)}</div>'


def _figure(page: Page, picture: str, about: dict[str, Any]) -> str:
    page.figures += 1
    number, anchor = page.w("publish.figure", number=page.figures), f"figure-{page.figures}"
    _stands(page, about, Place(label=number, anchor=anchor))
    title, note = escape(about.get("title", "")), _together(escape(about.get("note", "")))
    extra = f' <span class="note">{note}</span>' if note else ""
    caption = f'<span class="number">{number}</span> <strong>{title}</strong>{extra}'
    mark = f"f{page.figures}-"
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
    return f'<figure class="drawing" id="{anchor}">\n{scroll}\n<figcaption>{caption}</figcaption>\n</figure>'


def _attribute(text: str) -> str:
    return text.replace('"', "&quot;").replace("\n", " ")


def _picture(data: str, alt: str) -> str:
    clean = base64.b64encode(base64.b64decode(data)).decode()
    return f'<img src="data:image/png;base64,{clean}" alt="{escape(alt)}">'


def _plain_block(text: str) -> str:
    return f'<pre class="plain">{escape(text.rstrip())}</pre>'


def _anchor(text: str, taken: set[str]) -> str:
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
