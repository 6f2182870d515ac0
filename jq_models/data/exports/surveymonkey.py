"""SurveyMonkey: two header rows, questions and below them the rows of matrices.

After "Exporting individual responses" (help.surveymonkey.com) and the demo export of the R package
doubleheadr: the first row is blank in the further columns of a question; the second one holds "Response",
"Open-Ended Response" or the row's text. With expanded columns a matrix has a column for each answer: such a
file is read, but its columns are no items.
"""

from __future__ import annotations

from collections.abc import Sequence

from jq_models.data.exports.layout import Layout, Row, key, question, texts, unrepeated

TOOL = "surveymonkey"
_ID = ("respondentid",)
_COLLECTOR = ("collectorid",)
_OWN = frozenset({
    *_ID, *_COLLECTOR, "startdate", "enddate", "datecreated", "datemodified", "ipaddress", "emailaddress",
    "email", "firstname", "lastname", "customdata", "startdatum", "begindatum", "einddatum", "ipadres",
    "emailadres", "voornaam", "achternaam", "aangepastegegevens", "aangepastewaarde",
})  # fmt: skip
# what stands below a question that has one column
_GENERIC = frozenset({
    "", "response", "openendedresponse", "antwoord", "respons", "reactie", "openantwoord",
    "openeindeantwoord", "openeinderespons", "openeindereactie", "openvraagantwoord",
})  # fmt: skip


def read(rows: Sequence[Row]) -> Layout | None:
    """Recognise a SurveyMonkey export by its respondent and collector ids."""
    head = [texts(row) for row in rows[:2]]
    names = [key(name) for name in head[0]]
    ids = [place for place, name in enumerate(names) if name in _ID]
    if not ids or not set(names) & set(_COLLECTOR):
        return None
    # somebody may have taken the second row out: then a respondent's number stands below the first
    second = head[1] if len(head) > 1 and not _at(head[1], ids[0]) else []
    stems = _carried(head[0], second)
    rows_of = [_at(second, place) for place in range(len(stems))]
    short = [
        stem if key(row) in _GENERIC or key(stem) in _OWN else row
        for stem, row in zip(stems, rows_of, strict=True)
    ]
    longer = [
        stem if name == stem else f"{stem} [{row}]"
        for stem, row, name in zip(stems, rows_of, short, strict=True)
    ]
    header = unrepeated(short, longer)
    return Layout(
        tool=TOOL,
        header=header,
        rows=list(rows[2:] if second else rows[1:]),
        questions={
            column: question(name)
            for column, name in zip(header, short, strict=True)
            if column and not is_own(column, "")
        },
    )


def is_own(name: str, asked: str) -> bool:
    """Say whether a column is SurveyMonkey's own, not a question."""
    return key(name).rstrip("0123456789") in _OWN


def _carried(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Carry a question on to its further columns: those with a row's text and no question of their own."""
    carried: list[str] = []
    for place in range(max(len(first), len(second))):
        name = _at(first, place)
        carried.append(name or (carried[-1] if carried and _at(second, place) else ""))
    return carried


def _at(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""
