"""What was shown of a client before: cells of earlier reports as sets of persons known by keyed fingerprints.

A ledger holds no answers and no names, but who has its key and the raw data can tell who was in which cell:
it is pseudonymous data. It lives with the raw data (``data/raw/NAME.issued.json``), is never part of a
report, and goes when they go.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from jq_models.data import Responses
from jq_models.disclosure.cells import answers
from jq_models.disclosure.linking import TAG, filled, key_of, places_of, prints_of, told
from jq_models.errors import DisclosureError

if TYPE_CHECKING:
    from jq_models.disclosure.release import Release

KIND = "jq-models issued cells, 1"


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


def read_ledger(path: Path, *, key: str | None = None) -> Ledger:
    """Read a ledger; where there is none yet, begin an empty one.

    Parameters
    ----------
    path : Path
    key : str, optional
        Of a new ledger; default: a new one.

    Raises
    ------
    DisclosureError
        When the file is no ledger: it must be mended or deleted by a person, for without it nobody knows
        what was shown.
    """
    if not path.exists():
        return Ledger(key=key or secrets.token_hex(32))
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
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.touch(mode=0o600)
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


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
    prints, frames = prints_of(ledger.key, responses), answers(responses)
    persons, places = list(ledger.persons), places_of(ledger, prints)
    columns = (*ledger.columns, *(name for name in prints.columns if name not in ledger.columns))
    tags = told(prints, columns)
    absent = frozenset(map(key_of, ledger.columns)) - frames.keys()
    for k in np.flatnonzero(places >= 0).tolist():
        tagged = filled(persons[places[k]].tags, tags[k])
        persons[places[k]] = Person(row=prints.pairs[k][0], answers=prints.pairs[k][1], tags=tagged)
    for k in np.flatnonzero(places < 0).tolist():
        places[k] = len(persons)
        persons.append(Person(row=prints.pairs[k][0], answers=prints.pairs[k][1], tags=tuple(tags[k])))
    cells = {cell.persons: not_told(ledger, cell, frames) for cell in ledger.cells}
    for inside, hidden in shown.told():
        group, withheld = frozenset(int(k) for k in places[inside]), hidden | absent
        cells[group] = cells.get(group, withheld) & withheld
    issued = tuple(Issued(persons=group, withheld=without) for group, without in cells.items())
    written = replace(ledger, columns=columns, persons=tuple(persons), cells=issued)
    return ledger if _tells_the_same(written, ledger) else written


def _tells_the_same(one: Ledger, other: Ledger) -> bool:
    """Say whether ledgers differ at most in what rows are known by: labels of groups have a language."""
    tags = [[person.tags for person in ledger.persons] for ledger in (one, other)]
    return (one.columns, one.cells, tags[0]) == (other.columns, other.cells, tags[1])


def not_told(ledger: Ledger, cell: Issued, frames: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Return the sets of answers a cell was not shown for: those withheld, and those not asked then."""
    return cell.withheld | (frames.keys() - frozenset(map(key_of, ledger.columns)))


def _cut(text: str) -> tuple[str, ...]:
    return tuple(text[k : k + TAG] for k in range(0, len(text), TAG))
