"""The library's template made the report's own: one layout, its colours and font, no English words."""

from __future__ import annotations

import re
from typing import Any

from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu

from jq_models.report import style
from jq_models.report.wording import Wording

_TITLE_ONLY = 5  # place of that layout in the library's template


def prepare(file: Any, w: Wording, *, title: tuple[Emu, Emu, Emu, Emu]) -> None:
    """Make a new file ours: 16:9, one layout with a title at `title` (left, top, width, height)."""
    file.slide_width, file.slide_height = Emu(12192000), Emu(6858000)
    _one_layout(file, w, title=title)
    _house_theme(file, w)
    _without_printer(file)


def plain_notes(file: Any, w: Wording) -> None:
    """Word the page of notes, which the library makes in English."""
    for shape in file.notes_master.placeholders:
        shape.name = f"{shape.shape_id}"
        if shape.placeholder_format.type == PP_PLACEHOLDER.BODY:
            shape.text_frame.text = w("slides.notes")


def _one_layout(file: Any, w: Wording, *, title: tuple[Emu, Emu, Emu, Emu]) -> None:
    """Keep one layout and one placeholder: all else of the template is English and unused."""
    layouts = file.slide_layouts
    kept = layouts[_TITLE_ONLY]
    for layout in list(layouts):
        if layout is not kept and layout.name != kept.name:
            layouts.remove(layout)
    kept.name = w("slides.layout")
    for page in (file.slide_master, layouts[0]):
        for shape in list(page.placeholders):
            if shape.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE):
                shape.text_frame.text = w("slides.master")
                shape.name = w("slides.layout")
                shape.left, shape.top, shape.width, shape.height = title
            else:
                shape._element.getparent().remove(shape._element)
        for properties in page._element.iter(qn("a:rPr"), qn("a:endParaRPr"), qn("a:defRPr")):
            if "lang" in properties.attrib:
                properties.set("lang", w.locale)


def spoken(w: Wording) -> MSO_LANGUAGE_ID:
    """Return the language as PowerPoint numbers it."""
    return next(one for one in MSO_LANGUAGE_ID if one.value == w.windows_language)


def _without_printer(file: Any) -> None:
    """Take out what the template knows of a printer."""
    rels = file.part.rels
    for key in [key for key, rel in rels.items() if rel.reltype.endswith("/printerSettings")]:
        rels.pop(key)


def _house_theme(file: Any, w: Wording) -> None:
    """Put the house style's colours and font into the file's own theme: what a reader adds then fits."""
    part = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = part.blob.decode()
    colours = {
        "dk1": style.INK,
        "lt1": style.SURFACE,
        "dk2": style.MUTED,
        "lt2": style.PAGE,
        "accent1": style.ACCENT,
        "accent2": style.MARK,
        "accent3": style.HIGH,
        "accent4": style.LOW,
        "accent5": style.FAINT,
        "accent6": style.MUTED,
        "hlink": style.ACCENT,
        "folHlink": style.MUTED,
    }
    for name, colour in colours.items():
        text = re.sub(
            rf"(<a:{name}>).*?(</a:{name}>)", rf'\g<1><a:srgbClr val="{colour[1:7].upper()}"/>\g<2>', text
        )
    text = re.sub(r'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{style.theme().font}"/>', text)
    text = re.sub(r'name="Office( Theme)?"', f'name="{w("slides.theme")}"', text)
    part._blob = text.encode()
