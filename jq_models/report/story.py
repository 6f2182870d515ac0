"""The report as a sequence without a format: texts, tables and figures in reading order, numbered once.

HTML, PDF, Word and slides are made from the same sequence, so that all of them leave out the same, and the
same "Table 12" is meant everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jq_models.errors import RunError
from jq_models.report.parts import AT_PUBLISHING, HIDE, chapters_of
from jq_models.report.show import METADATA
from jq_models.report.story_text import HEADING, anchor_of, as_html, plain
from jq_models.report.wording import Wording
from jq_models.spec import LANGUAGES

if TYPE_CHECKING:
    from nbformat import NotebookNode

TAKEN = ("cover", "text")  # ids of the page's template


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What stands before the first chapter, and what the page maker must know.

    Attributes
    ----------
    title, subtitle : str
    facts : mapping of str to str
        Label -> value: study, respondents, questionnaire.
    notes : mapping of str to str
        Label -> sentence: where data and questions come from.
    simulated : bool
        Whether to label every page as made from simulated data.
    closed : mapping of str to str
        Gate -> why what stands behind it was left out, for the checklist.
    """

    title: str
    subtitle: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    simulated: bool = False
    closed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """An entry of the contents."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in the report: what a reference to it says, and where a link leads."""

    label: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A text in markdown, with its headings in order: level 2 opens a chapter, level 0 left the text."""

    source: str
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A text whose line ends count."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabled:
    """A table as it was shown: `html` is what `Table.html` wrote."""

    number: int
    label: str
    name: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figured:
    """A figure as it was shown; `svg` or else `png` (base64) is the drawing."""

    number: int
    label: str
    name: str
    title: str
    note: str
    alt: str
    svg: str = ""
    png: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFill:
    """A chapter that is made when the whole report is known."""

    chapter: str


Part = Prose | Plain | Tabled | Figured | ToFill


@dataclass(slots=True, kw_only=True)
class Story:
    """The report's parts in reading order, and what is counted on the way.

    Attributes
    ----------
    w : Wording
    parts : list of Part
    chapters : list of str
        Tag of the chapter each part stands in: a part may belong to none (empty).
    headings : list of Heading
    places : dict of str to Place
        ``table:NAME``, ``figure:NAME`` and ``chapter:TAG`` -> where it stands; what is not shown is absent.
    title : str
        The only heading of level 1, if there is but one.
    divided : bool
        Whether headings of level 1 are chapters.
    """

    w: Wording
    parts: list[Part] = field(default_factory=list)
    chapters: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    title: str = ""
    divided: bool = False
    _said: set[str] = field(default_factory=set)
    _chapter: str = ""

    @property
    def tables(self) -> tuple[Tabled, ...]:
        """The tables in reading order."""
        return tuple(part for part in self.parts if isinstance(part, Tabled))

    @property
    def figures(self) -> tuple[Figured, ...]:
        """The figures in reading order."""
        return tuple(part for part in self.parts if isinstance(part, Figured))

    def of_chapter(self, *names: str) -> list[Part]:
        """Return the parts of the chapters with these tags, in reading order."""
        return [part for part, chapter in zip(self.parts, self.chapters, strict=True) if chapter in names]

    def add(self, part: Part) -> None:
        """Put a part at the end of the chapter being told."""
        self.parts.append(part)
        self.chapters.append(self._chapter)


def story_of(notebook: NotebookNode, w: Wording) -> Story:
    """Return what an executed notebook shows, code left out.

    Cells tagged ``hide`` or with another language are left out too, and what was shown before under the
    same name. A notebook's only heading of level 1 is the report's title and leaves the text; where there
    are several they are its chapters.

    Raises
    ------
    RunError
        When a cell was not executed or ended in an error.
    """
    story = Story(w=w, divided=_chapters(notebook) > 1)
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if HIDE in tags or tags & (set(LANGUAGES) - {w.language}):
            continue
        if cell.cell_type == "markdown":
            _told(story, cell)
        elif cell.cell_type == "code" and cell.source.strip():
            if cell.execution_count is None:
                raise RunError(f"The cell '{cell.id}' was not executed. Run its notebook before publishing.")
            for output in cell.outputs:
                _output(story, output, cell.id)
    return story


def _chapters(notebook: NotebookNode) -> int:
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    for cell in notebook.cells:
        outputs = [out for out in cell.get("outputs", []) if "data" in out]
        sources += [out.data["text/markdown"] for out in outputs if "text/markdown" in out.data]
    return sum(len(re.findall(r"^# ", source, re.MULTILINE)) for source in sources)


def _told(story: Story, cell: NotebookNode) -> None:
    """Take a chapter's own text, which says where the chapter begins."""
    story._said.clear()
    known, tags = len(story.headings), chapters_of(cell)
    story._chapter = tags[0] if tags else cell.id
    _prose(story, cell.source)
    for heading in story.headings[known:][:1]:
        place = Place(label=heading.text, anchor=heading.anchor)
        story.places |= {f"chapter:{chapter}": place for chapter in (*tags, cell.id)}
    for chapter in tags:
        if chapter in AT_PUBLISHING:
            story.add(ToFill(chapter=chapter))


