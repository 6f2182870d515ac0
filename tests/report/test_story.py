"""The report as a sequence: the same parts and numbers as the page, cells and paragraphs without a format."""

from __future__ import annotations

import contextlib
import re
import zlib
from dataclasses import asdict
from pathlib import Path

import pytest
from told import cover, table, told

from jq_models.report.cells import cells_of
from jq_models.report.measure import cut, fitting, lines, width
from jq_models.report.page import page_of_story
from jq_models.report.prose import paragraphs
from jq_models.report.publish import publish_html, publish_pdf
from jq_models.report.story import Figured, Prose, Tabled, ToFill
from jq_models.report.story_text import unbroken


def test_parts_stand_in_reading_order_in_their_chapters(tmp_path: Path) -> None:
    story = told(tmp_path)
    kinds = [type(part) for part in story.parts]
    assert kinds == [Prose, Prose, Prose, Prose, Tabled, Figured, Prose, Prose, Prose, ToFill]
    assert story.chapters == ["board"] * 3 + ["scores"] * 3 + ["method"] * 2 + ["checklist"] * 2
    assert [(h.level, h.text) for h in story.headings][:3] == [(2, "Board"), (2, "Scores"), (3, "Part")]
    assert story.places["figure:construct_means"].label == "Figure 1"
    assert [part.label for part in story.tables] == ["Table 1"]


def test_the_page_numbers_what_the_story_numbers(tmp_path: Path) -> None:
    story = told(tmp_path)
    html = publish_html(tmp_path / "report.ipynb", out=tmp_path / "x.html", language="en").read_text("utf-8")
    for part in (*story.tables, *story.figures):
        assert f'<span class="number">{part.label}</span>' in html
    assert len(page_of_story(story).blocks) == len(story.parts)


def test_cells_are_those_of_the_table_shown() -> None:
    cells = cells_of(table().html())
    assert (cells.title, cells.note) == ("Scores & intervals", "A note, p < .001.")
    assert cells.heads == ("Name", "Mean")
    assert cells.align == ("left", "right")
    assert [(row.cells, row.names_block) for row in cells.rows] == [
        (("One",), True),
        (("<a> very long name", "3.40"), False),
        (("b", "2.90"), False),
        (("Two",), True),
        (("c", "–"), False),
    ]


def test_markdown_becomes_paragraphs_and_looks() -> None:
    found = paragraphs(
        "# Head\n\nA **b** *c* `d` & e.\nF\n\n- one\n  - deep\n\n1. first\n\n> said\n\n```\nx\ny\n```"
    )
    kinds = [(p.kind, p.level, p.text) for p in found]
    assert kinds == [
        ("heading", 1, "Head"),
        ("text", 0, "A b c d & e. F"),
        ("bullet", 0, "one"),
        ("bullet", 1, "deep"),
        ("number", 0, "first"),
        ("quote", 0, "said"),
        ("code", 0, "x\ny"),
    ]
    looks = {run.text: (run.bold, run.italic, run.code) for run in found[1].runs}
    assert looks["b"] == (True, False, False)
    assert looks["c"] == (False, True, False)
    assert looks["d"] == (False, False, True)


def test_intervals_and_probabilities_do_not_break() -> None:
    assert unbroken("is 0,45 [0,30; 0,61] en p < 0,001 hier") == (
        "is 0,45\u00a0[0,30;\u00a00,61] en p\u00a0<\u00a00,001 hier"
    )


def test_words_are_measured_with_the_widest_letters_of_office_fonts() -> None:
    assert width("iii", 10) < width("mmm", 10)
    assert width("mm", 20) == pytest.approx(2 * width("mm", 10))
    room = width("one two", 10)
    assert lines("one two three", 10, room=room) == 2
    assert lines("one\ntwo", 10, room=200) == 2
    assert fitting("word " * 50, room=(100, 30), sizes=(12, 10)) is None
    assert fitting("word", room=(100, 30), sizes=(12, 10)) == 12


def test_what_does_not_fit_is_cut_behind_a_sentence_else_behind_a_word() -> None:
    text = "The first sentence. The second one is longer than the room there is for it."
    assert cut(text, 10, room=(width("The first sentence. The", 10), 13)) == "The first sentence."
    short = cut("one two three four", 10, room=(width("one two …", 10) + 1, 13))
    assert re.fullmatch(r"one two …", short)


def test_a_cover_has_the_options_of_the_page(tmp_path: Path) -> None:
    told(tmp_path)
    made = cover(simulated=True, notes={"About": "Simulated."})
    html = publish_html(tmp_path / "report.ipynb", out=tmp_path / "x.html", language="en", **asdict(made))
    assert "About" in html.read_text("utf-8")


def test_the_pdf_is_tagged_and_says_its_language_title_and_pictures(tmp_path: Path) -> None:
    told(tmp_path, language="nl")
    html = publish_html(tmp_path / "report.ipynb", out=tmp_path / "x.html", language="nl", title="Titel")
    content = publish_pdf(html, out=tmp_path / "x.pdf", language="nl").read_bytes()
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        with contextlib.suppress(zlib.error):
            content += zlib.decompress(stream)
    for said in (b"/MarkInfo", b"/StructTreeRoot", b"/DisplayDocTitle true", b"/S /TH", b"/S /Figure"):
        assert said in content or said.replace(b" /", b"/") in content, said
    assert re.search(rb"/Lang ?\(nl\)", content)
    assert re.search(rb"/Alt ?[(<]", content)
