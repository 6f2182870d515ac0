"""What stands before the first chapter of a Word document, and above and below every page."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from jq_models.report import style
from jq_models.report.word_style import TEXT, name_file
from jq_models.report.word_writer import Writer, mark
from jq_models.report.word_xml import element, field, link
from jq_models.report.wording import Wording

CONTENTS = 3  # heading levels in the contents: chapters are 2
COVER = "cover"


def write_front(writer: Writer) -> None:
    """Write cover, contents, and what stands above and below every page."""
    cover = writer.cover
    name_file(writer.document, title=cover.title, subject=cover.subtitle, language=writer.w.language)
    _edges(writer)
    theme = style.theme()
    if theme.logo is not None:
        writer.picture(theme.logo.png, title="", text=writer.w.of(theme.logo_text or {}), height=Mm(18))
    title = writer.paragraph(writer.cover.title, "Title")
    writer.anchor(title, COVER)
    if writer.cover.subtitle:
        writer.paragraph(writer.cover.subtitle, "Subtitle")
    for label, value in writer.cover.facts.items():
        writer.labelled(f"{label}: ", value)
    if writer.cover.simulated:
        writer.box(writer.w("label.simulated_long"))
    for label, text in writer.cover.notes.items():
        writer.labelled(f"{label}. ", text)
    _contents(writer)


def _edges(writer: Writer) -> None:
    section, theme = writer.document.sections[0], style.theme()
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph in (header, footer):
        stops = paragraph.paragraph_format.tab_stops
        paragraph.style.paragraph_format.tab_stops.clear_all()  # the template's, in the middle
        stops.add_tab_stop(Mm(TEXT), WD_TAB_ALIGNMENT.RIGHT)
    header.add_run(writer.cover.title)
    if writer.cover.simulated:
        label = header.add_run(f"\t{writer.w('label.simulated')}")
        label.bold = True
        label.font.color.rgb = RGBColor.from_string(style.ACCENT[1:])
    footer.add_run(writer.w.of(theme.footer) if theme.footer else "")
    number_pages(footer, writer.w)


def number_pages(footer: Any, w: Wording) -> None:
    """Write "page 1 of 9" at the end of a line, as fields."""
    footer.add_run(f"\t{w('publish.page')} ")
    field(footer, "PAGE", shown="1")
    footer.add_run(f" {w('publish.of')} ")
    field(footer, "NUMPAGES", shown="1")


def _contents(writer: Writer) -> None:
    """Write the contents as a field that Word can work out anew, with its entries already in it."""
    entries = [heading for heading in writer.story.headings if heading.level <= CONTENTS]
    if not entries:
        return
    head = writer.paragraph(writer.w("publish.contents"), "Label")
    head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(26), Pt(6)
    first, last = entries[0], entries[-1]
    for heading in entries:
        paragraph = writer.document.add_paragraph(style=f"TOC {heading.level - 1}")
        if heading is first:
            _open_contents(paragraph)
        link(paragraph, heading.text, to=mark(heading.anchor))
        # the page's number is known once the document is laid out: empty until then, never wrong
        paragraph.add_run("\t")
        field(paragraph, f"PAGEREF {mark(heading.anchor)} \\h")
        if heading is last:
            paragraph.add_run()._r.append(element("w:fldChar", fldCharType="end"))


def _open_contents(paragraph: Any) -> None:
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="begin"))
    code = element("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f' TOC \\o "1-{CONTENTS - 1}" \\h \\z '
    paragraph.add_run()._r.append(code)
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="separate"))
