"""Every survey tool's export to a Dutch PDF: two commands, as typed, and nothing edited by hand. Minutes.

The files are built in each tool's layout from its documentation (`tests/export_*.py`); nobody's answers
are in them. The readings alone are in test_client.py and test_exports_as_made.py.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from export_files import ENDINGS, EXPORTS, answers_frame
from export_truth import as_drawn

from jq_models.data import open_study, read_table
from jq_models.data.sheets import sheets_of
from jq_models.disclosure.pdf import pdf_texts
from jq_models.report.questionnaire import write_questionnaire
from jq_models.spec import Instrument, load_study

pytestmark = pytest.mark.slow
N = 156
Write = Callable[[pd.DataFrame, Instrument, Path], Path]


def export(tool: str, *, ending: str = "", **options: str) -> Write:
    def write(frame: pd.DataFrame, instrument: Instrument, folder: Path) -> Path:
        path = folder / f"export{ending or ENDINGS[tool]}"
        return EXPORTS[tool](frame, path, instrument=instrument, **{"language": "nl", **options}).path

    return write


def plain(encoding: str) -> Write:
    """Semicolons, decimal commas, item codes: as a Dutch spreadsheet saves a csv."""

    def write(frame: pd.DataFrame, instrument: Instrument, folder: Path) -> Path:
        table = frame.copy()
        for name in [*(item.code for item in instrument.items), "contact", "recommend"]:
            table[name] = ["" if pd.isna(cell) else f"{int(cell)},0" for cell in table[name]]
        table["remarks"] = table["remarks"].where(table["remarks"].isna(), "Eén café, twee koffies")
        table.to_csv(folder / "export.csv", sep=";", index=False, encoding=encoding)
        return folder / "export.csv"

    return write


def own_form(frame: pd.DataFrame, instrument: Instrument, folder: Path) -> Path:
    """The workbook of `jq-models questionnaire --study demo`, filled in."""
    write_questionnaire(instrument, folder / "form", minimum=10, study=load_study("demo"))
    book = openpyxl.load_workbook(folder / "form" / "entry-nl.xlsx")
    sheet = book.active
    for column, head in enumerate([cell.value for cell in sheet[1]], start=1):
        # what only the demo asks beside (role, tenure) stays empty
        for row, cell in enumerate(frame.get(head, pd.Series(dtype=object)), start=2):
            if not pd.isna(cell):
                sheet.cell(row, column, cell if isinstance(cell, str) else int(cell))
    book.save(folder / "export.xlsx")
    return folder / "export.xlsx"


CASES = {
    "qualtrics-codes": export("qualtrics", answers="codes"),
    "qualtrics-texts": export("qualtrics", ending=".tsv"),
    "limesurvey-codes": export("limesurvey", answers="codes", code="A{}"),
    "limesurvey-texts": export("limesurvey_full"),
    "surveymonkey": export("surveymonkey"),
    "google-forms": export("google_forms"),
    "microsoft-forms": export("microsoft_forms"),
    "excel-sheets": export("excel"),
    "spss-labels": export("spss"),
    "csv-bom": plain("utf-8-sig"),
    "csv-cp1252": plain("cp1252"),
    "own-form": own_form,
}


@pytest.fixture
def project(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    for name in ("data", "notebooks"):
        shutil.copytree(checkout / name, folder / name)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(checkout / name, folder)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(folder))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    return folder


def command(project: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "jq_models.cli", *words],
        cwd=project,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", CASES)
def test_an_export_becomes_a_dutch_pdf_in_two_commands(name: str, project: Path, tmp_path: Path) -> None:
    frame, instrument = answers_frame(n=N)
    frame["team"] = frame["team"].replace({frame["team"].iloc[0]: "NA"})
    path = CASES[name](frame, instrument, tmp_path)

    screen = command(project, "new-client", "acme", "--data", str(path), "--language", "nl")
    command(project, "study", "acme")

    as_drawn(open_study("acme"), frame, instrument)
    everything_named(path, screen)
    report = project / "reports" / "acme"
    texts = [" ".join(text.split()) for text in pdf_texts((report / "report.pdf").read_bytes())]
    title = load_study("acme").title["nl"]
    assert title.endswith(": acme")
    assert any(title in text for text in texts)
    assert any("In het kort" in text for text in texts)
    page = (report / "report.html").read_text(encoding="utf-8")
    assert re.search(r'<html[^>]* lang="nl"', page)


def everything_named(path: Path, screen: str) -> None:
    """No column and no sheet is left out without being named or counted."""
    study = load_study("acme")
    columns = set(read_table(path, sheet=study.sheet).frame.columns)
    used = {study.column_of(item.code) for item in answers_frame(n=N)[1].items}
    used |= {group.column for group in study.groups} | set(study.covariates.values())
    unspoken = re.search(r"not named here, for the name may be an answer\D*(\d+)", " ".join(screen.split()))
    assert len(columns - used - set(study.ignore)) == (int(unspoken[1]) if unspoken else 0)
    sheets = sheets_of(path)
    assert all(sheet.title in screen for sheet in sheets) or len(sheets) == 1
