"""No text of a client's file becomes a formula: in CSV, workbook, chart or the batch's summary."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from jq_models.report.chart import Chart, Series
from jq_models.report.columns import numbers, words
from jq_models.report.export import write_csv
from jq_models.report.harmless import harmless, is_formula
from jq_models.report.slides_workbook import put_workbook
from jq_models.report.table import Table, build
from jq_models.report.wording import Wording, wording
from jq_models.report.workbook import write_workbook
from jq_models.run.batch import write_outcomes
from jq_models.run.batch_client import Outcome

TEAMS = (
    '=HYPERLINK("http://x","y")',
    "@SUM(A1)",
    "+1",
    "-1",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "Noord;=1+1",
    "Noord\n=1+1",
    'Noord"\n=1+1',
)


def table() -> Table:
    columns = [
        words("=team", heading="Team", shown=list(TEAMS)),
        numbers("n", heading="n", values=[float(-k) for k in range(len(TEAMS))], w=wording("en")),
    ]
    return build("teams", title="=Teams", note="+note", columns=columns)


def cut(text: str, delimiter: str) -> list[str]:
    """Return the cells a spreadsheet would see that cuts at this sign and at every line end."""
    return [cell.strip('"') for line in text.splitlines() for cell in line.split(delimiter)]


@pytest.mark.parametrize("team", TEAMS)
def test_a_name_that_could_be_computed_is_marked(team: str) -> None:
    made = harmless(team)
    assert made != team
    assert [cell for part in made.splitlines() for cell in part.split(";") if is_formula(cell)] == []


@pytest.mark.parametrize("value", ["Noord", "a - b", "3-4", "x = y", "A;B", "", -1.5, 7, None])
def test_other_cells_stay_as_they_are(value: object) -> None:
    assert harmless(value) == value


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_of_a_csv_is_computed_whatever_it_is_cut_at(tmp_path: Path, delimiter: str) -> None:
    write_csv(table(), tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_bytes().decode()
    computed = [cell for cell in cut(text, delimiter) if is_formula(cell) and not _is_number(cell)]
    assert computed == []
    assert next(csv.reader(io.StringIO(text)))[0] == "'=team"


def test_no_cell_of_the_workbook_is_computed_nor_becomes_so_when_edited(tmp_path: Path, nl: Wording) -> None:
    write_workbook([table()], tmp_path / "t.xlsx", w=nl)
    _check(load_workbook(tmp_path / "t.xlsx"))


def test_no_cell_behind_a_chart_is_computed_nor_becomes_so_when_edited(nl: Wording) -> None:
    kept: list[bytes] = []
    series = Series(name="=1+1", values=tuple(float(k) for k in range(len(TEAMS))))
    chart = Chart(kind="bar", categories=tuple(team.replace("\r", "") for team in TEAMS), series=(series,))
    holder = SimpleNamespace(update_from_xlsx_blob=kept.append)
    made = SimpleNamespace(
        part=SimpleNamespace(chart_workbook=holder), _chartSpace=SimpleNamespace(iter=lambda _: [])
    )
    put_workbook(SimpleNamespace(w=nl), made, chart)  # type: ignore[arg-type]  # what it needs of a deck
    _check(load_workbook(io.BytesIO(kept[0])))


def test_the_batchs_summary(tmp_path: Path) -> None:
    write_outcomes([Outcome(study="a", result="failed", seconds=1.0, reason="=1+1;=2+2")], tmp_path / "b.csv")
    assert "'=1+1;'=2+2" in (tmp_path / "b.csv").read_text(encoding="utf-8")


def _check(book: object) -> None:
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    assert sum(is_formula(cell.value) for cell in texts) >= len(TEAMS) - 4
    assert {cell.data_type for cell in texts} == {"s"}
    assert [cell.value for cell in texts if is_formula(cell.value) and not cell.quotePrefix] == []


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
