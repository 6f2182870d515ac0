"""Charts and tables on slides: native, readable, with their own numbers behind them."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from slide_decks import HEAT, made, native, text_of
from told import CHART, cover, drawing, figure_output, keep, told

from jq_models.disclosure import scan_folder
from jq_models.report import style
from jq_models.report.chart import Chart, Series
from jq_models.report.slides import publish_slides
from jq_models.report.slides_bars import READ, bar_colour, labelled, paired
from jq_models.report.slides_chart import fits
from jq_models.report.slides_choice import how_to_read
from jq_models.report.slides_deck import READABLE
from jq_models.report.slides_heat import fits_heat, ground_of, too_large
from jq_models.report.wording import wording
from jq_models.spec.colour import contrast


def test_scores_are_lying_bars_with_whiskers_that_the_workbook_holds(tmp_path: Path) -> None:
    chart = native(made(tmp_path), "barChart")
    assert list(chart.plots[0].categories) == ["Clarity", "Learning", "Hidden"]
    assert tuple(chart.plots[0].series[0].values) == (3.4, 2.9, None)
    assert chart.category_axis.reverse_order
    assert (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) == (1.0, 5.0)
    book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert rows[0][1:] == ["Mean", "Mean +", "Mean −"]
    assert rows[1][:2] == ["Clarity", 3.4]
    assert rows[1][2:] == pytest.approx([0.1, 0.1])
    assert rows[3] == ["Hidden", None, None, None]
    references = [node.text for node in chart._chartSpace.iter("{*}f")]
    assert all(reference.startswith("Sheet!") for reference in references)
    assert "Sheet!$C$2:$C$4" in references
    accent = chart._chartSpace.xpath(".//c:dPt[c:idx/@val='1']//a:srgbClr/@val")
    assert accent == [style.ACCENT[1:]]


def test_a_workbook_holds_what_the_chart_shows_and_no_more(tmp_path: Path) -> None:
    deck = made(tmp_path, language="nl")
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart:
                book = load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
                assert book.sheetnames == [wording("nl")("publish.sheet_name")]
                cells = [
                    c.value for row in book.worksheets[0].iter_rows() for c in row if c.value is not None
                ]
                assert "3.4012345" not in map(str, cells)
                assert len(cells) <= 20


def test_bands_points_and_lines_are_native(tmp_path: Path) -> None:
    deck = made(tmp_path)
    bands = next(
        s.chart
        for slide in deck.slides
        for s in slide.shapes
        if s.has_chart and len(s.chart.plots[0].series) == 2
    )
    assert [series.name for series in bands.plots[0].series] == ["Against", "For"]
    points = native(deck, "scatterChart")
    roles = {s._element.find("{*}idx").get("val"): len(list(s.values)) for s in points.plots[0].series}
    assert roles == {"0": 1, "1": 2}  # the theme's first accent and its second: the house style's
    labels = {node.text for node in points._chartSpace.iter("{*}t")}
    assert {"One", "Two", "Three", "Across"} <= labels
    assert any("Down" in text_of(slide).split("\n") for slide in deck.slides)  # level, above the chart
    crossings = [node.get("val") for node in points._chartSpace.iter("{*}crossesAt")]
    assert crossings == ["0.6", "55"]
    assert native(deck, "lineChart")._chartSpace.find(".//{*}errBars") is not None


def test_a_heat_map_is_a_table_whose_hidden_cells_are_dashes(tmp_path: Path) -> None:
    deck = made(tmp_path, language="nl")
    table = next(s.table for slide in deck.slides for s in slide.shapes if s.has_table)
    rows = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
    assert [row[:2] for row in rows] == [["", "North"], ["Clarity", "3,4"], ["Learning", "2,9"]]
    assert [row[2] for row in rows[1:]] == ["–", "4,0"]
    assert str(table.cell(1, 2).fill.fore_color.rgb) == "FFFFFF"
    assert table.cell(2, 1).fill.fore_color.rgb != table.cell(2, 2).fill.fore_color.rgb


def test_a_heat_map_with_colours_of_its_own_keeps_them_and_no_name_is_cut(tmp_path: Path) -> None:
    long = "A long name of a dimension"
    rows = tuple(Series(name=long, values=(3.0, 4.0), colours=("middle", "high")) for _ in range(12))
    keep(drawing("heat_team", chart=replace(HEAT, series=rows)), tmp_path)
    story = told(tmp_path, more=(figure_output(drawing("heat_team", chart=HEAT)),))
    keep(drawing("heat_team", chart=replace(HEAT, series=rows)), tmp_path)
    path = publish_slides(story, out=tmp_path / "x.pptx", cover=cover(), work=tmp_path)
    deck = Presentation(str(path))
    table = next(s.table for slide in deck.slides for s in slide.shapes if s.has_table)
    assert {cell.text_frame.text for cell in list(table.rows[0].cells)[1:]} == {long}
    assert str(table.cell(2, 1).fill.fore_color.rgb) == style.HIGH[1:].upper()
    assert str(table.cell(1, 1).fill.fore_color.rgb) == style.MIDDLE[1:].upper()


def test_a_heat_map_too_large_to_read_is_left_out_with_its_other_parts() -> None:
    many = replace(HEAT, categories=("a",) * 40, series=(Series(name="x", values=(1.0,) * 40),))
    charts = {"heat_team": many, "heat_team_2": HEAT, "heat_organisation": HEAT, "norm": CHART}
    assert too_large(charts) == {"heat_team", "heat_team_2"}


def test_numbers_on_bars_can_be_read() -> None:
    for role in ("mark", "accent"):
        ground = bar_colour(role)
        assert contrast(ground, style.readable_on(ground)) >= READ


def test_no_letter_on_a_slide_is_smaller_than_can_be_read(tmp_path: Path) -> None:
    made(tmp_path, simulated=True)
    with zipfile.ZipFile(tmp_path / "x.pptx") as archive:
        for name in archive.namelist():
            if re.match(r"ppt/(slides/slide|charts/chart)\d+\.xml$", name):
                sizes = [int(size) for size in re.findall(rb'sz="(\d+)"', archive.read(name))]
                assert min(sizes, default=1200) >= 100 * READABLE, name


def test_many_bars_two_by_two_have_their_numbers_beside_their_names(tmp_path: Path) -> None:
    names = tuple(f"Scale {k}" for k in range(12))
    own = Series(name="This study", values=(3.5,) * 12, low=(3.4,) * 12, high=(3.6,) * 12)
    pair = Chart(
        kind="bar", categories=names, series=(own, Series(name="Norm", values=(3.25,) * 11 + (None,)))
    )
    few = replace(
        pair,
        categories=names[:3],
        series=tuple(replace(s, values=s.values[:3], low=s.low[:3], high=s.high[:3]) for s in pair.series),
    )
    assert paired(pair)
    assert not paired(few)
    told = labelled(pair, wording("nl"))
    assert (told.categories[0], told.categories[-1]) == ("Scale 0: 3,50 / 3,25", "Scale 11: 3,50 / –")
    assert how_to_read(pair, wording("en"))[0] == "Behind each name: this study / norm."


def test_a_table_of_ranks_shows_its_own_cells_and_the_first_rank_is_the_darkest(tmp_path: Path) -> None:
    ranks = replace(
        HEAT,
        series=(Series(name="North", values=(1.0, 2.0), cells=("1 (1–2)", "2 (1–2)")),),
        low=2.0,
        high=1.0,
        reading="The rank. In brackets: ranks.",
    )
    keep(drawing("heat_team", chart=ranks), tmp_path)
    story = told(tmp_path, more=(figure_output(drawing("heat_team", chart=HEAT)),))
    keep(drawing("heat_team", chart=ranks), tmp_path)
    path = publish_slides(story, out=tmp_path / "x.pptx", cover=cover(), work=tmp_path)
    slide, table = next((i, s.table) for i in Presentation(str(path)).slides for s in i.shapes if s.has_table)
    assert [table.cell(row, 1).text_frame.text for row in (1, 2)] == ["1 (1–2)", "2 (1–2)"]
    assert str(table.cell(2, 1).fill.fore_color.rgb) == "FFFFFF"
    assert "In brackets: ranks." in text_of(slide)


def test_points_stand_where_labels_reckon_them(tmp_path: Path) -> None:
    """Without a place of its own the plot lies elsewhere in every program, and names fall on points."""
    space = native(made(tmp_path), "scatterChart")._chartSpace
    layout = space.find(".//{*}plotArea/{*}layout/{*}manualLayout")
    assert layout.find("{*}layoutTarget").get("val") == "inner"
    assert 0.5 < float(layout.find("{*}w").get("val")) < 1.0


def test_colours_of_a_heat_map_part_at_zero_only_where_it_lies_between() -> None:
    assert ground_of(0.0, (-0.4, 0.4)) == "#FFFFFF"
    assert ground_of(0.4, (-0.4, 0.4)) != ground_of(-0.4, (-0.4, 0.4))
    assert ground_of(2.0, (2.0, 4.0)) == "#FFFFFF"


def test_what_a_slide_cannot_carry_is_a_picture() -> None:
    many = replace(CHART, categories=("a",) * 40, series=(Series(name="x", values=(1.0,) * 40),))
    assert fits(CHART)
    assert not fits(many)
    assert not fits(None)
    assert not fits(replace(CHART, series=(Series(name="x", values=(None,) * 3),)))
    assert not fits(HEAT)
    assert fits_heat(HEAT)
    assert not fits_heat(
        replace(HEAT, categories=("a",) * 30, series=(Series(name="x", values=(1.0,) * 30),))
    )


def test_a_house_style_colours_charts_and_the_theme_of_the_file(tmp_path: Path) -> None:
    made(tmp_path, theme="harbour")
    with zipfile.ZipFile(tmp_path / "x.pptx") as archive:
        everything = b"".join(archive.read(n) for n in archive.namelist() if n.endswith(".xml"))
    assert b"005F73" in everything
    assert b"B84A00" not in everything


def test_the_scan_for_leaks_reads_the_workbook_behind_a_chart(tmp_path: Path) -> None:
    story = told(tmp_path)
    hidden = replace(CHART, series=(replace(CHART.series[0], name="Canary 4711"),))
    keep(drawing(chart=hidden), tmp_path)
    publish_slides(story, out=tmp_path / "x.pptx", cover=cover(), work=tmp_path)
    (tmp_path / "charts" / "construct_means.json").unlink()
    found = scan_folder(tmp_path, forbidden=["Canary 4711"])
    assert any(finding.part.startswith("ppt/embeddings/") for finding in found)
    assert {finding.file for finding in found} == {"x.pptx"}
