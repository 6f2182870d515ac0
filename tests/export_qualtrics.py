"""Qualtrics exports for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from export_cells import (
    BACKGROUND,
    CANARY,
    IP,
    NAMES,
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

_QUALTRICS = {
    "StartDate": ("Start Date", '{"ImportId":"startDate","timeZone":"Europe/Amsterdam"}'),
    "EndDate": ("End Date", '{"ImportId":"endDate","timeZone":"Europe/Amsterdam"}'),
    "Status": ("Response Type", '{"ImportId":"status"}'),
    "IPAddress": ("IP Address", '{"ImportId":"ipAddress"}'),
    "Progress": ("Progress", '{"ImportId":"progress"}'),
    "Duration (in seconds)": ("Duration (in seconds)", '{"ImportId":"duration"}'),
    "Finished": ("Finished", '{"ImportId":"finished"}'),
    "RecordedDate": ("Recorded Date", '{"ImportId":"recordedDate","timeZone":"Europe/Amsterdam"}'),
    "ResponseId": ("Response ID", '{"ImportId":"_recordId"}'),
    "RecipientLastName": ("Recipient Last Name", '{"ImportId":"recipientLastName"}'),
    "RecipientFirstName": ("Recipient First Name", '{"ImportId":"recipientFirstName"}'),
    "RecipientEmail": ("Recipient Email", '{"ImportId":"recipientEmail"}'),
    "ExternalReference": ("External Data Reference", '{"ImportId":"externalDataReference"}'),
    "LocationLatitude": ("Location Latitude", '{"ImportId":"locationLatitude"}'),
    "LocationLongitude": ("Location Longitude", '{"ImportId":"locationLongitude"}'),
    "DistributionChannel": ("Distribution Channel", '{"ImportId":"distributionChannel"}'),
    "UserLanguage": ("User Language", '{"ImportId":"userLanguage"}'),
}
_LEGACY = {
    "V1": "ResponseID", "V2": "ResponseSet", "V3": "Name", "V4": "ExternalDataReference",
    "V5": "EmailAddress", "V6": "IPAddress", "V7": "Status", "V8": "StartDate", "V9": "EndDate",
    "V10": "Finished",
}  # fmt: skip


def write_qualtrics(
    frame: pd.DataFrame,
    path: Path,
    *,
    instrument: Instrument,
    language: str = "nl",
    answers: str = "texts",
    words: Sequence[str] | None = None,
    names: str = "questions",
    previews: int = 2,
    spam: int = 1,
    legacy: bool = False,
    **options: Any,
) -> Written:
    """Write a Qualtrics export (.csv, .tsv in UTF-16, .xlsx).

    Three header rows (names; question texts, "stem - statement" in a matrix; ImportIds as JSON), respondents
    below, among them previews and spam: "Understanding Your Dataset",
    qualtrics.com/support/survey-platform/data-and-analysis-module/data/download-data/understanding-your-dataset.
    With `answers="codes"`, "use numeric values": Status and Finished are numbers too. `legacy=True`: the
    older export, two header rows (V1 to V10, then Q1_1; texts). `names="codes"`: the designer gave the
    statements the items' codes as export tags.
    """
    extra = previews + spam
    whole = pd.concat([frame, frame.iloc[:extra]], ignore_index=True)
    numeric = answers == "codes" or legacy
    kinds = ["IP Address"] * len(frame) + ["Survey Preview"] * previews + ["Spam"] * spam
    status = [{"IP Address": 0, "Survey Preview": 1, "Spam": 8}[kind] if numeric else kind for kind in kinds]
    done = np.arange(len(whole)) % 9 != 4
    meta = {
        "StartDate": times(whole, "%Y-%m-%d %H:%M:%S"),
        "EndDate": times(whole, "%Y-%m-%d %H:%M:%S", minutes=6),
        "Status": status,
        "IPAddress": numbered(whole, IP + "{}"),
        "Progress": [100 if yes else 83 for yes in done],
        "Duration (in seconds)": [361] * len(whole),
        "Finished": [int(yes) if numeric else str(bool(yes)) for yes in done],
        "RecordedDate": times(whole, "%Y-%m-%d %H:%M:%S", minutes=6),
        "ResponseId": numbered(whole, "R_" + CANARY + "{:08d}"),
        "RecipientLastName": numbered(whole, CANARY + " Achternaam{}"),
        "RecipientFirstName": numbered(whole, CANARY + " Voornaam{}"),
        "RecipientEmail": mail_cells(whole),
        "ExternalReference": numbered(whole, CANARY + "-{}"),
        "LocationLatitude": ["52.0907"] * len(whole),
        "LocationLongitude": ["5.1214"] * len(whole),
        "DistributionChannel": ["email"] * len(frame) + ["preview"] * previews + ["anonymous"] * spam,
        "UserLanguage": [code.upper() for code in whole["language"]],
    }
    if legacy:
        same = {
            "ResponseID": "ResponseId", "Name": "RecipientLastName", "EmailAddress": "RecipientEmail",
            "ExternalDataReference": "ExternalReference",
        }  # fmt: skip
        meta["ResponseSet"] = ["Default Response Set"] * len(whole)
        columns = [[tag, text, None, *meta[same.get(text, text)]] for tag, text in _LEGACY.items()]
        personal = list(_LEGACY)
    else:
        columns = [[name, *texts, *meta[name]] for name, texts in _QUALTRICS.items()]
        personal = [name for name in _QUALTRICS if name != "UserLanguage"]
    where = {"language": "UserLanguage"} if not legacy else {}
    for question, row, item in matrices(instrument):
        name = where[item.code] = f"Q{question}_{row}" if names == "questions" else item.code
        cells = answer_cells(whole, item, language=language, answers=answers, words=words)
        text = f"{STEM[language]} - {item.text[language]}"
        columns.append([name, text, f'{{"ImportId":"QID{question}_{row}"}}', *cells])
    last = len(instrument.constructs)
    for number, key in enumerate(
        ("contract", "home_days", "contact", "recommend", "remarks"), start=last + 1
    ):
        where[key] = f"Q{number}"
        tail = "_TEXT" if key == "remarks" else ""
        columns.append(
            [
                where[key],
                BACKGROUND[key][language],
                f'{{"ImportId":"QID{number}{tail}"}}',
                *background_cells(whole, key, language=language),
            ]
        )
    for key in ("organisation", "team"):  # known beforehand: embedded data
        name = where[key] = NAMES[key][language]
        columns.append(
            [name, name, f'{{"ImportId":"{name}"}}', *background_cells(whole, key, language=language)]
        )
    rows = rows_of(columns)
    save([*rows[:2], *rows[3:]] if legacy else rows, path, **options)
    aside = {rule: count for rule, count in (("preview_row", previews), ("spam_row", spam)) if count}
    return Written(path=path, columns=where, personal=tuple(personal), set_aside=aside)
