"""A file that stands alone says that its data are simulated."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import openpyxl
import pytest
from figure_frames import summary

from jq_models.report import construct_means_figure, construct_table, wording, write_workbook
from jq_models.report.svg import labelled
from jq_models.spec import load_instrument

CCC = load_instrument("ccc_job_quality")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_drawing_gets_a_line_below_and_stays_whole(language: str) -> None:
    w = wording(language)
    svg = construct_means_figure(summary(CCC), w, instrument=CCC).svg()
    found = labelled(svg, w("label.simulated"))
    before, after = ElementTree.fromstring(svg), ElementTree.fromstring(found)
    heights = [float(root.attrib["viewBox"].split()[3]) for root in (before, after)]
    assert heights[1] == pytest.approx(heights[0] + 14)
    assert after.attrib["height"] == f"{heights[1]:g}pt"
    line = after.find("{http://www.w3.org/2000/svg}text")
    assert line is not None
    assert line.text == w("label.simulated")
    assert heights[0] < float(line.attrib["y"]) < heights[1]
    assert len(list(after)) == len(list(before)) + 2


def test_markup_in_a_label_stays_text() -> None:
    svg = construct_means_figure(summary(CCC), wording("en"), instrument=CCC).svg()
    assert "a &lt; b" in labelled(svg, "a < b")


def test_what_is_no_drawing_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="made by to_svg"):
        labelled("<svg></svg>", "x")


@pytest.mark.parametrize("simulated", [True, False])
def test_every_sheet_says_so(tmp_path, simulated: bool) -> None:
    w, path = wording("nl"), tmp_path / "study.xlsx"
    write_workbook([construct_table(summary(CCC), w, instrument=CCC)], path, w=w, simulated=simulated)
    for sheet in openpyxl.load_workbook(path):
        texts = [str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row]
        assert bool(re.search("Gesimuleerde", " ".join(texts))) is simulated
