"""Every format and trap, with real files written by the test."""

from __future__ import annotations

import hashlib

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from jq_models.data import read_table
from jq_models.errors import DataError


def _file(tmp_path, content, name="a.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def _workbook(tmp_path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def _spss(tmp_path, frame, **options):
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(frame, path, **options)
    return path


def test_comma_utf8(tmp_path):
    raw = read_table(_file(tmp_path, "OPP1,team\n5,Zuid\n,één\n"))
    assert raw.frame["OPP1"].tolist() == ["5", None]
    assert raw.frame["team"].tolist() == ["Zuid", "één"]
    assert (raw.format, raw.encoding, raw.delimiter, raw.decimal) == ("csv", "utf-8-sig", ",", ".")
    assert raw.n == 2


def test_semicolon_decimal_comma_and_bom(tmp_path):
    raw = read_table(_file(tmp_path, "OPP1;pay\r\n5;12,50\r\n4;3,1\r\n", encoding="utf-8-sig"))
    assert list(raw.frame.columns) == ["OPP1", "pay"]  # no BOM in the first name
    assert (raw.delimiter, raw.decimal) == (";", ",")


def test_a_second_byte_order_mark_is_no_part_of_a_name(tmp_path):
    raw = read_table(_file(tmp_path, "\ufeffOPP1,OPP2\n5,4\n", encoding="utf-8-sig"))
    assert list(raw.frame.columns) == ["OPP1", "OPP2"]


def test_tab(tmp_path):
    raw = read_table(_file(tmp_path, "OPP1\tteam\n5\ta, b; c\n", name="a.tsv"))
    assert raw.delimiter == "\t"
    assert raw.frame["team"].tolist() == ["a, b; c"]


def test_cp1252(tmp_path):
    raw = read_table(_file(tmp_path, "OPP1;team\n5;Café ‘één’\n", encoding="cp1252"))
    assert raw.encoding == "cp1252"
    assert raw.frame["team"].tolist() == ["Café ‘één’"]


def test_utf16_as_excel_writes_unicode_text(tmp_path):
    raw = read_table(_file(tmp_path, "OPP1\tteam\n5\té\n", encoding="utf-16", name="a.txt"))
    assert raw.frame.iloc[0].tolist() == ["5", "é"]


def test_delimiter_hint_of_excel_is_no_header(tmp_path):
    raw = read_table(_file(tmp_path, "sep=;\r\nOPP1;team\r\n5;x\r\n"))
    assert list(raw.frame.columns) == ["OPP1", "team"]


def test_delimiter_is_not_fooled_by_commas_in_headers_and_texts(tmp_path):
    text = "OPP1;Wat, denkt, u?;team\n5;ja, hoor;a\n4;nee;b\n3;a,b,c,d;c\n"
    assert read_table(_file(tmp_path, text)).delimiter == ";"


def test_only_the_empty_cell_is_missing(tmp_path):
    words = ["NA", "None", "null", "nan", "N/A", "", "-"]
    raw = read_table(_file(tmp_path, "OPP1,team\n" + "".join(f"5,{word}\n" for word in words)))
    assert raw.frame["team"].tolist() == ["NA", "None", "null", "nan", "N/A", None, "-"]


def test_headers_and_cells_are_stripped(tmp_path):
    raw = read_table(_file(tmp_path, " OPP1 , team\u00a0\n 5 , Zuid \n"))
    assert list(raw.frame.columns) == ["OPP1", "team"]
    assert raw.frame.iloc[0].tolist() == ["5", "Zuid"]


def test_leading_zeros_of_a_group_stay(tmp_path):
    assert read_table(_file(tmp_path, "OPP1,team\n5,01\n")).frame["team"].tolist() == ["01"]


def test_duplicate_headers_are_seen_and_the_first_is_kept(tmp_path):
    raw = read_table(_file(tmp_path, "OPP1,OPP2,OPP1 ,OPP1\n1,2,3,4\n"))
    assert dict(raw.duplicates) == {"OPP1": 3}
    assert raw.frame.to_dict("list") == {"OPP1": ["1"], "OPP2": ["2"]}


def test_columns_without_a_header(tmp_path):
    raw = read_table(_file(tmp_path, ",OPP1,\n0,5,\n1,4,\n"))
    assert list(raw.frame.columns) == ["OPP1"]
    assert raw.unnamed == 1  # the index; the empty column behind the last delimiter is nothing


def test_rows_longer_and_shorter_than_the_header(tmp_path):
    raw = read_table(_file(tmp_path, "OPP1,OPP2,text\n1,2,a\n1,2,a,b\n1,2\n1,2,a,,\n\n"))
    assert (raw.long_rows, raw.short_rows, raw.n) == (1, 1, 4)


def test_line_break_inside_quotation_marks(tmp_path):
    raw = read_table(_file(tmp_path, 'OPP1,text\n5,"one\ntwo"\n4,x\n'))
    assert raw.frame["OPP1"].tolist() == ["5", "4"]


def test_hash_is_that_of_the_bytes(tmp_path):
    path = _file(tmp_path, "a,b\n1,2\n")
    assert read_table(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "a.csv is empty"),
        (b"\n \n", "a.csv", "a.csv is empty"),
        (b"OPP1,OPP2\n", "a.csv", "no rows"),
        (b"OPP1\n5\n4\n", "a.csv", "no delimiter recognised"),
        (b"OPP1|OPP2\n5|4\n", "a.csv", "no delimiter recognised"),
        (b"OPP1,\x81\x8d\n5,4\n", "a.csv", "neither UTF-8 nor Windows-1252"),
        (b"O\x00P\x00,\x00\n5,4\n", "a.csv", "neither UTF-8 nor Windows-1252"),
        (b"PK\x03\x04abc", "a.csv", "Rename it to .xlsx"),
        (b'OPP1,OPP2\n5,"4\n3,2\n', "a.csv", "quotation mark"),
        (b"OPP1,OPP2\n5,4\n", "a.xls", "ending '.xls' is not known. Save the file as .csv, .xlsx or .sav"),
        (b"OPP1,OPP2\n5,4\n", "a.xlsx", "cannot be opened as an Excel workbook"),
        (b"OPP1,OPP2\n5,4\n", "a.sav", "cannot be opened as an SPSS file"),
    ],
)
def test_unreadable_files_say_what_to_do(tmp_path, content, name, words):
    with pytest.raises(DataError, match=words):
        read_table(_file(tmp_path, content, name))


