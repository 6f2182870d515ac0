"""Exports of survey tools, each recognised by its own layout: a file a tool, tried in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from jq_models.data.exports import forms, limesurvey, qualtrics, surveymonkey
from jq_models.data.exports.layout import Layout, Row
from jq_models.data.exports.personal import holds_addresses
from jq_models.data.table import RawTable

__all__ = ["TOOLS", "Layout", "layout_of", "personal_columns"]

_READERS: tuple[Callable[[Sequence[Row]], Layout | None], ...] = (
    qualtrics.read,
    limesurvey.read,
    surveymonkey.read,
    forms.read_microsoft,
    forms.read_google,
)
_OWN: MappingProxyType[str, Callable[[str, str], bool]] = MappingProxyType(
    {
        qualtrics.TOOL: qualtrics.is_own,
        limesurvey.TOOL: limesurvey.is_own,
        surveymonkey.TOOL: surveymonkey.is_own,
        forms.MICROSOFT: forms.is_microsoft,
        forms.GOOGLE: forms.is_google,
    }
)
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
    found = (read(rows) for read in _READERS)
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
