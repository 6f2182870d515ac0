"""A Word document being written: paragraphs, pictures, pages that lie."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import count
from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Emu, Mm, Pt

from jq_models.report import style
from jq_models.report.archive import undated
from jq_models.report.prose import Run
from jq_models.report.story import Cover, Story
from jq_models.report.story_text import unbroken
from jq_models.report.word_style import TEXT, new_document
from jq_models.report.word_xml import bookmark, borders, describe, shade

TALLEST = 190.0  # millimetres of a figure: its caption stays on the page


class Writer:
    """A document and what is written into it, at its end.

    Parameters
    ----------
    story : Story
        The report, for its words and headings.
    cover : Cover
    """

    def __init__(self, story: Story, *, cover: Cover) -> None:
        self.story, self.cover, self.w = story, cover, story.w
        self.document = new_document(story.w.language)
        self._numbers = count(1)  # of bookmarks

    def paragraph(self, text: str, named: str) -> Any:
        """Write a paragraph in a style; intervals in it stay on one line."""
        return self.document.add_paragraph(unbroken(text), style=named)

    def labelled(self, label: str, text: str) -> None:
        """Write a paragraph that begins with a label."""
        paragraph = self.document.add_paragraph()
        paragraph.add_run(label).bold = True
        paragraph.add_run(text)

    def box(self, text: str) -> None:
        """Write a paragraph that stands out."""
        paragraph = self.paragraph(text, "Normal")
        properties = paragraph._p.get_or_add_pPr()
        properties.append(borders("w:pBdr", [("left", 24, style.ACCENT)]))
        shade(properties, style.ACCENT_SOFT)
        paragraph.paragraph_format.left_indent = Mm(3)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(10)

    def turn(self, *, landscape: bool) -> None:
        """Begin a page that lies, or stands again."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        sides = sorted((section.page_width, section.page_height), reverse=landscape)
        section.page_width, section.page_height = sides
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT

    def anchor(self, paragraph: Any, name: str) -> None:
        """Make a paragraph the place that links to `name` lead to."""
        bookmark(paragraph, mark(name), number=next(self._numbers))

    def runs(self, paragraph: Any, runs: Iterable[Run]) -> None:
        """Write runs into a paragraph."""
        for run in runs:
            made = paragraph.add_run(unbroken(run.text))
            made.bold, made.italic = run.bold or None, run.italic or None

    def picture(
        self, data: bytes, *, title: str, text: str, named: str = "Normal", height: Any = None
    ) -> None:
        """Write a picture, no larger than the page, with the words for who cannot see it."""
        paragraph = self.document.add_paragraph(style=named)
        picture = paragraph.add_run().add_picture(io.BytesIO(data), height=height)
        tall, wide = Mm(TALLEST) / picture.height, Mm(TEXT) / picture.width
        share = min(1.0, tall, wide)
        picture.width, picture.height = Emu(int(picture.width * share)), Emu(int(picture.height * share))
        describe(picture, title=title, text=text)

    def packed(self) -> bytes:
        """Return the document's bytes."""
        buffer = io.BytesIO()
        self.document.save(buffer)
        return undated(buffer.getvalue(), locale=self.w.locale)


def mark(anchor: str) -> str:
    """Return a bookmark's name: letters, digits and "_", at most 40."""
    return "b_" + anchor.replace("-", "_")[:38]
