"""Exports of SurveyMonkey, Google Forms and Microsoft Forms for tests."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from export_cells import (
    BACKGROUND,
    CANARY,
    GROUPS,
    IP,
    STEM,
    Written,
    answer_cells,
    background_cells,
    mail_cells,
    matrices,
    numbered,
    rows_of,
    save,
    times,
)

from jq_models.spec import Instrument


def write_surveymonkey(
    frame: pd.DataFrame,
    path: Path,
    *,
    instrument: Instrument,
    language: str = "nl",
    answers: str = "texts",
    words: Sequence[str] | None = None,
    **options: Any,
) -> Written:
    """Write a SurveyMonkey export of all responses, condensed columns (.csv or .xlsx).

    Two header rows: questions, blank in the further columns of a matrix; below them the rows of the
    matrix, "Response" or "Open-Ended Response"; nothing below the respondent's columns. Cells are "actual
    answer text" or "numerical value": "Exporting individual responses",
    help.surveymonkey.com/en/surveymonkey/analyze/exporting-individual-responses; the demo file of the R
    package doubleheadr (github.com/mattroumaya/doubleheadr).
    """
    meta = {
        "Respondent ID": [f"1148{row:08d}" for row in range(len(frame))],
        "Collector ID": ["432112345"] * len(frame),
        "Start Date": times(frame, "%m/%d/%Y %I:%M:%S %p"),
        "End Date": times(frame, "%m/%d/%Y %I:%M:%S %p", minutes=6),
        "IP Address": numbered(frame, IP + "{}"),
        "Email Address": mail_cells(frame),
        "First Name": numbered(frame, CANARY + " Voornaam{}"),
        "Last Name": numbered(frame, CANARY + " Achternaam{}"),
        "Custom Data 1": numbered(frame, CANARY + "-{}"),
    }
    columns: list[list[Any]] = [[name, None, *cells] for name, cells in meta.items()]
    where: dict[str, str] = {}
    for key in GROUPS:
        where[key] = BACKGROUND[key][language]
        columns.append([where[key], "Response", *background_cells(frame, key, language=language)])
    for _, row, item in matrices(instrument):
        where[item.code] = item.text[language]
        cells = answer_cells(frame, item, language=language, answers=answers, words=words)
        columns.append([STEM[language] if row == 1 else None, item.text[language], *cells])
    for key in ("home_days", "contact", "recommend", "remarks"):
        where[key] = BACKGROUND[key][language]
        columns.append([where[key], "Open-Ended Response", *background_cells(frame, key, language=language)])
    save(rows_of(columns), path, **options)
    return Written(path=path, columns=where, personal=tuple(meta))


def write_google_forms(
    frame: pd.DataFrame,
    path: Path,
    *,
    instrument: Instrument,
    language: str = "nl",
    answers: str = "texts",
    words: Sequence[str] | None = None,
    **options: Any,
) -> Written:
    """Write a Google Forms export (.csv, every cell in quotation marks).

    One header row of question texts, "question [row]" for grids, "Timestamp" and, where addresses are
    collected, the e-mail address first: "View & manage form responses",
    support.google.com/docs/answer/139706.
    With `answers="codes"` every statement is a linear scale of its own: its text is the header.
    """
    dutch = language == "nl"
    meta = {
        "Tijdstempel" if dutch else "Timestamp": times(frame, "%Y/%m/%d %I:%M:%S %p EET"),
        "E-mailadres" if dutch else "Email Address": mail_cells(frame),
    }
    columns: list[list[Any]] = [[name, *cells] for name, cells in meta.items()]
    where: dict[str, str] = {}
    for key in GROUPS:
        where[key] = BACKGROUND[key][language]
        columns.append([where[key], *background_cells(frame, key, language=language)])
    for item in instrument.items:
        text = item.text[language]
        where[item.code] = f"{STEM[language]} [{text}]" if answers == "texts" else text
        cells = answer_cells(frame, item, language=language, answers=answers, words=words)
        columns.append([where[item.code], *cells])
    for key in ("home_days", "contact", "recommend", "remarks"):
        where[key] = BACKGROUND[key][language]
        columns.append([where[key], *background_cells(frame, key, language=language)])
    save(rows_of(columns), path, **({"quoting": csv.QUOTE_ALL, "encoding": "utf-8"} | options))
    return Written(path=path, columns=where, personal=tuple(meta))


def write_microsoft_forms(
    frame: pd.DataFrame,
    path: Path,
    *,
    instrument: Instrument,
    language: str = "nl",
    answers: str = "texts",
    words: Sequence[str] | None = None,
    **options: Any,
) -> Written:
    """Write a Microsoft Forms export (.xlsx).

    One header row: ID, start and completion time, e-mail address, name, then the question texts, each
    statement of a Likert question a column of its own; no-break spaces and line breaks end texts as typed:
    "Check and share your form results",
    support.microsoft.com/office/check-and-share-your-form-results-02a4ef65-e9dc-4dfc-8db5-1a1daf2f13e0.
    """
    dutch = language == "nl"
    start = pd.Timestamp("2025-11-03 09:12:33")
    times = [(start + pd.Timedelta(minutes=7 * row)).to_pydatetime() for row in range(len(frame))]
    meta = {
        "ID": [row + 1 for row in range(len(frame))],
        "Begintijd" if dutch else "Start time": times,
        "Tijd van voltooien" if dutch else "Completion time": times,
        "E-mail" if dutch else "Email": mail_cells(frame),
        "Naam" if dutch else "Name": numbered(frame, CANARY + " Naam{}"),
        "Tijd van laatste wijziging" if dutch else "Last modified time": [None] * len(frame),
    }
    columns: list[list[Any]] = [[name, *cells] for name, cells in meta.items()]
    where: dict[str, str] = {}
    for key in GROUPS:
        where[key] = BACKGROUND[key][language]
        columns.append([f"{where[key]}\u00a0", *background_cells(frame, key, language=language)])
    for index, item in enumerate(instrument.items):
        where[item.code] = item.text[language]
        tail = ("", "\u00a0", "\n", "\u200b")[index % 4]
        cells = answer_cells(frame, item, language=language, answers=answers, words=words)
        columns.append([item.text[language].replace(" ", "\u00a0", index % 3) + tail, *cells])
    for key in ("home_days", "contact", "recommend", "remarks"):
        where[key] = BACKGROUND[key][language]
        columns.append([where[key], *background_cells(frame, key, language=language)])
    save(rows_of(columns), path, **options)
    return Written(path=path, columns=where, personal=tuple(meta))
