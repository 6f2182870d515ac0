"""Everything shown before of the persons of a file, by whatever study: one system, never report by report.

Two earlier reports may each be harmless beside a new one and give somebody away together with it: all but one
of a file, in halves, and then everybody. So the cells of a study's own reports, those of other studies on the
same persons, and those of studies on the persons of these, all stand in the system of a new report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.data import Responses
from jq_models.disclosure.cells import answers, value_numbers
from jq_models.disclosure.ledger import Issued, Ledger, Person, not_told
from jq_models.disclosure.linking import (
    NO_TAG,
    Prints,
    column_name,
    filled,
    key_of,
    linked,
    places_of,
    prints_of,
    tags_of,
)

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

DIFFERENT = 3  # different answers from which a person is not like another one by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What was shown before, as the system of a new report needs it.

    Attributes
    ----------
    given : array of bool, persons x cells
        The persons of the file, then those of earlier files who are not in it.
    withheld : sequence of sets of str
        Of every cell the sets of answers it was not shown for.
    values : mapping of str to array of int, persons x columns
        A number for every different answer, -1 where it is missing.
    """

    given: Mask = field(repr=False)
    withheld: Sequence[frozenset[str]]
    values: Mapping[str, Ints] = field(repr=False)


def earlier(ledgers: Sequence[Ledger], responses: Responses) -> Earlier:
    """Bring the ledgers of several studies together over the persons of a file and those no longer in it.

    Persons not in the file are known across ledgers that have one key, as all of one folder of raw data do
    (`joined`); of ledgers with other keys, copied from elsewhere, they count as different persons.
    """
    frames = answers(responses)
    known = [ledger for ledger in joined(ledgers) if ledger.persons]
    if not known:
        nobody = np.zeros((responses.n, 0), dtype=bool)
        return Earlier(given=nobody, withheld=(), values=value_numbers(frames))
    places = [linked(ledger, responses) for ledger in known]
    gone = [np.setdiff1d(np.arange(len(a.persons)), at) for a, at in zip(known, places, strict=True)]
    return Earlier(
        given=_given(known, places, gone),
        withheld=[not_told(ledger, cell, frames) for ledger in known for cell in ledger.cells],
        values=_values(known, frames, gone),
    )


def kin(own: Ledger, others: Sequence[Ledger], responses: Responses, *, minimum: int) -> list[Ledger]:
    """Return the ledgers of other studies that a new report has to be held against, too.

    Two systems, each safe by itself, are safe together when at most half the minimum of persons are in both:
    a combination of both lies on all but those of either, twice half the minimum and more. So ledgers are
    taken until those left out have no more of the persons of the file, nor one of them of a ledger taken.
    Persons who gave hardly an answer, or always the same one, may be alike by chance and do not count.
    """
    marked = _marked(responses)
    mine = {key: prints_of(key, responses) for key in {ledger.key for ledger in others}}
    reached = [marked & (places_of(one, mine[one.key]) >= 0) for one in others]
    rest = sorted(range(len(others)), key=lambda k: -int(reached[k].sum()))
    taken = list[int]()
    while rest and 2 * np.any([reached[k] for k in rest], axis=0).sum() > minimum:
        taken.append(rest.pop(0))
    near = [own, *(others[k] for k in taken)]
    while near:
        new = [k for k in rest if any(_akin(others[k], one, minimum) for one in near)]
        rest, taken = [k for k in rest if k not in new], [*taken, *new]
        near = [others[k] for k in new]
    return [others[k] for k in sorted(taken)]


def _marked(responses: Responses) -> Mask:
    """Return who gave three different answers or more: nobody else is expected to give the same ones."""
    given = pd.concat([responses.items, responses.covariates], axis=1)
    marked: Mask = given.nunique(axis=1).to_numpy() >= DIFFERENT
    return marked


def _akin(one: Ledger, other: Ledger, minimum: int) -> bool:
    """Say whether two ledgers have many persons in common; most often their fingerprints tell at once."""
    if one.key != other.key:
        return False
    alike = {person.answers for person in one.persons} & {person.answers for person in other.persons}
    return 2 * len(alike) > minimum or 2 * int((places_of(one, _prints(other)) >= 0).sum()) > minimum


def joined(ledgers: Sequence[Ledger]) -> list[Ledger]:
    """Return ledgers with one key as one, its cells and persons those of all."""
    found: dict[str, Ledger] = {}
    for ledger in ledgers:
        found[ledger.key] = _both(found[ledger.key], ledger) if ledger.key in found else ledger
    return list(found.values())