def test_absent_file_is_named_without_its_folder(tmp_path):
    with pytest.raises(DataError, match=r"No data file 'nowhere\.csv'") as caught:
        read_table(tmp_path / "nowhere.csv")
    assert str(tmp_path) not in str(caught.value)


def test_excel(tmp_path):
    rows = [[None, None], ["OPP1 ", "team"], [5, "NA"], [None, "é"], [4.5, True], [None, None]]
    raw = read_table(_workbook(tmp_path, Data=rows))
    assert raw.frame["OPP1"].tolist() == [5.0, None, 4.5]
    assert raw.frame["team"].tolist() == ["NA", "é", "True"]
    assert (raw.format, raw.sheet) == ("excel", "Data")


def test_several_sheets_need_a_name(tmp_path):
    path = _workbook(tmp_path, Uitleg=[["lees"]], Data=[["OPP1", "OPP2"], [5, 4]])
    with pytest.raises(DataError, match=r"a.xlsx has 2 sheets \(Uitleg, Data\).*'sheet' under \[data\]"):
        read_table(path)
    assert read_table(path, sheet="Data").frame["OPP1"].tolist() == [5.0]


def test_misspelt_sheet_gets_a_suggestion(tmp_path):
    with pytest.raises(DataError, match=r"no sheet 'Dta'\. Did you mean 'Data'\?"):
        read_table(_workbook(tmp_path, Data=[["a", "b"], [1, 2]]), sheet="Dta")


def test_empty_sheet(tmp_path):
    with pytest.raises(DataError, match=r"a.xlsx is empty"):
        read_table(_workbook(tmp_path, Data=[]))


def test_formula_without_a_stored_result_is_no_missing_value(tmp_path):
    with pytest.raises(DataError, match="2 cells hold a formula without a stored result"):
        read_table(_workbook(tmp_path, Data=[["a", "b"], ["=1+1", 2], [3, "=B2"]]))


def test_array_formula_without_a_stored_result(tmp_path):
    formula = ArrayFormula("A2", "=SUM(B2:B3)")
    with pytest.raises(DataError, match="1 cell holds a formula without a stored result"):
        read_table(_workbook(tmp_path, Data=[["a", "b"], [formula, 2], [3, 4]]))


def test_duplicate_headers_in_excel(tmp_path):
    raw = read_table(_workbook(tmp_path, Data=[["OPP1", "OPP1"], [1, 2]]))
    assert dict(raw.duplicates) == {"OPP1": 2}


def test_spss_user_missing_codes_become_missing_and_are_counted(tmp_path):
    frame = pd.DataFrame(
        {"OPP1": [1.0, 5.0, 99.0, float("nan"), -8.0], "team": ["NA", "weg", "é", "None", "Zuid"]}
    )
    ranges = {"OPP1": [99, {"lo": -9, "hi": -1}], "team": ["weg"]}
    raw = read_table(_spss(tmp_path, frame, missing_ranges=ranges))
    assert raw.frame["OPP1"].tolist() == [1.0, 5.0, None, None, None]
    assert raw.frame["team"].tolist() == ["NA", None, "é", "None", "Zuid"]
    assert raw.user_missing == {"OPP1": 2, "team": 1}
    assert raw.format == "spss"


def test_spss_codes_not_declared_stay(tmp_path):
    raw = read_table(_spss(tmp_path, pd.DataFrame({"OPP1": [1.0, 99.0], "b": [1.0, 2.0]})))
    assert raw.frame["OPP1"].tolist() == [1.0, 99.0]
    assert raw.user_missing == {}


def test_spss_value_labels(tmp_path):
    frame = pd.DataFrame({"OPP1": [1.0, 2.0], "org": [1.0, 2.0]})
    raw = read_table(_spss(tmp_path, frame, variable_value_labels={"org": {1: "Één", 2: "Twee"}}))
    assert raw.value_labels == {"org": {"1": "Één", "2": "Twee"}}


def test_spss_file_in_another_encoding_than_it_declares(tmp_path):
    path = _spss(tmp_path, pd.DataFrame({"OPP1": [1.0, 2.0], "team": ["Caf@ Noord", "x"]}))
    path.write_bytes(path.read_bytes().replace(b"Caf@", b"Caf\xe9"))
    raw = read_table(path)
    assert raw.frame["team"].tolist() == ["Café Noord", "x"]
    assert raw.encoding == "WINDOWS-1252"
