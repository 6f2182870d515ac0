"""What came of making a report again: every table beside the stored one, and what else is not as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

State = Literal["identical", "within", "changed"]
STATES: tuple[State, ...] = ("identical", "within", "changed")
EXIT = {"identical": 0, "within": 3, "changed": 4}
"""The exit code of each verdict; 2 is for what cannot be made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cell that is not the same: its row by the words it begins with, its column, both contents."""

    row: str
    column: str
    stored: str
    found: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A table, a sheet or the texts of a notebook beside what was stored.

    Attributes
    ----------
    name : str
    kind : {"table", "sheet", "text"}
    identical, within, changed : int
        Cells of each kind; for texts, outputs.
    versions : int
        Cells that differ in a version number alone: they must, and count as identical.
    places : tuple of Place
        The first cells that differ, changed ones first.
    """

    name: str
    kind: str
    identical: int
    within: int
    changed: int
    versions: int = 0
    places: tuple[Place, ...] = ()

    @property
    def state(self) -> State:
        """The worst of its cells."""
        return "changed" if self.changed else "within" if self.within else "identical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Something that is not as ``run.json`` says.

    Attributes
    ----------
    part : str
        ``"data"``, ``"questionnaire"``, ``"study file"``, ``"packages"``, ...
    what : str
        Which item, option or package.
    stored, found : str
        Empty where only that it differs is known.
    given : bool
        Whether it is a part of what the study is made from: the report then counts as changed, even where
        no number moved.
    """

    part: str
    what: str
    stored: str = ""
    found: str = ""
    given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """A report made again.

    Attributes
    ----------
    report, study, language : str
    seed : int or None
    simulated : bool
    seconds : float
    compared : tuple of Compared
    departures : tuple of Departure
    notes : tuple of str
        What a reader must know besides.
    """

    report: str
    study: str
    language: str
    seed: int | None
    simulated: bool
    seconds: float
    compared: tuple[Compared, ...]
    departures: tuple[Departure, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def given(self) -> tuple[Departure, ...]:
        """What changed of what the study is made from."""
        return tuple(one for one in self.departures if one.given)

    @property
    def verdict(self) -> State:
        """Identical; within tolerance; or changed, as it is when anything the study is made from is."""
        states = {one.state for one in self.compared}
        if self.given or "changed" in states:
            return "changed"
        return "within" if "within" in states else "identical"

    def tables(self, state: State, *, kind: str = "table") -> tuple[Compared, ...]:
        """Return the tables of a state."""
        return tuple(one for one in self.compared if one.kind == kind and one.state == state)

    def cells(self, kind: str) -> Counter[str]:
        """Return how many cells of a kind are in each state."""
        found: Counter[str] = Counter()
        for one in self.of(kind):
            found.update(
                identical=one.identical, within=one.within, changed=one.changed, versions=one.versions
            )
        return found

    def of(self, kind: str) -> Iterable[Compared]:
        """Return everything of a kind."""
        return (one for one in self.compared if one.kind == kind)


def record(done: Reproduction) -> dict[str, Any]:
    """Return a reproduction as JSON can hold it; numbers as they stand in the files."""
    return {
        "verdict": done.verdict,
        "exit_code": EXIT[done.verdict],
        **{
            key: value
            for key, value in asdict(done).items()
            if key not in ("compared", "departures", "seconds")
        },
        "seconds": round(done.seconds, 1),
        "counts": {
            kind: {
                "files": {state: len(done.tables(state, kind=kind)) for state in STATES},
                "cells": {state: done.cells(kind)[state] for state in (*STATES, "versions")},
            }
            for kind in ("table", "sheet", "text")
        },
        "departures": [asdict(one) for one in done.departures],
        "compared": [
            {"state": one.state, **asdict(one)}
            for one in done.compared
            if one.state != "identical" or one.versions
        ],
    }
