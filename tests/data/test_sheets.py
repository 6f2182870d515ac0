"""Which sheet of a workbook holds the answers."""

from __future__ import annotations

import openpyxl
import pytest
from export_files import answers_frame, write_excel, write_microsoft_forms, write_surveymonkey

from jq_models.data import read_table
from jq_models.data.sheets import sheets_of
from jq_models.errors import DataError


def _answers(facts):
    return [fact.title for fact in facts if fact.looks_like_answers]


@pytest.mark.parametrize("answers", ["texts", "codes"])
@pytest.mark.parametrize("points", [5, 7])
def test_the_sheet_with_answers_is_found_beside_notes_and_questions(tmp_path, answers, points):
    frame, instrument = answers_frame(n=40, points=points)
    path = tmp_path / "a.xlsx"
    write_excel(frame, path, instrument=instrument, answers=answers)
    facts = sheets_of(path)
    assert [(f.title, f.rows) for f in facts] == [("Toelichting", 1), ("Data", 40), ("Vragen", 59)]
    assert facts[1].columns == 2 + 7 + 59
    assert _answers(facts) == ["Data"]
    with pytest.raises(DataError, match="has 3 sheets"):
        read_table(path)


@pytest.mark.parametrize("write", [write_microsoft_forms, write_surveymonkey])
def test_exports_of_survey_tools_look_like_answers(tmp_path, write):
    frame, instrument = answers_frame(n=40)
    write(frame, tmp_path / "a.xlsx", instrument=instrument)
    (facts,) = sheets_of(tmp_path / "a.xlsx")
    assert (facts.rows, facts.looks_like_answers) == (40, True)


def test_means_counts_and_formulas_are_no_answers(tmp_path):
    book = openpyxl.Workbook()
    means, counts, unsaved = book.active, book.create_sheet("Counts"), book.create_sheet("Unsaved")
    for row in [["team", "OPP", "AMB", "SUP"], *[[f"T{k}", 3.4, 2.71, 4.05] for k in range(12)]]:
        means.append(row)
    for row in [["team", "n", "sent", "open"], *[[f"T{k}", 14 + k, 20, 31] for k in range(12)]]:
        counts.append(row)
    unsaved.append(["a", "b"])
    unsaved.append(["=1+1", 2])
    book.create_sheet("Empty")
    book.save(tmp_path / "a.xlsx")
    facts = sheets_of(tmp_path / "a.xlsx")
    assert _answers(facts) == []
    assert [fact.rows for fact in facts] == [12, 12, 0, 0]


def test_no_workbook_has_no_sheets(tmp_path):
    assert sheets_of(tmp_path / "a.csv") == ()
    with pytest.raises(DataError, match=r"No data file 'a\.xlsx'"):
        sheets_of(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    with pytest.raises(DataError, match=r"b\.xlsx"):
        sheets_of(tmp_path / "b.xlsx")
