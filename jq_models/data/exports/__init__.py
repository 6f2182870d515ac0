"""Exports of survey tools, each recognised by its own layout: a file a tool, tried in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from jq_models.data.exports import forms, limesurvey, qualtrics, surveymonkey
from jq_models.data.exports.layout import Layout, Row
from jq_models.data.exports.personal import holds_addresses
from jq_models.data.table import RawTable

__all__ = ["TOOLS", "Layout", "layout_of", "personal_columns"]

Reader = Callable[[Sequence[Row]], Layout | None]
IsOwn = Callable[[str, str], bool]
# a line a tool: its name, what recognises and reads a file of it, what tells its own columns; tried in order
_TOOLS: tuple[tuple[str, Reader, IsOwn], ...] = (
    (qualtrics.TOOL, qualtrics.read, qualtrics.is_own),
    (limesurvey.TOOL, limesurvey.read, limesurvey.is_own),
    (surveymonkey.TOOL, surveymonkey.read, surveymonkey.is_own),
    (forms.MICROSOFT, forms.read_microsoft, forms.is_microsoft),
    (forms.GOOGLE, forms.read_google, forms.is_google),
)
_OWN = MappingProxyType({name: is_own for name, _, is_own in _TOOLS})
TOOLS = tuple(_OWN)


def layout_of(rows: Sequence[Row]) -> Layout | None:
    """Return the layout of a survey tool's export.

    Parameters
    ----------
    rows : sequence of sequences
        All rows of the file, cells as they were read.

    Returns
    -------
    Layout or None
        None when the rows are no known tool's: a plain table.
    """
    if not rows:
        return None
    found = (read(rows) for _, read, _ in _TOOLS)
    return next((layout for layout in found if layout is not None), None)


def personal_columns(raw: RawTable) -> tuple[str, ...]:
    """Return the columns that say who answered, or when and how: never needed, best ignored.

    They are the tool's own columns (respondent's number, dates, names, address, place; not the language of
    the questionnaire, which is a group), and in any file those that hold e-mail or internet addresses.
    """
    own = _OWN.get(raw.tool)
    return tuple(
        str(name)
        for name in raw.frame.columns
        if (own is not None and own(str(name), raw.questions.get(str(name), "")))
        or holds_addresses(raw.frame[name])
    )
