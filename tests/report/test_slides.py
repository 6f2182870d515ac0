"""The slides: a finding a slide, native charts with their own numbers, text in its box, Dutch in Dutch."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.util import Pt
from slide_decks import LINE, made, text_of, write
from told import ALT, cover, drawing, figure_output, keep, told

from jq_models.report.measure import lines
from jq_models.report.prose import paragraphs
from jq_models.report.slides import publish_slides
from jq_models.report.slides_choice import FINDINGS, chosen, sentences, verdicts_headline
from jq_models.report.slides_deck import READABLE
from jq_models.report.wording import wording


def test_the_deck_goes_from_title_and_board_to_findings_and_limits(tmp_path: Path) -> None:
    deck = made(tmp_path)
    heads = [slide.shapes.title.text_frame.text for slide in deck.slides]
    w = wording("en")
    assert heads[:3] == ["The report", w("slides.board"), "Learning and tools need attention first"]
    assert heads[-1] == w("slides.method")
    assert heads.count("Clarity scores highest (3.40) and learning lowest (2.90)") >= 3
    board = text_of(deck.slides[1])
    assert "500 people" in board
    assert [name for name in ("Learning", "Tools") if name in text_of(deck.slides[2])] == [
        "Learning",
        "Tools",
    ]
    assert wording("en")("claim.causes") in text_of(deck.slides[-1])
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9)


def test_every_slide_has_its_number_and_says_that_data_are_simulated(tmp_path: Path) -> None:
    deck = made(tmp_path, language="nl", simulated=True)
    for number, slide in enumerate(deck.slides, start=1):
        fields = slide._element.findall(".//{*}fld")
        assert [(field.get("type"), field.find("{*}t").text) for field in fields] == [
            ("slidenum", str(number))
        ]
        assert "Gesimuleerde data" in text_of(slide)


def test_pictures_charts_and_tables_say_what_they_show(tmp_path: Path) -> None:
    deck = made(tmp_path)
    shown = [
        shape._element.find(".//{*}cNvPr").get("descr")
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_chart or shape.has_table or shape.shape_type == 13
    ]
    assert len(shown) == 5
    assert set(shown) == {ALT["en"]}


def test_a_figure_whose_headline_says_all_takes_the_whole_slide(tmp_path: Path) -> None:
    deck = made(tmp_path)
    widths = {
        slide.shapes.title.text_frame.text: shape.width / deck.slide_width
        for slide in list(deck.slides)[2:]
        for shape in slide.shapes
        if shape.has_chart
    }
    alone = len(sentences(ALT["en"])) == 1
    assert widths
    assert all((share > 0.85) == alone for share in widths.values())
    whole = drawing("trend", chart=LINE)
    keep(replace(whole, alt="It rises."), tmp_path)
    story = told(tmp_path, more=(figure_output(replace(whole, alt="It rises.")),))
    path = publish_slides(story, out=tmp_path / "x.pptx", cover=cover(), work=tmp_path)
    slides = {slide.shapes.title.text_frame.text: slide for slide in Presentation(str(path)).slides}
    chart = next(shape for shape in slides["It rises"].shapes if shape.has_chart)
    assert chart.width > 0.85 * deck.slide_width


def test_the_headline_of_the_claims_counts_the_verdicts() -> None:
    lines = paragraphs("- **Supported (3):** a; b.\n- **Not testable here (1):** c.")
    assert verdicts_headline("Each claim", lines) == "Each claim: supported (3), not testable here (1)"


def test_text_stays_inside_its_box(tmp_path: Path) -> None:
    deck = made(tmp_path, simulated=True)
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            if not shape.has_text_frame or not shape.text_frame.text:
                continue
            needed = 0.0
            for paragraph in shape.text_frame.paragraphs:
                size = max((run.font.size for run in paragraph.runs if run.font.size), default=Pt(12)).pt
                assert size >= READABLE
                needed += lines(paragraph.text, size, room=shape.width / 12700) * size * 1.2
            assert needed <= shape.height / 12700 + 1


def test_a_report_without_board_or_claims_still_makes_slides(tmp_path: Path) -> None:
    story = told(tmp_path)
    story.chapters = ["", *["other"] * (len(story.chapters) - 1)]
    path = publish_slides(story, out=tmp_path / "x.pptx", cover=cover(), work=tmp_path)
    assert len(Presentation(str(path)).slides) >= 3


def test_findings_are_chosen_by_name_in_order_and_unknown_ones_passed_over(tmp_path: Path) -> None:
    figures = told(tmp_path).figures
    named = [replace(figures[0], name=n) for n in ("effects", "htmt", "heat_a", "heat_b", "heat_c", "trend")]
    assert [figure.name for figure in chosen(named, without={"trend"})] == ["heat_a", "heat_b", "effects"]
    assert {source for _, _, source in FINDINGS} <= {"alt", "before", "last"}
    assert sentences("One (2.9). Two 3.4 and p. Three!") == ["One (2.9).", "Two 3.4 and p.", "Three!"]


def test_nothing_of_the_template_speaks_english_in_a_dutch_deck(tmp_path: Path) -> None:
    made(tmp_path, language="nl")
    with zipfile.ZipFile(tmp_path / "x.pptx") as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert b"en-US" not in content
            assert not re.search(rb"Click to|Placeholder \d|>Sheet|TextBox|level<", content), name
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
        assert not any("printer" in name for name in archive.namelist())


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    made(tmp_path)
    assert write(tmp_path) == (tmp_path / "x.pptx").read_bytes()


def test_notes_carry_the_number_the_finding_and_how_to_read_it(tmp_path: Path) -> None:
    deck = made(tmp_path)
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide]
    assert any(note.startswith("Figure 1. Title of construct_means") and ALT["en"] in note for note in notes)
    assert any(wording("en")("slides.read_intervals") in note for note in notes)
