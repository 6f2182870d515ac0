"""A Word document's styles: the report's own look, in the language of its words."""

from __future__ import annotations

from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from jq_models.report import style
from jq_models.report.archive import EPOCH
from jq_models.report.word_xml import element, speak
from jq_models.report.wording import wording

PAGE = (210, 297)  # millimetres
MARGINS = (22, 20, 20, 20)  # top, right, bottom, left
TEXT = 170.0  # millimetres between the margins
LANDSCAPE = 257.0
BODY = 10.0
# style -> (size, bold, colour, space before, space after, kept with the next)
_LOOKS: dict[str, tuple[float, bool, str, float, float, bool]] = {
    "Normal": (BODY, False, "ink", 0, 6, False),
    "Title": (26, True, "ink", 0, 4, True),
    "Subtitle": (14, False, "muted", 0, 14, False),
    "Heading 1": (17, True, "ink", 22, 6, True),
    "Heading 2": (13, True, "ink", 16, 4, True),
    "Heading 3": (11, True, "ink", 12, 3, True),
    "Heading 4": (10, True, "ink", 10, 2, True),
    "Caption": (9, False, "ink", 10, 4, True),
    "List Bullet": (BODY, False, "ink", 0, 3, False),
    "List Bullet 2": (BODY, False, "ink", 0, 3, False),
    "List Number": (BODY, False, "ink", 0, 3, False),
    "Quote": (BODY, False, "muted", 4, 8, False),
    "Header": (8, False, "muted", 0, 0, False),
    "Footer": (8, False, "muted", 0, 0, False),
    "TOC 1": (BODY, True, "ink", 5, 1, False),
    "TOC 2": (BODY, False, "muted", 0, 1, False),
    "Figure": (BODY, False, "ink", 10, 2, True),
    "Cell": (8, False, "ink", 0, 0, False),
    "Note": (8, False, "muted", 4, 12, False),
    "Plain text": (8, False, "ink", 0, 6, False),
    "Source": (9, False, "ink", 0, 4, False),
    "Label": (BODY, True, "accent", 0, 0, False),
}


def new_document(language: str) -> Any:
    """Return an empty document, A4 upright, with the report's styles in its language."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    top, right, bottom, left = MARGINS
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance = section.footer_distance = Mm(10)
    locale = wording(language).locale
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    speak(defaults, locale)
    known = {entry.name: entry for entry in document.styles}
    for name in _LOOKS:
        _set_look(known.get(name) or _added(document, name, base=known["Normal"]), name)
    _toc_indent(document)
    theme = element("w:themeFontLang", val=locale)
    for old in document.settings.element.findall(qn("w:themeFontLang")):
        document.settings.element.replace(old, theme)
    return document


def name_file(document: Any, *, title: str, language: str, subject: str = "") -> None:
    """Set what a file says of itself; nothing of the template or the machine."""
    core = document.core_properties
    core.title, core.subject = title, subject
    core.author, core.last_modified_by, core.comments, core.keywords = "jq_models", "jq_models", "", ""
    core.language = wording(language).locale
    core.created = core.modified = EPOCH
    core.revision = 1


def _added(document: Any, name: str, *, base: Any) -> Any:
    made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style, made.quick_style = base, True
    return made


def _set_look(made: Any, name: str) -> None:
    size, bold, colour, before, after, keep = _LOOKS[name]
    font, paragraph = made.font, made.paragraph_format
    font.name, font.size, font.bold, font.italic = style.theme().font, Pt(size), bold, False
    colours = {"ink": style.INK, "muted": style.MUTED, "accent": style.ACCENT}
    font.color.rgb = RGBColor.from_string(colours[colour][1:])
    _one_font(made.element.get_or_add_rPr(), style.theme().font)
    paragraph.space_before, paragraph.space_after = Pt(before), Pt(after)
    paragraph.keep_with_next = keep
    paragraph.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if name == "Normal":
        paragraph.line_spacing = 1.15
        paragraph.widow_control = True
    paragraph.keep_together = name == "Note"  # it is read with its table
    for border in made.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)  # the template underlines its title
    spacing = made.element.find(f".//{qn('w:rPr')}/{qn('w:spacing')}")
    if spacing is not None:
        spacing.getparent().remove(spacing)


def _one_font(properties: Any, font: str) -> None:
    """Name one font for every script: the template's headings follow its own theme otherwise."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), font)


def _toc_indent(document: Any) -> None:
    document.styles["TOC 2"].paragraph_format.left_indent = Mm(6)
    for name in ("TOC 1", "TOC 2"):
        document.styles[name].paragraph_format.tab_stops.add_tab_stop(Mm(TEXT), WD_TAB_ALIGNMENT.RIGHT)
    document.styles["List Bullet"].paragraph_format.line_spacing = 1.1
    document.styles["Source"].paragraph_format.left_indent = Mm(8)
    document.styles["Source"].paragraph_format.first_line_indent = Mm(-8)
    document.styles["Plain text"].font.name = "Courier New"
    _one_font(document.styles["Plain text"].element.get_or_add_rPr(), "Courier New")