def _both(one: Ledger, other: Ledger) -> Ledger:
    places, persons = places_of(one, _prints(other)), list(one.persons)
    columns = (*one.columns, *(name for name in other.columns if name not in one.columns))
    at = [other.columns.index(name) if name in other.columns else None for name in columns]
    for k, person in enumerate(other.persons):
        tags = tuple(person.tags[j] if j is not None and j < len(person.tags) else NO_TAG for j in at)
        if places[k] < 0:
            places[k] = len(persons)
            persons.append(replace(person, tags=tags))
        elif NO_TAG in (held := persons[places[k]]).tags or len(held.tags) < len(columns):
            persons[places[k]] = Person(row=held.row, answers=held.answers, tags=filled(held.tags, tags))
    cells: dict[frozenset[int], frozenset[str]] = {}
    for ledger, at_place in ((one, None), (other, places)):
        absent = frozenset(map(key_of, columns)) - frozenset(map(key_of, ledger.columns))
        for cell in ledger.cells:
            group = cell.persons if at_place is None else frozenset(int(at_place[k]) for k in cell.persons)
            withheld = cell.withheld | absent
            cells[group] = cells.get(group, withheld) & withheld
    issued = tuple(Issued(persons=group, withheld=without) for group, without in cells.items())
    return replace(one, columns=columns, persons=tuple(persons), cells=issued)


def _prints(ledger: Ledger) -> Prints:
    pairs = [(person.row, person.answers) for person in ledger.persons]
    return Prints(pairs=pairs, columns=ledger.columns, tags=[person.tags for person in ledger.persons])


def _given(ledgers: Sequence[Ledger], places: Sequence[Ints], gone: Sequence[Ints]) -> Mask:
    """Return who was in which cell, persons of the file and then the gone of every ledger x cells."""
    n = len(places[0])
    first = np.cumsum([n, *map(len, gone)])
    blocks = []
    for ledger, at, absent, start in zip(ledgers, places, gone, first[:-1], strict=True):
        inside = np.zeros((len(ledger.persons) + 1, len(ledger.cells)), dtype=bool)
        for k, cell in enumerate(ledger.cells):
            inside[list(cell.persons), k] = True
        block = np.zeros((first[-1], len(ledger.cells)), dtype=bool)
        block[:n] = inside[at]  # who is new stands last, in no cell
        block[start : start + len(absent)] = inside[absent]
        blocks.append(block)
    return np.hstack(blocks)


def _values(
    ledgers: Sequence[Ledger], frames: Mapping[str, pd.DataFrame], gone: Sequence[Ints]
) -> dict[str, Ints]:
    """Return a number for every different answer, of the persons of a file and then of those gone.

    The numbers are the tags of the first ledger; another's are read as the answer of the file that has the
    tag. Two different answers have the same number in one of 65,536 cases: caution.
    """
    names = [column_name(key, name) for key, frame in frames.items() for name in frame.columns]
    mine = _chosen(ledgers[0], frames, names)
    blocks = [_numbers(mine)]
    for k, (ledger, absent) in enumerate(zip(ledgers, gone, strict=True)):
        at = [ledger.columns.index(name) if name in ledger.columns else None for name in names]
        held = [ledger.persons[p].tags for p in absent]
        tags = [[t[j] if j is not None and j < len(t) else NO_TAG for j in at] for t in held]
        read = [] if k == 0 else _read(_chosen(ledger, frames, names), mine, len(names))
        blocks.append(_numbers(tags, read=read, unknown=k << 16).reshape(-1, len(names)))
    numbers = np.vstack(blocks)
    at_column = {name: k for k, name in enumerate(names)}
    return {
        key: numbers[:, [at_column[column_name(key, name)] for name in frame.columns]]
        for key, frame in frames.items()
    }


def _chosen(ledger: Ledger, frames: Mapping[str, pd.DataFrame], names: Sequence[str]) -> list[list[str]]:
    columns, tags = tags_of(ledger, frames)
    at = [columns.index(name) for name in names]
    return [[row[k] for k in at] for row in tags]


def _read(tags: list[list[str]], mine: list[list[str]], width: int) -> list[dict[str, int]]:
    """Return of every column what a tag of one ledger is as a number, where somebody in the file has it."""
    return [
        {a[k]: int(b[k], 16) for a, b in zip(tags, mine, strict=True) if a[k] != NO_TAG} for k in range(width)
    ]


def _numbers(tags: list[list[str]], *, read: Sequence[Mapping[str, int]] = (), unknown: int = 0) -> Ints:
    rows = [
        [
            -1 if t == NO_TAG else (read[k].get(t, unknown + int(t, 16)) if read else int(t, 16))
            for k, t in enumerate(row)
        ]
        for row in tags
    ]
    return np.array(rows, dtype=np.int64)
