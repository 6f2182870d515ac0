"""A file answered by the project's own form: its columns hold the items' codes in brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from jq_models.data.table import RawTable
from jq_models.spec import Instrument, Study

T = TypeVar("T")
_BRACKETS = re.compile(r".*\[([^\[\]]+)\]")  # LimeSurvey's array: P01[OPP1]


def fielded(raw: RawTable, *, study: Study, instrument: Instrument) -> RawTable:
    """Call the columns of an own form's matrices by their items' codes.

    Only where nothing else can be meant: the item has no column of its own name and no mapping in the study
    file, exactly one column carries its code in brackets, and the study file names that column for nothing.
    """
    taken = {study.column_of(item.code) for item in instrument.items} | set(study.ignore)
    taken |= {group.column for group in study.groups} | set(study.covariates.values())
    inside: dict[str, list[str]] = {}
    for column in map(str, raw.frame.columns):
        match = _BRACKETS.fullmatch(column)
        if match and column not in taken and column not in raw.duplicates:
            inside.setdefault(match[1].strip(), []).append(column)
    names = {
        columns[0]: code
        for code, columns in inside.items()
        if len(columns) == 1 and _free(code, raw, study=study, instrument=instrument)
    }
    if not names:
        return raw
    return replace(
        raw,
        frame=raw.frame.rename(columns=names),
        user_missing=_renamed(raw.user_missing, names),
        value_labels=_renamed(raw.value_labels, names),
        questions=_renamed(raw.questions, names),
        places=_renamed(raw.places, names),
    )


def _free(code: str, raw: RawTable, *, study: Study, instrument: Instrument) -> bool:
    known = any(item.code == code for item in instrument.items)
    return known and code not in study.columns and code not in raw.frame


def _renamed(facts: Mapping[str, T], names: Mapping[str, str]) -> dict[str, T]:
    return {names.get(column, column): fact for column, fact in facts.items()}
