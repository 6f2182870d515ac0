"""Files in the layouts in which survey tools export answers, built from the tools' public documentation.

Nobody's answers: each function lays out a simulated frame (`simulate(...).frame`, or `answers_frame` for five
or seven points) the way its tool would, with personal columns full of canaries, groups, remarks and the rows
a tool adds. What it returns says which column holds what, so that a test can hold the file as read against
the frame it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
from export_cells import (
    BACKGROUND,
    CANARY,
    DONT_KNOW,
    GROUPS,
    IP,
    STEM,
    Written,
    answer_cells,
    answers_frame,
    background_cells,
    mail_cells,
    rows_of,
)
from export_forms import write_google_forms, write_microsoft_forms, write_surveymonkey
from export_limesurvey import write_limesurvey
from export_qualtrics import write_qualtrics

from jq_models.data.simulate import MISSING_CODE
from jq_models.spec import Instrument

__all__ = [
    "BACKGROUND",
    "CANARY",
    "ENDINGS",
    "EXPORTS",
    "GROUPS",
    "IP",
    "STEM",
    "Written",
    "answers_frame",
    "write_excel",
    "write_google_forms",
    "write_limesurvey",
    "write_microsoft_forms",
    "write_qualtrics",
    "write_spss",
    "write_surveymonkey",
]


def write_spss(
    frame: pd.DataFrame,
    path: Path,
    *,
    instrument: Instrument,
    language: str = "nl",
    answers: str = "codes",
    words: Sequence[str] | None = None,
    names: str = "numbers",
) -> Written:
    """Write an SPSS file (.sav) with variable labels and, for codes, value labels.

    "Variable labels" and "Value labels", IBM SPSS Statistics Base guide; texts are string variables.
    `names`: "numbers" (v1, v2, …; the label says what was asked) or "codes".
    """
    data: dict[str, Any] = {"respnr": [float(row) for row in range(len(frame))], "email": mail_cells(frame)}
    labels = {"respnr": "Respondentnummer", "email": "E-mail"}
    values: dict[str, dict[int, str]] = {}
    where: dict[str, str] = {}
    for key in BACKGROUND:
        where[key] = f"bg_{key}" if names == "numbers" else key
        labels[where[key]] = BACKGROUND[key][language]
        cells = background_cells(frame, key, language=language)
        data[where[key]] = ["" if cell is None else cell for cell in cells]
    for number, item in enumerate(instrument.items, start=1):
        name = where[item.code] = f"v{number}" if names == "numbers" else item.code
        labels[name] = item.text[language]
        cells = answer_cells(frame, item, language=language, answers=answers, words=words)
        if answers == "codes":
            shown = words or item.scale.labels[language]
            values[name] = {code: str(word) for code, word in zip(item.scale.values, shown, strict=True)} | {
                MISSING_CODE: DONT_KNOW[language]
            }
            data[name] = pd.Series([np.nan if cell is None else float(cell) for cell in cells])
        else:
            data[name] = ["" if cell is None else cell for cell in cells]
    table = pd.DataFrame(data)
    missing = {name: [MISSING_CODE] for name in values}
    pyreadstat.write_sav(
        table, path, column_labels=labels, variable_value_labels=values, missing_ranges=missing
    )
    return Written(path=path, columns=where, personal=("email",))


def write_excel(
    frame: pd.DataFrame,
    path: Path,
    *,
    instrument: Instrument,
    language: str = "nl",
    answers: str = "texts",
    words: Sequence[str] | None = None,
    sheet: str = "Data",
) -> Written:
    """Write a workbook somebody kept by hand (.xlsx): notes, answers under item codes, questions."""
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Toelichting" if language == "nl" else "Notes"
    for line in ("Export", "Zie het tweede blad" if language == "nl" else "See the second sheet", None):
        notes.append([line])
    data = book.create_sheet(sheet)
    columns: list[list[Any]] = [["nr", *range(1, len(frame) + 1)], ["e-mail", *mail_cells(frame)]]
    where: dict[str, str] = {}
    for key in BACKGROUND:
        where[key] = key
        columns.append([key, *background_cells(frame, key, language=language)])
    for item in instrument.items:
        where[item.code] = item.code
        columns.append(
            [item.code, *answer_cells(frame, item, language=language, answers=answers, words=words)]
        )
    for row in rows_of(columns):
        data.append(row)
    questions = book.create_sheet("Vragen" if language == "nl" else "Questions")
    questions.append(["code", "tekst" if language == "nl" else "text"])
    for item in instrument.items:
        questions.append([item.code, item.text[language]])
    book.save(path)
    return Written(path=path, columns=where, personal=("e-mail",))


EXPORTS: dict[str, Callable[..., Written]] = {
    "qualtrics": write_qualtrics,
    "qualtrics_legacy": partial(write_qualtrics, legacy=True),
    "limesurvey": write_limesurvey,
    "limesurvey_full": partial(write_limesurvey, headings="full"),
    "limesurvey_codetext": partial(write_limesurvey, headings="codetext"),
    "surveymonkey": write_surveymonkey,
    "google_forms": write_google_forms,
    "microsoft_forms": write_microsoft_forms,
    "spss": write_spss,
    "excel": write_excel,
}
# the ending each is usually saved under; Qualtrics also writes .tsv and .xlsx, SurveyMonkey .xlsx
ENDINGS = dict.fromkeys(EXPORTS, ".csv") | {"microsoft_forms": ".xlsx", "excel": ".xlsx", "spss": ".sav"}
