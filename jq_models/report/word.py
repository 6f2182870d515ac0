"""The report as a Word document: native tables, pictures with their text, one numbering with the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.shared import Pt, RGBColor

from jq_models.report import style, word_style
from jq_models.report.bibliography import Reference, cited_on
from jq_models.report.cells import Cells, Row, cells_of
from jq_models.report.checklist import answers, said
from jq_models.report.page import page_of_story
from jq_models.report.prose import Paragraph, paragraphs
from jq_models.report.story import Cover, Figured, Heading, Place, Plain, Prose, Story, Tabled, ToFill
from jq_models.report.story_text import unbroken
from jq_models.report.word_front import COVER, write_front
from jq_models.report.word_style import TEXT
from jq_models.report.word_table import MM, add_table, columns
from jq_models.report.word_writer import Writer
from jq_models.report.word_xml import field
from jq_models.spec.theme import Theme

_STYLES = {"bullet": "List Bullet", "number": "List Number", "quote": "Quote", "code": "Plain text"}


def publish_word(
    story: Story, *, out: Path, cover: Cover, pictures: Path, theme: Theme | str | None = None
) -> Path:
    """Write a report as a Word document.

    The same report gives the same bytes.

    Parameters
    ----------
    story : Story
        As `read_story` returns it.
    out : Path
        The ``.docx`` file.
    cover : Cover
    pictures : Path
        Folder of ``NAME.png``; a figure without picture is told in words.
    theme : Theme, str or None
        The house style; default: the one in force.
    """
    with style.themed(theme):
        writer = _Parts(story, cover=cover, pictures=pictures)
        write_front(writer)
        for part in story.parts:
            writer.put(part)
        out.write_bytes(writer.packed())
    return out


class _Parts(Writer):
    """Writes the parts of a story one by one."""

    def __init__(self, story: Story, *, cover: Cover, pictures: Path) -> None:
        super().__init__(story, cover=cover)
        self.pictures = pictures

    def put(self, part: object) -> None:
        """Write one part of the story."""
        match part:
            case Prose():
                self._prose(part)
            case Plain():
                self.paragraph(part.text, "Plain text")
            case Tabled():
                self._table(cells_of(part.html), label=part.label, anchor=f"table-{part.number}")
            case Figured():
                self._figure(part)
            case ToFill(chapter="sources"):
                self._sources()
            case ToFill():
                self._checklist(part.chapter)

    def _prose(self, part: Prose) -> None:
        headings = iter(part.headings)
        for paragraph in paragraphs(part.source):
            if paragraph.kind != "heading":
                self._text(paragraph)
                continue
            heading = next(headings)
            if heading.level:
                self._heading(heading)

    def _heading(self, heading: Heading) -> None:
        made = self.paragraph(heading.text, f"Heading {min(heading.level - 1, 4)}")
        self.anchor(made, heading.anchor)
        if self.story.headings[0] is heading:
            made.paragraph_format.page_break_before = True

    def _text(self, paragraph: Paragraph) -> None:
        name = _STYLES.get(paragraph.kind, "Normal")
        if paragraph.kind == "bullet" and paragraph.level:
            name = "List Bullet 2"
        made = self.document.add_paragraph(style=name)
        self.runs(made, paragraph.runs)
        # what is bold as a whole, or ends in a colon, opens what follows
        opens = all(run.bold for run in paragraph.runs) or paragraph.text.rstrip().endswith(":")
        if name == "Normal" and opens:
            made.paragraph_format.keep_with_next = True

    def _table(self, cells: Cells, *, label: str, anchor: str) -> None:
        fit = columns(cells, room=TEXT * MM)
        wide = fit is None
        if fit is None:
            self.turn(landscape=True)
            fit = columns(cells, room=word_style.LANDSCAPE * MM) or _squeezed(cells)
        caption = self._caption(label, cells.title, anchor=anchor)
        caption.paragraph_format.keep_with_next = True
        add_table(self.document, cells, fit=fit, label=label)
        self.paragraph(unbroken(cells.note), "Note")  # without a note an empty line: tables never touch
        if wide:
            self.turn(landscape=False)

    def _figure(self, part: Figured) -> None:
        path = self.pictures / f"{part.name}.png"
        if part.name and path.is_file():
            self.picture(path.read_bytes(), title=part.title, text=part.alt, named="Figure")
        else:
            self.paragraph(part.alt, "Quote")
        caption = self._caption(part.label, part.title, anchor=f"figure-{part.number}")
        caption.paragraph_format.space_before = Pt(2)
        caption.paragraph_format.keep_with_next = bool(part.note)
        if part.note:
            self.paragraph(unbroken(part.note), "Note")

    def _caption(self, label: str, title: str, *, anchor: str) -> Any:
        """Write "Table 12 Title", its number as a field that Word counts as we did."""
        paragraph = self.document.add_paragraph(style="Caption")
        kind, number = label.rsplit(" ", 1)
        start = len(paragraph.runs)
        paragraph.add_run(f"{kind} ")
        field(paragraph, f"SEQ {kind} \\* ARABIC", shown=number)
        for run in paragraph.runs[start:]:
            run.font.color.rgb = RGBColor.from_string(style.ACCENT[1:])
        paragraph.add_run(f"  {title}")
        self.anchor(paragraph, anchor)
        return paragraph

    def _checklist(self, listed: str) -> None:
        w, rows, section = self.w, [], ""
        places = {"chapter:cover": Place(label=w("checklist.cover"), anchor=COVER), **self.story.places}
        for answer in answers(places, w, closed=self.cover.closed, listed=listed):
            if answer.section != section:
                section = answer.section
                rows.append(Row(cells=(section,), names_block=True))
            where = "; ".join(place.label for place in answer.places) or answer.absent
            rows.append(Row(cells=(answer.what, where)))
        heads = (said(listed, "item", w), said(listed, "place", w))
        cells = Cells(
            title=said(listed, "title", w), note="", heads=heads, align=("left", "left"), rows=tuple(rows)
        )
        half = TEXT * MM * 0.485
        add_table(self.document, cells, fit=(8.0, (half * 1.1, half * 0.9)), label="")
        self.paragraph(said(listed, "note", w), "Note")

    def _sources(self) -> None:
        cited: tuple[Reference, ...] = cited_on(
            " ".join([*self.cover.notes.values(), *page_of_story(self.story).blocks])
        )
        for reference in cited:
            paragraph = self.document.add_paragraph(style="Source")
            text = f"{reference.text} doi {reference.doi}" if reference.doi else reference.text
            for parsed in paragraphs(text):
                self.runs(paragraph, parsed.runs)


def _squeezed(cells: Cells) -> tuple[float, list[float]]:
    """Return equal columns for a table that fits nowhere: its words are then broken."""
    return 7.0, [word_style.LANDSCAPE * MM * 0.97 / len(cells.heads)] * len(cells.heads)
