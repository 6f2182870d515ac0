"""No value of a respondent in any problem, error, log or repr: files full of marked cells, searched for."""

from __future__ import annotations

import traceback

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from jq_models.data import check_table, prepare, read_table
from jq_models.errors import DataError

MARK = "QZXJ"
NUMBER = "73519"


def _poisoned(answers):
    """Return the answers with a marked text or number in many cells of every column."""
    frame = answers.copy()
    for k, column in enumerate(frame.columns):
        if column in ("org", "team", "remarks"):
            frame[column] = [f"{MARK}{k}x{row}" for row in range(len(frame))]
        else:
            frame.loc[frame.index[k], column] = f"{MARK} item {k}"
            frame.loc[frame.index[k + 1], column] = f"{NUMBER}{k}"
            frame.loc[frame.index[k + 2], column] = f"2,{NUMBER}"
    return frame


def _csv(frame, path):
    frame.to_csv(path, index=False)


def _excel(frame, path):
    book = openpyxl.Workbook()
    for row in [list(frame.columns), *frame.values.tolist()]:
        book.active.append(row)
    book.save(path)


def _spss(frame, path):
    pyreadstat.write_sav(frame.astype(str), path)


def _everything(path, study, instrument):
    """Return all that reading, checking and preparing say: reprs, errors with their tracebacks, logs."""
    said = []
    try:
        raw = read_table(path)
        said.append(repr(raw))
        said.append(repr(check_table(raw, study=study, instrument=instrument)))
        responses = prepare(raw, study=study, instrument=instrument, language="nl")
        said += [repr(responses), repr(responses.log), str(responses)]
        said.append(repr(responses.complete(["OPP1"])))
        responses.complete(["nothing"])
    except DataError as error:
        said += [repr(error), "".join(traceback.format_exception(error))]
    return "\n".join(said)


@pytest.mark.parametrize(("save", "ending"), [(_csv, ".csv"), (_excel, ".xlsx"), (_spss, ".sav")])
def test_a_file_full_of_errors(tmp_path, answers, study, instrument, save, ending):
    path = tmp_path / f"a{ending}"
    save(_poisoned(answers), path)
    said = _everything(path, study, instrument)
    assert "not_a_number" in said
    assert "out_of_range" in said
    assert MARK not in said
    assert NUMBER not in said


@pytest.mark.parametrize(("save", "ending"), [(_csv, ".csv"), (_excel, ".xlsx"), (_spss, ".sav")])
def test_a_file_that_is_accepted(tmp_path, answers, study, instrument, save, ending):
    poisoned = _poisoned(answers)
    frame = answers.assign(org=poisoned["org"], team=poisoned["team"], remarks=poisoned["remarks"])
    path = tmp_path / f"a{ending}"
    save(frame, path)
    said = _everything(path, study, instrument)
    assert "n_read=60" in said
    assert "no answers to 'nothing'" in said
    assert MARK not in said


@pytest.mark.parametrize(
    "content",
    [
        f"{MARK}1,{MARK}2\n{MARK}3,{MARK}4\n",  # no header row
        f"{MARK}1,{MARK}1\n{MARK}3,{MARK}4\n",  # ... with one cell twice
        f"OPP1,OPP2\n5,{MARK},{MARK},{MARK}\n",
        f'OPP1,OPP2\n5,"{MARK}\n5,4\n',
        f'OPP1,OPP2\n5,"{MARK}"{MARK}\n5,4\n',
        f"{MARK}\n{MARK}\n",
        f"PK\x03\x04{MARK}",
        f"OPP1,{MARK}\x00",
        f"OPP1,{MARK}",
    ],
)
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".sav"])
def test_files_that_are_no_proper_table(tmp_path, study, instrument, content, ending):
    path = tmp_path / f"a{ending}"
    path.write_text(content, encoding="utf-8")
    said = _everything(path, study, instrument)
    assert said
    assert MARK not in said


def test_a_formula_without_a_result(tmp_path, study, instrument):
    path = tmp_path / "a.xlsx"
    _excel(pd.DataFrame({"OPP1": [f'="{MARK}"', MARK]}), path)
    assert MARK not in _everything(path, study, instrument)


def test_the_search_would_find_a_mark(tmp_path, answers, study, instrument):
    path = tmp_path / "a.csv"
    answers.rename(columns={"remarks": MARK}).to_csv(path, index=False)
    assert MARK in _everything(path, study, instrument)  # a header is no answer, and is named
