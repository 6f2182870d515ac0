"""What was shown of a client before: cells of earlier reports as sets of persons known by keyed fingerprints.

A ledger holds no answers and no names, but who has its key and the raw data can tell who was in which cell:
it is pseudonymous data. It lives with the raw data (``data/raw/NAME.issued.json``), is never part of a
report, and goes when they go.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.data import Responses
from jq_models.disclosure.cells import answers
from jq_models.errors import DisclosureError

if TYPE_CHECKING:
    from jq_models.disclosure.release import Release

Ints = NDArray[np.int64]

KIND = "jq-models issued cells, 1"
TAG = 4  # hexadecimal digits that tell whether two persons gave the same answer
NO_TAG = "-" * TAG


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of an earlier file: fingerprints of the row and of its answers alone, a tag an answer."""

    row: str
    answers: str
    tags: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A cell shown before: its persons, as places in the ledger, and the answers it was not shown for."""

    persons: frozenset[int] = field(repr=False)
    withheld: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All cells shown of one client so far.

    Attributes
    ----------
    key : str
        The key of the fingerprints, random, in hexadecimal.
    columns : tuple of str
        What the tags of a person stand for; who is in the ledger longer may have fewer.
    persons : tuple of Person
    cells : tuple of Issued
    """

    key: str = field(repr=False)
    columns: tuple[str, ...] = ()
    persons: tuple[Person, ...] = field(default=(), repr=False)
    cells: tuple[Issued, ...] = field(default=(), repr=False)


def read_ledger(path: Path) -> Ledger:
    """Read a ledger; where there is none yet, begin an empty one with a new key.

    Raises
    ------
    DisclosureError
        When the file is no ledger: it must be mended or deleted by a person, for without it nobody knows
        what was shown.
    """
    if not path.exists():
        return Ledger(key=secrets.token_hex(32))
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["kind"] != KIND:
            raise ValueError
        ledger = Ledger(
            key=str(held["key"]),
            columns=tuple(map(str, held["columns"])),
            persons=tuple(Person(row=p[0], answers=p[1], tags=_cut(p[2])) for p in held["persons"]),
            cells=tuple(
                Issued(persons=frozenset(map(int, c["persons"])), withheld=frozenset(c["withheld"]))
                for c in held["cells"]
            ),
        )
        bytes.fromhex(ledger.key)
        if any(not 0 <= k < len(ledger.persons) for cell in ledger.cells for k in cell.persons):
            raise ValueError
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        problem = DisclosureError(
            f"The record of reports already issued, '{path.name}', cannot be read. Put its last copy back; "
            "delete it only if no report on these people was ever handed out."
        )
    else:
        return ledger
    raise problem


def ledger_text(ledger: Ledger) -> str:
    """Return what `write_ledger` writes."""
    held = {
        "kind": KIND,
        "key": ledger.key,
        "columns": list(ledger.columns),
        "persons": [[p.row, p.answers, "".join(p.tags)] for p in ledger.persons],
        "cells": [{"persons": sorted(c.persons), "withheld": sorted(c.withheld)} for c in ledger.cells],
    }
    return json.dumps(held, separators=(",", ":")) + "\n"


def write_ledger(path: Path, ledger: Ledger) -> None:
    """Write a ledger; the file is the old one or the new one, whatever happens on the way.

    Parameters
    ----------
    path : Path
        In the folder of raw data; readable by its owner only.
    ledger : Ledger
    """
    text = ledger_text(ledger)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


def record(ledger: Ledger, responses: Responses, shown: Release) -> Ledger:
    """Return the ledger with the cells of one more report.

    Parameters
    ----------
    ledger : Ledger
        The one the release was made with.
    responses : Responses
        The answers it was made from.
    shown : Release

    Raises
    ------
    DisclosureError
        When the release was made without this ledger: it may then not be issued.
    """
    if shown.issued != ledger:
        raise DisclosureError(
            "This release was not held against the reports already issued. "
            "Make it anew with issued=ledger; nothing was recorded."
        )
    persons, places = list(ledger.persons), linked(ledger, responses)
    columns, tags = _tags(ledger, answers(responses))
    prints = _fingerprints(ledger.key, responses)
    for k in np.flatnonzero(places < 0):
        places[k] = len(persons)
        persons.append(Person(row=prints[k][0], answers=prints[k][1], tags=tuple(tags[k])))
    cells = {cell.persons: cell.withheld for cell in ledger.cells}
    for inside, withheld in shown.told():
        group = frozenset(int(k) for k in places[inside])
        cells[group] = cells.get(group, withheld) & withheld
    issued = tuple(Issued(persons=group, withheld=without) for group, without in cells.items())
    return replace(ledger, columns=columns, persons=tuple(persons), cells=issued)


