"""A file answered by the project's own form: its columns and answers go back to the study's names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from jq_models.data.field_codes import NUMBERED, answer_codes, question_codes
from jq_models.data.table import Cell, RawTable, text_of
from jq_models.spec import Group, Instrument, Study

T = TypeVar("T")
_BRACKETS = re.compile(r".*\[([^\[\]]+)\]")  # LimeSurvey's array: P01[OPP1]


def fielded(raw: RawTable, *, study: Study, instrument: Instrument) -> RawTable:
    """Call the columns of an own form as the study file does, and its answers by the study file's codes.

    Only where nothing else can be meant: the study's own column is absent, exactly one column carries the
    form's code (LimeSurvey writes that of an item in brackets), and the study file names that column for
    nothing. Of a group with labels, the answers a survey tool numbers or spells out become codes again.
    """
    names = _items(raw, study=study, instrument=instrument)
    numbered: set[str] = set()
    for column, code in question_codes(study, instrument=instrument).items():
        known = [name for name in (code, f"{code}{NUMBERED}") if _spare(name, raw, study, instrument)]
        if column not in raw.frame and len(known) == 1:
            names[known[0]] = column
            if known[0].endswith(NUMBERED):
                numbered.add(column)
    frame = raw.frame.rename(columns=names)
    changed = {
        group.column: cells.map(words).astype(object)
        for group in study.groups
        if group.labels and group.column in frame
        for cells in (frame[group.column],)
        if (words := _Words(group, [text_of(c) for c in cells.dropna()], group.column in numbered)).used
    }
    if not names and not changed:
        return raw
    return replace(
        raw,
        frame=frame.assign(**changed),
        user_missing=_renamed(raw.user_missing, names),
        value_labels=_renamed(raw.value_labels, names),
        questions=_renamed(raw.questions, names),
        places=_renamed(raw.places, names),
    )


class _Words:
    """From what a tool writes for a choice to the study's code; a cell it does not know stays."""

    def __init__(self, group: Group, found: list[str], numbered: bool) -> None:
        codes = tuple(group.labels)
        self.codes: dict[str, str] = {}
        if numbered:
            self.codes = {str(place): code for place, code in enumerate(codes, start=1)}
        elif found and set(found) <= set(answer_codes(codes)):
            self.codes = dict(zip(answer_codes(codes), codes, strict=True))
        spelled: dict[str, set[str]] = {}
        for code, text in group.labels.items():
            for label in text.values():
                spelled.setdefault(label.replace("'", "\u2019"), set()).add(code)
        own = set() if numbered else set(codes)
        for label, meant in spelled.items():
            if len(meant) == 1 and label not in own and label not in self.codes:
                self.codes[label] = min(meant)
        self.used = any(self.codes.get(text, text) != text for text in map(_plain, found))

    def __call__(self, cell: Cell) -> Cell:
        return None if cell is None else self.codes.get(_plain(text_of(cell)), cell)


def _plain(text: str) -> str:
    return text.replace("'", "\u2019")  # as the form prints it


def _items(raw: RawTable, *, study: Study, instrument: Instrument) -> dict[str, str]:
    """Return which column is to be called how: items by their codes, or as the study file maps them."""
    taken = _taken(study, instrument)
    inside: dict[str, list[str]] = {}
    for column in map(str, raw.frame.columns):
        match = _BRACKETS.fullmatch(column)
        if match and column not in taken and column not in raw.duplicates:
            inside.setdefault(match[1].strip(), []).append(column)
    names = {}
    for item in instrument.items:
        wanted, columns = study.column_of(item.code), inside.get(item.code, [])
        if wanted in raw.frame:
            continue
        if wanted != item.code and _spare(item.code, raw, study, instrument, item=True):
            names[item.code] = wanted
        elif len(columns) == 1 and item.code not in raw.frame:
            names[columns[0]] = wanted
    return names


def _taken(study: Study, instrument: Instrument) -> set[str]:
    taken = {study.column_of(item.code) for item in instrument.items} | set(study.ignore)
    return taken | {group.column for group in study.groups} | set(study.covariates.values())


def _spare(name: str, raw: RawTable, study: Study, instrument: Instrument, *, item: bool = False) -> bool:
    """Say whether the file has this column once and the study file has no other use for it."""
    free = item or all(name != one.code for one in instrument.items)
    return free and name in raw.frame and name not in raw.duplicates and name not in _taken(study, instrument)


def _renamed(facts: Mapping[str, T], names: Mapping[str, str]) -> dict[str, T]:
    return {names.get(column, column): fact for column, fact in facts.items()}
