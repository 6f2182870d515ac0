"""Who of a file was in earlier files: by keyed fingerprints of rows, of answers, of the answers both have."""

from __future__ import annotations

import hmac
import json
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.data import Responses
from jq_models.disclosure.cells import answers, items_key

if TYPE_CHECKING:
    from jq_models.disclosure.ledger import Ledger

Ints = NDArray[np.int64]

TAG = 4  # hexadecimal digits that tell whether two persons gave the same answer
NO_TAG = "-" * TAG


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """What persons are known by: fingerprints of row and answers, and tags of the answers by column."""

    pairs: Sequence[tuple[str, str]] = field(repr=False)
    columns: tuple[str, ...]
    tags: Sequence[Sequence[str]] = field(repr=False)


def linked(ledger: Ledger, responses: Responses) -> Ints:
    """Return every person's place in the ledger, -1 for who is new to it.

    Persons are known by their whole row; the rest by their answers alone, so that somebody who only changed
    the team, or whose team was renamed, stays the same person. Equal rows are taken in the order of the file.
    When a file has other columns than those before, the rest are known by the answers both have.
    """
    return places_of(ledger, prints_of(ledger.key, responses))


def prints_of(key: str, responses: Responses) -> Prints:
    """Return what the persons of a file are known by in ledgers with a key."""
    columns, tags = _tagged(key, answers(responses))
    return Prints(pairs=_fingerprints(key, responses), columns=columns, tags=tags)


def places_of(ledger: Ledger, prints: Prints) -> Ints:
    """Return the place of persons in a ledger, as `linked` does, from prints made with its key."""
    places, taken = np.full(len(prints.pairs), -1, dtype=np.int64), set[int]()
    for kind in (0, 1):
        known: dict[str, deque[int]] = defaultdict(deque)
        for place, person in enumerate(ledger.persons):
            if place not in taken:
                known[(person.row, person.answers)[kind]].append(place)
        for k in np.flatnonzero(places < 0):
            if waiting := known.get(prints.pairs[int(k)][kind]):
                places[k] = waiting.popleft()
                taken.add(int(places[k]))
    return _linked_by_tags(ledger, prints, places=places, taken=taken)


def _linked_by_tags(ledger: Ledger, prints: Prints, *, places: Ints, taken: set[int]) -> Ints:
    """Link who is left by the answers that file and ledger both have: none different, half of them there.

    Scores are passed over: with other items the same answers give another one.
    """
    common = sorted(set(prints.columns).intersection(ledger.columns) - _scores(prints.columns))
    left = [k for k in range(len(ledger.persons)) if k not in taken]
    new = np.flatnonzero(places < 0)
    if not (common and left and len(new)):
        return places
    theirs = replace(prints_held(ledger), tags=[ledger.persons[k].tags for k in left])
    mine = replace(prints, tags=[prints.tags[int(k)] for k in new])
    if set(prints.columns) == set(ledger.columns):  # then nothing may differ, nor be missing in one of them
        known: dict[str, deque[int]] = defaultdict(deque)
        for place, row in zip(left, told(theirs, common), strict=True):
            known["".join(row)].append(place)
        for k, row in zip(new, told(mine, common), strict=True):
            if waiting := known.get("".join(row)):
                places[k] = waiting.popleft()
        return places
    old, own = (numbered(told(one, common), width=len(common)) for one in (theirs, mine))
    free, there = np.ones(len(left), dtype=bool), old >= 0
    for k, numbers in zip(new, own, strict=True):
        both = there & (numbers >= 0)
        alike = (both & (old == numbers)).sum(axis=1)
        fits = free & (alike == both.sum(axis=1)) & (2 * alike >= len(common))
        if fits.any():
            best = int(np.argmax(np.where(fits, alike, -1)))
            places[k], free[best] = left[best], False
    return places


def prints_held(ledger: Ledger) -> Prints:
    """Return what the persons of a ledger are known by."""
    pairs = [(person.row, person.answers) for person in ledger.persons]
    return Prints(pairs=pairs, columns=ledger.columns, tags=[person.tags for person in ledger.persons])


def numbered(tags: Sequence[Sequence[str]], *, width: int) -> Ints:
    """Return tags as numbers, -1 for none."""
    rows = [[-1 if tag == NO_TAG else int(tag, 16) for tag in row] for row in tags]
    return np.array(rows, dtype=np.int64).reshape(len(tags), width)


def _scores(columns: Sequence[str]) -> set[str]:
    """Return the columns that are scores of items among the columns."""
    keys = set(map(key_of, columns))
    return {column_name(key, key) for key in keys if items_key(key) in keys}


def column_name(key: str, name: object) -> str:
    """Return what the tags of a column are kept under."""
    return f"{key}/{name}"


def key_of(column: str) -> str:
    """Return the set of answers that a column of tags belongs to."""
    return column.rpartition("/")[0]


def filled(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Return a person's tags, those of columns that were not asked before from a new file."""
    padded = [*old, *[NO_TAG] * len(new)][: max(len(old), len(new))]
    later = [*new, *[NO_TAG] * len(padded)]
    return tuple(b if a == NO_TAG else a for a, b in zip(padded, later, strict=False))


def told(prints: Prints, columns: Sequence[str]) -> list[list[str]]:
    """Return everybody's tags of some columns, none where the prints lack one or somebody has fewer."""
    at = [prints.columns.index(name) if name in prints.columns else len(prints.columns) for name in columns]
    return [[row[k] if k < len(row) else NO_TAG for k in at] for row in prints.tags]


def _tagged(key: str, frames: Mapping[str, pd.DataFrame]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return the columns of answers and the tags of everybody's answers in that order."""
    tagged = {}
    for one, frame in frames.items():
        for name in frame.columns:
            column, label = frame[name].round(9), column_name(one, name)
            known = {v: _print(key, f"{label}={v}")[:TAG] for v in column.dropna().unique()}
            tagged[label] = [known.get(v, NO_TAG) for v in column]
    return tuple(tagged), [list(row) for row in zip(*tagged.values(), strict=True)]


def _fingerprints(key: str, responses: Responses) -> list[tuple[str, str]]:
    """Return the fingerprints of every person's row and of the answers alone, whatever the columns' order."""
    answered = pd.concat([responses.items, responses.covariates], axis=1)
    answered = answered[sorted(answered.columns, key=str)].round(9)
    groups = responses.groups[sorted(responses.groups.columns, key=str)].astype(object)
    told = [json.dumps([*map(str, answered.columns), *map(str, row)]) for row in answered.to_numpy()]
    placed = [json.dumps([*map(str, groups.columns), *map(str, row)]) for row in groups.to_numpy()]
    return [(_print(key, t + g), _print(key, t)) for t, g in zip(told, placed, strict=True)]


def _print(key: str, text: str) -> str:
    return hmac.digest(bytes.fromhex(key), text.encode(), "sha256").hex()[:32]
