"""The Word document: native tables, pictures with their words, one numbering, no word of the template."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from told import ALT, cover, drawing, figure_output, told

from jq_models.disclosure import scan_folder
from jq_models.report.cells import Cells, Row
from jq_models.report.columns import words
from jq_models.report.table import build
from jq_models.report.word import publish_word
from jq_models.report.word_table import MM, columns
from jq_models.spec.theme import load_theme

_MADE: dict[tuple[object, ...], bytes] = {}  # making one takes a second: the same one is made once


def made(
    work: Path, *, language: str = "en", theme: str | None = None, more: Any = (), **options: Any
) -> Any:
    key = (language, theme, *options.items())
    if more or key not in _MADE:
        _MADE[key] = write(work, language=language, theme=theme, more=more, **options)
    (work / "x.docx").write_bytes(_MADE.pop(key) if more else _MADE[key])
    return Document(str(work / "x.docx"))


def write(
    work: Path, *, language: str = "en", theme: str | None = None, more: Any = (), **options: Any
) -> bytes:
    story, made = told(work, language=language, more=more), cover(language, **options)
    out = publish_word(story, out=work / "w.docx", cover=made, pictures=work / "png", theme=theme)
    content = out.read_bytes()
    out.unlink()
    return content


def xml(work: Path, part: str) -> str:
    with zipfile.ZipFile(work / "x.docx") as archive:
        return archive.read(part).decode()


def styled(document: Any, name: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == name]


def test_headings_captions_and_texts_are_those_of_the_page(tmp_path: Path) -> None:
    document = made(tmp_path)
    assert styled(document, "Heading 1") == ["Board", "Scores", "Method", "Checklist"]
    assert styled(document, "Heading 2") == ["Part"]
    assert styled(document, "Caption") == [
        "Table 1  Scores & intervals",
        "Figure 1  Title of construct_means",
    ]
    assert "Some text with weight & [0.45,\u00a00.61]." in styled(document, "Normal")
    assert "500 people answered." in styled(document, "List Bullet")
    assert len(styled(document, "List Number")) == 2
    bold = [run.text for p in document.paragraphs for run in p.runs if run.bold and p.style.name == "Normal"]
    assert "weight" in bold


def test_contents_are_filled_links_inside_a_field(tmp_path: Path) -> None:
    made(tmp_path)
    body = xml(tmp_path, "word/document.xml")
    targets = re.findall(r'<w:hyperlink w:anchor="([^"]+)"', body)
    assert len(targets) == 5
    assert set(targets) <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', body))
    assert 'TOC \\o "1-2"' in body
    assert set(re.findall(r"PAGEREF (\S+)", body)) == set(targets)  # for the printer to fill
    assert body.count('fldCharType="begin"') == body.count('fldCharType="end"')
    numbers = re.findall(r'<w:bookmarkStart w:id="(\d+)"', body)
    assert len(numbers) == len(set(numbers))


def test_a_table_is_native_with_its_header_on_every_page_and_numbers_right(tmp_path: Path) -> None:
    table = made(tmp_path).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Name", "Mean"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in table.rows[2].cells] == ["<a> very long name", "3.40"]
    assert table.rows[2].cells[1].paragraphs[0].alignment == 2  # right
    assert table.rows[2].cells[0].paragraphs[0].alignment is None
    assert table.rows[1].cells[0].text == table.rows[1].cells[1].text == "One"  # one cell across
    described = {child.tag: child.get(qn("w:val")) for child in table._tbl.tblPr}
    assert described[qn("w:tblCaption")] == "Table 1 Scores & intervals"


def test_a_picture_says_what_it_shows_and_is_sharp(tmp_path: Path) -> None:
    document = made(tmp_path, language="nl")
    picture = document.inline_shapes[0]
    properties = picture._inline.docPr
    assert properties.get("descr") == ALT["nl"]
    dots = document.part.related_parts[
        picture._inline.graphic.graphicData.pic.blipFill.blip.embed
    ].image.px_width
    assert dots / (picture.width / 914400) >= 199.9
    assert picture.width <= 170 * 36000


def test_a_figure_without_picture_is_told_in_words(tmp_path: Path) -> None:
    other = drawing("effects", chart=None)
    document = made(tmp_path, more=(figure_output(other),))
    assert len(document.inline_shapes) == 1
    assert ALT["en"] in styled(document, "Quote")


@pytest.mark.parametrize(("language", "locale"), [("en", "en-GB"), ("nl", "nl-NL")])
def test_the_language_of_the_words_is_the_language_of_the_file(
    tmp_path: Path, language: str, locale: str
) -> None:
    document = made(tmp_path, language=language, simulated=True)
    assert set(re.findall(r'<w:lang w:val="([^"]+)"', xml(tmp_path, "word/styles.xml"))) == {locale}
    with zipfile.ZipFile(tmp_path / "x.docx") as archive:
        assert not any(b"en-US" in archive.read(name) for name in archive.namelist())
    assert document.core_properties.language == locale
    assert document.core_properties.title == "The report"
    header = document.sections[0].header.paragraphs[0].text
    assert ("Gesimuleerde data" if language == "nl" else "Simulated data") in header
    assert ("Pagina" if language == "nl" else "Page") in document.sections[0].footer.paragraphs[0].text
    assert ("Inhoud" if language == "nl" else "Contents") in styled(document, "Label")


def test_the_same_report_gives_the_same_bytes_without_dates_or_template(tmp_path: Path) -> None:
    made(tmp_path)
    first = (tmp_path / "x.docx").read_bytes()
    assert write(tmp_path) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
        assert b"Macintosh" not in archive.read("docProps/app.xml")


def test_a_house_style_brings_colour_logo_and_footer(tmp_path: Path) -> None:
    document = made(tmp_path, theme="harbour")
    theme = load_theme("harbour")
    assert document.inline_shapes[0]._inline.docPr.get("descr") == theme.logo_text["en"]  # type: ignore[index]
    assert "Harbour · for internal use" in document.sections[0].footer.paragraphs[0].text
    assert theme.accent[1:] in xml(tmp_path, "word/document.xml")
    assert "B84A00" not in xml(tmp_path, "word/document.xml")


def test_columns_never_break_a_number_and_never_leave_the_page() -> None:
    long = "a text of many words that goes on and on " * 6
    rows = (Row(cells=(long, "−0.123 [−0.456, 0.789]", long)),)
    cells = Cells(title="", note="", heads=("A", "Estimate", "C"), align=("left", "right", "left"), rows=rows)
    found = columns(cells, room=170 * MM)
    assert found is not None
    _, widths = found
    assert sum(widths) <= 170 * MM
    assert widths[1] >= 100
    wide = Cells(
        title="",
        note="",
        heads=("A",) * 9,
        align=("right",) * 9,
        rows=(Row(cells=("0.12 [0.45, 0.78]",) * 9),),
    )
    assert columns(wide, room=170 * MM) is None
    assert columns(wide, room=257 * MM) is not None


def test_a_table_too_wide_for_a_page_lies_on_one_of_its_own(tmp_path: Path) -> None:
    from told import table_output

    cells = [words(f"c{k}", heading=f"Column{k}", shown=["0123456789_0123456"]) for k in range(9)]
    wide = build("wide", title="Wide", columns=cells)
    document = made(tmp_path, more=(table_output(wide),))
    assert [section.orientation for section in document.sections] == [0, 1, 0]


def test_the_scan_for_leaks_reads_the_document(tmp_path: Path) -> None:
    made(tmp_path, subtitle="Canary 4711")
    (tmp_path / "report.ipynb").unlink(missing_ok=True)
    found = scan_folder(tmp_path, forbidden=["Canary 4711", "very long name"])
    assert {finding.file for finding in found} == {"x.docx"}
    assert scan_folder(tmp_path, forbidden=["Canary 4712"]) == ()
