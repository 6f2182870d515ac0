"""The workbook: numbers are numbers, text is text, and the same tables give the same bytes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from made_up import made_fit
from openpyxl import load_workbook

from jq_models.errors import RunError
from jq_models.report.columns import numbers, words
from jq_models.report.export import save_sheet
from jq_models.report.table import Table, build
from jq_models.report.tables_fit import fit_table
from jq_models.report.tables_invariance import as_shown
from jq_models.report.wording import Wording, wording
from jq_models.report.workbook import load_sheets, write_workbook
from jq_models.report.workbook_page import LINE, heading


def table(name: str = "small", title: str = "Small: a/b?") -> Table:
    columns = [
        words("name", heading="=Name", shown=["=1+1", "-2", "plain"]),
        numbers("x", heading="X", values=[1 / 3, float("nan"), -2.5], w=wording("en")),
        numbers("n", heading="n", values=[1200, float("nan"), 3], w=wording("en"), kind="count"),
    ]
    return build(name, title=title, note="=A note", columns=columns)


def test_text_never_becomes_a_formula_and_numbers_stay_numbers(tmp_path: Path, en: Wording) -> None:
    write_workbook([table()], tmp_path / "study.xlsx", w=en)
    page = load_workbook(tmp_path / "study.xlsx")["Small a b"]
    cells = [cell for row in page.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert (page["A5"].value, page["A5"].data_type, page["A5"].quotePrefix) == ("=1+1", "s", True)
    assert (page["A6"].value, page["A6"].data_type) == ("-2", "s")
    assert page["B5"].value == 1 / 3
    assert page["B5"].number_format == "0.00"
    assert page["B6"].value is None
    assert (page["C5"].value, page["C5"].number_format) == (1200, "#,##0")
    assert page["A1"].value == "Small: a/b?"
    assert page["A2"].value == "=A note"
    assert page.freeze_panes == "B5"  # names and headings stay


def test_the_contents_lead_to_every_sheet(tmp_path: Path, nl: Wording) -> None:
    long = "Discriminante validiteit: criterium van Fornell en Larcker"
    tables = [table("a", long), table("b", long), table("c", "Inhoud")]
    write_workbook(tables, tmp_path / "study.xlsx", w=nl)
    book = load_workbook(tmp_path / "study.xlsx")
    names = book.sheetnames
    assert names[0] == "Inhoud"
    assert len({name.lower() for name in names}) == 4
    assert max(map(len, names)) <= 31
    links = [book["Inhoud"].cell(row=row, column=2).hyperlink.location for row in (5, 6, 7)]
    assert links == [f"'{name}'!A1" for name in names[1:]]


def test_the_same_tables_give_the_same_bytes_and_no_trace(tmp_path: Path, en: Wording) -> None:
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    write_workbook([table()], one, w=en)
    write_workbook([table()], two, w=en)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "2000-01-01" in core
    assert re.search(r"<dc:creator[^>]*>jq_models</dc:creator>", core)
    assert "lastModifiedBy" not in core


def test_stored_sheets_make_the_same_workbook(tmp_path: Path, en: Wording) -> None:
    tables = [fit_table({"correlated": made_fit(), "direct": made_fit()}, en), table()]
    for each in tables:
        save_sheet(each, tmp_path)
    write_workbook(tables, tmp_path / "direct.xlsx", w=en)
    write_workbook(load_sheets(tmp_path), tmp_path / "stored.xlsx", w=en)
    assert (tmp_path / "direct.xlsx").read_bytes() == (tmp_path / "stored.xlsx").read_bytes()
    page = load_workbook(tmp_path / "stored.xlsx")["Model fit"]
    formats = {row[0].value: row[2].number_format for row in page.iter_rows(min_row=4, max_col=3)}
    assert formats["CFI"] == "0.000"
    assert formats["Respondents"] == "#,##0"
    assert formats["RMSEA, lower bound (90%)"] == "0.000"


def test_no_tables_is_an_error(tmp_path: Path, en: Wording) -> None:
    with pytest.raises(RunError, match="No tables in"):
        load_sheets(tmp_path)
    with pytest.raises(RunError, match="at least one table"):
        write_workbook([], tmp_path / "x.xlsx", w=en)


def test_sheets_stand_in_the_order_of_tables_t0_to_t19(tmp_path: Path) -> None:
    order = ["method", "constructs", "segments_team", "fit", "fit_correlated", "rivals_nested", "verdicts"]
    for name in [*reversed(order), "a_table_of_ones_own"]:
        save_sheet(build(name, title=name, columns=[words("a", heading="A", shown=["x"])]), tmp_path)
    assert [sheet.name for sheet in load_sheets(tmp_path)] == [*order, "a_table_of_ones_own"]


def test_the_contents_give_every_table_its_number_and_every_sheet_a_way_back(
    tmp_path: Path, nl: Wording
) -> None:
    tables = [table("constructs", "Scores"), table("segments_contract", "Hoe groepen verschillen: Contract")]
    write_workbook(tables, tmp_path / "study.xlsx", w=nl, simulated=True)
    book = load_workbook(tmp_path / "study.xlsx")
    rows = list(book["Inhoud"].iter_rows(min_row=4, max_row=6, values_only=True))
    assert rows == [
        ("Nr.", "Blad", "Tabel"),
        ("T4", "Scores per construct", "Scores"),
        ("T7", "Groepen, Contract", "Hoe groepen verschillen: Contract"),
    ]
    for page in book.worksheets[1:]:
        assert page["C3"].hyperlink.location == "'Inhoud'!A1"
        assert page["A3"].value == nl("label.simulated")


def test_a_sheet_can_be_read_and_printed(tmp_path: Path, nl: Wording) -> None:
    made = build(
        "small",
        title="Small",
        note="A note that takes several lines of any sheet. " * 8,
        columns=[
            words(
                "name", heading="Naam", shown=["short", "a question that is longer than a column is " * 2] * 6
            ),
            numbers("p", heading="p", values=[0.5, 1e-20] * 6, w=nl, kind="p_value"),
        ],
    )
    write_workbook([made], tmp_path / "study.xlsx", w=nl)
    page = load_workbook(tmp_path / "study.xlsx")["Small"]
    assert [str(merged) for merged in page.merged_cells.ranges] == ["A2:D2"]
    assert page["A2"].alignment.wrap_text
    assert page.row_dimensions[2].height >= 4 * LINE
    assert page.row_dimensions[6].height == 2 * LINE  # the long question
    assert page.row_dimensions[5].height is None
    assert page["B6"].value == 1e-20
    assert page["B6"].number_format == '[<0.001]"< 0,001";0.000'
    assert page.auto_filter.ref == "A4:B16"
    assert page.print_title_rows == "$4:$4"
    assert (page.page_setup.orientation, page.page_setup.fitToWidth) == ("landscape", 1)
    assert {cell.font.name for row in page.iter_rows() for cell in row if cell.value is not None} == {
        "Calibri"
    }


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Difference [95% interval]", "Difference"),
        ("Difference [95% interval], lower bound", "Difference, lower bound 95% interval"),
        ("RMSEA, lower bound (90%)", "RMSEA, lower bound (90%)"),
    ],
)
def test_a_heading_says_what_stands_below_it(name: str, shown: str) -> None:
    assert heading(name) == shown


@pytest.mark.parametrize("language", ["en", "nl"])
def test_probabilities_of_small_groups_are_rounded_in_files_as_on_the_page(language: str) -> None:
    w = wording(language)
    column = numbers("p", heading="p", values=[0.0987654, 0.000123], w=w, kind="p_value")
    assert as_shown([column])[0].raw["p"] == (0.099, 0.0)
