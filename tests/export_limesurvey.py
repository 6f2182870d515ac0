"""LimeSurvey exports for tests."""

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
    matrices,
    numbered,
    rows_of,
    save,
    times,
)

from jq_models.data.simulate import MISSING_CODE
from jq_models.spec import Instrument

_LIMESURVEY = {
    "id": ("Response ID", "Antwoord-ID"),
    "submitdate": ("Date submitted", "Datum van inzending"),
    "lastpage": ("Last page", "Laatste pagina"),
    "startlanguage": ("Start language", "Starttaal"),
    "seed": ("Seed", "Seed"),
    "token": ("Access code", "Toegangscode"),
    "startdate": ("Date started", "Datum gestart"),
    "datestamp": ("Date last action", "Datum laatste actie"),
    "ipaddr": ("IP address", "IP-adres"),
    "refurl": ("Referrer URL", "Verwijzende URL"),
}
_CODES = {
    "organisation": "ORG", "team": "TEAM", "contract": "CONTRACT", "home_days": "HOME", "contact": "CONTACT",
    "recommend": "RECOMMEND",
    "remarks": "REMARKS",
}  # fmt: skip


def _lime_heading(code: str, text: str, *, headings: str, row: str = "", statement: str = "") -> str:
    tag = code + (f"_{row}" if headings == "underscore" else f"[{row}]") * bool(row)
    whole = text + f" [{statement}]" * bool(statement)
    return {"full": whole, "codetext": f"{tag}. {whole}"}.get(headings, tag)


def write_limesurvey(
    frame: pd.DataFrame,
    path: Path,
    *,
    instrument: Instrument,
    language: str = "nl",
    answers: str = "texts",
    words: Sequence[str] | None = None,
    headings: str = "code",
    code: str = "{}",
    subquestions: str = "items",
    empty: int = 2,
    **options: Any,
) -> Written:
    """Write a LimeSurvey results export (.csv: byte-order mark, quotation marks everywhere, blank last line).

    "Export results", limesurvey.org/manual/Exporting_results, and the headings of LimeSurvey's export
    writer: question code ("OPP[OPP1]", or "OPP_OPP1" with expression-manager codes), full question text
    ("stem [statement]"), or code and text ("OPP[OPP1]. stem [statement]"); answers as codes or in full.

    `headings`: "code", "underscore", "full" or "codetext". `code`: how an answer code is written: "{}",
    "A{}", "AO{:02d}", "AO{}". `subquestions`: "items" (OPP[OPP1]) or "default" (G01Q01[SQ001]). `empty`:
    rows of people who opened the questionnaire and answered nothing.
    """
    # LimeSurvey's own "no answer" beside a list of answers leaves the cell empty
    unknown = MISSING_CODE if code == "{}" else None
    blank = frame.iloc[:empty].copy()
    blank[[i.code for i in instrument.items] + ["recommend", "remarks"]] = None
    whole = pd.concat([frame, blank], ignore_index=True) if empty else frame
    known = "" if headings in ("code", "underscore") else language
    meta = {
        "id": [row + 17 for row in range(len(whole))],
        "submitdate": times(whole, "%Y-%m-%d %H:%M:%S", minutes=6)[: len(frame)] + [None] * empty,
        "lastpage": [4] * len(frame) + [0] * empty,
        "startlanguage": list(whole["language"]),
        "seed": [1000003 * row for row in range(len(whole))],
        "token": numbered(whole, CANARY + "{}"),
        "startdate": times(whole, "%Y-%m-%d %H:%M:%S"),
        "datestamp": times(whole, "%Y-%m-%d %H:%M:%S", minutes=6),
        "ipaddr": numbered(whole, IP + "{}"),
        "refurl": [f"https://example.org/{CANARY}"] * len(whole),
    }
    columns, where, personal = [], {}, []
    for name, texts in _LIMESURVEY.items():
        text = texts[known == "nl"]
        heading = _lime_heading(name, text, headings=headings)
        columns.append([heading, *meta[name]])
        if name == "startlanguage":
            where["language"] = heading
        else:
            personal.append(heading)

    def add(key: str, heading: str, cells: list[Any]) -> None:
        where[key] = heading
        columns.append([heading, *cells])

    for key in GROUPS:
        heading = _lime_heading(_CODES[key], BACKGROUND[key][language], headings=headings)
        add(key, heading, background_cells(whole, key, language=language))
    for question, row, item in matrices(instrument):
        tag, sub = (
            (item.construct, item.code)
            if subquestions == "items"
            else (f"G01Q{question:02d}", f"SQ{row:03d}")
        )
        heading = _lime_heading(
            tag, STEM[language], headings=headings, row=sub, statement=item.text[language]
        )
        cells = answer_cells(
            whole, item, language=language, answers=answers, words=words, code=code, unknown=unknown
        )
        add(item.code, heading, cells)
    for key in ("home_days", "contact", "recommend", "remarks"):
        heading = _lime_heading(_CODES[key], BACKGROUND[key][language], headings=headings)
        add(key, heading, background_cells(whole, key, language=language))
    options = {"quoting": csv.QUOTE_ALL, "lineterminator": "\r\n"} | options
    save([*rows_of(columns), []], path, **options)
    return Written(path=path, columns=where, personal=tuple(personal))
