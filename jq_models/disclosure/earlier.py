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
    numbered,
    places_of,
    prints_held,
    prints_of,
    told,
)

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

DIFFERENT = 3  # different answers from which a person is not like another one by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What was shown before, as the system of a new report needs it.

    Attributes
    ----------
    known : int
        Persons of the file who are in the first ledger.
    given : array of bool, persons x cells
        The persons of the file, then those of earlier files who are not in it.
    withheld : sequence of sets of str
        Of every cell the sets of answers it was not shown for.
    values : mapping of str to array of int, persons x columns
        A number for every different answer, -1 where it is missing.
    """

    known: int
    given: Mask = field(repr=False)
    withheld: Sequence[frozenset[str]]
    values: Mapping[str, Ints] = field(repr=False)


def earlier(ledgers: Sequence[Ledger], responses: Responses) -> Earlier:
    """Bring the ledgers of several studies together over the persons of a file and those no longer in it.

    Persons not in the file are known across ledgers that have one key, as all of one folder of raw data do
    (`joined`); of ledgers with other keys, copied from elsewhere, they count as different persons.
    """
    frames = answers(responses)
    held = [ledger for ledger in joined(ledgers) if ledger.persons]
    if not held:
        nobody = np.zeros((responses.n, 0), dtype=bool)
        return Earlier(known=0, given=nobody, withheld=(), values=value_numbers(frames))
    prints = [prints_of(ledger.key, responses) for ledger in held]
    places = [places_of(ledger, own) for ledger, own in zip(held, prints, strict=True)]
    gone = [np.setdiff1d(np.arange(len(a.persons)), at) for a, at in zip(held, places, strict=True)]
    # the persons of the first of several ledgers stand first where these are one
    first = (places[0] >= 0) & (places[0] < len(ledgers[0].persons))
    return Earlier(
        known=int(first.sum()) if ledgers[0].persons else 0,
        given=_given(held, places, gone),
        withheld=[not_told(ledger, cell, frames) for ledger in held for cell in ledger.cells],
        values=_values(held, frames, prints, gone),
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
    return 2 * len(alike) > minimum or 2 * int((places_of(one, prints_held(other)) >= 0).sum()) > minimum


def joined(ledgers: Sequence[Ledger]) -> list[Ledger]:
    """Return ledgers with one key as one, its cells and persons those of all."""
    found: dict[str, Ledger] = {}
    for ledger in ledgers:
        found[ledger.key] = _both(found[ledger.key], ledger) if ledger.key in found else ledger
    return list(found.values())


def _both(one: Ledger, other: Ledger) -> Ledger:
    places, persons = places_of(one, prints_held(other)), list(one.persons)
    columns = (*one.columns, *(name for name in other.columns if name not in one.columns))
    aligned = map(tuple, told(prints_held(other), columns))
    for k, (person, tags) in enumerate(zip(other.persons, aligned, strict=True)):
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
    ledgers: Sequence[Ledger],
    frames: Mapping[str, pd.DataFrame],
    prints: Sequence[Prints],
    gone: Sequence[Ints],
) -> dict[str, Ints]:
    """Return a number for every different answer, of the persons of a file and then of those gone.

    The numbers are the tags of the first ledger; another's are read as the answer of the file that has the
    tag. Two different answers have the same number in one of 65,536 cases: caution.
    """
    names = prints[0].columns
    first = numbered(prints[0].tags, width=len(names))
    blocks = [first]
    for k, (ledger, own, absent) in enumerate(zip(ledgers, prints, gone, strict=True)):
        theirs = prints_held(ledger)
        tags = told(replace(theirs, tags=[theirs.tags[p] for p in absent.tolist()]), names)
        block = numbered(tags, width=len(names))
        blocks.append(block if k == 0 else _read(block, numbered(own.tags, width=len(names)), first, k << 16))
    numbers = np.vstack(blocks)
    at = {name: k for k, name in enumerate(names)}
    return {
        key: numbers[:, [at[column_name(key, name)] for name in frame.columns]]
        for key, frame in frames.items()
    }


def _read(block: Ints, own: Ints, first: Ints, unknown: int) -> Ints:
    """Return the numbers of one ledger as those of the first, where somebody in the file has the answer."""
    read = np.where(block < 0, -1, block + unknown)
    for k in range(block.shape[1]):
        for number, place in zip(*np.unique(own[:, k], return_index=True), strict=True):
            if number >= 0:
                read[block[:, k] == number, k] = first[place, k]
    return read
