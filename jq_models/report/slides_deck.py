"""A deck of slides being written: one layout, the house style, text that is measured before it is set."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from jq_models.report import measure, style
from jq_models.report.archive import EPOCH, undated
from jq_models.report.prose import Run
from jq_models.report.slides_template import plain_notes, prepare, spoken
from jq_models.report.story import Cover
from jq_models.report.story_text import unbroken
from jq_models.report.wording import Wording

WIDTH, HEIGHT = 960.0, 540.0  # points: 16:9
EDGE = 44.0
HEADLINE = (28.0, 26.0, 24.0, 22.0, 20.0)
LOWEST = 508.0  # where the footer begins
READABLE = 12.0  # the smallest letters on a slide


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A place on a slide, in points from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        """The same as PowerPoint counts."""
        left, top, width, height = (
            Emu(round(12700 * v)) for v in (self.left, self.top, self.width, self.height)
        )
        return left, top, width, height

    @property
    def room(self) -> tuple[float, float]:
        """Width and height."""
        return self.width, self.height


HEAD = Box(left=EDGE, top=30, width=WIDTH - 2 * EDGE, height=72)
BODY = Box(left=EDGE, top=112, width=WIDTH - 2 * EDGE, height=LOWEST - 112 - 26)


class Deck:
    """A presentation with one layout; slides are added one by one.

    Parameters
    ----------
    w : Wording
    cover : Cover
        Its title stands in the file's properties, its label on every slide.
    """

    def __init__(self, w: Wording, *, cover: Cover) -> None:
        self.w, self.cover = w, cover
        self.file = Presentation()
        prepare(self.file, w, title=HEAD.emu)
        core = self.file.core_properties
        core.title, core.subject, core.author = cover.title, cover.subtitle, "jq_models"
        core.last_modified_by, core.language, core.revision = "jq_models", w.language, 1
        core.keywords = core.comments = ""
        core.created = core.modified = EPOCH

    def slide(
        self, headline: str, *, notes: str = "", place: Box = HEAD, sizes: Sequence[float] = HEADLINE
    ) -> Any:
        """Add a slide with its headline, number, footer, label and notes."""
        slide = self.file.slides.add_slide(self.file.slide_layouts[0])
        title = slide.shapes.title
        title.name = self.w("slides.layout")
        title.left, title.top, title.width, title.height = place.emu
        size = measure.fitting(headline, room=place.room, sizes=sizes, bold=True) or sizes[-1]
        headline = measure.cut(headline, size, room=place.room, bold=True)
        self._fill(title.text_frame, [[Run(text=headline, bold=True)]], size=size, colour=style.INK)
        self._edges(slide)
        if notes:
            self._notes(slide, notes)
        return slide

    def text(
        self,
        slide: Any,
        paragraphs: Sequence[Sequence[Run]],
        *,
        box: Box,
        sizes: Sequence[float],
        colour: str = "",
        bullets: bool = False,
        gap: float = 6.0,
        anchor: str = "top",
    ) -> float:
        """Set paragraphs into a box at the first size that fits, and return their height.

        What does not fit at the smallest size is left out, whole paragraphs from the end.
        """
        kept = list(paragraphs)
        size = _size(kept, sizes, box=box, gap=gap, indent=bullets)
        while size is None and len(kept) > 1:
            kept.pop()
            size = _size(kept, sizes, box=box, gap=gap, indent=bullets)
        if size is None:
            size, text = sizes[-1], "".join(run.text for run in kept[0])
            kept = [[Run(text=measure.cut(text, size, room=box.room))]]
        shape = slide.shapes.add_textbox(*box.emu)
        shape.name = f"{shape.shape_id}"
        self._fill(shape.text_frame, kept, size=size, colour=colour or style.INK, bullets=bullets, gap=gap)
        shape.text_frame.vertical_anchor = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE}[anchor]
        return _height(kept, size, box=box, gap=gap, indent=bullets)

    def picture(self, slide: Any, data: bytes, *, box: Box, alt: str, title: str = "") -> Any:
        """Put a picture into a box, as large as fits, with the words for who cannot see it."""
        made = slide.shapes.add_picture(io.BytesIO(data), 0, 0)
        share = min(box.width * 12700 / made.width, box.height * 12700 / made.height)
        made.width, made.height = Emu(int(made.width * share)), Emu(int(made.height * share))
        made.left, made.top = Emu(round(12700 * box.left)), Emu(round(12700 * box.top))
        describe(made, alt=alt, title=title)
        return made

    def panel(self, slide: Any, *, box: Box, colour: str) -> None:
        """Put an empty area of a colour behind what follows; readers aloud pass it over."""
        shape = slide.shapes.add_textbox(*box.emu)  # other shapes bring a shadow of the template along
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(colour)
        describe(shape, alt="", title="")

    def packed(self) -> bytes:
        """Return the file's bytes."""
        buffer = io.BytesIO()
        self.file.save(buffer)
        return undated(buffer.getvalue(), locale=self.w.locale)

    def _edges(self, slide: Any) -> None:
        """Write what stands on every slide: the label of simulated data, the footer, the number."""
        foot = Box(left=EDGE, top=LOWEST, width=WIDTH - 2 * EDGE - 60, height=20)
        theme, parts = style.theme(), [self.cover.title]
        if theme.footer:
            parts.append(self.w.of(theme.footer))
        runs = [Run(text=" · ".join(parts))]
        if self.cover.simulated:
            runs = [Run(text=f"{self.w('label.simulated')}  ·  ", bold=True), *runs]
        self.text(slide, [runs], box=foot, sizes=[READABLE], colour=style.MUTED)
        if self.cover.simulated:
            first = slide.shapes[-1].text_frame.paragraphs[0].runs[0]
            first.font.color.rgb = rgb(style.ACCENT)
        number = slide.shapes.add_textbox(*Box(left=WIDTH - EDGE - 50, top=LOWEST, width=50, height=20).emu)
        number.name = f"{number.shape_id}"
        self._fill(number.text_frame, [[Run(text="")]], size=READABLE, colour=style.MUTED)
        paragraph = number.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        _number_field(paragraph, self.file.slides.index(slide) + 1)

    def _notes(self, slide: Any, text: str) -> None:
        plain_notes(self.file, self.w)
        for shape in slide.notes_slide.placeholders:
            shape.name = f"{shape.shape_id}"
        frame = slide.notes_slide.notes_text_frame
        frame.text = text
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run.font.language_id = spoken(self.w)

    def _fill(
        self,
        frame: Any,
        paragraphs: Sequence[Sequence[Run]],
        *,
        size: float,
        colour: str,
        bullets: bool = False,
        gap: float = 0.0,
    ) -> None:
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.TOP
        for place, runs in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(gap)
            if bullets:
                _bullet(paragraph, size)
            for run in runs:
                made = paragraph.add_run()
                made.text = unbroken(run.text)
                self.look(made.font, size=size, colour=colour, bold=run.bold)
                made.font.italic = run.italic or None

    def look(self, font: Any, *, size: float, colour: str, bold: bool = False) -> None:
        """Set a font's size, colour, weight and language."""
        font.size, font.bold, font.color.rgb = Pt(size), bold, rgb(colour)
        font.name, font.language_id = style.theme().font, spoken(self.w)