def linked(ledger: Ledger, responses: Responses) -> Ints:
    """Return every person's place in the ledger, -1 for who is new to it.

    Persons are known by their whole row; the rest by their answers alone, so that somebody who only changed
    the team, or whose team was renamed, stays the same person. Equal rows are taken in the order of the file.
    """
    prints = _fingerprints(ledger.key, responses)
    places, taken = np.full(len(prints), -1, dtype=np.int64), set[int]()
    for kind in (0, 1):
        known: dict[str, deque[int]] = defaultdict(deque)
        for place, person in enumerate(ledger.persons):
            if place not in taken:
                known[(person.row, person.answers)[kind]].append(place)
        for k in np.flatnonzero(places < 0):
            if waiting := known.get(prints[k][kind]):
                places[k] = waiting.popleft()
                taken.add(int(places[k]))
    return places


def earlier_values(
    ledger: Ledger, frames: Mapping[str, pd.DataFrame], gone: Sequence[int]
) -> dict[str, Ints]:
    """Return a number for every different answer, of the persons of a file and then of those gone.

    Parameters
    ----------
    ledger : Ledger
    frames : mapping of str to DataFrame
        As `answers` returns them.
    gone : sequence of int
        Places in the ledger of the persons who are no longer in the file.

    Returns
    -------
    dict of str to array of int, persons x columns
        -1 is missing. Two different answers have the same number in one of 65,536 cases: caution.
    """
    columns, tags = _tags(ledger, frames)
    old = [[*ledger.persons[k].tags, *[NO_TAG] * len(columns)][: len(columns)] for k in gone]
    everybody = np.array([*map(list, tags), *old], dtype=object).reshape(-1, len(columns))
    numbers = np.array(
        [[-1 if t == NO_TAG else int(t, 16) for t in row] for row in everybody], dtype=np.int64
    )
    numbers = numbers.reshape(-1, len(columns))
    return {
        key: numbers[:, [columns.index(_column(key, name)) for name in frame.columns]]
        for key, frame in frames.items()
    }


def _column(key: str, name: object) -> str:
    return f"{key}/{name}"


def _cut(text: str) -> tuple[str, ...]:
    return tuple(text[k : k + TAG] for k in range(0, len(text), TAG))


def _tags(ledger: Ledger, frames: Mapping[str, pd.DataFrame]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return the columns of the ledger and of these answers, and the tags of the answers in that order."""
    values = {_column(key, name): frame[name] for key, frame in frames.items() for name in frame.columns}
    columns = (*ledger.columns, *(name for name in values if name not in ledger.columns))
    n = len(next(iter(values.values()))) if values else 0
    tagged = {}
    for name, column in values.items():
        known = {v: _print(ledger.key, f"{name}={v}")[:TAG] for v in column.round(9).dropna().unique()}
        tagged[name] = [known.get(v, NO_TAG) for v in column.round(9)]
    absent = [NO_TAG] * n
    return columns, [list(row) for row in zip(*(tagged.get(name, absent) for name in columns), strict=True)]


def _fingerprints(key: str, responses: Responses) -> list[tuple[str, str]]:
    """Return the fingerprints of every person's row and of the answers alone, whatever the columns' order."""
    answered = pd.concat([responses.items, responses.covariates], axis=1)
    answered = answered[sorted(answered.columns, key=str)].round(9)
    groups = responses.groups[sorted(responses.groups.columns, key=str)].astype(object)
    told = [json.dumps([*map(str, answered.columns), *map(str, row)]) for row in answered.to_numpy()]
    placed = [json.dumps([*map(str, groups.columns), *map(str, row)]) for row in groups.to_numpy()]
    return [(_print(key, t + g), _print(key, t)) for t, g in zip(told, placed, strict=True)]


def _print(key: str, text: str) -> str:
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()[:32]
