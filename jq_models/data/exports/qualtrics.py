"""Qualtrics: three header rows (names, questions, ImportIds), previews and spam among the respondents.

Layout after "Understanding Your Dataset" (qualtrics.com/support, Data & Analysis, Download Data). Older
exports have two header rows and name the first columns V1 to V10. Somebody may have taken the second and
third row out; SPSS files never had them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from jq_models.data.exports.layout import Layout, Row, after_stems, is_blank, key, question, texts

TOOL = "qualtrics"
_DATES = ("startdate", "enddate", "recordeddate")
_OWN = frozenset({
    *_DATES, "status", "ipaddress", "progress", "durationinseconds", "duration", "finished", "responseid",
    "recipientlastname", "recipientfirstname", "recipientemail", "externalreference",
    "externaldatareference", "locationlatitude", "locationlongitude", "locationaccuracy",
    "distributionchannel", "responseset", "name", "emailaddress", "qrecaptchascore", "qrelevantidduplicate",
    "qrelevantidduplicatescore", "qrelevantidfraudscore", "qrelevantidlaststartdate", "qduplicaterespondent",
    "qballotboxstuffing",
})  # fmt: skip
# Response types as numbers: preview 1, its spam 9, offline 17; test answers, made by Qualtrics itself, 2;
# spam 8, imported 12, of employee surveys 40.
_ASIDE = {
    "1": "preview_row", "9": "preview_row", "17": "preview_row", "2": "test_row",
    "8": "spam_row", "12": "spam_row", "40": "spam_row",
}  # fmt: skip
_NOT = frozenset({"0", "false", "onwaar"})
_HEADERS = 3
# "Export viewing order data": "Q1_DO_2" repeats the statement's text, "stem - Display Order - statement"
_ORDER = re.compile(r".+_DO(_.+)?")
_ORDER_TEXT = re.compile(r" - Display Order( - |$)")
# a choice with a text to type in has a column of its own, so the question's says which one it is
_CHOSEN = re.compile(r" - (Selected Choice|Geselecteerde keuze)$")


def read(rows: Sequence[Row]) -> Layout | None:
    """Recognise a Qualtrics export by its ImportIds or its own columns.

    Unfinished rows stay: Qualtrics records them as responses, and what was answered before somebody left is
    an answer like any other; who answered nothing is dropped later, and counted.
    """
    head = [texts(row) for row in rows[:_HEADERS]]
    names = [key(name) for name in head[0]]
    legacy = len(head) > 1 and {"responseid", "responseset"} <= {key(cell) for cell in head[1]}
    roles = [key(cell) for cell in head[1]] if legacy and "responseset" not in names else names
    modern = {"responseid", "startdate"} <= set(names) and bool(
        {"finished", "progress", "status"} & set(names)
    )
    older = {"responseid", "responseset"} <= set(roles)
    if not (modern or older or any(map(_has_import_ids, head))):
        return None
    last = _last_header(head, roles)
    asked = _asked(head) if last else []
    if last == 1 and _has_import_ids(head[1]):
        asked = []
    kept, aside = _respondents(rows[last + 1 :], roles)
    return Layout(
        tool=TOOL,
        header=tuple(head[0]),
        rows=kept,
        questions={name: text for name, text in zip(head[0], asked, strict=False) if name and text},
        set_aside=aside,
        unfinished=_unfinished(kept, roles),
    )


def is_own(name: str, asked: str) -> bool:
    """Say whether a column is Qualtrics' own, not a question."""
    if key(name) in _OWN or (_ORDER.fullmatch(name) and not asked):
        return True
    return name[:1] == "V" and name[1:].isdigit() and key(asked) in {*_OWN, "name"}


def _asked(head: Sequence[Sequence[str]]) -> list[str]:
    """Return what each column asked, without stems; nothing for the order in which things were shown."""
    found = [_CHOSEN.sub("", question(cell)) for cell in head[1]]
    shown = [
        bool(_ORDER.fullmatch(name) and _ORDER_TEXT.search(text))
        for name, text in zip(head[0], found, strict=False)
    ]
    return after_stems(["" if order else text for text, order in zip(found, shown, strict=False)])


def _has_import_ids(row: Sequence[str]) -> bool:
    return any(cell.startswith("{") and '"ImportId"' in cell for cell in row)


def _last_header(head: Sequence[Sequence[str]], roles: Sequence[str]) -> int:
    """Return the place of the last header row: below it, dates have digits."""
    dates = [place for place, role in enumerate(roles) if role in _DATES]
    last = 0
    for place, row in enumerate(head[1:], start=1):
        shown = [row[column] for column in dates if column < len(row) and row[column]]
        names = bool(shown) and not any(letter.isdigit() for cell in shown for letter in cell)
        if not (_has_import_ids(row) or names):
            break
        last = place
    return last


def _respondents(rows: Sequence[Row], roles: Sequence[str]) -> tuple[list[Row], dict[str, int]]:
    status, channel = _place("status", roles), _place("distributionchannel", roles)
    kept: list[Row] = []
    aside: Counter[str] = Counter()
    for row in rows:
        rule = _rule(_cell(row, status), _cell(row, channel))
        if rule:
            aside[rule] += 1
        elif not is_blank(row):
            kept.append(row)
    return kept, dict(aside)


def _unfinished(rows: Sequence[Row], roles: Sequence[str]) -> int:
    """Count the rows whose questionnaire was not finished; the progress counts where nothing else says so."""
    finished, progress = _place("finished", roles), _place("progress", roles)
    if finished is not None:
        return sum(_cell(row, finished).casefold() in _NOT for row in rows)
    return sum(_cell(row, progress).isdecimal() and _cell(row, progress) != "100" for row in rows)


def _rule(status: str, channel: str) -> str:
    """Return the rule by which a row is set aside; empty for a respondent's."""
    word = status.casefold()
    if "preview" in word or channel.casefold() == "preview":
        return "preview_row"
    if word == "survey test":
        return "test_row"
    return "spam_row" if "spam" in word else _ASIDE.get(word, "")


def _place(role: str, roles: Sequence[str]) -> int | None:
    return roles.index(role) if role in roles else None


def _cell(row: Row, place: int | None) -> str:
    return texts([row[place]])[0] if place is not None and place < len(row) else ""