def rgb(colour: str) -> RGBColor:
    """Return ``#RRGGBB`` as PowerPoint's colour."""
    red, green, blue = bytes.fromhex(colour[1:7])
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]  # python-pptx types no colours


def describe(shape: Any, *, alt: str, title: str) -> None:
    """Give a shape its words for people who cannot see it; without words it is decoration."""
    properties = shape._element.find(f".//{qn('p:cNvPr')}")
    properties.set("descr", alt)
    properties.set("name", title or f"{shape.shape_id}")


def fits_at(
    paragraphs: Sequence[Sequence[Run]], size: float, *, room: tuple[float, float], gap: float
) -> bool:
    """Say whether paragraphs of a size fit into (width, height) points."""
    return height_of(paragraphs, size, width=room[0], gap=gap) <= room[1] + gap


def height_of(paragraphs: Sequence[Sequence[Run]], size: float, *, width: float, gap: float) -> float:
    """Return how tall paragraphs of a size stand in a column, in points."""
    return _height(paragraphs, size, box=Box(left=0, top=0, width=width, height=0), gap=gap, indent=False)


def _height(paragraphs: Sequence[Sequence[Run]], size: float, *, box: Box, gap: float, indent: bool) -> float:
    room = box.width - (1.4 * size if indent else 0.0)
    return sum(
        measure.lines(
            unbroken("".join(run.text for run in runs)), size, room=room, bold=all(run.bold for run in runs)
        )
        * size
        * measure.LINE
        + gap
        for runs in paragraphs
    )


def _size(
    paragraphs: Sequence[Sequence[Run]], sizes: Sequence[float], *, box: Box, gap: float, indent: bool
) -> float | None:
    for size in sizes:
        if _height(paragraphs, size, box=box, gap=gap, indent=indent) <= box.height + gap:
            return size
    return None


def _bullet(paragraph: Any, size: float) -> None:
    properties = paragraph._p.get_or_add_pPr()
    indent = round(12700 * 1.1 * size)
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))
    mark = properties.makeelement(qn("a:buChar"), {"char": "•"})
    properties.append(mark)


def _number_field(paragraph: Any, number: int) -> None:
    """Turn a paragraph's only run into the slide's number, which PowerPoint keeps right."""
    run = paragraph.runs[0]._r
    field = run.makeelement(qn("a:fld"), {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": "slidenum"})
    for child in list(run):
        field.append(child)
    field.find(qn("a:t")).text = str(number)
    run.getparent().replace(run, field)
