"""Google Forms and Microsoft Forms: one header row of question texts, a few columns of their own first.

Google: "View & manage form responses" (support.google.com/docs/answer/139706); the rows of a grid are headed
"question [row]". Microsoft: "Check and share your form results" (support.microsoft.com); the statements of a
Likert question are columns of their own, with spaces and line breaks as they were typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from jq_models.data.exports.layout import Layout, Row, in_brackets, key, question, texts

GOOGLE, MICROSOFT = "google_forms", "microsoft_forms"
_STAMP = frozenset({"timestamp", "tijdstempel"})
_GOOGLE_OWN = _STAMP | {"emailaddress", "emailadres", "username", "gebruikersnaam", "score"}
_START = frozenset({"starttime", "begintijd", "starttijd"})
_END = frozenset({"completiontime", "tijdvanvoltooien", "tijdvanvoltooiing", "voltooiingstijd", "eindtijd"})
_MICROSOFT_OWN = _START | _END | {
    "id", "email", "emailadres", "name", "naam", "lastmodifiedtime", "laatstgewijzigd", "tijdlaatstgewijzigd",
    "tijdvanlaatstewijziging", "totalpoints", "totaalaantalpunten", "quizfeedback",
}  # fmt: skip
_FIRST = 6  # Microsoft's own columns stand before the questions


def read_google(rows: Sequence[Row]) -> Layout | None:
    """Recognise a Google Forms export: the time stamp comes first."""
    header = texts(rows[0])
    if not header or key(header[0]) not in _STAMP:
        return None
    return _one_header(GOOGLE, header, rows, own=_GOOGLE_OWN)


def read_microsoft(rows: Sequence[Row]) -> Layout | None:
    """Recognise a Microsoft Forms export: number, start and completion time come first."""
    header = texts(rows[0])
    first = {key(name) for name in header[:_FIRST]}
    if not header or key(header[0]) != "id" or not first & _START or not first & _END:
        return None
    return _one_header(MICROSOFT, header, rows, own=_MICROSOFT_OWN)


def is_google(name: str, asked: str) -> bool:
    """Say whether a column is Google's own, not a question."""
    return key(name) in _GOOGLE_OWN


def is_microsoft(name: str, asked: str) -> bool:
    """Say whether a column is Microsoft's own, not a question."""
    return key(name) in _MICROSOFT_OWN


def _one_header(tool: str, header: list[str], rows: Sequence[Row], *, own: frozenset[str]) -> Layout:
    asked = {name: in_brackets(question(name)) for name in header if name and key(name) not in own}
    return Layout(tool=tool, header=tuple(header), rows=list(rows[1:]), questions=asked)