def _output(story: Story, output: NotebookNode, cell: str) -> None:
    if output.output_type == "error":
        raise RunError(f"The cell '{cell}' ended in {output.ename}. Mend it before publishing.")
    if output.output_type == "stream":
        if output.name == "stdout" and output.text.strip():
            story.add(Plain(text=output.text.rstrip()))
        return
    about, data = output.metadata.get(METADATA, {}), output.data
    if about.get("kind") == "caption" or _shown_before(story, about, data):
        return
    if "text/html" in data:
        _table(story, data["text/html"], about)
    elif "image/svg+xml" in data or "image/png" in data:
        _figure(story, data, about)
    elif "text/markdown" in data:
        _prose(story, data["text/markdown"])
    elif "text/plain" in data:
        story.add(Plain(text=data["text/plain"].rstrip()))


def _shown_before(story: Story, about: Mapping[str, Any], data: Mapping[str, str]) -> bool:
    """Say whether this stands in the report already: a table or figure anywhere, a text in this chapter."""
    if "name" in about:
        return f"{about['kind']}:{about['name']}" in story.places
    text = data.get("text/markdown", "")
    again = bool(text) and text in story._said
    story._said.add(text)
    return again


def _stands(story: Story, about: Mapping[str, Any], place: Place) -> None:
    if "name" in about:
        story.places[f"{about['kind']}:{about['name']}"] = place


def _prose(story: Story, source: str) -> None:
    headings = []
    for match in HEADING.finditer(as_html(source)):
        level, text = int(match[1]), plain(match[2])
        if level == 1 and not story.divided:
            story.title = text
            headings.append(Heading(level=0, text=text, anchor=""))
            continue
        taken = {*TAKEN, *(heading.anchor for heading in story.headings)}
        heading = Heading(level=level + int(story.divided), text=text, anchor=anchor_of(text, taken))
        story.headings.append(heading)
        headings.append(heading)
    story.add(Prose(source=source, headings=tuple(headings)))


def _table(story: Story, html: str, about: Mapping[str, Any]) -> None:
    number = len(story.tables) + 1
    label = story.w("publish.table", number=number)
    _stands(story, about, Place(label=label, anchor=f"table-{number}"))
    story.add(Tabled(number=number, label=label, name=about.get("name", ""), html=html))


def _figure(story: Story, data: Mapping[str, str], about: Mapping[str, Any]) -> None:
    number = len(story.figures) + 1
    label = story.w("publish.figure", number=number)
    _stands(story, about, Place(label=label, anchor=f"figure-{number}"))
    svg = data.get("image/svg+xml", "")
    story.add(
        Figured(
            number=number,
            label=label,
            name=about.get("name", ""),
            title=about.get("title", ""),
            note=about.get("note", ""),
            alt=data.get("text/plain", ""),
            svg=svg,
            png="" if svg else data["image/png"],
        )
    )
