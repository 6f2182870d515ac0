"""What the builders of export files share: simulated answers, cells as tools write them, files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd

from jq_models.data.simulate import MISSING_CODE, simulate
from jq_models.spec import Instrument, Item, load_instrument

CANARY = "Kanarie7f3a"
IP = "203.0.113."  # a block of addresses kept for documentation (RFC 5737)
STEM = {
    "nl": "In hoeverre bent u het eens met de volgende uitspraken?",
    "en": "To what extent do you agree with the following statements?",
}
DONT_KNOW = {"nl": "Weet niet", "en": "Don't know"}
CONTRACT = {"nl": {"permanent": "Vast", "flex": "Flexibel"}, "en": {"permanent": "Permanent", "flex": "Flex"}}
BACKGROUND = {
    "organisation": {"nl": "Voor welke organisatie werkt u?", "en": "Which organisation do you work for?"},
    "team": {"nl": "In welk team werkt u?", "en": "In which team do you work?"},
    "contract": {"nl": "Wat voor contract hebt u?", "en": "What kind of contract do you have?"},
    "home_days": {
        "nl": "Hoeveel dagen per week werkt u thuis?",
        "en": "How many days a week do you work from home?",
    },
    "contact": {
        "nl": "Welk deel van uw werktijd hebt u contact met klanten (in procenten)?",
        "en": "For what share of your working time are you in contact with customers (in per cent)?",
    },
    "recommend": {
        "nl": "Hoe waarschijnlijk is het dat u ons als werkgever aanbeveelt bij vrienden of bekenden?",
        "en": "How likely are you to recommend us as an employer to friends or acquaintances?",
    },
    "remarks": {"nl": "Wilt u nog iets kwijt?", "en": "Is there anything else you would like to say?"},
}
NAMES = {
    "organisation": {"nl": "Organisatie", "en": "Organisation"},
    "team": {"nl": "Team", "en": "Team"},
}
GROUPS = ("organisation", "team", "contract")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a builder wrote.

    `columns` maps item codes and the keys of `BACKGROUND` to the column they should be read as; `personal`
    are the columns that tell who answered or when; `set_aside` counts the rows that are nobody's answers.
    """

    path: Path
    columns: dict[str, str]
    personal: tuple[str, ...]
    set_aside: dict[str, int] = field(default_factory=dict)


@cache
def _simulated(n: int, seed: int) -> pd.DataFrame:
    return simulate(load_instrument("ccc_job_quality"), seed=seed, n=n, organisations=2).frame


def answers_frame(*, n: int = 60, seed: int = 11, points: int = 5) -> tuple[pd.DataFrame, Instrument]:
    """Return simulated answers on five or seven points, and the questionnaire as fielded."""
    instrument = load_instrument("ccc_job_quality")
    frame = _simulated(n, seed).copy()
    if points == 5:
        return frame, instrument
    rng = np.random.default_rng(seed)
    for item in instrument.items:
        spread = (frame[item.code] - 1) * 1.5 + 1 + rng.choice([-0.5, 0.0, 0.5], size=n)
        seven = spread.round().clip(1, 7).astype("Int64")
        frame[item.code] = seven.mask(frame[item.code] == MISSING_CODE, MISSING_CODE)
    return frame, instrument.with_scale("agree7")


def answer_cells(
    frame: pd.DataFrame,
    item: Item,
    *,
    language: str,
    answers: str,
    words: Sequence[str] | None,
    code: str = "{}",
    unknown: object = MISSING_CODE,
) -> list[Any]:
    """Write one item's answers as texts or codes; the simulation's 99 as "don't know" or as 99."""
    words = words or item.scale.labels[language]
    cells: list[Any] = []
    for value in frame[item.code]:
        if pd.isna(value):
            cells.append(None)
        elif int(value) == MISSING_CODE:
            cells.append(DONT_KNOW[language] if answers == "texts" else unknown)
        elif answers == "texts":
            cells.append(words[int(value) - item.scale.low])
        else:
            cells.append(int(value) if code == "{}" else code.format(int(value)))
    return cells


def background_cells(frame: pd.DataFrame, name: str, *, language: str) -> list[Any]:
    cells = [None if pd.isna(cell) else cell for cell in frame[name]]
    if name == "contract":
        return [CONTRACT[language][cell] for cell in cells]
    return [int(cell) if isinstance(cell, np.integer) else cell for cell in cells]


def times(frame: pd.DataFrame, form: str, *, minutes: int = 0) -> list[str]:
    start = pd.Timestamp("2025-11-03 09:12:33") + pd.Timedelta(minutes=minutes)
    return [(start + pd.Timedelta(minutes=7 * row)).strftime(form) for row in range(len(frame))]


def numbered(frame: pd.DataFrame, form: str) -> list[str]:
    return [form.format(row) for row in range(len(frame))]


def mail_cells(frame: pd.DataFrame) -> list[str]:
    return numbered(frame, CANARY.lower() + ".{}@example.org")


def matrices(instrument: Instrument) -> Iterator[tuple[int, int, Item]]:
    """Number the items as matrix questions, one for each construct: question, row, item."""
    for question, construct in enumerate(instrument.constructs, start=1):
        for row, item in enumerate(construct.items, start=1):
            yield question, row, item


def rows_of(columns: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Turn columns (header cells, then answers) into rows."""
    return [list(row) for row in zip(*columns, strict=True)]


def save(rows: list[list[Any]], path: Path, *, sheet: str = "Sheet1", **options: Any) -> None:
    """Write rows as the path's ending says: .xlsx, .tsv (UTF-16, tabs) or .csv."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        book.save(path)
        return
    encoding = options.pop("encoding", "utf-16" if path.suffix == ".tsv" else "utf-8-sig")
    options = {"delimiter": "\t" if path.suffix == ".tsv" else ",", "lineterminator": "\n"} | options
    text = io.StringIO()
    csv.writer(text, **options).writerows([["" if cell is None else cell for cell in row] for row in rows])
    path.write_bytes(text.getvalue().encode(encoding, "replace"))
