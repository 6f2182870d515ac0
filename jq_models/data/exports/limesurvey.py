"""LimeSurvey: headings as question codes, as question texts, or as both.

After "Exporting results" (limesurvey.org/manual/Exporting_results) and the headings of LimeSurvey's export
writer: "OPP[OPP1]", with expression-manager codes "OPP_OPP1"; "question [subquestion]"; "code. text".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jq_models.data.exports.layout import Layout, Row, in_brackets, is_blank, key, question, texts
from jq_models.data.table import clean_cell, text_of

TOOL = "limesurvey"
_LANGUAGE = frozenset({"startlanguage", "starttaal", "begintaal", "basistaal"})
_CODES = frozenset({
    "id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp", "ipaddr",
    "refurl", "interviewtime",
})  # fmt: skip
_PERSON = frozenset(
    {"firstname", "lastname", "email", "emailaddress", "voornaam", "achternaam", "emailadres"}
)
# in full; the Dutch ones differ between versions of the translation
_TEXTS = frozenset({
    "responseid", "datesubmitted", "lastpage", "startlanguage", "seed", "accesscode", "token", "datestarted",
    "datelastaction", "ipaddress", "referrerurl", "totaltime", "antwoordid", "reactieid", "idantwoord",
    "responsid", "datumvaninzending", "datumingestuurd", "datumverzonden", "datumingediend", "laatstepagina",
    "starttaal", "begintaal", "basistaal", "toegangscode", "datumgestart", "startdatum", "datumgestartop",
    "datumlaatsteactie", "ipadres", "verwijzendeurl", "referrer", "totaletijd",
})  # fmt: skip
_IDS = frozenset({"responseid", "antwoordid", "reactieid", "idantwoord", "responsid"})
_SUBMITTED = frozenset({
    "submitdate", "datesubmitted", "datumvaninzending", "datumingestuurd", "datumverzonden", "datumingediend",
})  # fmt: skip
_ENOUGH = 3
_BEGIN = re.compile(r"id(\W{1,3})(?=\w)")  # "id. Response ID": what stands between code and text


def read(rows: Sequence[Row]) -> Layout | None:
    """Recognise a LimeSurvey export by the columns LimeSurvey adds; rows without answers stay."""
    header = texts(rows[0])
    between = _separator(header)
    if _known(header, _CODES) >= _ENOUGH and "id" in map(str.casefold, header):
        asked: dict[str, str] = {}
    elif between:
        asked = {name: name.partition(between)[2] for name in header}
    elif _known(header, _TEXTS) >= _ENOUGH and _IDS & set(map(key, header)):
        asked = {name: name for name in header}
    else:
        return None
    underscores = any("_" in name and key(name) in _TEXTS for name in asked.values())
    done = [place for place, name in enumerate(header) if _SUBMITTED & {key(name), key(asked.get(name, ""))}]
    return Layout(
        tool=TOOL,
        header=tuple(header),
        rows=list(rows[1:]),
        unfinished=_without(rows[1:], done[0]) if done else 0,
        questions={name: _row(text, underscores=underscores) for name, text in asked.items() if text},
    )


def is_own(name: str, asked: str) -> bool:
    """Say whether a column is LimeSurvey's own, or its participants'; the language is a group."""
    code = re.split(r"\W", name, maxsplit=1)[0].casefold()
    whole, text = key(name), key(asked)
    if {code, whole, text} & _LANGUAGE:
        return False
    if name.casefold() in _CODES | _PERSON or whole in _TEXTS | _PERSON:
        return True
    return code in _CODES | _PERSON and text in _TEXTS | _PERSON


def _separator(header: Sequence[str]) -> str:
    """Return what stands between code and text in this file's headings; empty when they are not such."""
    for name in header:
        match = _BEGIN.match(name)
        if match and sum(h.partition(match[1])[0] in _CODES for h in header) >= _ENOUGH:
            return match[1]
    return ""


def _without(rows: Sequence[Row], place: int) -> int:
    """Count the rows with something in them, but no date of submission."""
    return sum(
        not is_blank(row) and not (place < len(row) and text_of(clean_cell(row[place]))) for row in rows
    )


def _known(header: Sequence[str], names: frozenset[str]) -> int:
    return len({key(name) for name in header} & names)


def _row(text: str, *, underscores: bool) -> str:
    """Return a subquestion's text; LimeSurvey can write spaces as underscores."""
    return in_brackets(question(text.replace("_", " ") if underscores else text))
